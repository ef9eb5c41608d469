"""What a launch says: the claims of one id_token (LTI 1.3 Core 5.3 and 5.4), for every kind of message."""

from collections.abc import Mapping
from datetime import datetime

from lti_tool.demo_lms import variables
from lti_tool.demo_lms.addresses import memberships_url
from lti_tool.demo_lms.habits import LaunchHabits
from lti_tool.demo_lms.message_claims import message_claims
from lti_tool.demo_lms.people import NORTHFIELD, TENANT_NAMES, Course, Person, Seat
from lti_tool.demo_lms.records import Intent, Link, Message, Tool
from lti_tool.demo_lms.service_claims import service_claims
from lti_tool.demo_lms.state import Campus
from lti_tool.demo_lms.vocabulary import COURSE_OFFERING, INSTITUTION, LTI


def launch_claims(campus: Campus, *, tool: Tool, intent: Intent, seat: Seat, nonce: str) -> dict[str, object]:
    """Answer everything that one id_token says."""
    course = campus.college.courses[intent.course] if intent.course else None
    tenant = course.tenant if course else tenant_of(campus, seat.person)
    habits = campus.dialect.launch
    is_privacy = intent.message is Message.DATA_PRIVACY
    return {
        **_token_claims(campus, tool=tool, nonce=nonce, now=campus.now()),
        **personal_claims(tool, seat.person),
        "sub": seat.person.sub,
        f"{LTI}message_type": habits.privacy_message if is_privacy else str(intent.message),
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": tool.deployments[tenant],
        f"{LTI}target_link_uri": target(tool, intent),
        f"{LTI}roles": launch_roles(habits, seat),
        f"{LTI}tool_platform": _platform_claim(campus, tenant),
        **message_claims(campus, intent=intent, tool=tool),
        **(_course_claims(campus, course=course, tool=tool, intent=intent, seat=seat) if course else {}),
    }


def target(tool: Tool, intent: Intent) -> str:
    """Answer where the launch leads in the tool."""
    if intent.message is Message.RESOURCE_LINK and intent.link and intent.link.url:
        return intent.link.url
    if intent.message is Message.SUBMISSION_REVIEW and intent.item:
        review = intent.item.details.get("submissionReview")
        if isinstance(review, Mapping) and isinstance(url := review.get("url"), str):
            return url
    return tool.target(intent.message)


def tenant_of(campus: Campus, person: Person) -> str:
    """Answer the institution that an administrator runs."""
    return next((key for key, one in campus.college.administrators.items() if one == person), NORTHFIELD)


def launch_roles(habits: LaunchHabits, seat: Seat) -> list[str]:
    """Answer the roles in the course, then those in the college, which say nothing about this course."""
    of_person = f"{INSTITUTION}#{seat.person.institution_role}"
    college = [of_person] if habits.shows_institution_role else []
    return list(dict.fromkeys([*habits.roles.get(seat.role, ()), *college, *habits.everybodys_roles]))


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


def custom_claim(
    campus: Campus, *, tool: Tool, course: Course, link: Link | None, seat: Seat, allowed: frozenset[str] | None = None
) -> dict[str, str]:
    """Answer the custom parameters; a variable that this platform does not know stays as it is written."""
    habits = campus.dialect.launch
    known = variables.values(course=course, link=link, seat=seat)
    own = {
        "section_ids": seat.section_ids,
        "section_names": ",".join(seat.sections),
        "link_available_from": "$ResourceLink.available.startDateTime",
    }
    leaked = {"context_memberships_url": memberships_url(campus, course)} if habits.leaks_memberships_url else {}
    asked = {**tool.custom, **(link.custom if link else {})}
    allowed = habits.variables if allowed is None else allowed
    return {
        **(own if habits.own_custom else {}),
        **leaked,
        **{name: variables.expanded(text, known, allowed) for name, text in asked.items()},
    }


def _course_claims(campus: Campus, *, course: Course, tool: Tool, intent: Intent, seat: Seat) -> dict[str, object]:
    habits, link = campus.dialect.launch, intent.link
    is_choosing = intent.message is Message.DEEP_LINKING  # of what a link had, only its custom texts come along
    known = variables.values(course=course, link=link, seat=seat)
    return {
        f"{LTI}context": context_claim(course),
        **({f"{LTI}resource_link": {"id": link.public_id, "title": link.title}} if link and not is_choosing else {}),
        f"{LTI}launch_presentation": _presentation_claim(campus, course=course, intent=intent, seat=seat),
        f"{LTI}lis": {"course_offering_sourcedid": course.label, "person_sourcedid": seat.person.key},
        f"{LTI}custom": custom_claim(campus, tool=tool, course=course, link=link, seat=seat),
        **({f"{LTI}role_scope_mentor": list(seat.observes)} if seat.observes else {}),
        **{name: variables.filled(template, known) for name, template in habits.extra_claims.items()},
        **service_claims(campus, tool=tool, course=course, link=link, item=intent.item),
    }


def _token_claims(campus: Campus, *, tool: Tool, nonce: str, now: datetime) -> dict[str, object]:
    habits, issued = campus.dialect.launch, int(now.timestamp())
    return {
        "iss": campus.issuer,
        "aud": tool.client_id,
        **({"azp": tool.client_id} if habits.has_azp else {}),
        "iat": issued,
        **({"nbf": issued} if habits.has_not_before else {}),
        "exp": issued + habits.lifetime_seconds,
        "nonce": nonce,
    }


def _platform_claim(campus: Campus, tenant: str) -> dict[str, str]:
    return {
        "guid": f"{tenant}.example",
        "name": TENANT_NAMES[tenant],
        "url": campus.url,
        "product_family_code": campus.dialect.family_code,
        "version": campus.dialect.version,
    }


def _presentation_claim(campus: Campus, *, course: Course, intent: Intent, seat: Seat) -> dict[str, object]:
    sizes = {"width": "800", "height": "600"} if campus.dialect.launch.sizes_are_texts else {}
    return {
        "document_target": intent.document_target,
        "return_url": f"{campus.url}/courses/{course.key}/return",
        "locale": seat.person.locale,
        **sizes,
    }
