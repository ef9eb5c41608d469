"""All that is known of the course, person, membership and programme of a launch, in one read.

Plain columns instead of rows: a launch is what a whole class does at the same minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from lti_tool.store.db import Row, db, table_of
from lti_tool.store.people import Course, Member, Person
from lti_tool.store.platforms import Deployment
from lti_tool.store.programme import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known, by name: the facts that a launch may tell."""

    course_id: int
    person_id: int
    programme_id: int
    course: Mapping[str, Any]
    person: Mapping[str, Any]
    member: Mapping[str, Any]
    programme: Mapping[str, Any]


_FACTS: dict[type[Row], tuple[str, ...]] = {
    Course: ("id", "title", "memberships_url", "line_items_url", "gradebook_scopes", "groups_url"),
    Person: ("id", "name", "given_name", "family_name", "email", "locale", "time_zone", "is_test_user"),
    Member: ("role", "launched_as", "is_active", "section_ids", "group_ids"),
    Programme: ("id", "bound_line_item_url"),
}


_course, _person, _member, _programme, _deployment = (
    table_of(row).c for row in (Course, Person, Member, Programme, Deployment)
)
_known = select(*(table_of(row).c[name] for row, names in _FACTS.items() for name in names)).where(
    _course.registration_id == bindparam("registration_id"),
    _course.tenant == bindparam("tenant"),
    _course.context_id == bindparam("context_id"),
    _person.registration_id == bindparam("registration_id"),
    _person.tenant == bindparam("tenant"),
    _person.subject == bindparam("subject"),
    _member.course_id == _course.id,
    _member.person_id == _person.id,
    _deployment.registration_id == bindparam("registration_id"),
    _deployment.deployment_id == bindparam("deployment_id"),
    _programme.course_id == _course.id,
    _programme.deployment_id == _deployment.id,
    _programme.resource_link_id == bindparam("resource_link_id"),
)
_launched = (
    update(table_of(Member))
    .where(_member.course_id == bindparam("course"), _member.person_id == bindparam("person"))
    .values(launched_at=bindparam("at"))
)


def known_of(**names: object) -> Known | None:
    """What is known of a launch with these ids of the LMS; None where anything of it is not known yet."""
    row = db.session.execute(_known, names).one_or_none()
    if row is None:
        return None
    values = iter(row)
    course, person, member, programme = (dict(zip(facts, values)) for facts in _FACTS.values())  # noqa: B905  # each takes its part
    return Known(
        course_id=course["id"],
        person_id=person["id"],
        programme_id=programme["id"],
        course=course,
        person=person,
        member=member,
        programme=programme,
    )


def note_launched(course_id: int, person_id: int, *, now: datetime) -> None:
    """This member launched just now; inside the caller's transaction."""
    db.session.execute(_launched, {"course": course_id, "person": person_id, "at": now})
