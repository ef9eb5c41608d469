"""Whoever tries in vain twice in a row is offered a new partner by the clock; before that a third effort waits."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.contact import not_reached
from lti_tool.actions.conversation import write
from lti_tool.actions.nudging import climb, notices_for
from lti_tool.actions.participation import person_ledger
from lti_tool.actions.rematch_offers import answer_offer, offer_new_partners
from lti_tool.actions.solo_work import do_alone
from lti_tool.mentoring.nudging import Rung, WaitKind
from lti_tool.mentoring.rematch import RematchAnswer
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.solo_work import Solo, SoloKind
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair
from lti_tool.store.nudges import Nudge
from lti_tool.store.participation import LedgerTotal, RematchOffer
from lti_tool.store.programme import Programme
from lti_tool.store.staff_tasks import StaffTask
from tests import make
from tests.conftest import Clock

WORK = Solo(kind=SoloKind.AGENDA, words="Three points")
TWO_DAYS = timedelta(days=2)


@dataclass
class Duo:
    """Dana tries to reach Bob, who never answers."""

    at: make.Setting
    clock: Clock
    pair_id: int
    bob: int
    bob_person: int
    dana: int

    def try_in_vain(self) -> None:
        """Two attempts two days apart, and ten minutes alone."""
        for _time in range(2):
            not_reached(self.pair_id, self.dana, now=self.clock.now)
            self.clock.advance(days=2)
        do_alone(self.pair_id, self.dana, WORK, once=str(self.clock.now), now=self.clock.now)
        self.clock.advance(hours=1)

    def offers(self) -> list[RematchOffer]:
        """Everything that was offered."""
        db.session.expire_all()
        return list(db.session.scalars(select(RematchOffer).order_by(RematchOffer.id)))

    def efforts(self) -> int:
        """How many entries Dana has earned by trying."""
        programme = db.session.get_one(Programme, self.at.programme_id)
        found = person_ledger(self.dana, programme, now=self.clock.now)
        assert found
        return len(found.efforts)


@pytest.fixture
def duo(app: Flask, clock: Clock) -> Duo:
    """A pair of a programme with the usual scheme."""
    ends_on = clock.now.date() + timedelta(days=84)
    at = make.setting(participation="default", ends_on=ends_on, phase="running")
    alice, bob, dana = (make.person(at, name) for name in ("Alice Ashford", "Bob Birchwood", "Dana Dewdrop"))
    mentor, mentee = make.enrolment(at, bob, role="mentor"), make.enrolment(at, dana, role="mentee")
    pair_id = make.pair(at, mentor, mentee, by=alice)
    return Duo(at=at, clock=clock, pair_id=pair_id, bob=mentor, bob_person=bob, dana=mentee)


def test_one_effort_brings_no_offer(duo: Duo) -> None:
    duo.try_in_vain()

    assert offer_new_partners(now=duo.clock.now) == 0
    assert duo.efforts() == 1
    total = db.session.scalars(select(LedgerTotal).filter_by(enrolment_id=duo.dana)).one()
    assert total.efforts == 1


def test_two_efforts_in_a_row_bring_one_offer_however_often_the_clock_looks(duo: Duo) -> None:
    duo.try_in_vain()
    duo.try_in_vain()

    found = [offer_new_partners(now=duo.clock.now) for _time in range(3)]

    assert found == [1, 0, 0]
    assert [(one.enrolment_id, one.pair_id, one.answer) for one in duo.offers()] == [(duo.dana, duo.pair_id, None)]
    task = db.session.scalars(select(StaffTask)).one()
    assert (task.enrolment_id, task.kind) == (duo.dana, "silent")


def test_staff_read_that_nobody_answered_where_that_is_so(duo: Duo) -> None:
    duo.try_in_vain()
    duo.try_in_vain()

    offer_new_partners(now=duo.clock.now)

    assert "without an answer" in db.session.scalars(select(StaffTask)).one().reason["text"]


@pytest.mark.parametrize("answers_after", [1, 2])
def test_nobody_is_called_silent_who_answers_and_the_offer_is_made_all_the_same(duo: Duo, answers_after: int) -> None:
    for time in (1, 2):
        duo.try_in_vain()
        if time == answers_after:
            write(duo.at.programme_id, duo.pair_id, duo.bob_person, "Yes, gladly.", once="yes", now=duo.clock.now)
            duo.clock.advance(hours=1)

    offer_new_partners(now=duo.clock.now)

    assert len(duo.offers()) == 1
    reason = db.session.scalars(select(StaffTask)).one().reason["text"]
    assert "the partner was heard from meanwhile" in reason
    assert "without an answer" not in reason
    duo.try_in_vain()
    assert duo.efforts() == 3  # an answer alone is no meeting: whoever goes on trying loses nothing


def test_a_third_effort_counts_once_the_offer_is_made_and_what_waited_is_not_lost(duo: Duo) -> None:
    for _time in range(3):
        duo.try_in_vain()
    before = duo.efforts()

    offer_new_partners(now=duo.clock.now)

    assert before == 2
    assert duo.efforts() == 3
    duo.try_in_vain()
    assert offer_new_partners(now=duo.clock.now) == 1  # two more in a row


def test_a_pair_in_which_nothing_can_be_written_is_offered_nothing(duo: Duo) -> None:
    duo.try_in_vain()
    duo.try_in_vain()
    with transaction() as session:
        session.get_one(Pair, duo.pair_id).state = "paused"

    assert offer_new_partners(now=duo.clock.now) == 0


def test_nobody_is_offered_a_partner_once_no_pairs_are_made(duo: Duo) -> None:
    duo.try_in_vain()
    duo.try_in_vain()
    with transaction() as session:
        session.get_one(Programme, duo.at.programme_id).phase = "closing"

    assert offer_new_partners(now=duo.clock.now) == 0


def test_the_offer_is_told_as_a_notice_once_and_only_to_whoever_has_it(duo: Duo) -> None:
    duo.try_in_vain()
    duo.try_in_vain()
    duo.clock.advance(days=8)  # whatever else was told is a week ago
    offer_new_partners(now=duo.clock.now)
    for _time in range(2):
        climb(duo.at.programme_id, has_mail=False, now=duo.clock.now)

    programme = db.session.get_one(Programme, duo.at.programme_id)
    told, bob = (notices_for(programme, (duo.pair_id, who), now=duo.clock.now) for who in (duo.dana, duo.bob))

    assert (WaitKind.REMATCH, Rung.SELF) in told
    assert WaitKind.REMATCH not in {kind for kind, _rung in bob}
    kinds = [one.kind for one in db.session.scalars(select(Nudge).filter_by(channel="page"))]
    assert kinds.count("pair_rematch") <= 1


@pytest.mark.parametrize("answer", list(RematchAnswer))
def test_an_answer_is_kept_and_ends_the_notice(duo: Duo, answer: RematchAnswer) -> None:
    duo.try_in_vain()
    duo.try_in_vain()
    offer_new_partners(now=duo.clock.now)

    first = answer_offer(duo.pair_id, duo.dana, answer, now=duo.clock.now)
    again = answer_offer(duo.pair_id, duo.dana, RematchAnswer.STAYS, now=duo.clock.now)

    assert (first, again) == (True, False)
    assert [one.answer for one in duo.offers()] == [answer]
    climb(duo.at.programme_id, has_mail=False, now=duo.clock.now)
    programme = db.session.get_one(Programme, duo.at.programme_id)
    told = notices_for(programme, (duo.pair_id, duo.dana), now=duo.clock.now)
    assert WaitKind.REMATCH not in {kind for kind, _rung in told}


def test_a_partner_answers_no_offer_of_another(duo: Duo) -> None:
    duo.try_in_vain()
    duo.try_in_vain()
    offer_new_partners(now=duo.clock.now)

    assert not answer_offer(duo.pair_id, duo.bob, RematchAnswer.ASKS, now=duo.clock.now)
    with transaction() as session:
        session.get_one(Pair, duo.pair_id).state = "ended"
    with pytest.raises(RuleBroken):
        answer_offer(duo.pair_id, duo.dana, RematchAnswer.ASKS, now=duo.clock.now)
