"""Hours that people logged."""

from sqlalchemy import Row as Answer
from sqlalchemy import func, select

from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import HoursEntry
from lti_tool.store.people import PAGE, Person

ON_A_PAGE = 50


def hours_page(enrolment_id: int, *, page: int) -> list[HoursEntry]:
    """One page of what somebody logged, the newest day first."""
    query = select(HoursEntry).filter_by(enrolment_id=enrolment_id)
    query = query.order_by(HoursEntry.worked_on.desc(), HoursEntry.id.desc())
    return list(db.session.scalars(query.limit(ON_A_PAGE).offset(ON_A_PAGE * (page - 1))))


def hours_total(enrolment_id: int) -> tuple[int, int]:
    """How many entries somebody has, and how many minutes they come to."""
    query = select(func.count(), func.coalesce(func.sum(HoursEntry.minutes), 0)).filter_by(enrolment_id=enrolment_id)
    count, minutes = db.session.execute(query).one()
    return int(count), int(minutes)


def hours_of_all(programme_id: int, *, page: int) -> tuple[list[Answer[Person, int, int]], int]:
    """One page of everybody who logged hours, with entries and minutes, by name; and how many people there are."""
    query = (
        select(Person, func.count(HoursEntry.id), func.sum(HoursEntry.minutes))
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(HoursEntry, HoursEntry.enrolment_id == Enrolment.id)
        .where(Enrolment.programme_id == programme_id)
        .group_by(Person.id)
    )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = query.order_by(Person.family_name, Person.name, Person.id).limit(PAGE).offset(PAGE * (page - 1))
    return list(db.session.execute(found)), total
