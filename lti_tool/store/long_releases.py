"""A release of many people's points: how far the worker is, who asked for it, and how it ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from lti_tool.store.db import db
from lti_tool.store.outbox import OutboxRow, last_of
from lti_tool.store.people import Person
from lti_tool.store.programme import Programme

KIND = "release"
TOLD_FOR = timedelta(hours=1)  # after its end; the list of releases says it later


class Stage(StrEnum):
    """Where such a release stands."""

    UNDER_WAY = "under_way"
    OVER = "over"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class LongRelease:
    """One of them.

    Shape: `done` of `total` people had their turn; the points of `people` of them have changed. Where nobody asked for
        it, the clock did.
    """

    stage: Stage
    done: int
    total: int
    people: int
    asked_by: Person | None
    asked_at: datetime
    over_at: datetime | None
    problem: str | None


def newest_row(programme_id: int) -> OutboxRow | None:
    """The worker's row of a programme's newest long release."""
    return last_of(KIND, str(programme_id))


def is_under_way(programme_id: int) -> bool:
    """Whether the worker releases a programme's points, or is about to."""
    query = select(OutboxRow.id).where(
        OutboxRow.kind == KIND, OutboxRow.key == str(programme_id), OutboxRow.state.in_(("waiting", "running"))
    )
    return db.session.scalar(query.limit(1)) is not None


def long_release(programme: Programme, *, now: datetime) -> LongRelease | None:
    """The newest one, as long as there is something to tell about it."""
    row = newest_row(programme.id)
    stage = _stage(row, now) if row else None
    if row is None or stage is None:
        return None
    said = row.payload
    return LongRelease(
        stage=stage,
        done=said["done"],
        total=len(said["who"]),
        people=said["people"],
        asked_by=db.session.get(Person, said["by"]) if said["by"] is not None else None,
        asked_at=row.created_at,
        over_at=row.done_at,
        problem=said.get("problem"),
    )


def _stage(row: OutboxRow, now: datetime) -> Stage | None:
    if row.state in {"waiting", "running"}:
        return Stage.UNDER_WAY
    if row.state == "buried":
        return Stage.GIVEN_UP
    is_news = row.last_error is None and row.done_at is not None and now - row.done_at < TOLD_FOR
    return Stage.OVER if is_news else None
