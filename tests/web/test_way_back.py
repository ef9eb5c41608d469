"""Who is sent back to the LMS takes along why it did not go on, for the LMS to show."""

from collections.abc import Callable
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from bs4 import BeautifulSoup

from lti_tool.lti.claim_parts import LTI
from tests.attacks.forging import said
from tests.outside import BIOLOGY, BOB, OLGA, Lms
from tests.pages import PageClient

Browsers = Callable[[], PageClient]
PRESENTATION = f"{LTI}launch_presentation"


def way_back(answer: BeautifulSoup) -> str:
    """Where the page's button leads."""
    (link,) = answer.select("main .actions a")
    return str(link["href"])


def page_of(lms: Lms, browser: PageClient, back: str, **changes: object) -> BeautifulSoup:
    """The page that a launch with these claims ends on."""
    claims = {LTI + name: value for name, value in changes.items()} | {PRESENTATION: {"return_url": back}}
    return BeautifulSoup(said(lms, browser, BOB, claims).get_data(as_text=True), "html.parser")


def test_a_refused_launch_tells_the_lms_why_and_keeps_the_addresss_own_query(lms: Lms, pages: Browsers) -> None:
    back = f"{lms.url}/return?course=2&tab=a%26b#end"

    address = urlsplit(way_back(page_of(lms, pages(), back, version="1.1")))

    assert address._replace(query="", fragment="").geturl() == f"{lms.url}/return"
    assert address.fragment == "end"
    (course, tab, shown, logged) = parse_qsl(address.query)
    assert (course, tab) == (("course", "2"), ("tab", "a&b"))
    assert shown[0] == "lti_errormsg"
    assert shown[1].startswith("This tool speaks LTI 1.3 only.")
    assert logged == ("lti_errorlog", "version-refused")


def test_a_page_that_cannot_go_on_tells_the_lms_so_without_calling_it_an_error(lms: Lms, pages: Browsers) -> None:
    no_course = way_back(page_of(lms, pages(), f"{lms.url}/return", context={}))

    told = parse_qs(urlsplit(no_course).query)
    assert told["lti_log"] == ["no-course"]
    assert "belongs to none" in told["lti_msg"][0]
    assert not any(name.startswith("lti_error") for name in told)


def test_an_observer_takes_the_reason_back(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    address = way_back(browser.get(lms.arrive(browser, OLGA)))

    with lms.browser(OLGA) as there:
        shown = there.get(address).text

    assert address.startswith(f"{lms.url}/courses/{BIOLOGY}/return?")
    assert "no part in peer mentoring" in shown


def test_nothing_about_the_person_goes_into_the_address(lms: Lms, pages: Browsers) -> None:
    address = way_back(page_of(lms, pages(), f"{lms.url}/return", message_type="LtiStrangeRequest"))

    for word in ("Bob", "Birchwood", "bob", lms.sub(BOB)):
        assert word not in address.removeprefix(lms.url)


@pytest.mark.parametrize("back", ["javascript:alert(1)", "data:text/html,x", "//lms.example/", "lms.example", ""])
def test_only_a_web_address_is_a_way_back(lms: Lms, pages: Browsers, back: str) -> None:
    page = page_of(lms, pages(), back, version="1.1")

    assert not page.select("main .actions a")
