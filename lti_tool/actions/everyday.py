"""A launch that says nothing new, as nearly all of them do: one read instead of ten, and one date to write.

What a launch says of a course and a person stands here too, since both ways, this and the long one in `launch`, must
agree on what is new. Staff always go the long way: their launches ask for the roster and for notices.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.lti.claims import CourseContext, LaunchClaims
from lti_tool.lti.launch import Launch
from lti_tool.mentoring.roster import MemberRole, is_staff, stronger
from lti_tool.store.everyday import Known, known_of

PERSON_FACTS = ("name", "given_name", "family_name", "email", "locale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Who is where, and what the link shows."""

    person_id: int
    course_id: int
    programme_id: int


def said_of_course(claims: LaunchClaims, context: CourseContext) -> dict[str, Any]:
    """What the launch says of its course; what it does not mention stays as it was last known."""
    title, gradebook, groups = context.title or context.label, claims.gradebook, claims.groups
    said: dict[str, Any] = {"title": title} if title else {}
    if claims.memberships_url:
        said["memberships_url"] = claims.memberships_url
    if gradebook and gradebook.line_items_url:
        said |= {"line_items_url": gradebook.line_items_url, "gradebook_scopes": sorted(gradebook.scopes)}
    if groups:
        said["groups_url"] = groups.groups_url
    return said


def said_of_person(claims: LaunchClaims) -> dict[str, Any]:
    """What the launch says of who launched; what the LMS no longer sends stays as it was last known."""
    facts = {name: getattr(claims, name) for name in PERSON_FACTS}
    return {name: value for name, value in facts.items() if value} | {"is_test_user": claims.is_test_user}


def everyday_stay(launch: Launch, context: CourseContext, role: MemberRole) -> Stay | None:
    """Where the launch leads, if all that it says is known already.

    It is read before the transaction: a class that launches at once then waits for each other's writes alone.
    """
    claims = launch.claims
    if is_staff(role):
        return None
    known = known_of(
        registration_id=launch.platform.registration_id,
        tenant=launch.tenant,
        deployment_id=claims.deployment_id,
        context_id=context.id,
        subject=claims.subject,
        resource_link_id=claims.resource_link_id,
    )
    if known is None or not _says_nothing_new(known, claims, context, role):
        return None
    return Stay(person_id=known.person_id, course_id=known.course_id, programme_id=known.programme_id)


def _says_nothing_new(known: Known, claims: LaunchClaims, context: CourseContext, role: MemberRole) -> bool:
    return (
        _holds(known.course, said_of_course(claims, context))
        and _holds(known.person, said_of_person(claims))
        and bool(known.person["time_zone"] or not claims.zone)
        and _holds(known.member, _said_of_member(claims, role))
        and stronger(role, MemberRole(known.member["role"])) == known.member["role"]
        and _holds(known.programme, _said_of_column(claims))
    )


def _said_of_member(claims: LaunchClaims, role: MemberRole) -> dict[str, Any]:
    told = {"section_ids": claims.section_ids, "group_ids": claims.group_ids}
    places = {name: sorted(ids) for name, ids in told.items() if ids is not None}
    return places | {"launched_as": role, "is_active": True}


def _said_of_column(claims: LaunchClaims) -> dict[str, Any]:
    url = claims.gradebook.line_item_url if claims.gradebook else None
    return {"bound_line_item_url": url} if url else {}


def _holds(known: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    return all(known[name] == value for name, value in said.items())
