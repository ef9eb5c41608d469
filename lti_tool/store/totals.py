"""What ledgers came to when they were last counted: for pages about many people, and for the clock."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from lti_tool.store.db import db
from lti_tool.store.deeds import those
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.programme import Programme


def totals_of(programme: Programme, only: Collection[int] | None = None) -> dict[int, LedgerTotal]:
    """What the ledgers of a programme, or of these enrolments, came to, by enrolment."""
    query = select(LedgerTotal).where(those(LedgerTotal.enrolment_id, programme, only))
    return {row.enrolment_id: row for row in db.session.scalars(query)}


def totals_to_count(now: datetime, *, limit: int) -> list[int]:
    """The enrolments whose points time alone has changed since they were counted, the longest ago first."""
    query = select(LedgerTotal.enrolment_id).where(LedgerTotal.changes_at <= now)
    return list(db.session.scalars(query.order_by(LedgerTotal.changes_at, LedgerTotal.id).limit(limit)))
