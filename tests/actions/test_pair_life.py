"""What happens to people, points and the clock when a pair pauses, loses somebody or ends."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.pair_life import end_pair, note_gone, pause_pair, resume_pair
from lti_tool.actions.participation import pair_slots, person_ledger
from lti_tool.actions.workspace import check_in
from lti_tool.mentoring.pair_life import EndReason
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score
from lti_tool.store.matching import Pair
from lti_tool.store.pair_life import PairEvent, PairStop
from lti_tool.store.pairs import PairMember, members_of
from lti_tool.store.people import Member
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import NOON, Clock


@dataclass
class Term:
    """A programme of six weekly check-ins: Alice teaches, Bob mentors Dana, Fay is free."""

    at: make.Setting
    clock: Clock
    alice: int
    people: dict[str, int]  # enrolments

    def pair(self, mentor: str, mentee: str) -> int:
        """The two begin now."""
        made = make.pair(self.at, self.people[mentor], self.people[mentee], by=self.alice)
        with transaction() as session:
            session.get_one(Pair, made).published_at = self.clock.now
        return made

    def send(self, pair_id: int, who: str, *numbers: int) -> None:
        """One of the two sends check-ins."""
        for number in numbers:
            check_in(pair_id, self.people[who], number, {"going": "4"}, now=self.clock.now)

    def earned(self, who: str) -> Decimal:
        """What this person's participation is worth now."""
        db.session.rollback()
        programme = db.session.get_one(Programme, self.at.programme_id)
        found = person_ledger(self.people[who], programme, now=self.clock.now)
        assert found is not None
        return found.points or Decimal(0)

    def open_numbers(self, pair_id: int, who: str) -> list[int]:
        """The check-ins this person has in this pair."""
        db.session.rollback()
        programme = db.session.get_one(Programme, self.at.programme_id)
        pair = db.session.get_one(Pair, pair_id)
        return [slot.number for slot in pair_slots(pair, self.people[who], programme)]


@pytest.fixture
def term(app: Flask, clock: Clock) -> Term:
    at = make.setting(cadence="weekly", check_in_count=6, phase="running", published_at=NOON)
    alice = make.person(at, "Alice Ashford", role="instructor")
    people = {}
    for name, role in (("Bob", "mentor"), ("Dana", "mentee"), ("Fay", "mentor"), ("Gwen", "mentee")):
        people[name] = make.enrolment(at, make.person(at, f"{name} Gladwell"), role=role)
    return Term(at=at, clock=clock, alice=alice, people=people)


def test_points_stay_when_a_pair_ends_and_go_on_with_the_next_partner(term: Term) -> None:
    first = term.pair("Bob", "Dana")
    term.clock.advance(days=8)
    term.send(first, "Dana", 1, 2)
    before = term.earned("Dana")

    end_pair(first, why=EndReason.REMATCH, by=term.alice, now=term.clock.now)
    after = term.earned("Dana")
    term.clock.advance(days=10)
    second = term.pair("Fay", "Dana")
    term.clock.advance(days=40)
    term.send(second, "Dana", 3)

    assert before == after == Decimal("33.33")
    assert term.earned("Dana") == Decimal("50.00")
    assert term.open_numbers(second, "Dana") == [3, 4, 5, 6]
    assert term.open_numbers(second, "Fay") == [1, 2, 3, 4, 5, 6]
    assert term.open_numbers(first, "Dana") == [1, 2]


def test_the_gradebooks_score_is_not_lowered_by_the_end_of_a_pair(term: Term) -> None:
    pair = term.pair("Bob", "Dana")
    term.send(pair, "Dana", 1)

    end_pair(pair, why=EndReason.LEFT, by=None, now=term.clock.now)

    db.session.rollback()
    assert [row.points for row in db.session.scalars(select(Score))] == [Decimal("16.67")]


def test_a_mentor_of_two_keeps_the_average_when_one_of_them_goes(term: Term) -> None:
    gone, stays = term.pair("Bob", "Dana"), term.pair("Bob", "Gwen")
    term.clock.advance(days=15)
    term.send(gone, "Bob", 1, 2)
    term.send(stays, "Bob", 1)
    before = term.earned("Bob")

    end_pair(gone, why=EndReason.LEFT, by=None, now=term.clock.now)

    assert before == Decimal("25.00")  # three of twelve
    assert term.earned("Bob") == before
    term.send(stays, "Bob", 2, 3, 4, 5, 6)
    assert term.earned("Bob") == 100


def test_a_pause_moves_what_is_to_come_and_nothing_else(term: Term) -> None:
    pair = term.pair("Bob", "Dana")
    term.send(pair, "Dana", 1)
    day = term.clock.now.date() + timedelta(days=14)

    pause_pair(pair, resumes_on=day, words="Exams", enrolment_id=term.people["Dana"], by=term.alice, now=term.clock.now)
    term.clock.advance(days=14)
    resume_pair(pair, by=term.alice, now=term.clock.now)

    db.session.rollback()
    programme, row = db.session.get_one(Programme, term.at.programme_id), db.session.get_one(Pair, pair)
    slots = pair_slots(row, term.people["Dana"], programme)
    assert row.state == "active"
    assert slots[1].opens_at == NOON + timedelta(days=21)
    assert term.earned("Dana") == Decimal("16.67")


def test_what_happened_stays_on_record(term: Term) -> None:
    pair = term.pair("Bob", "Dana")

    pause_pair(pair, resumes_on=None, words="Ill", by=term.alice, now=term.clock.now)
    resume_pair(pair, by=term.alice, now=term.clock.advance(days=2))
    end_pair(pair, why=EndReason.STAFF, by=term.alice, now=term.clock.advance(days=2))
    again = end_pair(pair, why=EndReason.LEFT, by=None, now=term.clock.advance(days=2))

    db.session.rollback()
    row, stop = db.session.get_one(Pair, pair), db.session.scalars(select(PairStop)).one()
    assert [one.what for one in db.session.scalars(select(PairEvent).order_by(PairEvent.id))] == [
        "paused",
        "resumed",
        "ended",
    ]
    assert (again, row.end_reason, row.ended_at) == (False, "staff", NOON + timedelta(days=4))
    assert (stop.from_at, stop.until_at) == (NOON, NOON + timedelta(days=2))


def test_an_ended_pair_cannot_go_on(term: Term) -> None:
    pair = term.pair("Bob", "Dana")
    end_pair(pair, why=EndReason.STAFF, by=term.alice, now=term.clock.now)

    with pytest.raises(RuleBroken, match="has ended"):
        resume_pair(pair, by=term.alice, now=term.clock.now)


def leave_course(term: Term, who: str) -> None:
    """The roster no longer has this person."""
    with transaction() as session:
        enrolment = term.people[who]
        person = session.scalar(select(Enrolment.person_id).filter_by(id=enrolment))
        session.scalars(select(Member).filter_by(person_id=person)).one().is_active = False
        note_gone(term.at.course_id, now=term.clock.now)


def test_who_drops_out_ends_the_pair_and_the_partner_keeps_everything(term: Term) -> None:
    pair = term.pair("Bob", "Dana")
    term.send(pair, "Dana", 1)

    leave_course(term, "Bob")

    row = db.session.get_one(Pair, pair)
    assert (row.state, row.end_reason) == ("ended", "left")
    assert len(members_of(pair)) == 2  # both may read it
    assert term.earned("Dana") == Decimal("16.67")


def test_one_of_three_goes_and_the_others_go_on(term: Term) -> None:
    pair = term.pair("Bob", "Dana")
    with transaction() as session:
        session.add(PairMember(pair_id=pair, enrolment_id=term.people["Gwen"], role="mentee"))

    leave_course(term, "Dana")

    assert db.session.get_one(Pair, pair).state == "active"
    assert {one.enrolment.id for one in members_of(pair)} == {term.people["Bob"], term.people["Gwen"]}
