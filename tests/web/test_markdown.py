"""Promises of texts that become pages: headings in order, links safe, nothing that runs."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_tool.web.markdown import to_html


def link(place: str) -> str | None:
    """Where places are, in these tests."""
    return None if place == "nowhere" else f"/training/{place}"


def test_headings_begin_below_the_pages_own_and_skip_no_rank() -> None:
    html = to_html("# A\n\n### B\n\n# C", link)

    assert html == "<h2>A</h2>\n<h3>B</h3>\n<h2>C</h2>\n"
    assert to_html("## A", link, level=4) == "<h4>A</h4>\n"


def test_a_link_to_a_place_leads_there_and_one_that_leads_nowhere_is_only_words() -> None:
    assert to_html("[on](see:tr1/a)", link) == '<p><a href="/training/tr1/a" rel="noopener noreferrer">on</a></p>\n'
    assert to_html("[on](see:nowhere)", link) == "<p>on</p>\n"


def test_a_link_to_another_site_opens_in_a_new_window_and_says_so() -> None:
    html = to_html("[Library](https://library.example.edu)", link)

    found = BeautifulSoup(html, "html.parser").a
    assert found is not None
    assert (found["target"], found.text) == ("_blank", "Library (opens in a new window)")


def test_a_telephone_number_can_be_called() -> None:
    assert 'href="tel:112"' in to_html("[112](tel:112)", link)


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,x)",
        "[x](//evil.example)",
        "[x](/admin)",
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)" onclick="x()">x</a>',
        "![x](https://evil.example/pixel.png)",
        "<style>p{}</style>",
        '<iframe src="https://evil.example"></iframe>',
    ],
)
def test_nothing_runs_loads_or_leads_astray(text: str) -> None:
    html = to_html(text, link)

    assert BeautifulSoup(html, "html.parser").find_all(["a", "script", "img", "style", "iframe"]) == []


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, database=None, derandomize=True)
@given(
    st.lists(st.sampled_from([*"[]()<>!#*_`|\n -:/\"'&;=", "](see:", "](javascript:", "](https:", "x"])).map("".join)
)
def test_any_text_becomes_clean_html(text: str) -> None:
    page = BeautifulSoup(to_html(text, link), "html.parser")

    assert {tag.name for tag in page.find_all()} <= {
        *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "hr", "br"),
        *("a", "table", "thead", "tbody", "tr", "th", "td"),
    }
    assert all(re.match(r"/training/|https:", str(one["href"])) for one in page.find_all("a"))


def test_a_table_names_its_columns() -> None:
    html = to_html("| a | b |\n|---|---|\n| 1 | 2 |", link)

    assert html.count('<th scope="col">') == 2
