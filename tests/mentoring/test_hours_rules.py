"""Hours of a practicum: which days and times can be logged, and how they are said."""

from datetime import date

import pytest

from lti_tool.mentoring.hours import Hours, in_hours, parse_hours

TODAY = date(2026, 9, 14)
FORM = {"day": "2026-09-14", "hours": "1", "minutes": "30", "words": "Prepared a meeting"}


def test_hours_and_minutes_are_minutes() -> None:
    hours, problems = parse_hours(FORM, TODAY)

    assert hours == Hours(on=TODAY, minutes=90, words="Prepared a meeting")
    assert problems == {}


@pytest.mark.parametrize(
    ("hours", "minutes", "total"), [("", "1", 1), ("24", "", 1440), ("2", "0", 120), ("", "90", 90), ("23", "60", 1440)]
)
def test_either_field_is_enough(hours: str, minutes: str, total: int) -> None:
    found, _problems = parse_hours(FORM | {"hours": hours, "minutes": minutes}, TODAY)

    assert found
    assert found.minutes == total


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": "2026-09-15"}, "day"),
        ({"day": "soon"}, "day"),
        ({"hours": "", "minutes": ""}, "hours"),
        ({"hours": "24", "minutes": "1"}, "hours"),
        ({"hours": "-1"}, "hours"),
        ({"hours": "25"}, "hours"),
        ({"minutes": "1.5"}, "minutes"),
        ({"minutes": "٣"}, "minutes"),
        ({"words": " "}, "words"),
        ({"words": "x" * 201}, "words"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(change: dict[str, str], field: str) -> None:
    hours, problems = parse_hours(FORM | change, TODAY)

    assert hours is None
    assert set(problems) == {field}


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "%(hours)s h"), (45, "%(minutes)s min"), (75, "%(hours)s h %(minutes)s min")]
)
def test_time_is_said_as_people_say_it(minutes: int, said: str) -> None:
    assert in_hours(minutes).text == said
