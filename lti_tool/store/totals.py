"""What ledgers came to when they were last counted: for pages about many people, and for the clock."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.schemes import Release
from lti_tool.store.db import db
from lti_tool.store.deeds import those
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.programme import Programme


def totals_of(programme: Programme, only: Collection[int] | None = None) -> dict[int, LedgerTotal]:
    """What the ledgers of a programme, or of these enrolments, came to, by enrolment."""
    query = select(LedgerTotal).where(those(LedgerTotal.enrolment_id, programme, only))
    return {row.enrolment_id: row for row in db.session.scalars(query)}


def totals_to_count(now: datetime, *, limit: int) -> list[int]:
    """The enrolments that were never counted, and those whose points time alone has changed since they were, the
    longest ago first."""
    uncounted = select(Enrolment.id).outerjoin(LedgerTotal, LedgerTotal.enrolment_id == Enrolment.id)
    found = list(db.session.scalars(uncounted.where(LedgerTotal.id.is_(None)).order_by(Enrolment.id).limit(limit)))
    query = select(LedgerTotal.enrolment_id).where(LedgerTotal.changes_at <= now)
    query = query.order_by(LedgerTotal.changes_at, LedgerTotal.id)
    return found + list(db.session.scalars(query.limit(limit - len(found))))


def totals_to_release(now: datetime) -> dict[int, list[int]]:
    """The enrolments whose points the clock has to release, by programme."""
    query = (
        select(LedgerTotal.programme_id, LedgerTotal.enrolment_id)
        .join(Programme, Programme.id == LedgerTotal.programme_id)
        .where(LedgerTotal.releases_at <= now, Programme.release == Release.AFTER_DUE, Programme.phase != Phase.SET_UP)
    )
    found: dict[int, list[int]] = {}
    for programme_id, enrolment_id in db.session.execute(query.order_by(Programme.id, LedgerTotal.enrolment_id)):
        found.setdefault(programme_id, []).append(enrolment_id)
    return found
