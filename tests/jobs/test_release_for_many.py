"""Many people's points are released by the worker, batch by batch: each of them once, whatever becomes of workers."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.actions import burials, release_for_many
from lti_tool.actions.edge import Edge
from lti_tool.actions.participation import AT_ONCE_AT_MOST, BATCH, count_what_time_changed
from lti_tool.actions.release_for_many import go_on, release_people, release_what_is_due
from lti_tool.jobs import handlers
from lti_tool.jobs.crew import Crew
from lti_tool.jobs.handlers import CREW, work_off
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store import outbox
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Score
from lti_tool.store.long_releases import KIND, Stage, long_release
from lti_tool.store.outbox import LAST_TRY, OutboxRow
from lti_tool.store.participation import LedgerTotal, Release
from lti_tool.store.programme import AuditEntry, Programme
from tests import make
from tests.bench.term import HALF_WAY, half_term
from tests.conftest import Clock
from tests.jobs.test_worker_process import eventually, worker
from tests.outside import look_again, outbox_rows

MANY = 2 * BATCH + 10
LEASE_SECONDS = 60


class Course:
    """A course of many at half-term, whose points Alice releases."""

    def __init__(self, people: int = MANY, **changes: str) -> None:
        self.at = half_term(people, **changes)
        self.alice = make.person(self.at, "Alice Ashford", role="instructor")
        self.everybody = make.everybody(self.at)

    def ask(self, clock: Clock) -> int | None:
        """Release everybody's points."""
        return release_people(self.at.programme_id, self.everybody, by=self.alice, now=clock.now)

    def scores(self) -> int:
        """How many people have a score."""
        look_again()
        return db.session.scalar(select(func.count(Score.id))) or 0

    def notes(self) -> list[tuple[int | None, int]]:
        """What is noted of releases, in the list of them and in the record: who, and how many people."""
        look_again()
        listed = [(row.released_by, row.people) for row in db.session.scalars(select(Release).order_by(Release.id))]
        record = db.session.scalars(select(AuditEntry).filter_by(what="points.release").order_by(AuditEntry.id))
        assert listed == [(row.person_id, row.after["people"]) for row in record]
        return listed

    def stage(self, clock: Clock) -> Stage | None:
        """Where the newest release of many stands."""
        look_again()
        found = long_release(db.session.get_one(Programme, self.at.programme_id), now=clock.now)
        return found.stage if found else None


@pytest.fixture
def course(app: Flask, clock: Clock) -> Course:
    """A course in which everybody has points to release."""
    clock.now = HALF_WAY
    return Course()


def the_row() -> OutboxRow:
    """The worker's row."""
    return outbox_rows(KIND)[-1]


def claimed(clock: Clock) -> OutboxRow:
    """The row in the hands of a worker."""
    row = outbox.claim(now=clock.now, lease_seconds=LEASE_SECONDS)
    assert row is not None
    assert row.kind == KIND
    return row


def batches(row: OutboxRow, app: Flask, count: int) -> None:
    """A worker that is lost after so many batches, before it can say anything."""
    edge: Edge = app.extensions["edge"]
    left = iter([True] * (count - 1))
    go_on(row, edge=edge, still_ours=lambda **_said: next(left, False))


def test_points_of_a_few_hundred_are_released_at_once(app: Flask, clock: Clock) -> None:
    clock.now = HALF_WAY
    course = Course(60)

    released = course.ask(clock)

    assert len(course.everybody) <= AT_ONCE_AT_MOST
    assert (released, course.scores(), outbox_rows(KIND)) == (60, 60, [])
    assert course.notes() == [(course.alice, 60)]


def test_points_of_many_are_released_by_the_worker_and_noted_once(app: Flask, clock: Clock, course: Course) -> None:
    asked = course.ask(clock)
    before = (course.scores(), course.stage(clock))
    work_off(app)

    told = course.stage(clock)
    clock.advance(hours=2)
    assert (asked, before) == (None, (0, Stage.UNDER_WAY))
    assert (course.scores(), told, course.stage(clock)) == (MANY, Stage.OVER, None)
    assert course.notes() == [(course.alice, MANY)]
    assert db.session.scalar(select(func.count()).select_from(LedgerTotal).filter_by(has_news=True)) == 0


@pytest.mark.parametrize("count", [1, 2])
def test_whoever_goes_on_after_a_lost_worker_releases_nobody_twice(
    app: Flask, clock: Clock, course: Course, count: int
) -> None:
    course.ask(clock)
    batches(claimed(clock), app, count)
    half_way = (course.scores(), course.notes(), the_row().payload["done"])
    clock.advance(seconds=LEASE_SECONDS)
    work_off(app)

    assert half_way == (count * BATCH, [], count * BATCH)
    assert (course.scores(), the_row().state) == (MANY, "done")
    assert course.notes() == [(course.alice, MANY)]


def test_a_worker_that_is_lost_after_its_last_word_is_not_noted_twice(app: Flask, clock: Clock, course: Course) -> None:
    course.ask(clock)
    batches(claimed(clock), app, 9)
    state = the_row().state
    clock.advance(seconds=LEASE_SECONDS)
    work_off(app)

    assert (state, the_row().state) == ("running", "done")
    assert course.notes() == [(course.alice, MANY)]


def test_a_worker_that_lost_its_lease_changes_nothing(app: Flask, clock: Clock, course: Course) -> None:
    course.ask(clock)
    slow = claimed(clock)
    clock.advance(seconds=LEASE_SECONDS)
    claimed(clock)
    batches(slow, app, 9)

    assert (course.scores(), the_row().payload["done"]) == (0, 0)


def test_nothing_else_is_released_meanwhile_by_staff_or_by_the_clock(app: Flask, clock: Clock) -> None:
    clock.now = HALF_WAY
    course = Course(release="after_due")
    count_what_time_changed(now=clock.now)
    course.ask(clock)

    with pytest.raises(RuleBroken):
        course.ask(clock)
    with pytest.raises(RuleBroken):
        release_people(course.at.programme_id, course.everybody[:1], by=course.alice, now=clock.now)
    assert release_what_is_due(now=clock.now) == 0
    assert len(outbox_rows(KIND)) == 1
    work_off(app)
    assert course.notes() == [(course.alice, MANY)]


def test_the_clock_releases_many_in_the_same_way(app: Flask, clock: Clock) -> None:
    clock.now = HALF_WAY
    course = Course(release="after_due")
    count_what_time_changed(now=clock.now)
    at_once = release_what_is_due(now=clock.now)
    work_off(app)
    again = release_what_is_due(now=clock.now)

    assert (at_once, again, course.scores()) == (0, 0, MANY)
    assert course.notes() == [(None, MANY)]
    assert len(outbox_rows(KIND)) == 1


def test_a_worker_that_is_told_to_end_puts_it_down_after_a_batch(
    app: Flask, clock: Clock, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = app.extensions[CREW] = Crew(1)
    keep = handlers._keep

    def last_word(row: OutboxRow, **said: bool) -> bool:
        crew.stopping.set()
        return keep(row, **said)

    monkeypatch.setattr(handlers, "_keep", last_word)
    course.ask(clock)
    work_off(app)
    put_down = (the_row().state, the_row().payload["done"], course.notes())
    crew.stopping.clear()
    monkeypatch.undo()
    work_off(app)

    assert put_down == ("waiting", BATCH, [])
    assert (the_row().state, course.notes()) == ("done", [(course.alice, MANY)])


def given_up(app: Flask, clock: Clock, course: Course) -> None:
    """One batch is done, and then every worker dies of it."""
    course.ask(clock)
    batches(claimed(clock), app, 1)
    with transaction() as session:
        session.get_one(OutboxRow, the_row().id).attempts = LAST_TRY
    clock.advance(seconds=LEASE_SECONDS)
    work_off(app)


def test_what_is_given_up_says_so_and_goes_on_when_the_admin_asks(app: Flask, clock: Clock, course: Course) -> None:
    given_up(app, clock, course)
    stopped = (course.stage(clock), course.scores(), course.notes())
    burials.try_all_again(by="a test", now=clock.now)
    work_off(app)

    assert stopped == (Stage.GIVEN_UP, BATCH, [(course.alice, BATCH)])
    assert (course.stage(clock), course.scores()) == (Stage.OVER, MANY)
    assert course.notes() == [(course.alice, BATCH), (course.alice, MANY - BATCH)]


def test_what_was_given_up_is_not_done_again_where_staff_released_since(
    app: Flask, clock: Clock, course: Course
) -> None:
    given_up(app, clock, course)
    course.ask(clock)
    burials.try_all_again(by="a test", now=clock.now)
    work_off(app)

    assert len(outbox_rows(KIND)) == 2
    assert course.notes() == [(course.alice, BATCH), (course.alice, MANY - BATCH)]


def test_what_was_given_up_is_over_once_the_others_are_released(app: Flask, clock: Clock, course: Course) -> None:
    given_up(app, clock, course)
    release_people(course.at.programme_id, course.everybody[BATCH:], by=course.alice, now=clock.now)
    stage = course.stage(clock)
    again = burials.try_all_again(by="a test", now=clock.now)

    assert MANY - BATCH <= AT_ONCE_AT_MOST
    assert (stage, again, len(outbox_rows(KIND))) == (None, 0, 1)
    assert course.scores() == MANY


def test_the_clock_leaves_what_stopped_for_staff_to_see(app: Flask, clock: Clock) -> None:
    clock.now = HALF_WAY
    course = Course(release="after_due")
    given_up(app, clock, course)
    release_people(course.at.programme_id, course.everybody[:1], by=None, now=clock.now)

    assert course.stage(clock) is Stage.GIVEN_UP


def test_the_clock_releases_nobody_any_more_once_staff_chose_to_do_it_by_hand(app: Flask, clock: Clock) -> None:
    clock.now = HALF_WAY
    course = Course(release="after_due")
    release_people(course.at.programme_id, course.everybody, by=None, now=clock.now)
    batches(claimed(clock), app, 1)
    with transaction() as session:
        session.get_one(Programme, course.at.programme_id).release = "by_hand"
    clock.advance(seconds=LEASE_SECONDS)
    work_off(app)

    assert (the_row().state, course.scores(), course.notes()) == ("done", BATCH, [(None, BATCH)])


def progress_of(done: int) -> Callable[[], bool]:
    """Whether that many people have had their turn."""
    return lambda: the_row().payload["done"] >= done or the_row().state == "done"


def lease_is_over() -> bool:
    """Whether nobody holds the worker's row any more, by the clock of the machine."""
    until = the_row().leased_until
    return until is None or until <= datetime.now(UTC)


def test_workers_that_are_killed_leave_every_person_released_once(
    app: Flask, clock: Clock, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEASE_SECONDS", "2")
    clock.now = HALF_WAY
    course = Course(5 * BATCH)
    course.ask(clock)

    for done in (1, 2 * BATCH):
        with worker(database_url, tmp_path) as process:
            assert eventually(progress_of(done)), (tmp_path / "worker.log").read_text()
            os.kill(process.pid, signal.SIGKILL)
        assert eventually(lease_is_over)  # else the next worker looks again only after a minute
    with worker(database_url, tmp_path):
        assert eventually(lambda: the_row().state == "done"), (tmp_path / "worker.log").read_text()

    assert course.notes() == [(course.alice, 5 * BATCH)]
    assert course.scores() == 5 * BATCH
    assert release_for_many.is_under_way(course.at.programme_id) is False
