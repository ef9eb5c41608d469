"""Work that was given up: kept until somebody has it tried again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from lti_tool.store.db import db
from lti_tool.store.outbox import OutboxRow, enqueue
from lti_tool.store.platforms import Registration

MOST = 100  # shown at once


def buried_rows(*, most: int = MOST) -> Sequence[tuple[OutboxRow, str | None]]:
    """What was given up, the newest first, each with the name of the LMS it was for."""
    query = (
        select(OutboxRow, Registration.name)
        .outerjoin(Registration, Registration.id == OutboxRow.registration_id)
        .where(OutboxRow.state == "buried")
        .order_by(OutboxRow.id.desc())
    )
    return [(row, name) for row, name in db.session.execute(query.limit(most))]


def count_buried() -> int:
    """How much was given up."""
    return db.session.scalar(select(func.count()).select_from(OutboxRow).filter_by(state="buried")) or 0


def buried(number: int) -> OutboxRow | None:
    """The row of this number, if it was given up."""
    return db.session.scalar(select(OutboxRow).filter_by(id=number, state="buried"))


def dig_up(row: OutboxRow, *, now: datetime) -> None:
    """Ask for the same again, inside the caller's transaction."""
    enqueue(
        kind=row.kind,
        key=row.key,
        lane=row.lane,
        registration_id=row.registration_id,
        payload=row.payload,
        now=now,
    )


def forget(row: OutboxRow) -> None:
    """It is no longer shown, inside the caller's transaction; what it said of the failure stays with it."""
    buried_still = (OutboxRow.id == row.id) & (OutboxRow.state == "buried")
    db.session.execute(update(OutboxRow).where(buried_still).values(state="done"))
