"""Reflections, and how staff read them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select
from sqlalchemy import Row as Answer
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.reflections import Stage, State
from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.people import PAGE, Person


class Reflection(Row):
    """One person's reflection of one stage, over all their pairs."""

    __tablename__ = "reflection"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "stage"),
        CheckConstraint("stage in ('start','middle','end')", name="stage"),
        CheckConstraint("state in ('draft','handed_in','read','returned')", name="state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    stage: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    text: Mapped[str] = mapped_column(default="")
    is_shared: Mapped[bool] = mapped_column(default=False)  # the writer lets their partners read it once handed in
    version: Mapped[int] = mapped_column(default=1)  # goes up with every change, so that two windows notice each other
    changed_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]


class Reading(Row):
    """How one member of staff read one reflection."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("reflection_id", "reader_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reflection_id: Mapped[int] = mapped_column(ForeignKey("reflection.id"))
    reader_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    marks: Mapped[dict[str, Any]]  # by criterion: 0, 1, 2 or 4
    comment: Mapped[str] = mapped_column(default="")  # for the writer
    read_at: Mapped[datetime]


def find_reflection(enrolment_id: int, stage: Stage) -> Reflection | None:
    """Somebody's reflection of a stage."""
    return db.session.scalar(select(Reflection).filter_by(enrolment_id=enrolment_id, stage=stage))


def reflections_by(enrolment_id: int) -> dict[Stage, Reflection]:
    """Everything that somebody has written, by stage."""
    rows = db.session.scalars(select(Reflection).filter_by(enrolment_id=enrolment_id))
    return {Stage(row.stage): row for row in rows}


def shared_by(enrolment_ids: list[int]) -> list[Reflection]:
    """What these people handed in and let their partners read, the oldest first."""
    query = select(Reflection).where(
        Reflection.enrolment_id.in_(enrolment_ids), Reflection.is_shared, Reflection.state != State.DRAFT
    )
    return list(db.session.scalars(query.order_by(Reflection.handed_in_at, Reflection.id)))


def readings_of(reflection_id: int) -> list[tuple[Reading, Person]]:
    """How it was read, and by whom, the first reader first."""
    query = select(Reading, Person).join(Person, Person.id == Reading.reader_id).filter_by(reflection_id=reflection_id)
    return [(reading, person) for reading, person in db.session.execute(query.order_by(Reading.id))]


def handed_in_of(programme_id: int, reflection_id: int) -> tuple[Reflection, Enrolment, Person] | None:
    """A reflection of this programme that was handed in, with its writer; a draft is nobody else's to read."""
    query = _with_writers(programme_id).where(Reflection.id == reflection_id)
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1], found[2]) if found else None


def reflection_page(
    programme_id: int, *, stage: Stage | None, is_read: bool, page: int
) -> tuple[list[Answer[Reflection, Enrolment, Person]], int]:
    """One page of what was handed in and waits for a reader (the oldest first) or was read, and how many there are."""
    query = _with_writers(programme_id)
    query = query.where(Reflection.stage == stage) if stage else query
    states = (State.READ, State.RETURNED) if is_read else (State.HANDED_IN,)
    query = query.where(Reflection.state.in_(states))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = Reflection.handed_in_at.desc() if is_read else Reflection.handed_in_at
    found = query.order_by(order, Reflection.id).limit(PAGE).offset(PAGE * (page - 1))
    return list(db.session.execute(found)), total


def marks_of(reflection_ids: list[int]) -> dict[int, list[dict[str, int]]]:
    """All readers' marks, by reflection."""
    found: dict[int, list[dict[str, int]]] = {}
    query = select(Reading.reflection_id, Reading.marks).where(Reading.reflection_id.in_(reflection_ids))
    for reflection_id, marks in db.session.execute(query.order_by(Reading.id)):
        found.setdefault(reflection_id, []).append(marks)
    return found


def to_return(programme_id: int, stage: Stage | None) -> list[Reflection]:
    """What was read and not given back yet."""
    query = select(Reflection).filter_by(programme_id=programme_id, state=State.READ)
    query = query.where(Reflection.stage == stage) if stage else query
    return list(db.session.scalars(query.order_by(Reflection.id).with_for_update()))


def _with_writers(programme_id: int) -> Any:
    return (
        select(Reflection, Enrolment, Person)
        .join(Enrolment, Enrolment.id == Reflection.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Reflection.programme_id == programme_id, Reflection.state != State.DRAFT)
    )
