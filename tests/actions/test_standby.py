"""Mentors in reserve check in, on both databases: kept once, counted at once, and asked as points ask."""

import threading
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.application import decide_several
from lti_tool.actions.standby import check_in_on_standby
from lti_tool.mentoring.application import Decision
from lti_tool.mentoring.ledgers import Standing
from lti_tool.mentoring.standby import (
    BEFORE_YOU,
    FOR_MENTORS,
    HAS_PARTNER,
    NO_SUCH,
    NOT_APPROVED,
    NOT_IN,
    NOT_PUBLISHED,
    OVER,
)
from lti_tool.mentoring.successive import TOO_LATE
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Consent, Enrolment
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.programme import Programme
from lti_tool.store.standby import (
    StandbyCheckIn,
    in_reserve,
    waiting_of,
)
from tests import make
from tests.actions.reserve import READY, Here, refusal
from tests.conftest import Clock


@pytest.fixture
def here(app: Flask, clock: Clock) -> Here:
    return Here(clock)


def test_case_13_a_check_in_of_a_mentor_in_reserve_is_kept_and_counted_at_once(here: Here) -> None:
    before = here.entry("check_in:1")
    here.send(1)
    kept = [(row.number, row.answers, row.sent_at, row.programme_id) for row in here.rows()]
    after = here.entry("check_in:1")
    total = db.session.scalars(select(LedgerTotal).filter_by(enrolment_id=here.fay)).one()

    assert (before.is_done, before.earned) == (False, 0)
    assert kept == [(1, READY, here.clock.now, here.at.programme_id)]
    assert (after.is_done, after.earned) == (True, Decimal("5.00"))
    assert total.counted_at == here.clock.now


def test_what_a_mentor_in_reserve_does_not_send_counts_as_not_sent(here: Here) -> None:
    here.send(1)
    here.day(40)

    found = [(here.entry(f"check_in:{number}").standing, here.entry(f"check_in:{number}").earned) for number in (1, 2)]

    assert found == [(Standing.COUNTED, Decimal(5)), (Standing.COUNTED, Decimal(0))]


def test_the_same_form_twice_is_saved_once_and_a_later_one_replaces_the_answers(here: Here) -> None:
    sent_at = here.clock.now
    here.send(1, once="a")
    here.clock.advance(days=1)
    here.send(1, {"ready": "no"}, once="b")
    changed_at = here.clock.now
    here.clock.advance(days=1)
    here.send(1, {"ready": "later"}, once="b")

    (row,) = here.rows()
    assert (row.answers, row.sent_at, row.changed_at) == ({"ready": "no"}, sent_at, changed_at)


def test_two_windows_at_the_same_moment_leave_one_check_in(app: Flask, here: Here) -> None:
    faults: list[BaseException] = []
    start = threading.Barrier(2)

    def send(once: str) -> None:
        with app.app_context():
            start.wait()
            try:
                check_in_on_standby(here.fay, 1, READY, once=once, now=here.clock.now)
            except BaseException as fault:  # noqa: BLE001  # a thread's fault is the test's
                faults.append(fault)

    threads = [threading.Thread(target=send, args=(once,)) for once in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert len(here.rows()) == 1


@pytest.mark.parametrize("number", [0, 7, 99])
def test_a_check_in_that_the_programme_does_not_have_is_refused(here: Here, number: int) -> None:
    assert refusal(lambda: here.send(number)) == NO_SUCH
    assert here.rows() == []


def test_nothing_is_taken_before_it_opens_or_from_whoever_is_not_in_reserve(here: Here) -> None:
    assert "opens on" in refusal(lambda: here.send(2)).text  # type: ignore[attr-defined]  # a Sentence
    assert refusal(lambda: here.send(1, who=here.bob)) == HAS_PARTNER
    assert refusal(lambda: here.send(1, who=here.gwen)) == FOR_MENTORS
    here.change(Enrolment, here.fay, state="withdrawn")
    assert refusal(lambda: here.send(1)) == NOT_IN
    here.change(Enrolment, here.fay, state="joined")
    here.change(Programme, here.at.programme_id, phase="closed")
    assert refusal(lambda: here.send(1)) == OVER
    here.change(Programme, here.at.programme_id, phase="matching", published_at=None)
    assert refusal(lambda: here.send(1)) == NOT_PUBLISHED
    assert db.session.scalars(select(StandbyCheckIn)).all() == []


def test_whoever_joins_later_is_not_asked_what_was_due_before(here: Here) -> None:
    with transaction() as session:
        for what in ("consent", "conduct"):
            session.add(Consent(enrolment_id=here.fay, what=what, version=1, given_at=here.day(20)))
    here.day(21)

    assert refusal(lambda: here.send(1)) == BEFORE_YOU
    assert here.entry("check_in:1").standing is Standing.EXCUSED
    here.day(28)
    here.send(3)
    assert here.entry("check_in:3").earned == 5


def test_what_pages_announce_and_take_is_what_points_ask_for(here: Here) -> None:
    here.change(Programme, here.at.programme_id, ends_on=here.day(30).date())
    fay = db.session.get_one(Enrolment, here.fay)
    asked = {f"check_in:{one.number}" for one in waiting_of(here.programme, fay).asked()}
    lines = [one for one in here.ledger().entries if one.key.startswith("check_in:")]

    assert asked == {"check_in:1", "check_in:2", "check_in:3", "check_in:4"}
    assert asked == {one.key for one in lines if one.standing is not Standing.EXCUSED}
    assert refusal(lambda: here.send(5)) == TOO_LATE
    assert "opens on" in refusal(lambda: here.send(4)).text  # type: ignore[attr-defined]  # a Sentence


def test_where_mentors_apply_only_those_who_were_approved_are_asked_and_from_then_on(here: Here) -> None:
    here.change(Programme, here.at.programme_id, asks_application=True)
    here.day(20)
    before = refusal(lambda: here.send(1)), in_reserve(here.programme), here.entry("check_in:1").standing
    make.application(here.fay, state="submitted")
    decide_several(here.at.programme_id, [here.fay], Decision.APPROVE, by=here.alice, now=here.clock.now)
    counted_at = db.session.scalars(select(LedgerTotal).filter_by(enrolment_id=here.fay)).one().counted_at
    approved_at = here.clock.now
    here.day(30)
    here.send(3)

    assert before == (NOT_APPROVED, set(), Standing.EXCUSED)
    assert refusal(lambda: here.send(1)) == BEFORE_YOU
    assert in_reserve(here.programme) == {here.fay}
    assert counted_at == approved_at
    assert [here.entry(f"check_in:{number}").standing for number in (1, 2)] == [Standing.EXCUSED] * 2
    assert here.entry("check_in:3").earned == 5
