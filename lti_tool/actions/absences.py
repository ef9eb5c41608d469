"""Who takes part and is not active in the course at the moment: their clock stands still, and their points stay."""

from datetime import datetime

from sqlalchemy import Select, and_, exists, select, update

from lti_tool.actions.participation import recount_people
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import Absence
from lti_tool.store.people import Member
from lti_tool.store.programme import Programme


def note_absences(course_id: int, *, now: datetime) -> None:
    """Begin and end absences as the course's members stand now, inside the caller's transaction."""
    there = and_(Member.course_id == course_id, Member.is_active)
    back = _open(course_id).where(Absence.person_id.in_(select(Member.person_id).where(there)))
    gone = _gone(course_id)
    returned = list(db.session.scalars(back))
    left = list(db.session.scalars(gone))
    open_ones = (Absence.course_id == course_id) & Absence.until_at.is_(None)
    db.session.execute(update(Absence).where(open_ones, Absence.person_id.in_(returned)).values(until_at=now))
    db.session.add_all(Absence(course_id=course_id, person_id=person_id, from_at=now) for person_id in left)
    db.session.flush()
    recount_people(_enrolments(course_id, [*returned, *left]), now=now)


def _open(course_id: int) -> Select[int]:
    return select(Absence.person_id).where(Absence.course_id == course_id, Absence.until_at.is_(None))


def _gone(course_id: int) -> Select[int]:
    """Who takes part in a programme of the course, is not active, and is not noted as away."""
    takes_part = exists().where(
        Enrolment.person_id == Member.person_id,
        Enrolment.programme_id == Programme.id,
        Programme.course_id == course_id,
    )
    gone = select(Member.person_id).where(Member.course_id == course_id, ~Member.is_active, takes_part)
    return gone.where(Member.person_id.not_in(_open(course_id)))


def _enrolments(course_id: int, person_ids: list[int]) -> list[int]:
    query = select(Enrolment.id).join(Programme, Programme.id == Enrolment.programme_id)
    query = query.where(Programme.course_id == course_id, Enrolment.person_id.in_(person_ids))
    return list(db.session.scalars(query.order_by(Enrolment.id)))
