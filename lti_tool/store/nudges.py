"""Who was reminded of what, and when: so that nobody is reminded too often."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db

PUBLISHED = "published"  # the kind of a mail about a publication: it tells, and reminds of nothing


class Reminder(Row):
    """What staff wrote to everybody who stood still at one stage."""

    __tablename__ = "reminder"
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    stage: Mapped[str]  # of the funnel
    subject: Mapped[str]
    text: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]


class Nudge(Row):
    """One reminder to one person."""

    __tablename__ = "nudge"
    __table_args__ = (
        CheckConstraint("channel in ('mail','page')", name="channel"),
        Index("ix_nudge_programme_id_person_id", "programme_id", "person_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # what it was about
    channel: Mapped[str]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # nobody: the clock
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("reminder.id"))  # whose words it has
    problem: Mapped[str | None]  # why a mail was not sent, in the reader's words
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"))  # where the nudge ladder wrote
    rung: Mapped[str | None]  # self: what waits for the reader; partner: for whom they wait


def reminded_since(programme_id: int, since: datetime) -> set[int]:
    """Everybody who was reminded in this programme after that moment."""
    query = select(Nudge.person_id).where(
        Nudge.programme_id == programme_id, Nudge.asked_at > since, Nudge.kind != PUBLISHED
    )
    return set(db.session.scalars(query.distinct()))


def nudges_of(programme_id: int, person_ids: Collection[int]) -> dict[int, list[Nudge]]:
    """The last reminder to each of these people, on every way that it took."""
    query = (
        select(Nudge)
        .where(Nudge.programme_id == programme_id, Nudge.person_id.in_(person_ids), Nudge.kind != PUBLISHED)
        .order_by(Nudge.asked_at.desc(), Nudge.id)
    )
    found: dict[int, list[Nudge]] = {}
    for nudge in db.session.scalars(query):
        last = found.setdefault(nudge.person_id, [])
        if not last or last[0].asked_at == nudge.asked_at:
            last.append(nudge)
    return found


def notice_to(programme_id: int, person_id: int, *, kinds: Collection[str], since: datetime) -> Reminder | None:
    """The newest words to this person about these stages."""
    query = (
        select(Reminder)
        .join(Nudge, Nudge.reminder_id == Reminder.id)
        .where(
            Nudge.programme_id == programme_id,
            Nudge.person_id == person_id,
            Nudge.kind.in_(kinds),
            Nudge.channel == "page",
            Nudge.asked_at > since,
        )
        .order_by(Reminder.id.desc())
    )
    return db.session.scalar(query.limit(1))
