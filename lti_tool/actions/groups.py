"""Sections and groups: facts of the LMS about a member, from the roster, the groups service and the launch.

Source: canvas-lms (sections through `rlid`), Course Groups 1.0, Moodle's group variable; see `lti.roster`.
"""

from collections.abc import Iterable
from contextlib import closing
from typing import Any

import structlog
from sqlalchemy import bindparam, select, update

from lti_tool.actions.edge import Edge
from lti_tool.lti.claims import GroupsEndpoint, LaunchClaims
from lti_tool.lti.errors import PlatformRefused
from lti_tool.lti.groups import read_groups
from lti_tool.lti.roster import RosterMember
from lti_tool.store.db import db, transaction
from lti_tool.store.people import Course, Member, Person

log = structlog.get_logger()

Places = dict[str, tuple[list[str], list[str]]]  # sections and groups by the LMS's id of the person


def note_groups(member: Member, claims: LaunchClaims) -> None:
    """Keep what this launch tells of its own person, inside the caller's transaction."""
    if claims.section_ids is not None:
        member.section_ids = sorted(claims.section_ids)
    if claims.group_ids is not None:
        member.group_ids = sorted(claims.group_ids)


def group_names(course: Course, edge: Edge) -> dict[str, str]:
    """What the course's groups are called; none where the LMS does not tell.

    Raises: PlatformUnavailable
    """
    if course.groups_url is None:
        return {}
    endpoint = GroupsEndpoint(groups_url=course.groups_url, sets_url=None, scopes=frozenset())
    try:
        with closing(edge.connector(course.registration_id)) as connector:
            return {group.id: group.name for group in read_groups(connector, endpoint)}
    except PlatformRefused as refusal:  # the roster counts without them
        log.info("groups.refused", fault=str(refusal.fault), course=course.id)
        return {}


def places_of(members: Iterable[RosterMember]) -> Places:
    """Who is in which section and groups."""
    return {one.user_id: (sorted(one.section_ids), sorted(one.group_ids)) for one in members}


def keep_groups(course_id: int, places: Places, names: dict[str, str]) -> None:
    """Take over who is where; a roster that tells nothing about anybody leaves what launches have told."""
    tells = (any(sections for sections, _ in places.values()), any(groups for _, groups in places.values()))
    with transaction() as session:
        course = session.get_one(Course, course_id)
        course.group_names = names or course.group_names
        query = select(Person.subject, Member.id, Member.section_ids, Member.group_ids).join(
            Member, Member.person_id == Person.id
        )
        changed = []
        for row in session.execute(query.where(Member.course_id == course_id, Person.tenant == course.tenant)):
            sections, groups = places.get(row.subject, ([], []))
            new = (sections if tells[0] else row.section_ids, groups if tells[1] else row.group_ids)
            if new != (row.section_ids, row.group_ids):
                changed.append({"id_": row.id, "new_sections": new[0], "new_groups": new[1]})
        if changed:
            values: dict[str, Any] = {"section_ids": bindparam("new_sections"), "group_ids": bindparam("new_groups")}
            statement = update(Member).where(Member.id == bindparam("id_")).values(values)
            db.session.connection().execute(statement, changed)
