"""Which gradebooks are read back by night, and when each was last asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select

from lti_tool.store.db import db
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.people import Course
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme

SINCE = timedelta(hours=26)  # a night and its day, and an hour of another clock
AFTER_THE_END = timedelta(days=30)  # since the last score was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The newest comparison of one programme."""

    at: datetime
    is_waiting: bool


def comparable_programmes(*, now: datetime) -> list[Any]:
    """The id, key and time zone of every graded programme whose gradebook can be read, until a while after its end."""
    has_column = select(Column.id).where(Column.programme_id == Programme.id, Column.state == "ready").exists()
    recent = select(Score.id).where(Score.programme_id == Programme.id, Score.sent_at >= now - AFTER_THE_END).exists()
    query = (
        select(Programme.id, Programme.key, Programme.time_zone)
        .join(Course, Course.id == Programme.course_id)
        .join(Registration, Registration.id == Course.registration_id)
        .where(Programme.is_graded, Registration.is_paused.is_(False), has_column)
        .where((Programme.phase != "closed") | recent)
    )
    return list(db.session.execute(query.order_by(Programme.id)))


def comparisons_asked(*, now: datetime) -> dict[str, Asked]:
    """When each programme's comparison was last asked for since yesterday, and whether one waits, by the outbox's
    key."""
    is_open = OutboxRow.state.in_(("waiting", "running"))
    query = select(
        OutboxRow.key,
        func.max(OutboxRow.created_at).label("at"),
        func.max(case((is_open, 1), else_=0)).label("waits"),
    ).where(OutboxRow.kind == "compare", (OutboxRow.created_at >= now - SINCE) | is_open)
    rows = db.session.execute(query.group_by(OutboxRow.key))
    return {row.key: Asked(at=row.at, is_waiting=bool(row.waits)) for row in rows}
