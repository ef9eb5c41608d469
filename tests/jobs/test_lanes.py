"""One lane for each LMS: one that is slow, full or dead holds up nobody else, and is left in peace until it answers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from lti_tool.actions.edge import Edge
from lti_tool.actions.gradebook import COLUMN_KIND, SCORES_KIND, ask_for_column, ask_to_send, try_again
from lti_tool.actions.notices import KIND as NOTICES_KIND
from lti_tool.actions.roster import KIND as ROSTER_KIND
from lti_tool.actions.roster import ask_for_roster
from lti_tool.jobs import handlers
from lti_tool.jobs.crew import SLICE, Crew
from lti_tool.jobs.handlers import CREW, work_off
from lti_tool.jobs.heartbeat import beat
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.store import outbox, rest
from lti_tool.store.db import db, transaction
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.people import Course
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.outside import look_again, outbox_rows

KIND = "errand"
PATIENCE_SECONDS = 300


class Lms:
    """What this test's errands meet: per registration an answer, a fault, or nothing at all."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.faults: dict[int, Exception] = {}
        self.hangs: set[int] = set()
        self.reached = threading.Semaphore(0)
        self.let_go = threading.Event()

    def run(self, row: OutboxRow, edge: Edge) -> None:
        """One errand."""
        number = row.registration_id or 0
        if number in self.hangs:
            self.reached.release()
            self.let_go.wait(PATIENCE_SECONDS)
        fault = self.faults.get(number)
        if not isinstance(fault, PlatformUnavailable):
            edge.on_answer()
        if fault:
            raise fault
        self.done.append(row.key)


@pytest.fixture
def lms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lms]:
    """A kind of work of our own, beside the program's."""
    made = Lms()
    monkeypatch.setitem(handlers.HANDLERS, KIND, made.run)
    yield made
    made.let_go.set()


def registered(count: int) -> list[int]:
    """So many LMSs."""
    return [make.setting(issuer=f"https://lms-{number}.example").registration_id for number in range(count)]


def ask(registration_id: int, *keys: str, now: datetime) -> None:
    """Something to be told to this LMS."""
    with transaction():
        for key in keys:
            outbox.enqueue(
                kind=KIND,
                key=key,
                lane=outbox.lms_lane(registration_id),
                registration_id=registration_id,
                payload={},
                now=now,
            )


@contextmanager
def working(app: Flask, *, threads: int = 1) -> Iterator[None]:
    """Threads of a worker, at work beside the test."""
    running = [threading.Thread(target=work_off, args=(app,)) for _thread in range(threads)]
    for one in running:
        one.start()
    yield
    for one in running:
        one.join(PATIENCE_SECONDS)


def registration(number: int) -> Registration:
    """The LMS's row as it is now."""
    look_again()
    return db.session.get_one(Registration, number)


def test_whatever_speaks_with_an_lms_goes_through_its_one_lane(app: Flask, clock: Clock) -> None:
    at = make.setting()

    with transaction() as session:
        programme, course = session.get_one(Programme, at.programme_id), session.get_one(Course, at.course_id)
        ask_for_column(programme, now=clock.now)
        ask_to_send(programme, now=clock.now)
        ask_for_roster(course, only_if_stale=False, now=clock.now)

    rows = [row for kind in (COLUMN_KIND, SCORES_KIND, ROSTER_KIND, NOTICES_KIND) for row in outbox_rows(kind)]
    assert len(rows) == 3
    assert {row.lane for row in rows} == {outbox.lms_lane(at.registration_id)}


def test_an_lms_that_hangs_holds_one_thread_and_delays_no_other(app: Flask, clock: Clock, lms: Lms) -> None:
    hanging, well = registered(2)
    app.extensions[CREW] = Crew(2)
    lms.hangs = {hanging}
    ask(hanging, "h1", "h2", "h3", now=clock.now)
    lms.let_go.clear()

    with working(app):
        assert lms.reached.acquire(timeout=PATIENCE_SECONDS)
        ask(well, "w1", "w2", now=clock.now)
        work_off(app)
        meanwhile = list(lms.done)
        lms.let_go.set()

    assert meanwhile == ["w1", "w2"]
    assert sorted(lms.done) == ["h1", "h2", "h3", "w1", "w2"]


def test_lmss_that_failed_before_hold_at_most_half_of_the_threads(app: Flask, clock: Clock, lms: Lms) -> None:
    *shaky, well = registered(5)
    app.extensions[CREW] = Crew(4)
    lms.hangs = set(shaky)
    with transaction() as session:
        session.execute(update(Registration).where(Registration.id.in_(shaky)).values(faults_in_a_row=1))
    for number in shaky:
        ask(number, f"h{number}", now=clock.now)
    ask(well, "w", now=clock.now)

    with working(app, threads=2):
        for _number in range(2):
            assert lms.reached.acquire(timeout=PATIENCE_SECONDS)
        work_off(app)
        states = sorted(row.state for row in outbox_rows(KIND))
        lms.let_go.set()

    assert states == ["done", "running", "running", "waiting", "waiting"]


def test_an_lms_that_fails_twice_in_a_row_rests_and_its_other_work_waits(app: Flask, clock: Clock, lms: Lms) -> None:
    dead, well = registered(2)
    lms.faults[dead] = PlatformUnavailable(status=503)
    ask(dead, "1", "2", "3", "4", now=clock.now)
    ask(well, "w", now=clock.now)

    work_off(app)

    assert lms.done == ["w"]
    assert sorted(row.attempts for row in outbox_rows(KIND)) == [0, 0, 1, 1, 1]
    assert registration(dead).rests_until == clock.now + rest.FIRST_REST


def test_after_a_rest_one_piece_of_work_is_tried_and_each_rest_is_longer(app: Flask, clock: Clock, lms: Lms) -> None:
    (dead,) = registered(1)
    lms.faults[dead] = PlatformUnavailable()
    ask(dead, *"123456", now=clock.now)
    work_off(app)

    rests, tries = [], []
    for _rest in range(9):
        until = registration(dead).rests_until
        assert until
        rests.append(until - clock.now)
        clock.now = until
        tries.append(work_off(app))

    assert set(tries) == {1}
    assert rests == sorted(rests)
    assert (rests[0], rests[-1]) == (rest.FIRST_REST, rest.LONGEST_REST)


@pytest.mark.parametrize("answer", [None, PlatformRefused(ServiceFault.FORBIDDEN, status=403)], ids=["yes", "no"])
def test_any_answer_ends_the_rest(app: Flask, clock: Clock, lms: Lms, answer: Exception | None) -> None:
    (dead,) = registered(1)
    lms.faults[dead] = PlatformUnavailable()
    ask(dead, *"1234", now=clock.now)
    work_off(app)
    lms.faults = {dead: answer} if answer else {}

    clock.advance(minutes=1)
    done = work_off(app)

    assert done == 4
    assert (registration(dead).rests_until, registration(dead).faults_in_a_row) == (None, 0)


def test_an_lms_that_throttles_rests_at_once_for_as_long_as_it_asks(app: Flask, clock: Clock, lms: Lms) -> None:
    (full,) = registered(1)
    lms.faults[full] = PlatformUnavailable(status=429, retry_after_seconds=90)
    ask(full, "1", "2", now=clock.now)

    counts = [work_off(app)]
    clock.advance(seconds=89)
    counts.append(work_off(app))
    lms.faults = {}
    clock.advance(seconds=1)
    counts.append(work_off(app))

    assert counts == [1, 0, 2]


def test_an_lms_that_took_something_meanwhile_does_not_rest(
    app: Flask, clock: Clock, lms: Lms, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shaky,) = registered(1)

    def gets_on_and_stops(row: OutboxRow, _edge: object) -> None:
        handlers._keep(row, has_progressed=True)
        raise PlatformUnavailable(status=503)

    monkeypatch.setitem(handlers.HANDLERS, KIND, gets_on_and_stops)
    ask(shaky, *"1234", now=clock.now)

    assert work_off(app) == 4
    assert registration(shaky).rests_until is None


def test_work_that_asks_the_lms_nothing_ends_no_rest(
    app: Flask, clock: Clock, lms: Lms, monkeypatch: pytest.MonkeyPatch
) -> None:
    (dead,) = registered(1)
    monkeypatch.setitem(handlers.HANDLERS, KIND, lambda _row, _edge: None)
    for _fault in range(2):
        rest.note_fault(dead, now=clock.now, asked=None, has_throttled=False)
    ask(dead, "1", now=clock.now)

    clock.advance(minutes=1)

    assert work_off(app) == 1
    assert registration(dead).faults_in_a_row == 2


def test_somebody_who_tries_again_overrides_the_rest_once(app: Flask, clock: Clock, lms: Lms) -> None:
    at = make.setting()
    with transaction() as session:
        session.get_one(Course, at.course_id).line_items_url = None
    lms.faults[at.registration_id] = PlatformUnavailable()
    ask(at.registration_id, *"1234", now=clock.now)
    work_off(app)

    try_again(at.programme_id, now=clock.now)  # points, for which there is no column: nobody is asked for it
    tried = work_off(app)
    again = work_off(app)

    assert (tried, again) == (2, 0)
    assert registration(at.registration_id).faults_in_a_row == 3


def test_what_somebody_waits_for_goes_first_in_the_lane(app: Flask, clock: Clock, lms: Lms) -> None:
    (well,) = registered(1)
    ask(well, "1", "2", now=clock.now)
    clock.advance(minutes=1)
    with transaction():
        lane = outbox.lms_lane(well)
        wanted = {"kind": KIND, "key": "a click", "lane": lane, "registration_id": well, "payload": {}}
        outbox.enqueue(**wanted, now=clock.now, is_awaited=True)

    work_off(app)

    assert lms.done == ["a click", "1", "2"]


def test_a_resting_lms_does_not_make_the_tool_unwell(app: Flask, clock: Clock, pages: Callable[[], Any]) -> None:
    (dead,) = registered(1)
    ask(dead, "1", now=clock.now)
    rest.note_fault(dead, now=clock.now, asked=timedelta(hours=2), has_throttled=True)
    clock.advance(hours=1)
    beat(app)

    assert pages().raw().get("/readyz").json["oldest_work_seconds"] == 0


def test_long_work_lets_others_go_first(app: Flask, lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    (slow,) = registered(1)
    time = Clock()
    time.now = datetime.now(UTC)
    edge: Edge = app.extensions["edge"]
    app.extensions["edge"] = replace(edge, clock=time)
    steps: list[str] = []

    def in_slices(row: OutboxRow, _edge: object) -> None:
        if row.key != "long":
            steps.append(row.key)
            return
        left = row.payload.get("steps", 3)
        for _step in range(left):
            steps.append(row.key)
            if len(steps) == 1:
                ask(slow, "short", now=time.now)
            time.now += SLICE
            if not handlers._keep(row, gives_way=True):
                return

    monkeypatch.setitem(handlers.HANDLERS, KIND, in_slices)
    ask(slow, "long", now=time.now)

    work_off(app)

    assert steps == ["long", "short", "long", "long", "long"]
    assert [row.state for row in outbox_rows(KIND)] == ["done", "done"]


def test_a_worker_that_is_told_to_end_hands_its_work_back(app: Flask, clock: Clock, lms: Lms) -> None:
    hanging, well = registered(2)
    crew = app.extensions[CREW] = Crew(2)
    lms.hangs = {hanging}
    ask(hanging, "h", now=clock.now)

    with working(app):
        assert lms.reached.acquire(timeout=PATIENCE_SECONDS)
        crew.stopping.set()
        ask(well, "w", now=clock.now)
        begun = work_off(app)
        handed_back = crew.hand_back(now=clock.now)
        (row,) = [one for one in outbox_rows(KIND) if one.key == "h"]
        lms.let_go.set()

    assert (begun, handed_back) == (0, 1)
    assert (row.state, row.attempts, row.next_at) == ("waiting", 0, clock.now)
    assert sorted(one.state for one in outbox_rows(KIND)) == ["waiting", "waiting"]
