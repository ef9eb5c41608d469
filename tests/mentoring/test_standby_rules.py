"""Mentors in reserve: who is one, when their check-ins open, what these ask, and that nobody has to answer anything."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lti_tool.mentoring.answers import parse_answers
from lti_tool.mentoring.checkins import schedule
from lti_tool.mentoring.checkins_standby import READINESS, STANDBY_QUESTIONS, asks_for_a_talk, readiness
from lti_tool.mentoring.due_dates import calendar_of, standby_track
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.evidence import CheckInDue
from lti_tool.mentoring.programme import Cadence, ProgrammeSettings
from lti_tool.mentoring.questionnaire import Audience
from lti_tool.mentoring.standby import (
    BEFORE_YOU,
    FOR_MENTORS,
    HAS_PARTNER,
    NO_SUCH,
    NOT_APPROVED,
    NOT_IN,
    NOT_OPEN,
    NOT_PUBLISHED,
    OVER,
    Reserve,
    Waiting,
    reserve_of,
)
from lti_tool.mentoring.successive import TOO_LATE
from tests.mentoring.grading import BEGIN, PROGRAMME, day


def dues(settings: ProgrammeSettings = PROGRAMME, **more: Any) -> tuple[CheckInDue, ...]:
    return standby_track(settings, **({"published_at": BEGIN} | more)).check_ins_due


def waiting(settings: ProgrammeSettings = PROGRAMME, since: datetime = BEGIN, **changes: Any) -> Waiting:
    """Bob in reserve since the pairs were published with the beginning of the programme."""
    values: dict[str, Any] = {
        "role": "mentor",
        "has_joined": True,
        "is_approved": True,
        "is_over": False,
        "published_at": BEGIN,
        "paired_at": None,
        "dues": dues(settings, from_at=since, closes_at=calendar_of(settings).closes_at),
    }
    return Waiting(**(values | changes))


def test_every_question_may_be_left_out_and_only_staff_read_the_answers():
    parsed = parse_answers(STANDBY_QUESTIONS, {})

    assert not parsed.problems
    assert not parsed.values
    assert all(one.seen_by == {Audience.SELF, Audience.INSTRUCTOR} for one in STANDBY_QUESTIONS)
    assert all(one.asked_of == {EnrolmentRole.MENTOR} for one in STANDBY_QUESTIONS if one.key != "for_staff")


def test_it_takes_a_minute_or_two():
    assert len(STANDBY_QUESTIONS) == len({one.key for one in STANDBY_QUESTIONS}) == 5


@pytest.mark.parametrize("ready", sorted(READINESS))
def test_what_is_said_about_being_ready_is_read_and_nothing_else_is_taken_for_it(ready: str):
    assert readiness({"ready": ready}) == ready
    assert readiness({}) == readiness({"ready": None}) == readiness({"ready": "perhaps"}) == ""


def test_each_way_of_being_ready_is_one_that_can_be_chosen():
    assert {option.key for option in STANDBY_QUESTIONS[0].options} == set(READINESS)


def test_a_talk_is_asked_for_by_a_tick_and_never_read_out_of_words():
    assert asks_for_a_talk({"would_help": ["mentors", "talk"]})
    assert not asks_for_a_talk({"would_help": ["mentors"], "for_staff": "A talk with the staff, please"})
    assert not asks_for_a_talk({"would_help": None})


def test_in_reserve_is_a_mentor_who_was_never_paired_once_pairs_are_there():
    joined = {"joined_at": BEGIN - timedelta(days=3), "published_at": BEGIN, "paired_at": None}

    assert reserve_of("mentor", **joined) == Reserve(from_at=BEGIN)
    assert reserve_of("mentor", **(joined | {"joined_at": day(9)})) == Reserve(from_at=day(9))
    assert reserve_of("mentor", **(joined | {"paired_at": day(30)})) == Reserve(from_at=BEGIN, until_at=day(30))
    assert reserve_of("mentor", **(joined | {"paired_at": BEGIN})) is None
    assert reserve_of("mentor", **(joined | {"published_at": None})) is None
    assert {reserve_of(role, **joined) for role in ("mentee", "either", "swap")} == {None}


def test_a_time_in_reserve_that_counts_only_from_a_moment_on():
    whole = Reserve(from_at=day(2), until_at=day(30))

    assert whole.since(day(1)) == whole
    assert whole.since(day(9)) == Reserve(from_at=day(9), until_at=day(30))
    assert whole.since(day(30)) is None
    assert Reserve(from_at=day(2)).since(day(90)) == Reserve(from_at=day(90))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"role": "mentee"}, FOR_MENTORS),
        ({"role": "either"}, FOR_MENTORS),
        ({"has_joined": False}, NOT_IN),
        ({"is_approved": False}, NOT_APPROVED),
        ({"is_over": True}, OVER),
        ({"published_at": None, "dues": ()}, NOT_PUBLISHED),
        ({"paired_at": day(2)}, HAS_PARTNER),
    ],
)
def test_whoever_is_not_in_reserve_reads_why_and_is_asked_nothing(changes: dict[str, Any], why: object):
    found = waiting(**changes)

    assert found.why_not(1, day(3)) == why
    assert not found.is_in_reserve
    assert found.asked() == found.open_now(day(3)) == ()


def test_check_ins_open_one_after_the_other_and_stay_open():
    found = waiting()

    assert found.why_not(1, day(0)) is None
    assert found.why_not(1, day(80)) is None
    assert found.why_not(2, day(13)).text == NOT_OPEN
    assert found.why_not(2, day(14)) is None
    assert found.open_now(day(15)) == (1, 2)
    assert found.why_not(99, day(15)) == found.why_not(0, day(15)) == NO_SUCH


def test_whoever_joins_later_is_not_asked_what_was_over_before():
    found = waiting(since=day(20))

    assert [one.number for one in found.asked()] == [3, 4, 5, 6]
    assert found.why_not(1, day(21)) == BEFORE_YOU


def test_at_ones_own_pace_all_of_them_are_open_at_once():
    settings = replace(PROGRAMME, cadence=Cadence.OWN_PACE)
    found = waiting(settings, since=day(20))

    assert found.open_now(day(20)) == (1, 2, 3, 4, 5, 6)


def test_what_would_open_after_the_end_is_neither_announced_nor_asked():
    found = waiting(replace(PROGRAMME, ends_on=day(40).date()))

    assert [one.number for one in found.asked()] == [1, 2, 3, 4]
    assert found.why_not(4, day(41)).text == NOT_OPEN
    assert found.why_not(5, day(41)) == found.why_not(5, day(90)) == TOO_LATE


def test_they_open_with_those_of_the_pairs_that_were_published_and_not_before():
    published_at = day(10)

    found = dues(published_at=published_at)

    assert found[0].opens_at == published_at
    assert [one.opens_at for one in found] == [one.opens_at for one in schedule(PROGRAMME, published_at)]


def test_what_was_due_before_somebody_was_in_reserve_is_not_asked():
    found = dues(from_at=day(20))

    assert [one.is_excused for one in found] == [True] * 2 + [False] * 4


def test_what_would_open_after_the_end_does_not_count():
    found = dues(published_at=day(30), closes_at=day(80))

    assert [one.is_excused for one in found] == [False] * 4 + [True] * 2
