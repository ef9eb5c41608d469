"""A programme closed before its last day: points stay as they were earned, and go on where it is opened again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from lti_tool.actions.participation import count_what_time_changed
from lti_tool.actions.phases import move, move_all_by_date
from lti_tool.actions.sweep import follow_pairs
from lti_tool.actions.workspace import check_in
from lti_tool.mentoring.ledgers import Standing
from lti_tool.mentoring.programme import Phase
from lti_tool.store.db import db, transaction
from lti_tool.store.evidence import evidence_of
from lti_tool.store.programme import Programme, closed_at, settings_of
from lti_tool.web.instructor.effects import effect_of_settings
from tests.actions.test_participation import CALM, Two
from tests.conftest import Clock


@pytest.fixture
def two(app: Flask, clock: Clock) -> Two:
    """Bob and Dana, who met and checked in each time until the programme was about to close."""
    pair = Two(clock)
    for number, on in ((1, 1), (2, 15), (3, 29), (4, 43)):
        pair.day(on)
        pair.meet()
        check_in(pair.pair, pair.dana, number, CALM, now=clock.now)
    pair.day(45)
    step(pair, Phase.CLOSING)
    return pair


def step(two: Two, to: Phase) -> None:
    move(two.at.programme_id, to, by=two.alice, now=two.clock.now)


def seen(two: Two) -> tuple[object, ...]:
    count_what_time_changed(now=two.clock.now)
    total = two.total(two.dana)
    return total.points, total.reachable, two.ledger(two.dana).points


def test_points_stay_as_they_were_when_the_programme_was_closed_by_hand(two: Two) -> None:
    step(two, Phase.CLOSED)
    follow_pairs(now=two.clock.now)

    at_once, *later = [seen(two) for on in (45, 46, 60, 75, 99, 130) if two.day(on)]

    assert set(later) == {at_once}
    assert two.ledger(two.dana).next is None
    assert two.total(two.dana).changes_at is None


def test_what_was_open_counts_again_where_a_programme_is_opened_again(two: Two) -> None:
    begun = two.ledger(two.dana)
    step(two, Phase.CLOSED)
    two.day(47)
    step(two, Phase.CLOSING)

    again = two.ledger(two.dana)
    two.day(75)
    count_what_time_changed(now=two.clock.now)

    assert again.reachable == begun.reachable
    assert again.next is not None
    assert two.entry(two.dana, "check_in:5").standing is Standing.COUNTED
    assert closed_at(two.programme) is None


def test_the_last_close_is_what_counts(two: Two) -> None:
    step(two, Phase.CLOSED)
    two.day(47)
    step(two, Phase.CLOSING)
    two.day(60)
    step(two, Phase.CLOSED)

    assert closed_at(two.programme) == two.clock.now
    assert two.entry(two.dana, "reflection_middle").standing is Standing.COUNTED
    assert two.entry(two.dana, "reflection_end").standing is Standing.EXCUSED


def test_a_programme_that_the_calendar_closed_counts_until_the_day_it_did(two: Two) -> None:
    two.day(98.5)
    move_all_by_date(now=two.clock.now)

    assert two.programme.phase == Phase.CLOSED
    assert two.entry(two.dana, "survey").standing is Standing.COUNTED


def test_the_page_before_another_calendar_is_saved_counts_a_closed_programme_as_closed(two: Two) -> None:
    def changed() -> set[int]:
        before = settings_of(two.programme)
        after = replace(before, ends_on=before.ends_on and before.ends_on + timedelta(days=60))
        return {one.person for one in effect_of_settings(two.programme, before, after, now=two.clock.now).changes}

    step(two, Phase.CLOSED)
    two.day(60)
    closed = changed()
    step(two, Phase.CLOSING)

    assert (closed, changed()) == (set(), {two.bob, two.dana})


def test_a_closed_programme_takes_one_statement_more_whoever_is_in_it(two: Two) -> None:
    statements: list[str] = []
    programme = two.programme
    event.listen(db.engine, "before_cursor_execute", lambda *said: statements.append(said[2]))

    evidence_of(programme)
    running = len(statements)
    with transaction() as session:
        session.get_one(Programme, programme.id).phase = Phase.CLOSED
    statements.clear()
    evidence_of(two.programme)

    assert len([one for one in statements if "audit_entry" in one]) == 1
    assert running <= 23
