"""Promises of a programme's settings."""

from datetime import date

import pytest

from lti_tool.mentoring.programme import Cadence, default_settings, parse_settings
from lti_tool.mentoring.zones import zone_named
from tests.mentoring.people import settings

FORM = {
    "title": " Peer mentoring ",
    "mentor_word": "Mentor",
    "mentee_word": "Mentee",
    "cadence": "fortnightly",
    "check_in_count": "6",
    "points": "100",
    "starts_on": "2026-10-05",
    "time_zone": "UTC",
    "mentor_capacity_limit": "3",
}


def test_a_good_form_becomes_settings():
    parsed, problems = parse_settings(FORM)

    assert parsed == settings()
    assert problems == {}


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "  "),
        ("title", "x" * 201),
        ("title", "a\x00b"),
        ("mentor_word", ""),
        ("mentee_word", "x" * 41),
        ("cadence", "daily"),
        ("check_in_count", "0"),
        ("check_in_count", "53"),
        ("points", "1001"),
        ("points", "ten"),
        ("points", "٣"),
        ("points", "9" * 5000),
        ("starts_on", "5 October"),
        ("starts_on", "0001-01-01"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc/passwd"),
        ("mentor_capacity_limit", "31"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_saved(field, text):
    parsed, problems = parse_settings({**FORM, field: text})

    assert parsed is None
    assert set(problems) == {field}


def test_an_empty_form_names_every_field():
    parsed, problems = parse_settings({})

    assert parsed is None
    assert set(problems) == set(FORM)


@pytest.mark.parametrize("title", ["", "Biology 101", "x" * 500])
def test_defaults_are_accepted_unchanged_by_the_form(title):
    made = default_settings(title, date(2026, 10, 5), "Europe/Berlin")

    parsed, problems = parse_settings(
        {
            "title": made.title,
            "mentor_word": made.mentor_word,
            "mentee_word": made.mentee_word,
            "cadence": made.cadence,
            "check_in_count": str(made.check_in_count),
            "points": str(made.points),
            "starts_on": made.starts_on.isoformat(),
            "time_zone": made.time_zone,
            "mentor_capacity_limit": str(made.mentor_capacity_limit),
        }
    )

    assert (parsed, problems) == (made, {})


def test_an_unknown_time_zone_becomes_utc_in_the_defaults():
    assert default_settings("", date(2026, 10, 5), "Nowhere").time_zone == "UTC"


def test_each_cadence_knows_its_days():
    assert [cadence.days for cadence in Cadence] == [7, 14, 28, 0]


@pytest.mark.parametrize("name", ["", "Europe", "../x", "\x00", "No/Where", "/etc/localtime"])
def test_what_is_no_time_zone_is_none(name):
    assert zone_named(name) is None
