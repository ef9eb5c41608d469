"""Who runs a programme: by their role in the LMS, and by being added here; and what adding somebody would mean."""

from dataclasses import dataclass

from sqlalchemy import select

from lti_tool.mentoring.roster import MemberRole
from lti_tool.store.db import db
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.pairs import own_pairs
from lti_tool.store.people import Member, Person
from lti_tool.store.programme import Programme, ProgrammeStaff

BY_ROLE = (MemberRole.INSTRUCTOR, MemberRole.TEACHING_ASSISTANT, MemberRole.DESIGNER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The part somebody takes in a programme just now."""

    has_joined: bool
    has_pairs: bool


def staff_by_role(course_id: int) -> list[tuple[Member, Person]]:
    """The active members whom the LMS gives a role that runs the course, by name."""
    query = (
        select(Member, Person)
        .join(Person, Person.id == Member.person_id)
        .where(Member.course_id == course_id, Member.is_active, Member.role.in_(BY_ROLE))
        .order_by(Person.name, Person.id)
    )
    return list(db.session.execute(query))


def added_staff(programme: Programme) -> list[tuple[ProgrammeStaff, Member, Person]]:
    """Those who were added here, in the order in which they were."""
    query = (
        select(ProgrammeStaff, Member, Person)
        .join(Person, Person.id == ProgrammeStaff.person_id)
        .join(Member, (Member.person_id == Person.id) & (Member.course_id == programme.course_id))
        .where(ProgrammeStaff.programme_id == programme.id)
        .order_by(ProgrammeStaff.id)
    )
    return list(db.session.execute(query))


def part_of(programme_id: int, person_id: int) -> Part:
    """The part this person takes in the programme."""
    row = find_enrolment(programme_id, person_id)
    return Part(
        has_joined=row is not None and row.state == "joined", has_pairs=bool(row is not None and own_pairs(row.id))
    )
