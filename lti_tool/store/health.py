"""How the tool is doing, in numbers: work that waits, scores by state, what last worked with each LMS."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from lti_tool.store.db import db
from lti_tool.store.gradebook import Score
from lti_tool.store.outbox import OutboxRow, is_held_up
from lti_tool.store.people import Course, Visit
from lti_tool.store.platforms import Deployment, Registration
from lti_tool.store.programme import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What last worked with one LMS, and what last did not."""

    roster_at: datetime | None
    score_at: datetime | None
    error: str | None  # of a call to the LMS: a code, never its text
    error_at: datetime | None
    error_of: str | None  # the kind of work that failed


def lately(registration_id: int) -> Lately:
    """The newest roster, score and fault of the registration."""
    roster_at = db.session.scalar(
        select(func.max(Course.roster_synced_at)).where(Course.registration_id == registration_id)
    )
    score_at = db.session.scalar(
        select(func.max(Score.sent_at))
        .join(Programme, Programme.id == Score.programme_id)
        .join(Course, Course.id == Programme.course_id)
        .where(Course.registration_id == registration_id, Score.state == "sent")
    )
    fault = db.session.scalar(
        select(OutboxRow)
        .where(OutboxRow.registration_id == registration_id, OutboxRow.last_error.is_not(None))
        .order_by(OutboxRow.id.desc())
        .limit(1)
    )
    return Lately(
        roster_at=roster_at,
        score_at=score_at,
        error=fault.last_error if fault else None,
        error_at=fault.created_at if fault else None,
        error_of=fault.kind if fault else None,
    )


def last_course(registration_id: int) -> Course | None:
    """The newest course of the registration."""
    query = select(Course).where(Course.registration_id == registration_id)
    return db.session.scalar(query.order_by(Course.id.desc()).limit(1))


def offers_groups(registration_id: int) -> bool:
    """Whether a launch from any course of the registration has offered the groups service."""
    offering = select(Course.id).where(Course.registration_id == registration_id, Course.groups_url.is_not(None))
    return db.session.scalar(offering.limit(1)) is not None


def offers_notices(registration_id: int) -> bool:
    """Whether a launch from any deployment of the registration has offered notices."""
    offering = select(Deployment.id).where(
        Deployment.registration_id == registration_id, Deployment.notices_url.is_not(None)
    )
    return db.session.scalar(offering.limit(1)) is not None


def due_since(now: datetime) -> datetime | None:
    """Since when the oldest due work waits, unless for an LMS that rests; None when nothing is due."""
    return min(due_by_kind(now).values(), default=None)


def due_by_kind(now: datetime) -> dict[str, datetime]:
    """Since when the oldest due work of each kind waits; an LMS that rests is no fault of this tool's."""
    rests = exists().where(Registration.id == OutboxRow.registration_id, Registration.rests_until > now)
    query = select(OutboxRow.kind, func.min(OutboxRow.next_at)).group_by(OutboxRow.kind)
    query = query.where(OutboxRow.state == "waiting", OutboxRow.next_at <= now, ~rests)
    return dict(db.session.execute(query).all())


def work_counts() -> list[tuple[str, str, int]]:
    """How many pieces of work stand in each kind and state."""
    query = select(OutboxRow.kind, OutboxRow.state, func.count()).group_by(OutboxRow.kind, OutboxRow.state)
    return [(kind, state, count) for kind, state, count in db.session.execute(query)]


def failing_by_kind() -> dict[str, int]:
    """How many pieces of work of each kind have failed more than once and are tried on."""
    query = select(OutboxRow.kind, func.count()).where(is_held_up()).group_by(OutboxRow.kind)
    return dict(db.session.execute(query).all())


def score_counts_everywhere() -> dict[str, int]:
    """How many scores stand in each state, over all programmes."""
    return dict(db.session.execute(select(Score.state, func.count()).group_by(Score.state)).all())


def launches_since(since: datetime) -> int:
    """How many launches opened a visit since then."""
    return db.session.scalar(select(func.count()).select_from(Visit).where(Visit.started_at >= since)) or 0
