"""Promises about schemes: presets, forms, files, and what changing one does."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.due_dates import due_days
from lti_tool.mentoring.participation import ledger
from lti_tool.mentoring.programme import Cadence
from lti_tool.mentoring.scheme_effect import effect, effect_of
from lti_tool.mentoring.scheme_files import scheme_from_json, scheme_to_json
from lti_tool.mentoring.scheme_form import LABEL_LENGTH, parse_scheme, scheme_form_of
from lti_tool.mentoring.scheme_presets import PRESET_WORDS, scheme_of
from lti_tool.mentoring.schemes import LABELS, RULES, Kind, SchemePreset, Side
from tests.mentoring.grading import CLOSED, DEFAULT, PROGRAMME, at_the_end, day, everything, evidence, track
from tests.mentoring.people import at, settings

PRESETS = st.sampled_from(list(SchemePreset))


def form(**changes: str) -> dict[str, list[str]]:
    """Return the default scheme's form with some fields written anew; two underscores stand for a dot."""
    return scheme_form_of(DEFAULT) | {name.replace("__", "."): [text] for name, text in changes.items()}


def problems(**changes: str):
    scheme, found = parse_scheme(form(**changes), SchemePreset.DEFAULT)
    assert (scheme is None) == bool(found)
    return found


def test_the_usual_scheme_offers_a_hundred_points_on_every_side():
    for side in (Side.MENTOR, Side.MENTEE, Side.BOTH, Side.RESERVE):
        assert sum(item.worth(side) for item in DEFAULT.items) == 100


def test_every_kind_and_every_preset_has_its_words():
    assert set(LABELS) == set(RULES) == set(Kind)
    assert set(PRESET_WORDS) == set(SchemePreset)


@pytest.mark.parametrize("preset", list(SchemePreset))
@pytest.mark.parametrize("counts", [(1, 1), (0, 1), (5, 6), (12, 52)])
def test_a_preset_suits_any_programme(preset, counts):
    meetings, check_ins = counts
    programme = settings(meeting_count=meetings, check_in_count=check_ins, cadence=Cadence.OWN_PACE)

    scheme = scheme_of(preset, programme)

    assert parse_scheme(scheme_form_of(scheme), preset) == (scheme, {})
    assert ledger(everything(), scheme, day(CLOSED)).points is not None


def test_a_programme_without_points_has_a_scheme_without_points():
    assert not scheme_of(SchemePreset.DEFAULT, settings(is_graded=False)).is_graded


@given(PRESETS)
def test_a_scheme_comes_back_from_its_file_and_from_its_form(preset):
    scheme = scheme_of(preset, PROGRAMME)

    assert scheme_from_json(json.loads(json.dumps(scheme_to_json(scheme)))) == scheme
    assert parse_scheme(scheme_form_of(scheme), preset) == (scheme, {})


def test_a_form_changes_points_counts_and_lateness():
    scheme, _none = parse_scheme(
        form(meeting__mentor="20,5", meeting__count="8", meeting__best_of="6", check_in__percent_a_day="10"),
        SchemePreset.DEFAULT,
    )

    by_kind = {item.kind: item for item in scheme.items}
    assert by_kind[Kind.MEETING].mentor == Decimal("20.5")
    assert (by_kind[Kind.MEETING].count, by_kind[Kind.MEETING].best_of) == (8, 6)
    assert by_kind[Kind.CHECK_IN].late.percent_a_day == 10


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("meeting.mentor", "-5", "never negative"),
        ("meeting.mentor", "-0.001", "never negative"),
        ("meeting.mentee", "many", "at most two decimals"),
        ("meeting.mentee", "1.234", "at most two decimals"),
        ("meeting.mentee", "1,000", "at most two decimals"),
        ("meeting.mentee", "1e3000000", "at most two decimals"),
        ("meeting.mentee", "NaN", "at most two decimals"),
        ("meeting.mentee", "Infinity", "at most two decimals"),
        ("meeting.mentee", "١٠", "at most two decimals"),
        ("meeting.mentee", "1001", "at most two decimals"),
        ("check_in.percent_a_day", "120", "0 to 100"),
        ("check_in.floor_percent", "101", "0 to 100"),
        ("check_in.floor_percent", "", "0 to 100"),
        ("complete_from", "150", "1 to 100"),
        ("complete_from", "0", "1 to 100"),
        ("check_in.grace_days", "-1", "whole number"),
        ("check_in.count", "0", "whole number"),
        ("check_in.best_of", "7", "whole number"),
        ("maximum", "0", "whole number"),
        ("maximum", "", "whole number"),
        ("least_minutes", "none", "whole number"),
        ("join.label", "x" * 300, "300 characters"),
        ("join.label", "a\x00b", "cannot be saved"),
        ("join.due_on", "tomorrow", "year, month and day"),
        ("join.due_on", "9999-12-31", "year, month and day"),
        ("basis", "moon", "choose"),
        ("hours.target_hours", "0", "whole number"),
    ],
)
def test_a_wrong_value_is_explained_beside_its_field(field, text, says):
    changes = {field.replace(".", "__"): text}
    if field.startswith("hours"):
        changes["hours__mentor"] = "10"

    found = problems(**changes)

    assert list(found) == [field]
    assert says in found[field].text % found[field].values


@pytest.mark.parametrize("typed", ["2025-10-05", "2026-09-30", "2027-01-11"])
def test_nothing_is_due_before_there_is_a_programme_or_after_it_has_closed(typed):
    between = due_days(PROGRAMME, at("2026-10-01T09:00"))

    scheme, found = parse_scheme(form(training__due_on=typed), SchemePreset.DEFAULT, between=between)

    assert (scheme, list(found)) == (None, ["training.due_on"])
    assert found["training.due_on"].values == {"first": date(2026, 10, 1), "last": date(2027, 1, 9)}
    for fine in ("2026-10-01", "2027-01-09"):
        assert parse_scheme(form(training__due_on=fine), SchemePreset.DEFAULT, between=between)[1] == {}


def test_the_closing_survey_is_due_on_no_day_before_it_opens():
    between = due_days(PROGRAMME, at("2026-10-01T09:00"))

    _scheme, early = parse_scheme(form(survey__due_on="2026-12-26"), SchemePreset.DEFAULT, between=between)
    _scheme, fine = parse_scheme(form(survey__due_on="2026-12-27"), SchemePreset.DEFAULT, between=between)

    assert early["survey.due_on"].values == {"first": date(2026, 12, 27), "last": date(2027, 1, 9)}
    assert fine == {}


def test_a_label_of_three_hundred_characters_says_how_long_it_is_and_may_be():
    found = problems(join__label="x" * 300)

    assert found["join.label"].values == {"length": 300, "maximum": LABEL_LENGTH}


def test_a_scheme_in_which_nothing_earns_points_is_refused():
    empty, found = parse_scheme({"maximum": ["100"], "least_minutes": ["15"]}, SchemePreset.DEFAULT)

    assert empty is None
    assert "Nothing earns points" in found["items"].text


@pytest.mark.parametrize(("side", "word"), [("mentor", "Mentees"), ("mentee", "Mentors")])
def test_a_scheme_with_nothing_for_one_side_is_refused(side, word):
    only = {"maximum": ["100"], "least_minutes": ["15"], f"join.{side}": ["5"]}

    _none, found = parse_scheme(only, SchemePreset.DEFAULT)

    assert found["items"].text.startswith(word)


@given(st.dictionaries(st.sampled_from(sorted(scheme_form_of(DEFAULT))), st.lists(st.text(max_size=12), max_size=2)))
def test_whatever_is_typed_gives_a_scheme_or_problems_and_a_scheme_gives_points_within_bounds(typed):
    scheme, found = parse_scheme(scheme_form_of(DEFAULT) | typed, SchemePreset.DEFAULT)

    assert (scheme is None) == bool(found)
    if scheme is not None:
        points = at_the_end(everything(), scheme).points
        assert points is None or 0 <= points <= scheme.maximum


def test_a_change_shows_who_loses_most_first_and_how_the_points_spread():
    crowd = {
        1: everything(),
        2: evidence(track(sent=(1, 2, 3, 4, 5, 6))),
        3: evidence(track(), joined_at=None, trained_at=None),
    }
    strict = replace(DEFAULT, least_minutes=31)

    found = effect_of(crowd, DEFAULT, strict, day(CLOSED))

    assert [(one.person, one.before, one.after) for one in found.changes] == [(1, 100, 70)]
    assert (found.losing, found.unchanged) == (1, 2)
    assert [(one.before, one.after) for one in found.buckets if one.before or one.after] == [
        (1, 1),
        (1, 1),
        (0, 1),
        (1, 0),
    ]
    assert found.without_points == (0, 0)


def test_two_crowds_cannot_be_compared():
    with pytest.raises(ValueError, match="same people"):
        effect({1: at_the_end(everything())}, {})
