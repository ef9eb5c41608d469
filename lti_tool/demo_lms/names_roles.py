"""The roster service (NRPS 2.0): paged, filtered by role, strict about Accept as Moodle 4.5 is.

Half of the members carry short role names and half carry full URIs, since both occur in the field.
"""

from collections.abc import Callable

from flask import Blueprint, abort, jsonify
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.claims import context_claim, context_roles, custom_claim, personal_claims
from lti_tool.demo_lms.paging import page, window
from lti_tool.demo_lms.people import Course, Seat
from lti_tool.demo_lms.state import Campus, Link, Tool, campus
from lti_tool.demo_lms.tokens import accepts, authorised, json_problem
from lti_tool.demo_lms.vocabulary import LTI, MEMBERS_TYPE, MEMBERSHIP, MEMBERSHIP_READONLY

blueprint = Blueprint("names_roles", __name__)


@blueprint.get("/nrps/<context_id>/memberships")
def members(context_id: str) -> ResponseReturnValue:
    """Answer one page of the course's members."""
    lms = campus()
    course, tool = authorised(context_id, MEMBERSHIP_READONLY)
    accepts(MEMBERS_TYPE, any_type_is_fine=True)
    part = window("role", "rlid")
    link = _link(lms, tool=tool, course=course, rlid=part.filters.get("rlid"))
    role = part.filters.get("role", "")
    seats, headers = page(lms.roster(course.key, f"role {role}", _has_role(role)), part)
    body = {
        "id": f"{lms.url}/nrps/{context_id}/memberships",
        "context": context_claim(course),
        "members": [_member(lms, tool=tool, course=course, link=link, seat=seat) for seat in seats],
    }
    answer = jsonify(body)
    answer.headers.update(headers)
    answer.content_type = MEMBERS_TYPE
    return answer


def _link(lms: Campus, *, tool: Tool, course: Course, rlid: str | None) -> Link | None:
    if rlid is None:
        return None
    link = lms.links.get(rlid)
    if link is None or link.course != course.key or link.client_id != tool.client_id:
        abort(json_problem(404, "not_found", "The tool has no such link in this course."))
    return link


def _has_role(role: str) -> Callable[[Seat], bool]:
    """Answer the filter for a role given in short or in full; nobody has a role that is unknown."""
    full = f"{MEMBERSHIP}#{role}" if role.isalpha() else role
    return lambda seat: not role or full in context_roles(seat.role)


def _member(lms: Campus, *, tool: Tool, course: Course, link: Link | None, seat: Seat) -> dict[str, object]:
    person = personal_claims(tool, seat.person)
    known: dict[str, object] = {
        name: person[name] for name in ("name", "given_name", "family_name", "email") if name in person
    }
    custom = {f"{LTI}custom": custom_claim(tool=tool, course=course, link=link, seat=seat)} if link else {}
    return {
        "user_id": seat.person.sub,
        "status": str(lms.standing(course.key, seat.person.sub)),
        "roles": _short(context_roles(seat.role)) if seat.number % 2 else context_roles(seat.role),
        **known,
        **({"message": [{f"{LTI}message_type": "LtiResourceLinkRequest", **custom}]} if link else {}),
    }


def _short(roles: list[str]) -> list[str]:
    """Answer role names without their vocabulary; sub-roles have no short form."""
    return [role.removeprefix(f"{MEMBERSHIP}#") for role in roles]
