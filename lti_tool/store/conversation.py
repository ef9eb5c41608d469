"""What people write to each other: pairs in their own conversation, mentors on the board of their programme."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring import conversation as rules
from lti_tool.store.db import Row, db
from lti_tool.store.people import Person

ON_A_PAGE = 20  # messages at most; long ones make it fewer


class Message(Row):
    """One message: of a pair, or on the mentors' board of a programme."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("person_id", "once"),
        CheckConstraint("removed_by in ('writer','staff')", name="removed_by"),
        Index("ix_message_pair_id_id", "pair_id", "id"),
        Index("ix_message_programme_id_pair_id_id", "programme_id", "pair_id", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"))  # none: on the mentors' board
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # who wrote it
    once: Mapped[str]  # of the form it came with, so that a second click writes nothing
    text: Mapped[str]  # empty once it is removed
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None]


class MessageReport(Row):
    """Somebody asks staff to look at a message. Read by staff, and by who reported it."""

    __tablename__ = "message_report"
    __table_args__ = (
        UniqueConstraint("message_id", "person_id"),
        Index("ix_message_report_programme_id_settled_at", "programme_id", "settled_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)  # who reported it
    words: Mapped[str]  # of the message, as they were then
    why: Mapped[str]
    reported_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(default="", server_default="")  # of staff, to who reported it


class ThreadReading(Row):
    """A member of staff opened a pair's conversation, and why. Only ever added to; the pair reads it."""

    __tablename__ = "thread_reading"
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    why: Mapped[str]
    began_at: Mapped[datetime]


class ReadUpTo(Row):
    """The newest message that somebody has had on their screen, so that newer ones can be counted. Shown to nobody."""

    __tablename__ = "read_up_to"
    __table_args__ = (UniqueConstraint("person_id", "programme_id", "place"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    place: Mapped[str]  # the number of a pair; `board` for the mentors' board
    message_id: Mapped[int]


def as_rule(row: Message) -> rules.Message:
    """The message as the rules read it."""
    return rules.Message(
        writer=row.person_id,
        text=row.text,
        written_at=row.written_at,
        edited_at=row.edited_at,
        removed_at=row.removed_at,
        removed_by=rules.RemovedBy(row.removed_by) if row.removed_by else None,
    )


def messages_in(programme_id: int, pair_id: int | None, *, before: int | None = None) -> list[tuple[Message, Person]]:
    """The newest messages of a pair, or of the board (no pair), with their writers, newest first, and one more than a
    page holds where there are older ones."""
    query = select(Message, Person).join(Person, Person.id == Message.person_id).where(_in(programme_id, pair_id))
    query = query if before is None else query.where(Message.id < before)
    return [(row, person) for row, person in db.session.execute(query.order_by(Message.id.desc()).limit(ON_A_PAGE + 1))]


def message_in(programme_id: int, pair_id: int | None, message_id: int) -> Message | None:
    """The message, if it stands in this conversation."""
    return db.session.scalar(select(Message).where(_in(programme_id, pair_id), Message.id == message_id))


def find_once(person_id: int, once: str) -> Message | None:
    """The message that this person sent with this form already."""
    return db.session.scalar(select(Message).filter_by(person_id=person_id, once=once))


def _in(programme_id: int, pair_id: int | None) -> ColumnElement[bool]:
    where = Message.pair_id.is_(None) if pair_id is None else Message.pair_id == pair_id
    return (Message.programme_id == programme_id) & where


def place_of(pair_id: int | None) -> str:
    """How a conversation is named where it is noted how far somebody has read."""
    return "board" if pair_id is None else str(pair_id)


def read_up_to(person_id: int, programme_id: int, pair_id: int | None) -> int:
    """The newest message that this person has seen there; 0 where they have seen none."""
    query = select(ReadUpTo.message_id).filter_by(
        person_id=person_id, programme_id=programme_id, place=place_of(pair_id)
    )
    return db.session.scalar(query) or 0


def unread(person_id: int, programme_id: int, pair_id: int | None) -> tuple[int, datetime | None]:
    """How many messages of others this person has not seen there, and when the oldest of them was written."""
    seen = read_up_to(person_id, programme_id, pair_id)
    query = select(func.count(), func.min(Message.written_at)).where(
        _in(programme_id, pair_id), Message.id > seen, Message.person_id != person_id, Message.removed_at.is_(None)
    )
    count, oldest = db.session.execute(query).one()
    return count, oldest


def last_written_at(pair_id: int) -> datetime | None:
    """When somebody last wrote in the pair's conversation."""
    return db.session.scalar(select(func.max(Message.written_at)).filter_by(pair_id=pair_id))


def readings_of(pair_id: int) -> list[tuple[ThreadReading, Person]]:
    """Which members of staff opened this conversation, newest first."""
    query = select(ThreadReading, Person).join(Person, Person.id == ThreadReading.person_id)
    newest = query.where(ThreadReading.pair_id == pair_id).order_by(ThreadReading.id.desc())
    return [(row, person) for row, person in db.session.execute(newest.limit(ON_A_PAGE))]


def last_reading(pair_id: int, person_id: int) -> ThreadReading | None:
    """When this member of staff last said why they read this conversation."""
    query = select(ThreadReading).filter_by(pair_id=pair_id, person_id=person_id)
    return db.session.scalar(query.order_by(ThreadReading.id.desc()).limit(1))


def reports_by(person_id: int, message_ids: Collection[int]) -> dict[int, MessageReport]:
    """This person's own reports of these messages, by message."""
    query = select(MessageReport).where(MessageReport.person_id == person_id, MessageReport.message_id.in_(message_ids))
    return {row.message_id: row for row in db.session.scalars(query)}


def own_reports(person_id: int, programme_id: int, pair_id: int | None) -> list[MessageReport]:
    """What this person has reported in this conversation, newest first."""
    query = select(MessageReport).join(Message, Message.id == MessageReport.message_id)
    query = query.where(MessageReport.person_id == person_id, _in(programme_id, pair_id))
    return list(db.session.scalars(query.order_by(MessageReport.id.desc()).limit(ON_A_PAGE)))
