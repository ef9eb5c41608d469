"""The next page is found however an LMS writes its Link header."""

import pytest

from lti_tool.lti.links import next_link

from .outside import recorded

BASE = "https://lms.example.invalid/members"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None),
        ('<https://lms.example.invalid/m?p=aB>; rel="next"', "https://lms.example.invalid/m?p=aB"),
        ("<https://lms.example.invalid/m?p=2>; rel=next", "https://lms.example.invalid/m?p=2"),
        ('<https://lms.example.invalid/m?p=2>;rel="NEXT"', "https://lms.example.invalid/m?p=2"),
        ('<https://lms.example.invalid/m?p=2>; title="x"; rel="next"', "https://lms.example.invalid/m?p=2"),
        ('<https://lms.example.invalid/m?p=2>; rel="last next"', "https://lms.example.invalid/m?p=2"),
        ('<https://lms.example.invalid/m?p=1>; rel="prev", </m?p=3>; rel="next"', "https://lms.example.invalid/m?p=3"),
        ('<https://lms.example.invalid/m?a=1,2;x>; rel="next"', "https://lms.example.invalid/m?a=1,2;x"),
        ('<https://lms.example.invalid/m?p=9>; rel="differences"', None),
        ('<https://lms.example.invalid/m>; rel="nextish"', None),
        ("<https://lms.example.invalid/m?a=1&amp;b=2>; rel=“next”", "https://lms.example.invalid/m?a=1&b=2"),
        ("<https://lms.example.invalid/m?a=1&copy=2>; rel=next", "https://lms.example.invalid/m?a=1&copy=2"),
        ("<http://[broken>; rel=next", "http://[broken"),
        ("nonsense", None),
        ("<>", None),
    ],
)
def test_the_next_link_is_found(header: str, expected: str | None) -> None:
    assert next_link(header, BASE) == expected


def test_the_recorded_gradebook_link_of_moodle_with_curly_quotes_is_read() -> None:
    header = recorded("moodle_line_items")["list limit=3"]["headers"]["Link"]

    found = next_link(header, BASE)

    assert found == "http://localhost:8090/mod/lti/services.php/2/lineitems?type_id=1&limit=3&from=3"
