"""Phases by the calendar, in each course's own time zone; on both databases."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions import matching
from lti_tool.actions.phases import move
from lti_tool.jobs.schedule import follow_calendar
from lti_tool.mentoring.programme import Phase, default_settings
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair, running_pairs
from lti_tool.store.programme import AuditEntry, Programme
from tests import make
from tests.conftest import NOON, Clock
from tests.outside import look_again

CALENDAR = default_settings("", NOON.date(), "Asia/Tokyo")
DAYS = {name: getattr(CALENDAR, name) for name in ("sign_up_closes_on", "matching_on", "ends_on", "time_zone")}


def phase_of(at: make.Setting) -> str:
    """Where the programme stands now."""
    look_again()
    return db.session.get_one(Programme, at.programme_id).phase


def phase_entries() -> list[tuple[int | None, str]]:
    """Who moved the programme, and where to."""
    rows = db.session.scalars(select(AuditEntry).filter_by(what="programme.phase").order_by(AuditEntry.id))
    return [(row.person_id, row.after["phase"]) for row in rows]


def test_a_day_ends_when_it_ends_in_the_course(app: Flask, clock: Clock) -> None:
    at = make.setting(**DAYS)  # sign-up closes on 28 September, and Tokyo is nine hours ahead

    clock.now = datetime(2026, 9, 28, 14, 59, tzinfo=UTC)
    follow_calendar(app)
    before = phase_of(at)
    clock.now = datetime(2026, 9, 28, 15, 0, tzinfo=UTC)
    follow_calendar(app)
    follow_calendar(app)

    assert (before, phase_of(at)) == ("sign_up", "matching")
    assert phase_entries() == [(None, "matching")]


def test_a_pair_ends_with_its_programme_and_is_kept(app: Flask, clock: Clock) -> None:
    at = make.setting(**DAYS)
    alice = make.person(at, "Alice Ashford", role="instructor")
    bob = make.enrolment(at, make.person(at, "Bob Birchwood"), role="mentor")
    dana = make.enrolment(at, make.person(at, "Dana Dewdrop"), role="mentee")
    pair = make.pair(at, bob, dana, by=alice)

    seen, running = [], []
    for days in (80, 6, 10, 10):
        clock.advance(days=days)
        follow_calendar(app)
        seen.append(phase_of(at))
        running.append(len(running_pairs(at.programme_id)))

    assert seen == ["running", "closing", "closing", "closed"]
    assert running == [1, 1, 1, 0]
    assert db.session.get_one(Pair, pair).end_reason == "completed"


def test_a_programme_that_is_moved_by_hand_waits_for_the_hand(app: Flask, clock: Clock) -> None:
    at = make.setting(**DAYS, moves_by_date=False)

    clock.advance(days=200)
    follow_calendar(app)

    assert phase_of(at) == "sign_up"


def test_a_step_that_is_not_possible_changes_nothing_and_says_why(app: Flask, clock: Clock) -> None:
    at = make.setting()
    alice = make.person(at, "Alice Ashford", role="instructor")

    with pytest.raises(RuleBroken, match="pairs are published"):
        move(at.programme_id, Phase.RUNNING, by=alice, now=clock.now)

    assert phase_of(at) == "sign_up"
    assert phase_entries() == []


def test_a_step_taken_twice_is_taken_once(app: Flask, clock: Clock) -> None:
    at = make.setting(phase="set_up")
    alice = make.person(at, "Alice Ashford", role="instructor")

    for _click in range(2):
        move(at.programme_id, Phase.SIGN_UP, by=alice, now=clock.now)

    assert phase_entries() == [(alice, "sign_up")]


def test_publishing_after_the_end_is_refused_and_the_draft_stays(app: Flask, clock: Clock) -> None:
    at = make.setting()
    alice = make.person(at, "Alice Ashford", role="instructor")
    make.enrolment(at, make.person(at, "Bob Birchwood"), role="mentor")
    make.enrolment(at, make.person(at, "Dana Dewdrop"), role="mentee")
    matching.ask_for_proposal(at.programme_id, by=alice, now=clock.now)
    (draft,) = matching.db.session.scalars(select(matching.Proposal)).all()
    matching.compute_proposal(draft.id)
    with transaction() as session:
        session.get_one(Programme, at.programme_id).phase = "closed"

    with pytest.raises(RuleBroken):
        matching.publish(draft.id, by=alice, now=clock.now)

    look_again()
    assert running_pairs(at.programme_id) == []
    assert matching.db.session.get_one(matching.Proposal, draft.id).state == "draft"
