"""What staff tell everybody, or one side, of a programme; and the chat channel that may show it too."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.people import Person

ON_A_PAGE = 10


class Announcement(Row):
    """One announcement."""

    __tablename__ = "announcement"
    __table_args__ = (
        UniqueConstraint("person_id", "once"),
        CheckConstraint("audience in ('everybody','mentors','mentees')", name="audience"),
        Index("ix_announcement_programme_id_id", "programme_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # who wrote it
    once: Mapped[str]  # of the form it came with, so that a second click announces nothing
    audience: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    written_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    goes_to_channel: Mapped[bool] = mapped_column(default=False)
    posted_at: Mapped[datetime | None]  # when the channel took it
    problem: Mapped[str | None]  # why the channel did not, in the reader's words


class AnnouncementChannel(Row):
    """The chat channel to which staff may post a programme's announcements."""

    __tablename__ = "announcement_channel"
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    kind: Mapped[str]
    host: Mapped[str]  # of the address, to be shown
    secret_address: Mapped[str]  # encrypted: whoever knows it can post there
    set_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]


def announcements_for(
    programme_id: int, audiences: Collection[str], *, page: int = 1
) -> tuple[list[tuple[Announcement, Person]], int]:
    """One page of what somebody may read whom these audiences hold, newest first, and how many there are."""
    where = (
        (Announcement.programme_id == programme_id)
        & Announcement.audience.in_(audiences)
        & Announcement.withdrawn_at.is_(None)
    )
    return _page(where, page)


def all_announcements(programme_id: int, *, page: int = 1) -> tuple[list[tuple[Announcement, Person]], int]:
    """One page of everything that was announced, also what was withdrawn, newest first, and how many there are."""
    return _page(Announcement.programme_id == programme_id, page)


def _page(where: Any, page: int) -> tuple[list[tuple[Announcement, Person]], int]:
    query = select(Announcement, Person).join(Person, Person.id == Announcement.person_id).where(where)
    total = db.session.scalar(select(func.count()).select_from(Announcement).where(where)) or 0
    newest = query.order_by(Announcement.id.desc()).limit(ON_A_PAGE).offset(ON_A_PAGE * (page - 1))
    return [(row, person) for row, person in db.session.execute(newest)], total


def announcement_of(programme_id: int, announcement_id: int) -> Announcement | None:
    """The announcement, if it belongs to this programme."""
    return db.session.scalar(select(Announcement).filter_by(id=announcement_id, programme_id=programme_id))


def find_once(person_id: int, once: str) -> Announcement | None:
    """What this person announced with this form already."""
    return db.session.scalar(select(Announcement).filter_by(person_id=person_id, once=once))


def channel_of(programme_id: int) -> AnnouncementChannel | None:
    """The programme's channel, if staff set one."""
    return db.session.get(AnnouncementChannel, programme_id)
