"""What may be excused and decided: forms, limits, and what an excuse for many leaves alone."""

from datetime import time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lti_tool.mentoring.evidence import ALL_KEYS, ExcuseReason, ExcuseState
from lti_tool.mentoring.excuse_forms import parse_bulk, parse_decided, parse_decision, parse_given
from lti_tool.mentoring.excuses import (
    Bulk,
    Given,
    Whom,
    choices,
    choices_of,
    covering,
    keys_given,
    label_of_key,
    why_not_ask,
    with_excuses,
)
from lti_tool.mentoring.ledgers import ALL_EXCUSED
from lti_tool.mentoring.participation import ledger
from tests.mentoring.grading import DEFAULT, day, entry, everything, evidence, excused, track

ZONE = ZoneInfo("Europe/London")
ILL = {"key": "meeting:1", "reason": "illness", "words": " I am ill.\r\nReally. "}


def bulk(key, **changes):
    given = Given(key=key, reason=ExcuseReason.TOOL)
    return Bulk(**({"given": given, "whom": Whom.EVERYBODY} | changes))


def test_a_wish_is_read_with_its_words_trimmed():
    given, problems = parse_given(ILL, ["meeting:1"])

    assert given == Given(key="meeting:1", reason=ExcuseReason.ILLNESS, words="I am ill.\nReally.")
    assert problems == {}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"key": "meeting:9"}, "key"),
        ({"key": ""}, "key"),
        ({"reason": "weather"}, "reason"),
        ({"words": "w" * 2001}, "words"),
        ({"words": "\x00"}, "words"),
        ({"words": "\u202e"}, "words"),
    ],
)
def test_what_is_wrong_with_a_wish_is_named_by_its_field(typed, field):
    given, problems = parse_given(ILL | typed, ["meeting:1"])

    assert given is None
    assert set(problems) == {field}


def test_who_refuses_says_why_and_who_grants_need_not():
    assert parse_decision({"decision": "grant", "answer": ""})[0].is_granted
    assert set(parse_decision({"decision": "refuse", "answer": " "})[1]) == {"answer"}
    assert set(parse_decision({"answer": "Well."})[1]) == {"decision"}


@pytest.mark.parametrize("typed", ["0", "7.5", "7,50", "10", " 3 "])
def test_points_from_nothing_to_what_a_line_is_worth_are_taken(typed):
    decided, problems = parse_decided({"points": typed, "why": "So it was."}, Decimal(10))

    assert problems == {}
    assert decided.points == Decimal(typed.strip().replace(",", "."))


@pytest.mark.parametrize(
    "typed", ["", "-1", "10.01", "7.505", "1e9", "nan", "inf", "ten", "٣", "1" * 13, "0x5", "1_0_0"]
)
def test_other_points_are_refused_beside_their_field(typed):
    decided, problems = parse_decided({"points": typed, "why": "So it was."}, Decimal(10))

    assert decided is None
    assert set(problems) == {"points"}


def test_a_decision_needs_its_reason_also_where_the_rule_decides_again():
    assert set(parse_decided({"points": "5", "why": " "}, Decimal(10))[1]) == {"why"}
    assert set(parse_decided({"then": "rule", "why": ""}, Decimal(10))[1]) == {"why"}
    assert parse_decided({"then": "rule", "points": "nonsense", "why": "Enough."}, Decimal(10))[0].points is None


def test_an_excuse_for_many_needs_whom_and_both_days_or_none():
    form = {"key": ["all"], "reason": ["tool"], "whom": ["everybody"]}

    def wrong(**typed):
        return set(parse_bulk(form | {name: [value] for name, value in typed.items()}, ["all"], ["12"])[1])

    assert parse_bulk(form, ["all"], [])[0] == bulk("all")
    assert wrong(whom="") == {"whom"}
    assert wrong(whom="section", section="13") == {"section"}
    assert wrong(whom="people") == {"whom"}
    assert wrong(from_on="2026-10-05") == {"until_on"}
    assert wrong(from_on="2026-10-05", until_on="2026-10-04") == {"until_on"}
    assert wrong(from_on="soon", until_on="2026-10-04") == {"from_on"}
    people = parse_bulk(form | {"whom": ["people"], "person": ["3", "4", "x", "9" * 10]}, ["all"], [])[0].people
    assert people == frozenset({3, 4})


def test_a_student_may_ask_for_what_is_open_and_not_excused():
    found = ledger(evidence(track(sent=(1,)), excuses=excused("meeting:1"), trained_at=None), DEFAULT, day(30))
    keys = {one.key for one in choices(found)}

    assert {"check_in:2", "check_in", "meeting", "training", ALL_KEYS} <= keys
    assert not {"check_in:1", "meeting:1"} & keys
    assert {"check_in:1", "meeting:1"} <= {one.key for one in choices(found, is_staff=True)}
    assert "no points at all" in choices(found)[-1].label.text


def test_what_many_may_be_excused_from_is_what_the_scheme_has():
    keys = [one.key for one in choices_of(DEFAULT)]

    assert len(keys) == len(set(keys))
    assert {"join", "check_in", "check_in:6", "meeting:5", ALL_KEYS} <= set(keys)
    assert "check_in:7" not in keys


def test_an_entry_is_covered_by_itself_its_kind_and_everything():
    assert covering("check_in:3") == ("check_in:3", "check_in", "all")
    assert covering("join") == ("join", "all")
    assert why_not_ask("check_in:3", {"check_in": [ExcuseState.GRANTED]}) is not None
    assert why_not_ask("check_in:3", {"check_in:3": [ExcuseState.ASKED]}) is not None
    assert why_not_ask("check_in:3", {"check_in:3": [ExcuseState.REFUSED], "check_in:2": [ExcuseState.GRANTED]}) is None


def test_an_excuse_for_many_leaves_what_is_done_or_excused():
    found = ledger(evidence(track(sent=(1,)), excuses=excused("check_in:2")), DEFAULT, day(60))

    given = keys_given(found, bulk("check_in"), ZONE)

    assert {"check_in:1", "check_in:2"} & set(given) == set()
    assert "check_in:3" in given
    assert keys_given(found, bulk("check_in:2"), ZONE) == ()


def test_an_outage_takes_what_was_due_on_its_days_in_the_programmes_zone():
    found = ledger(evidence(track()), DEFAULT, day(60))
    due = entry(found, "check_in:3").due_at
    on = (due - timedelta(minutes=1)).astimezone(ZONE).date()  # it is due when that day ends

    def given(first, last):
        return keys_given(found, bulk(ALL_KEYS, from_on=first, until_on=last), ZONE)

    assert "check_in:3" in given(on, on)
    assert "check_in:3" not in given(on + timedelta(days=1), on + timedelta(days=2))
    assert given(on, on) == ("check_in:3",)


def test_what_is_due_when_a_day_ends_was_due_on_that_day_and_not_on_the_next():
    found = ledger(evidence(track(), trained_at=None), DEFAULT, day(30))
    due = entry(found, "training").due_at
    last = (due - timedelta(minutes=1)).date()  # as every page names it

    def given(on):
        return keys_given(found, bulk("training", from_on=on, until_on=on), ZoneInfo("UTC"))

    assert due.time() == time()
    assert given(last) == ("training",)
    assert given(last + timedelta(days=1)) == ()


def test_everything_is_excused_where_anything_of_it_is_missing():
    missing = ledger(evidence(track(sent=(1,))), DEFAULT, day(60))
    complete = ledger(everything(), DEFAULT, day(84))

    assert keys_given(missing, bulk(ALL_KEYS), ZONE) == (ALL_KEYS,)
    assert keys_given(complete, bulk("check_in"), ZONE) == ()


def test_where_everything_is_excused_and_nothing_done_there_are_no_points_and_not_zero():
    before = evidence(track(), joined_at=None, trained_at=None)
    given = Given(key=ALL_KEYS, reason=ExcuseReason.ILLNESS)

    after = ledger(with_excuses(before, (ALL_KEYS,), given, by=1, now=day(40)), DEFAULT, day(84))

    assert (after.points, after.why_not_postable, after.is_postable) == (None, ALL_EXCUSED, False)


def test_what_an_excuse_is_for_has_a_name():
    found = ledger(evidence(track()), DEFAULT, day(10))

    assert label_of_key("check_in:3", found) == entry(found, "check_in:3").label
    assert label_of_key("check_in:3").values["number"] == "3"
    assert label_of_key("join").text == "Joining: questions and code of conduct"
    assert label_of_key(ALL_KEYS).text == "Everything"
