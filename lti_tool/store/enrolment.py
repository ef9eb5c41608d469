"""Who takes part in a programme, with which answers and wishes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, case, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.people import Member, Person


class Enrolment(Row):
    """A person's part in a programme."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("programme_id", "person_id"),
        CheckConstraint("role in ('mentor','mentee','either','swap')", name="role"),
        CheckConstraint("state in ('draft','joined','withdrawn')", name="state"),
        CheckConstraint("capacity >= 0", name="capacity"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    state: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by question key
    time_zone: Mapped[str]  # in which the availability grid was filled
    capacity: Mapped[int] = mapped_column(default=1)  # mentees this person takes at most
    consent_version: Mapped[int | None]
    consented_at: Mapped[datetime | None]
    conduct_version: Mapped[int | None]  # of the code of conduct
    conduct_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class Consent(Row):
    """What somebody agreed to, and when they took it back. Only ever added to."""

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("what in ('consent','conduct')", name="what"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    what: Mapped[str]
    version: Mapped[int]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Wish(Row):
    """A person somebody would like, or would rather not, be matched with. Read by its writer and by staff alone."""

    __tablename__ = "wish"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "person_id"),
        CheckConstraint("kind in ('apart','together')", name="kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(default="apart")


def find_enrolment(programme_id: int, person_id: int) -> Enrolment | None:
    """The person's part in the programme."""
    return db.session.scalar(select(Enrolment).filter_by(programme_id=programme_id, person_id=person_id))


def wished(enrolment_id: int, kind: str) -> list[Person]:
    """Whom this person would like (`together`), or would rather not (`apart`), be matched with, by name."""
    query = select(Person).join(Wish, Wish.person_id == Person.id)
    query = query.where(Wish.enrolment_id == enrolment_id, Wish.kind == kind)
    return list(db.session.scalars(query.order_by(Person.name, Person.id)))


def wished_apart(enrolment_id: int) -> list[Person]:
    """Whom this person would rather not be matched with, by name."""
    return wished(enrolment_id, "apart")


def consents_of(enrolment_id: int) -> list[Consent]:
    """What this person agreed to, and took back, oldest first."""
    return list(db.session.scalars(select(Consent).filter_by(enrolment_id=enrolment_id).order_by(Consent.id)))


def answer_counts(programme_id: int, keys: Sequence[str]) -> dict[str, int]:
    """How many people have answered each of these questions, whether or not they have finished joining."""
    if not keys:
        return {}
    columns = [func.count(Enrolment.answers[key].as_string()) for key in keys]
    row = db.session.execute(select(*columns).where(Enrolment.programme_id == programme_id)).one()
    return dict(zip(keys, row, strict=True))


def option_counts(programme_id: int, key: str, options: Sequence[str]) -> dict[str, int]:
    """How many people chose each of these options of a question."""
    if not options:
        return {}
    answer = Enrolment.answers[key].as_string()
    columns = [func.sum(case((or_(answer == one, answer.contains(f'"{one}"')), 1), else_=0)) for one in options]
    row = db.session.execute(select(*columns).where(Enrolment.programme_id == programme_id)).one()
    return {one: int(count or 0) for one, count in zip(options, row, strict=True)}


def enrolment_counts(programme_id: int) -> dict[str, int]:
    """How many have joined, by role."""
    query = (
        select(Enrolment.role, func.count())
        .where(Enrolment.programme_id == programme_id, Enrolment.state == "joined")
        .group_by(Enrolment.role)
    )
    return dict(db.session.execute(query).all())


def joined(programme_id: int, course_id: int, *, only: Collection[int] | None = None) -> list[tuple[Enrolment, Person]]:
    """Everybody who has joined and is still active in the course, or of these only some, in a fixed order."""
    query = (
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Member, (Member.person_id == Person.id) & (Member.course_id == course_id))
        .where(Enrolment.programme_id == programme_id, Enrolment.state == "joined", Member.is_active)
        .order_by(Enrolment.id)
    )
    query = query if only is None else query.where(Enrolment.id.in_(only))
    return list(db.session.execute(query))


def wishes_of(programme_id: int) -> dict[int, set[int]]:
    """The private wishes of a programme: by enrolment, the enrolments to be kept apart from it."""
    return _wishes(programme_id, "apart")


def sections_and_groups(programme_id: int, course_id: int) -> dict[int, tuple[list[str], list[str]]]:
    """The LMS's ids of the sections and groups of everybody who takes part, by enrolment."""
    query = (
        select(Enrolment.id, Member.section_ids, Member.group_ids)
        .join(Member, (Member.person_id == Enrolment.person_id) & (Member.course_id == course_id))
        .where(Enrolment.programme_id == programme_id)
    )
    return {number: (sorted(sections), sorted(groups)) for number, sections, groups in db.session.execute(query)}


def wished_together_in(programme_id: int) -> dict[int, set[int]]:
    """The private wishes of a programme: by enrolment, the enrolments it would like to be matched with."""
    return _wishes(programme_id, "together")


def _wishes(programme_id: int, kind: str) -> dict[int, set[int]]:
    other = Enrolment.__table__.alias("other")
    query = (
        select(Wish.enrolment_id, other.c.id)
        .join(Enrolment, Enrolment.id == Wish.enrolment_id)
        .join(other, (other.c.person_id == Wish.person_id) & (other.c.programme_id == programme_id))
        .where(Enrolment.programme_id == programme_id, Wish.kind == kind)
    )
    found: dict[int, set[int]] = {}
    for enrolment_id, other_id in db.session.execute(query):
        found.setdefault(enrolment_id, set()).add(other_id)
    return found
