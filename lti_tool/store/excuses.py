"""Excuses and decided points as rows: whose they are, who waits for an answer, what was decided."""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy import Row as Answer

from lti_tool.mentoring.evidence import ExcuseState
from lti_tool.mentoring.excuses import Bulk, Whom
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import Excuse, ExcuseBatch, PointsOverride
from lti_tool.store.people import PAGE, Member, Person, like
from lti_tool.store.programme import AuditEntry, Programme

# Of the record, those that touch points.
DECISIONS = ("points.%", "excuse.%", "reflection.%", "meeting.%", "gradebook.%")


def excuses_of(enrolment_id: int) -> list[Excuse]:
    """What somebody asked for or was given and nobody took back, the newest first."""
    query = select(Excuse).where(Excuse.enrolment_id == enrolment_id, Excuse.undone_at.is_(None))
    return list(db.session.scalars(query.order_by(Excuse.id.desc())))


def find_excuse(programme_id: int, excuse_id: int) -> Excuse | None:
    """The excuse, if it is of this programme and was not taken back."""
    row = any_excuse(programme_id, excuse_id)
    return row if row is not None and row.undone_at is None else None


def any_excuse(programme_id: int, excuse_id: int) -> Excuse | None:
    """The excuse, if it is of this programme, also one that was taken back."""
    return db.session.scalar(select(Excuse).filter_by(id=excuse_id, programme_id=programme_id))


def waiting_count(programme_id: int) -> int:
    """How many excuses wait for an answer."""
    return db.session.scalar(select(func.count()).select_from(Excuse).where(*_waiting(programme_id))) or 0


def excuse_page(
    programme_id: int, *, is_waiting: bool, page: int
) -> tuple[list[Answer[Excuse, Person, Enrolment]], int]:
    """One page of what waits, the oldest first, or of what was decided for one person, the newest first; how many."""
    decided = (
        Excuse.programme_id == programme_id,
        Excuse.state != ExcuseState.ASKED,
        Excuse.undone_at.is_(None),
        Excuse.batch_id.is_(None),
    )
    query = (
        select(Excuse, Person, Enrolment)
        .join(Enrolment, Enrolment.id == Excuse.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(*(_waiting(programme_id) if is_waiting else decided))
    )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = (Excuse.asked_at, Excuse.id) if is_waiting else (Excuse.decided_at.desc(), Excuse.id.desc())
    return list(db.session.execute(query.order_by(*order).limit(PAGE).offset(PAGE * (page - 1)))), total


def _waiting(programme_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Excuse.programme_id == programme_id, Excuse.state == ExcuseState.ASKED, Excuse.undone_at.is_(None))


def batch_page(programme_id: int, *, page: int, size: int) -> tuple[list[Answer[ExcuseBatch, Person]], int]:
    """One page of the excuses for many at once, the newest first, with who gave them; and how many there are."""
    query = (
        select(ExcuseBatch, Person)
        .join(Person, Person.id == ExcuseBatch.given_by)
        .where(ExcuseBatch.programme_id == programme_id)
    )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(ExcuseBatch.id.desc()).limit(size).offset(size * (page - 1))
    return list(db.session.execute(newest)), total


def find_batch(programme_id: int, batch_id: int) -> ExcuseBatch | None:
    """The excuse for many, if it is of this programme."""
    return db.session.scalar(select(ExcuseBatch).filter_by(id=batch_id, programme_id=programme_id))


def taking_part(programme: Programme, bulk: Bulk) -> list[int]:
    """The enrolments that an excuse for many is meant for, by number: who has joined and is in the course."""
    query = (
        select(Enrolment.id)
        .join(Member, (Member.person_id == Enrolment.person_id) & (Member.course_id == programme.course_id))
        .where(Enrolment.programme_id == programme.id, Enrolment.state == "joined", Member.is_active)
    )
    if bulk.whom is Whom.SECTION:
        query = query.where(in_section(bulk.section))
    if bulk.whom is Whom.PEOPLE:
        query = query.where(Enrolment.id.in_(bulk.people))
    return list(db.session.scalars(query.order_by(Enrolment.id)))


def in_section(section: str) -> ColumnElement[bool]:
    """What must hold of a member of a section: its id stands in quotation marks in the stored list."""
    return cast(Member.section_ids, String).like(like(json.dumps(section)), escape="\\")


def overrides_of(enrolment_id: int, key: str | None = None) -> list[Answer[PointsOverride, Person]]:
    """What staff decided about somebody's points, or about one entry, the newest first, with who decided."""
    query = (
        select(PointsOverride, Person)
        .join(Person, Person.id == PointsOverride.decided_by)
        .where(PointsOverride.enrolment_id == enrolment_id)
    )
    query = query if key is None else query.where(PointsOverride.key == key)
    return list(db.session.execute(query.order_by(PointsOverride.id.desc())))


def enrolment_in(programme_id: int, enrolment_id: int) -> Enrolment | None:
    """Somebody's part in this programme."""
    return db.session.scalar(select(Enrolment).filter_by(id=enrolment_id, programme_id=programme_id))


def people_by_id(person_ids: Sequence[int]) -> dict[int, Person]:
    """These people, by id."""
    return {row.id: row for row in db.session.scalars(select(Person).where(Person.id.in_(person_ids)))}


def points_decisions(programme_id: int, *, page: int) -> tuple[list[Answer[AuditEntry, Person]], int]:
    """One page of what was decided about points, the newest first, with who decided; and how much there is."""
    where = (AuditEntry.programme_id == programme_id, or_(*(AuditEntry.what.like(one) for one in DECISIONS)))
    total = db.session.scalar(select(func.count()).select_from(AuditEntry).where(*where)) or 0
    query = select(AuditEntry, Person).outerjoin(Person, Person.id == AuditEntry.person_id).where(*where)
    newest = query.order_by(AuditEntry.id.desc()).limit(PAGE).offset(PAGE * (page - 1))
    return list(db.session.execute(newest)), total
