"""The outbox: what was decided is done, by one worker at a time, until it is done or visibly given up."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from lti_tool.jobs import handlers
from lti_tool.jobs.handlers import work_off
from lti_tool.jobs.queue import Queue
from lti_tool.jobs.schedule import KEEP_DONE, tidy
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.store import outbox
from lti_tool.store.db import WAKE, db, transaction
from lti_tool.store.outbox import LAST_TRY, LONGEST_WAIT, OutboxRow
from tests.conftest import Clock
from tests.outside import outbox_rows

KIND = "errand"
LEASE_SECONDS = 120  # unless set otherwise
PATIENCE_SECONDS = 300  # with threads of this test, on the slowest machine


class Errands:
    """Errands that this test's handler runs, each as it is told."""

    def __init__(self) -> None:
        self.done: list[Any] = []
        self.faults: list[Exception] = []

    def run(self, row: OutboxRow, _edge: object) -> None:
        """Do one, or fail as asked."""
        if self.faults:
            raise self.faults.pop(0)
        self.done.append(row.payload["what"])


@pytest.fixture
def errands(monkeypatch: pytest.MonkeyPatch) -> Errands:
    """A kind of work of our own, beside the program's."""
    made = Errands()
    monkeypatch.setitem(handlers.HANDLERS, KIND, made.run)
    return made


def put(now: datetime, what: str = "a letter", *, key: str = "1", lane: str = "street", **more: Any) -> None:
    """Ask for an errand inside the caller's transaction."""
    outbox.enqueue(kind=KIND, key=key, lane=lane, registration_id=None, payload={"what": what}, now=now, **more)


def ask(now: datetime, what: str = "a letter", **more: Any) -> None:
    """Ask for an errand in a transaction of its own."""
    with transaction():
        put(now, what, **more)


def ask_and_fail(now: datetime) -> None:
    """Ask for an errand in a transaction that then fails."""
    with transaction():
        put(now, key="2")
        raise ZeroDivisionError


def claim(clock: Clock) -> OutboxRow:
    """What a worker gets."""
    row = outbox.claim(now=clock.now, lease_seconds=LEASE_SECONDS)
    assert row
    return row


def states() -> list[str]:
    """The states of all errands, oldest first."""
    return [row.state for row in outbox_rows(KIND)]


def test_what_was_asked_for_is_done_once(app: Flask, clock: Clock, errands: Errands) -> None:
    ask(clock.now)

    counts = [work_off(app), work_off(app)]

    assert counts == [1, 0]
    assert errands.done == ["a letter"]
    assert states() == ["done"]


def test_asking_again_while_it_waits_makes_one_row_with_the_newest_word(
    app: Flask, clock: Clock, errands: Errands
) -> None:
    for what in ("one", "two", "three"):
        ask(clock.now, what)

    work_off(app)

    assert errands.done == ["three"]
    assert states() == ["done"]


def test_asking_while_it_runs_makes_a_second_row_that_waits_for_the_lane(app: Flask, clock: Clock) -> None:
    ask(clock.now)
    claim(clock)

    ask(clock.now, "another")

    assert states() == ["running", "waiting"]
    assert outbox.claim(now=clock.now, lease_seconds=LEASE_SECONDS) is None


def test_another_lane_is_free(app: Flask, clock: Clock) -> None:
    ask(clock.now)
    ask(clock.now, key="2", lane="avenue")

    lanes = {claim(clock).lane, claim(clock).lane}

    assert lanes == {"street", "avenue"}


def test_nothing_is_asked_for_when_the_transaction_fails(app: Flask, clock: Clock) -> None:
    with pytest.raises(ZeroDivisionError):
        ask_and_fail(clock.now)

    assert states() == []


def test_the_worker_is_woken_after_the_commit_and_never_before(app: Flask, clock: Clock) -> None:
    seen: list[list[str]] = []
    app.extensions[WAKE] = lambda: seen.append(states())

    with transaction():
        put(clock.now)
        before = list(seen)
    with pytest.raises(ZeroDivisionError):
        ask_and_fail(clock.now)
    with transaction():
        pass

    assert before == []
    assert seen == [["waiting"]]


def test_an_engine_that_cannot_be_woken_loses_nothing(app: Flask, clock: Clock, errands: Errands) -> None:
    app.extensions[WAKE] = Queue(app, database_url="sqlite:////no/such/folder/tool.db", secret="s" * 32).wake

    ask(clock.now)
    work_off(app)

    assert errands.done == ["a letter"]


def test_a_killed_workers_row_is_taken_over_when_its_lease_ends(app: Flask, clock: Clock, errands: Errands) -> None:
    ask(clock.now)
    claim(clock)

    soon = work_off(app)
    clock.advance(seconds=LEASE_SECONDS)
    later = work_off(app)

    assert (soon, later) == (0, 1)
    assert errands.done == ["a letter"]
    assert [row.attempts for row in outbox_rows(KIND)] == [2]


def test_a_worker_that_lost_its_lease_can_neither_renew_finish_nor_postpone(app: Flask, clock: Clock) -> None:
    ask(clock.now)
    lost = claim(clock)
    taken = claim_after(clock, LEASE_SECONDS)

    renewed = outbox.renew(lost, until=clock.now + timedelta(hours=1))
    outbox.finish(lost, now=clock.now)
    outbox.postpone(lost, now=clock.now, wait=None, error="late")
    outbox.bury(lost, now=clock.now, error="late")

    assert not renewed
    (row,) = outbox_rows(KIND)
    assert (row.state, row.lease, row.last_error) == ("running", taken.lease, None)
    assert outbox.renew(taken, until=clock.now)


def claim_after(clock: Clock, seconds: int) -> OutboxRow:
    """What a worker gets when so much time has passed."""
    clock.advance(seconds=seconds)
    return claim(clock)


def test_a_lease_can_be_renewed_while_the_work_goes_on(app: Flask, clock: Clock) -> None:
    ask(clock.now)
    row = claim(clock)

    assert outbox.renew(row, until=clock.now + timedelta(seconds=2 * LEASE_SECONDS))
    clock.advance(seconds=LEASE_SECONDS + 1)

    assert outbox.claim(now=clock.now, lease_seconds=LEASE_SECONDS) is None


def test_pauses_grow_and_the_last_try_buries_the_row(app: Flask, clock: Clock, errands: Errands) -> None:
    ask(clock.now)
    errands.faults = [PlatformUnavailable(status=503) for _try in range(LAST_TRY)]
    pauses = []
    for _try in range(LAST_TRY - 1):
        work_off(app)
        (row,) = outbox_rows(KIND)
        pauses.append(row.next_at - clock.now)
        clock.now = row.next_at

    work_off(app)

    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=5), timedelta(hours=4))
    (row,) = outbox_rows(KIND)
    assert (row.state, row.last_error) == ("buried", "no answer (HTTP 503)")


def test_a_row_that_every_worker_dies_of_is_buried(app: Flask, clock: Clock, errands: Errands) -> None:
    ask(clock.now)
    claim(clock)
    for _try in range(LAST_TRY - 1):
        claim_after(clock, LEASE_SECONDS)

    clock.advance(seconds=LEASE_SECONDS)
    work_off(app)

    assert states() == ["buried"]
    assert errands.done == []


def test_work_that_gets_on_is_never_given_up(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def gets_on_and_stops(row: OutboxRow, _edge: object) -> None:
        outbox.renew(row, until=clock.now + timedelta(seconds=LEASE_SECONDS), has_progressed=True)
        raise PlatformUnavailable(status=503)

    monkeypatch.setitem(handlers.HANDLERS, KIND, gets_on_and_stops)
    ask(clock.now)

    for _try in range(2 * LAST_TRY):
        work_off(app)
        (row,) = outbox_rows(KIND)
        clock.now = row.next_at

    assert (row.state, row.attempts) == ("waiting", 1)


def test_the_wait_that_an_lms_asks_for_is_kept_within_reason(app: Flask, clock: Clock, errands: Errands) -> None:
    ask(clock.now)
    ask(clock.now, key="2", lane="avenue")
    errands.faults = [
        PlatformUnavailable(status=429, retry_after_seconds=90),
        PlatformUnavailable(status=429, retry_after_seconds=10**8),
    ]

    work_off(app)

    assert [row.next_at - clock.now for row in outbox_rows(KIND)] == [timedelta(seconds=90), LONGEST_WAIT]


def test_the_wait_stays_when_more_is_asked_for_without_hurry(app: Flask, clock: Clock, errands: Errands) -> None:
    ask(clock.now)
    errands.faults = [PlatformUnavailable(status=429, retry_after_seconds=90)]
    work_off(app)

    ask(clock.now, "more", is_urgent=False)
    (waiting,) = outbox_rows(KIND)
    kept = waiting.next_at
    ask(clock.now, "now")

    assert kept == clock.now + timedelta(seconds=90)
    assert [row.next_at for row in outbox_rows(KIND)] == [clock.now]


def test_what_is_asked_for_during_a_failure_takes_over_its_place_and_its_wait(app: Flask, clock: Clock) -> None:
    ask(clock.now, "old")
    row = claim(clock)
    ask(clock.now, "new")

    outbox.postpone(row, now=clock.now, wait=timedelta(seconds=90), error="no answer")

    old, new = outbox_rows(KIND)
    assert (old.state, new.state) == ("done", "waiting")
    assert (new.payload, new.attempts) == ({"what": "new"}, 1)
    assert new.next_at == clock.now + timedelta(seconds=90)


def test_what_an_lms_refuses_is_not_tried_again(app: Flask, clock: Clock, errands: Errands) -> None:
    ask(clock.now)
    errands.faults = [PlatformRefused(ServiceFault.FORBIDDEN, status=403)]

    work_off(app)

    (row,) = outbox_rows(KIND)
    assert (row.state, row.last_error) == ("buried", "forbidden (HTTP 403)")


def test_what_is_refused_again_and_again_is_one_thing_to_see_to(app: Flask, clock: Clock, errands: Errands) -> None:
    errands.faults = [PlatformRefused(ServiceFault.FORBIDDEN, status=403) for _night in range(3)]
    for _night in range(3):
        ask(clock.advance(days=1))
        work_off(app)
    ask(clock.now, key="2")
    work_off(app)

    assert states() == ["done", "done", "buried", "done"]


def test_an_unexpected_fault_is_tried_again_and_says_only_its_kind(app: Flask, clock: Clock, errands: Errands) -> None:
    ask(clock.now)
    errands.faults = [ValueError("Bob Birchwood")]

    work_off(app)

    (row,) = outbox_rows(KIND)
    assert (row.state, row.last_error) == ("waiting", "ValueError")


def together(app: Flask, work: Callable[[int], object], *, threads: int) -> None:
    """Run the work in several threads that begin at the same moment, each like a worker of its own."""
    ready = threading.Barrier(threads)
    faults: list[BaseException] = []

    def run(number: int) -> None:
        try:
            with app.app_context():
                ready.wait(PATIENCE_SECONDS)
                work(number)
        except BaseException as fault:  # noqa: BLE001  # raised again below, in the test's own thread
            faults.append(fault)

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for one in running:
        one.start()
    for one in running:
        one.join(PATIENCE_SECONDS)
    if faults:
        raise faults[0]


def test_workers_at_the_same_time_share_the_rows_and_never_a_lane(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lanes, guard = 3, threading.Lock()
    inside: dict[str, int] = {}
    most: dict[str, int] = {}
    done: list[str] = []

    def run(row: OutboxRow, _edge: object) -> None:
        with guard:
            inside[row.lane] = inside.get(row.lane, 0) + 1
            most[row.lane] = max(most.get(row.lane, 0), inside[row.lane])
        outbox.renew(row, until=clock.now + timedelta(seconds=LEASE_SECONDS))
        with guard:
            inside[row.lane] -= 1
            done.append(row.key)

    monkeypatch.setitem(handlers.HANDLERS, KIND, run)
    with transaction():
        for number in range(24):
            put(clock.now, key=str(number), lane=f"lane {number % lanes}")

    together(app, lambda _number: work_off(app), threads=4)
    work_off(app)

    assert sorted(done, key=int) == [str(number) for number in range(24)]
    assert set(most.values()) == {1}
    assert set(states()) == {"done"}


def test_asking_and_postponing_at_the_same_time_lose_nothing(app: Flask, clock: Clock) -> None:
    for round_ in range(8):
        ask(clock.now, "old", key=str(round_), lane=f"lane {round_}")
        row = claim(clock)

        def work(number: int, row: OutboxRow = row, key: str = str(round_)) -> None:
            if number:
                ask(clock.now, "new", key=key, lane=f"lane {key}", is_urgent=False)
            else:
                outbox.postpone(row, now=clock.now, wait=None, error="no answer")

        together(app, work, threads=2)

        waiting = [one for one in outbox_rows(KIND) if one.state == "waiting" and one.key == str(round_)]
        assert [one.payload for one in waiting] == [{"what": "new"}]
        with transaction() as session:
            session.execute(update(OutboxRow).values(state="done"))


def test_what_is_done_is_kept_for_a_while_and_then_removed(app: Flask, clock: Clock, errands: Errands) -> None:
    ask(clock.now)
    work_off(app)
    ask(clock.now, key="2", lane="avenue")
    errands.faults = [PlatformRefused(ServiceFault.FORBIDDEN)]
    work_off(app)

    tidy(app)
    kept = states()
    clock.now += KEEP_DONE
    tidy(app)

    assert kept == ["done", "buried"]
    assert states() == ["buried"]  # somebody may still have to look at it


def test_a_transaction_reads_again_what_another_has_changed(app: Flask, clock: Clock) -> None:
    ask(clock.now)
    with transaction() as session:
        row = session.scalars(select(OutboxRow)).one()
        seen = row.payload
    with app.app_context():
        ask(clock.now, "changed by somebody else")

    with transaction() as session:
        now_seen = session.scalars(select(OutboxRow)).one().payload

    assert (seen, now_seen, row.payload) == ({"what": "a letter"}, *2 * ({"what": "changed by somebody else"},))


def test_a_transaction_inside_a_transaction_is_a_mistake(app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction(), transaction():
        pass

    assert db.session.scalar(select(1)) == 1
