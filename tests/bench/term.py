"""A large course at half-term: everybody in a pair, with what a term leaves in the database."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert

from lti_tool.store.agreement import Agreement, AgreementSignature
from lti_tool.store.db import Row, table_of, transaction
from lti_tool.store.enrolment import Consent, Enrolment
from lti_tool.store.goals import GoalChange, GoalRow
from lti_tool.store.matching import Pair, Proposal
from lti_tool.store.meetings import Meeting, MeetingPart
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Member, Person
from lti_tool.store.reflections import Reading, Reflection
from lti_tool.store.training import Training
from lti_tool.store.workspace import CheckIn
from tests import make
from tests.bench.staff_page import student
from tests.conftest import NOON

HALF_WAY = NOON + timedelta(days=56)
FIRST = 1000  # numbers of rows begin here, so that they can be named before they are written
SETTINGS: dict[str, Any] = {
    "cadence": "fortnightly",
    "check_in_count": 6,
    "ends_on": NOON.date() + timedelta(days=84),
    "sign_up_closes_on": NOON.date(),
    "participation": "default",
    "release": "by_hand",
    "phase": "running",
    "published_at": NOON,
}


def half_term(people: int, **changes: Any) -> make.Setting:
    """A course with so many people, every second a mentor, who joined, trained, agreed, met and checked in."""
    at = make.setting(**(SETTINGS | changes))
    reader = make.person(at, "Tess Tutor", role="teaching_assistant")
    with transaction() as session:
        for table, rows in _rows(at, people // 2, reader):
            session.execute(insert(table_of(table)), list(rows))
    return at


def _rows(at: make.Setting, pairs: int, reader: int) -> Iterator[tuple[type[Row], Iterable[dict[str, Any]]]]:
    everybody = range(FIRST, FIRST + 2 * pairs)
    yield Person, ({"id": one} | student(at, one) for one in everybody)
    yield Member, ({"course_id": at.course_id, "person_id": one, "role": "student"} for one in everybody)
    yield Enrolment, (_enrolment(at, one) for one in everybody)
    yield Consent, (_consent(one, what) for one in everybody for what in ("consent", "conduct"))
    yield Training, (_training(one) for one in everybody if one % 9)
    proposal = {"id": FIRST, "programme_id": at.programme_id, "state": "published", "asked_by": reader}
    yield Proposal, [proposal | {"asked_at": NOON, "published_at": NOON}]
    yield Pair, (_pair(at, one) for one in everybody[::2])
    yield PairMember, (_place(one) for one in everybody)
    yield from _agreed(everybody)
    yield from _met(everybody)
    yield CheckIn, (_check_in(one, number) for one in everybody for number in range(1, 1 + one % 5))
    yield Reflection, (_reflection(at, one) for one in everybody if one % 4)
    yield Reading, (_reading(one, reader) for one in everybody if one % 4 == 1)


def _enrolment(at: make.Setting, one: int) -> dict[str, Any]:
    return {
        "id": one,
        "programme_id": at.programme_id,
        "person_id": one,
        "role": "mentee" if one % 2 else "mentor",
        "state": "joined",
        "time_zone": "Europe/London",
        "changed_at": NOON,
    }


def _consent(one: int, what: str) -> dict[str, Any]:
    return {"enrolment_id": one, "what": what, "version": 1, "given_at": _day(-2)}


def _training(one: int) -> dict[str, Any]:
    course = "mentee" if one % 2 else "mentor"
    return {"enrolment_id": one, "course": course, "finished_at": _day(one % 9), "changed_at": NOON}


def _pair_of(one: int) -> int:
    return one - one % 2


def _pair(at: make.Setting, one: int) -> dict[str, Any]:
    return {
        "id": one,
        "programme_id": at.programme_id,
        "proposal_id": FIRST,
        "mentor_id": one,
        "mentee_id": one + 1,
        "score_ppm": 800_000,
        "strength": "good",
        "reasons": [],
        "state": "active",
        "published_at": NOON,
    }


def _place(one: int) -> dict[str, Any]:
    return {"pair_id": _pair_of(one), "enrolment_id": one, "role": "mentee" if one % 2 else "mentor"}


def _agreed(everybody: range) -> Iterator[tuple[type[Row], Iterable[dict[str, Any]]]]:
    pairs = everybody[::2]
    written = {"number": 1, "terms": {}, "rules": {}, "written_at": _day(3)}
    yield Agreement, ({"id": one, "pair_id": one, "written_by": one} | written for one in pairs)
    yield (
        AgreementSignature,
        (
            {"agreement_id": _pair_of(one), "enrolment_id": one, "signed_at": _day(4)}
            for one in everybody
            if one % 20 < 18
        ),
    )
    goal = {"state": "agreed", "once": "1", "created_at": _day(5), "agreed_on": _day(6).date()}
    yield GoalRow, ({"id": one, "pair_id": one, "created_by": one} | goal for one in pairs)
    change = {"state": "agreed", "terms": {}, "suggested_at": _day(5), "settled_at": _day(6)}
    yield GoalChange, ({"goal_id": one, "suggested_by": one, "settled_by": one + 1} | change for one in pairs)


def _met(everybody: range) -> Iterator[tuple[type[Row], Iterable[dict[str, Any]]]]:
    numbers = count(FIRST)
    meetings = [(next(numbers), pair, number) for pair in everybody[::2] for number in range(pair // 2 % 5)]
    yield Meeting, (_meeting(*one) for one in meetings)
    yield (
        MeetingPart,
        (
            {"meeting_id": one, "enrolment_id": who, "was_there": True, "said_at": _day(10) if who == pair else None}
            for one, pair, _number in meetings
            for who in (pair, pair + 1)
        ),
    )


def _meeting(number: int, pair: int, place: int) -> dict[str, Any]:
    at = _day(10 * (place + 1))
    return {
        "id": number,
        "pair_id": pair,
        "created_by": pair,
        "once": str(place),
        "created_at": at,
        "changed_at": at,
        "state": "held",
        "proposed_by": pair,
        "held_on": at.date(),
        "held_minutes": 30,
        "reported_by": pair,
        "reported_at": at,
    }


def _check_in(one: int, number: int) -> dict[str, Any]:
    at = _day(14 * (number - 1) + one % 8)
    values = {"pair_id": _pair_of(one), "enrolment_id": one, "number": number, "answers": {}}
    return values | {"submitted_at": at, "changed_at": at}


def _reflection(at: make.Setting, one: int) -> dict[str, Any]:
    is_read = one % 4 == 1
    return {
        "id": one,
        "programme_id": at.programme_id,
        "enrolment_id": one,
        "stage": "middle",
        "state": "returned" if is_read else "handed_in",
        "text": "We met, and I talked too much.",
        "changed_at": _day(45),
        "handed_in_at": _day(45),
        "returned_at": _day(50) if is_read else None,
    }


def _reading(one: int, reader: int) -> dict[str, Any]:
    marks = {"specific": 4, "honest": 2, "linked": 4, "next_step": one % 3}
    return {"reflection_id": one, "reader_id": reader, "marks": marks, "read_at": _day(50)}


def _day(number: int) -> datetime:
    return NOON + timedelta(days=number)
