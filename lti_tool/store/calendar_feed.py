"""Private calendar addresses, and what a calendar reads under them."""

from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.meetings import NOT_COMING, Meeting, MeetingPart
from lti_tool.store.people import Course, Member
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme


class CalendarFeed(Row):
    """The private address under which a calendar reads somebody's meetings; gone when they revoke it."""

    __tablename__ = "calendar_feed"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)  # of the address's last part, which is kept nowhere
    made_at: Mapped[datetime]


def calendar_meetings(enrolment_id: int, *, since: datetime) -> list[tuple[Meeting, bool]]:
    """One person's planned meetings in all pairs that are at work, from then on, by time, each with whether they said
    that they cannot come; also those called off."""
    query = (
        select(Meeting, MeetingPart.answer == NOT_COMING)
        .join(MeetingPart, MeetingPart.meeting_id == Meeting.id)
        .join(Pair, Pair.id == Meeting.pair_id)
        .where(MeetingPart.enrolment_id == enrolment_id, Meeting.starts_at >= since)
        .where(Pair.state == "active", Pair.contact_stopped_at.is_(None))
    )
    rows = db.session.execute(query.order_by(Meeting.starts_at, Meeting.id))
    return [(meeting, bool(is_off)) for meeting, is_off in rows]


def feed_of(enrolment_id: int) -> CalendarFeed | None:
    """The person's private calendar address, if there is one."""
    return db.session.scalar(select(CalendarFeed).filter_by(enrolment_id=enrolment_id))


def reader_of_feed(secret_hash: str) -> Enrolment | None:
    """Whose calendar this address reads: somebody who is in the course now, in an LMS that is not paused."""
    query = (
        select(Enrolment)
        .join(CalendarFeed, CalendarFeed.enrolment_id == Enrolment.id)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .join(Course, Course.id == Programme.course_id)
        .join(Registration, Registration.id == Course.registration_id)
        .join(Member, (Member.course_id == Course.id) & (Member.person_id == Enrolment.person_id))
        .where(CalendarFeed.secret_hash == secret_hash, Member.is_active, Registration.is_paused.is_(False))
    )
    return db.session.scalar(query)
