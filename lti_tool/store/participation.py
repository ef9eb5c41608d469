"""What points depend on and no other stage keeps: excuses, overrides, work done alone, hours, cases; and what counting
came to."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row


class Excuse(Row):
    """Why somebody need not do something: asked for by them, or given by staff."""

    __tablename__ = "excuse"
    __table_args__ = (
        CheckConstraint(
            "reason in ('illness','duty','barrier','tool','partner_left','other')",
            name="reason",
        ),
        CheckConstraint("state in ('asked','granted','refused')", name="state"),
        CheckConstraint("state = 'asked' or decided_at is not null", name="decided"),
        Index("ix_excuse_programme_id_state", "programme_id", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    key: Mapped[str]  # one entry (`check_in:3`), one kind (`check_in`) or `all`
    reason: Mapped[str]
    words: Mapped[str] = mapped_column(default="")  # of whoever asked; read by them and by staff alone
    state: Mapped[str]
    asked_at: Mapped[datetime | None]  # nobody asked: staff gave it
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")  # what staff say to it; the person reads it
    version: Mapped[int] = mapped_column(default=1)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("excuse_batch.id"), index=True)  # given to many at once
    undone_at: Mapped[datetime | None]  # taken back, by who asked or by staff: it counts for nothing


class ExcuseBatch(Row):
    """That staff excused many people at once, and whether they took it back."""

    __tablename__ = "excuse_batch"
    __table_args__ = (
        CheckConstraint("whom in ('everybody','section','people')", name="whom"),
        CheckConstraint(
            "reason in ('illness','duty','barrier','tool','partner_left','other')",
            name="reason",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    key: Mapped[str]  # as of an excuse
    whom: Mapped[str]
    section: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date | None]  # of what was due between two days; else of all of it
    until_on: Mapped[date | None]
    reason: Mapped[str]
    words: Mapped[str] = mapped_column(default="")  # everybody concerned reads them
    people: Mapped[int]
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]


class PointsOverride(Row):
    """Points that a person decided instead of the rule. Only ever added to: the newest of a key is what counts. Where
    the programme's points change, totals and what is as large as all of them change along: see `actions.rescaling`."""

    __tablename__ = "points_override"
    __table_args__ = (CheckConstraint("points >= 0", name="points"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    key: Mapped[str]  # one entry, or `total`
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))  # none: taken back, the rule decides again
    reason: Mapped[str]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class SoloWork(Row):
    """Ten minutes of work alone where a partner did not answer."""

    __tablename__ = "solo_work"
    __table_args__ = (
        CheckConstraint("what in ('agenda','questions','guide')", name="what"),
        Index("uq_solo_work_enrolment_id_once", "enrolment_id", "once", unique=True),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    what: Mapped[str]
    words: Mapped[str]  # read by whoever wrote them and by staff
    done_at: Mapped[datetime]
    once: Mapped[str | None]  # of the form it came with, so that a second click writes nothing


class RematchOffer(Row):
    """That somebody was offered a new partner, since they had two efforts in a row in a pair."""

    __tablename__ = "rematch_offer"
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    offered_at: Mapped[datetime]
    answer: Mapped[str | None]  # `stays` or `asks`; none yet
    answered_at: Mapped[datetime | None]


class HoursEntry(Row):
    """Hours worked on one day, as a mentor in a practicum logs them."""

    __tablename__ = "hours_entry"
    __table_args__ = (
        CheckConstraint("minutes between 1 and 1440", name="minutes"),
        Index("uq_hours_entry_enrolment_id_once", "enrolment_id", "once", unique=True),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    worked_on: Mapped[date]
    minutes: Mapped[int]
    words: Mapped[str]
    logged_at: Mapped[datetime]
    once: Mapped[str | None]  # of the form it came with, so that a second click writes nothing


class PeerCase(Row):
    """A situation from one's own mentoring, written up for others."""

    __tablename__ = "peer_case"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    text: Mapped[str]
    handed_in_at: Mapped[datetime | None]  # none: a draft
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class LedgerTotal(Row):
    """What somebody's ledger came to when it was last counted; pages about many people read this."""

    __tablename__ = "ledger_total"
    __table_args__ = (
        UniqueConstraint("enrolment_id"),
        CheckConstraint("standing in ('nothing','collecting','score','clear_by_hand')", name="standing"),
        Index("ix_ledger_total_programme_id_points", "programme_id", "points"),
        Index("ix_ledger_total_changes_at", "changes_at"),
        Index("ix_ledger_total_releases_at", "releases_at"),
        Index("ix_ledger_total_programme_id_has_news", "programme_id", "has_news"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))  # none: nothing counts yet
    reachable: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    standing: Mapped[str]  # a `mentoring.posting.Posting`, as if it were released
    efforts: Mapped[int] = mapped_column(default=0)  # entries earned by trying
    unread: Mapped[int] = mapped_column(default=0)  # entries handed in that staff have not read
    decided: Mapped[int] = mapped_column(default=0)  # entries and totals that a person decided
    counted_at: Mapped[datetime]
    changes_at: Mapped[datetime | None]  # when time alone changes it next
    released_points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))  # none: never released
    released_at: Mapped[
        datetime | None
    ]  # as of when: what was due by then is released; of the clock, days before it did
    has_news: Mapped[bool] = mapped_column(default=False)  # a release by staff would tell the gradebook something else
    releases_at: Mapped[datetime | None]  # when the clock releases them next, where it does


class Release(Row):
    """That points were given free for the gradebook. Only ever added to."""

    __tablename__ = "release"
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    released_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # nobody: the clock
    people: Mapped[int]
    released_at: Mapped[datetime]


class Absence(Row):
    """A time in which somebody was not active in a course; without an end it lasts."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_course_id_person_id", "course_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
