"""Points are released by staff and by the clock: of some people at once, of many by the worker, batch by batch.

The worker's row in the outbox says whose turn it is and how many people's points have changed; both are written in the
transaction that releases. So whoever goes on after a lost worker releases nobody twice, and the release is noted once.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from lti_tool.actions.edge import Edge
from lti_tool.actions.participation import AT_ONCE_AT_MOST, BATCH, note_release, release_here
from lti_tool.mentoring.releases import UNDER_WAY
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.schemes import Release
from lti_tool.store import buried, outbox
from lti_tool.store.db import HELD, transaction
from lti_tool.store.long_releases import KIND, is_under_way, newest_row
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.programme import Programme
from lti_tool.store.totals import totals_to_release


class StillOurs(Protocol):
    """Keeps the lease of this work; False when another worker goes on with it."""

    def __call__(self, *, has_progressed: bool) -> bool:
        """`has_progressed` says that somebody was released since the last call."""


def release_people(programme_id: int, who: Sequence[int], *, by: int | None, now: datetime) -> int | None:
    """Release the points of these enrolments as their ledgers are now, or have the worker do it where they are many.

    Shape: how many people's points that changed; None where the worker does it.
    Raises: RuleBroken while the worker releases others of the programme.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        if is_under_way(programme_id):
            raise RuleBroken(UNDER_WAY)
        if by is not None:
            _forget_the_last(programme_id)
        if len(who) > AT_ONCE_AT_MOST:
            _ask({"programme_id": programme_id, "by": by, "who": list(who), "done": 0, "people": 0}, now=now)
            return None
        count = release_here(programme, only=who, by=by, now=now)
        note_release(programme_id, count, by=by, now=now)
        return count


def release_what_is_due(*, now: datetime) -> int:
    """Release by the clock what was due some days ago, where staff chose so; how many people's points that changed now,
    without those whom the worker has been asked for.

    Where a release is under way, what is due waits for the clock's next turn.
    """
    due = totals_to_release(now).items()
    return sum(_unless_under_way(programme_id, people, now) for programme_id, people in due)


def _unless_under_way(programme_id: int, people: Sequence[int], now: datetime) -> int:
    try:
        return release_people(programme_id, people, by=None, now=now) or 0
    except RuleBroken:
        return 0


def _forget_the_last(programme_id: int) -> None:
    """One that was given up is over once staff release again, inside the caller's transaction."""
    newest = newest_row(programme_id)
    if newest is not None:
        buried.forget(newest)


def _ask(payload: dict[str, Any], *, now: datetime) -> None:
    """Have the worker release, inside the caller's transaction that has locked the programme."""
    key = str(payload["programme_id"])
    outbox.enqueue(
        kind=KIND,
        key=key,
        lane=f"{KIND}:{key}",
        registration_id=None,
        payload=payload,
        now=now,
        is_awaited=True,
    )


def go_on(row: OutboxRow, *, edge: Edge, still_ours: StillOurs) -> None:
    """Release whose turn it is, batch by batch, until nobody is left or the row is no longer ours."""
    while _release_some(row, now=edge.clock()) and still_ours(has_progressed=True):
        pass


def _release_some(row: OutboxRow, *, now: datetime) -> bool:
    """Release the next of them and write down how far it is; whether somebody is left.

    Shape: False, and nothing changed, where the lease is lost or the programme is gone.
    """
    with transaction() as session:
        programme = session.get(Programme, row.payload["programme_id"], with_for_update=HELD)
        held = outbox.held(row)
        if programme is None or held is None or _is_over(held):
            return False
        done = held.payload["done"]
        if held.payload["by"] is None and programme.release != Release.AFTER_DUE:  # staff chose another way meanwhile
            held.payload = held.payload | {"who": held.payload["who"][:done]}
        some = held.payload["who"][done : done + BATCH]
        count = release_here(programme, only=some, by=held.payload["by"], now=now)
        people = held.payload["people"] + count
        held.payload = held.payload | {"done": done + len(some), "people": people}
        if not _is_over(held):
            return True
        note_release(programme.id, people, by=held.payload["by"], now=now)
    return False


def _is_over(row: OutboxRow) -> bool:
    return bool(row.payload["done"] >= len(row.payload["who"]))


def give_up(row: OutboxRow, problem: str, *, now: datetime) -> None:
    """Nobody goes on by itself: what was released is noted, and staff read why it stopped."""
    with transaction() as session:
        stopped = session.get_one(OutboxRow, row.id, with_for_update=True)
        payload = stopped.payload
        if not _is_over(stopped):
            note_release(payload["programme_id"], payload["people"], by=payload["by"], now=now)
        stopped.payload = payload | {"people": 0, "problem": problem}


def try_again(row: OutboxRow, *, now: datetime) -> None:
    """Have a release that was given up go on where it stopped, unless another was asked for since."""
    with transaction() as session:
        programme = session.get(Programme, row.payload["programme_id"], with_for_update=HELD)
        newest = newest_row(row.payload["programme_id"])
        if programme is not None and newest is not None and newest.id == row.id:
            _ask({name: value for name, value in row.payload.items() if name != "problem"}, now=now)
