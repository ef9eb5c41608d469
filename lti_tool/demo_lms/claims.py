"""What a launch says: the claims of an LtiResourceLinkRequest (LTI 1.3 Core 5.3 and 5.4)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from lti_tool.demo_lms.people import Course, Person, Role, Seat
from lti_tool.demo_lms.state import Campus, Intent, Link, Tool
from lti_tool.demo_lms.vocabulary import (
    AGS_CLAIM,
    AGS_SCOPE,
    COURSE_OFFERING,
    INSTITUTION,
    LTI,
    MEMBERSHIP,
    MEMBERSHIP_READONLY,
    NRPS_CLAIM,
    TEST_USER,
)

ID_TOKEN_LIFETIME = timedelta(seconds=300)

_CONTEXT_ROLES = {
    Role.TEACHER: [f"{MEMBERSHIP}#Instructor"],
    Role.ASSISTANT: [f"{MEMBERSHIP}/Instructor#TeachingAssistant", f"{MEMBERSHIP}#Instructor"],
    Role.STUDENT: [f"{MEMBERSHIP}#Learner"],
    Role.OBSERVER: [f"{MEMBERSHIP}#Mentor"],
    Role.TEST_STUDENT: [f"{MEMBERSHIP}#Learner", TEST_USER],
    Role.ADMINISTRATOR: [],
}


def context_roles(role: Role) -> list[str]:
    """Answer the roles of a seat in its course, as full URIs."""
    return list(_CONTEXT_ROLES[role])


def launch_claims(campus: Campus, *, tool: Tool, intent: Intent, seat: Seat, nonce: str) -> dict[str, object]:
    """Answer everything that one id_token says."""
    course = campus.college.courses[intent.link.course]
    now = campus.now()
    return {
        **_token_claims(campus, tool=tool, nonce=nonce, now=now),
        **personal_claims(tool, seat.person),
        "sub": seat.person.sub,
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": tool.deployment_id,
        f"{LTI}target_link_uri": tool.target_link_uri,
        f"{LTI}resource_link": {"id": intent.link.id, "title": intent.link.title},
        f"{LTI}context": context_claim(course),
        f"{LTI}roles": _roles(seat),
        f"{LTI}tool_platform": _platform_claim(campus),
        f"{LTI}launch_presentation": _presentation_claim(campus, course=course, intent=intent, seat=seat),
        f"{LTI}lis": {"course_offering_sourcedid": course.label, "person_sourcedid": seat.person.key},
        f"{LTI}custom": custom_claim(tool=tool, course=course, link=intent.link, seat=seat),
        **({f"{LTI}role_scope_mentor": list(seat.observes)} if seat.role is Role.OBSERVER else {}),
        **service_claims(campus, tool=tool, course=course, link=intent.link),
    }


def personal_claims(tool: Tool, person: Person) -> dict[str, object]:
    """Answer the person's data that the tool asked for when it was registered."""
    known = {
        "name": person.name,
        "given_name": person.given,
        "family_name": person.family,
        "email": person.email,
        "locale": person.locale,
        "zoneinfo": person.zone,
    }
    return {name: value for name, value in known.items() if name in tool.claims or name in ("locale", "zoneinfo")}


def context_claim(course: Course) -> dict[str, object]:
    """Answer the course as tools see it."""
    return {"id": course.context_id, "label": course.label, "title": course.title, "type": [COURSE_OFFERING]}


def custom_claim(*, tool: Tool, course: Course, link: Link, seat: Seat) -> dict[str, str]:
    """Answer the custom parameters; a variable that this platform does not know stays as it is written."""
    values = _variables(course=course, link=link, seat=seat)
    own = {
        "section_ids": seat.section_ids,
        "section_names": ",".join(seat.sections),
        "link_available_from": "$ResourceLink.available.startDateTime",
    }
    return own | {name: values.get(text, text) for name, text in tool.custom.items()}


def service_claims(campus: Campus, *, tool: Tool, course: Course, link: Link) -> dict[str, object]:
    """Answer the addresses of the services that the tool may use in this course."""
    claims: dict[str, object] = {}
    if MEMBERSHIP_READONLY in tool.scopes:
        address = f"{campus.url}/nrps/{course.context_id}/memberships"
        claims[NRPS_CLAIM] = {"context_memberships_url": address, "service_versions": ["2.0"]}
    if scopes := sorted(scope for scope in tool.scopes if scope.startswith(AGS_SCOPE)):
        bound = [item for item in campus.course_items(course.key) if item.resource_link_id == link.id]
        address = f"{campus.url}/ags/{course.context_id}/lineitems"
        claims[AGS_CLAIM] = {
            "scope": scopes,
            "lineitems": f"{address}?type_id={tool.number}",
            **({"lineitem": f"{address}/{bound[0].id}?type_id={tool.number}"} if len(bound) == 1 else {}),
        }
    return claims


def _token_claims(campus: Campus, *, tool: Tool, nonce: str, now: datetime) -> dict[str, object]:
    issued = int(now.timestamp())
    expires = issued + int(ID_TOKEN_LIFETIME.total_seconds())
    audience = {"iss": campus.url, "aud": tool.client_id, "azp": tool.client_id}
    return {**audience, "iat": issued, "exp": expires, "nonce": nonce}


def _roles(seat: Seat) -> list[str]:
    """Answer the roles in the course and in the college; the latter say nothing about this course."""
    return [*context_roles(seat.role), f"{INSTITUTION}#{seat.person.institution_role}"]


def _platform_claim(campus: Campus) -> dict[str, str]:
    return {
        "guid": "northfield.example",
        "name": "Northfield College",
        "url": campus.url,
        "product_family_code": "demo-lms",
        "version": "1",
    }


def _presentation_claim(campus: Campus, *, course: Course, intent: Intent, seat: Seat) -> dict[str, str]:
    return {
        "document_target": intent.document_target,
        "return_url": f"{campus.url}/courses/{course.key}/return",
        "locale": seat.person.locale,
    }


def _variables(*, course: Course, link: Link, seat: Seat) -> Mapping[str, str]:
    person = seat.person
    return {
        "$Context.id": course.context_id,
        "$Context.label": course.label,
        "$Context.title": course.title,
        "$ResourceLink.id": link.id,
        "$ResourceLink.title": link.title,
        "$User.id": person.sub,
        "$User.username": person.key,
        "$Person.address.timezone": person.zone,
        "$Message.locale": person.locale,
        "$Canvas.course.sectionIds": seat.section_ids,
        "$com.instructure.User.sectionNames": ",".join(seat.sections),
    }
