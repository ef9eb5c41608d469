"""What every page of a visit needs: who, in which course of which LMS, for which programme; read in one statement."""

from sqlalchemy import bindparam, select

from lti_tool.store.db import db
from lti_tool.store.people import Course, Person, Visit
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme

# Prepared once: building a statement costs more than running it.
_around = (
    select(Person, Course, Registration, Programme)
    .select_from(Visit)
    .join(Person, Person.id == Visit.person_id)
    .join(Course, Course.id == Visit.course_id)
    .join(Registration, Registration.id == Course.registration_id)
    .join(Programme, Programme.id == Visit.programme_id)
    .where(Visit.id == bindparam("visit_id"))
)


def around(visit: Visit) -> tuple[Person, Course, Registration, Programme]:
    """The visitor, the course, its LMS and the programme of a visit."""
    person, course, registration, programme = db.session.execute(_around, {"visit_id": visit.id}).one()
    return person, course, registration, programme
