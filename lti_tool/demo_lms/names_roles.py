"""The roster service (NRPS 2.0): paged, filtered, spelt and refused as the dialect's LMS does it.

The demo LMS's own half of short role names and half of full URIs is there because both occur in the field.
"""

import html

from flask import Blueprint, Response, abort, jsonify
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms import variables
from lti_tool.demo_lms.addresses import memberships_url
from lti_tool.demo_lms.claims import context_claim, custom_claim, personal_claims
from lti_tool.demo_lms.habits import RosterHabits, Spelling
from lti_tool.demo_lms.paging import page, window
from lti_tool.demo_lms.people import Course, Role, Seat
from lti_tool.demo_lms.records import Link, Standing, Tool
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.tokens import accepts, authorised, json_problem
from lti_tool.demo_lms.vocabulary import LTI, MEMBERS_TYPE, MEMBERSHIP, MEMBERSHIP_READONLY

blueprint = Blueprint("names_roles", __name__)


@blueprint.get("/nrps/<context_id>/memberships")
def members(context_id: str) -> ResponseReturnValue:
    """Answer one page of the course's members."""
    lms = campus()
    habits = lms.dialect.roster
    course, tool = authorised(context_id, MEMBERSHIP_READONLY)
    if habits.accept_is_exact:
        accepts(MEMBERS_TYPE, any_type_is_fine=True)
    part = window("role", "rlid", "groups", size=habits.page_size, most=habits.most_per_page)
    asked = {name: value for name, value in part.filters.items() if name not in habits.ignored}
    rlid = asked.get("rlid")
    link = _link(lms, tool=tool, course=course, rlid=rlid)
    seats = _seats(lms, course, asked.get("role", ""))
    shown, headers = page(seats, part, dropped=habits.dropped_on_next, links_back=habits.last_page_links_back)
    if not seats and habits.nobody_is_an_empty_body:
        return Response("", 200, content_type=habits.media_type)
    groups = habits.groups == "always" or (habits.groups == "asked" and asked.get("groups") == "true")
    body = {
        "id": memberships_url(lms, course),
        "context": context_claim(course),
        "members": [
            _member(lms, tool=tool, course=course, seat=seat)
            | ({"message": _messages(lms, tool=tool, course=course, link=link, seat=seat)} if rlid else {})
            | ({"group_enrollments": [{"group_id": group.id} for group in seat.groups]} if groups else {})
            for seat in shown
        ],
    }
    answer = jsonify(body)
    answer.headers.update(headers)
    answer.content_type = habits.media_type
    return answer


def _seats(lms: Campus, course: Course, role: str) -> tuple[Seat, ...]:
    """Answer the members whom this LMS lists; leave with 403 where they are too many for it (Open edX)."""
    habits = lms.dialect.roster
    known = habits.roles or lms.dialect.launch.roles
    if habits.unknown_role_is_everybody and not any(_has_role(lms, role, one) for one in known):
        role = ""

    def is_listed(seat: Seat) -> bool:
        active = lms.standing(course.key, seat.person.sub) is Standing.ACTIVE
        return seat.role in known and (active or habits.lists_inactive) and _has_role(lms, role, seat.role)

    seats = lms.roster(course.key, f"role {role}", is_listed)
    if habits.refused_above and len(seats) > habits.refused_above:
        abort(_above_limit())
    return seats


def _above_limit() -> Response:
    answer = jsonify(error="above_response_limit")
    answer.status_code = 403
    return answer


def _link(lms: Campus, *, tool: Tool, course: Course, rlid: str | None) -> Link | None:
    if rlid is None or (lms.dialect.roster.course_is_a_link and rlid == course.context_id):
        return None
    link = lms.link_of_tool(course.key, tool.client_id, rlid)
    if link is None:
        abort(json_problem(404, "not_found", "Tool does not have access to rlid or rlid does not exist"))
    return link


def _has_role(lms: Campus, role: str, held: Role) -> bool:
    """Answer whether a role given in short or in full is among the held one's; nobody has a role that is unknown."""
    full = f"{MEMBERSHIP}#{role}" if role.isalpha() else role
    return not role or full in _roles(lms, held)


def _roles(lms: Campus, role: Role) -> tuple[str, ...]:
    return (lms.dialect.roster.roles or lms.dialect.launch.roles)[role]


def _member(lms: Campus, *, tool: Tool, course: Course, seat: Seat) -> dict[str, object]:
    habits, person = lms.dialect.roster, personal_claims(tool, seat.person)
    known = variables.values(course=course, link=None, seat=seat)
    own = {name: variables.filled(template, known) for name, template in habits.own_fields.items()}
    return {
        "user_id": seat.person.sub,
        "status": str(lms.standing(course.key, seat.person.sub)),
        "roles": _spelt(habits, seat, list(_roles(lms, seat.role))),
        **{name: _name(habits, person[name]) for name in habits.fields if name in person},
        **own,
    }


def _messages(lms: Campus, *, tool: Tool, course: Course, link: Link | None, seat: Seat) -> list[dict[str, object]]:
    """Answer what a launch of this person would say; Canvas expands fewer variables here than in a launch."""
    fewer = variables.CANVAS_ROSTER if lms.dialect.roster.course_is_a_link else None
    custom = custom_claim(lms, tool=tool, course=course, link=link, seat=seat, allowed=fewer)
    return [{f"{LTI}message_type": "LtiResourceLinkRequest", f"{LTI}custom": custom}]


def _name(habits: RosterHabits, name: object) -> object:
    return html.escape(name) if habits.escapes_names and isinstance(name, str) else name


def _spelt(habits: RosterHabits, seat: Seat, roles: list[str]) -> list[str]:
    """Answer roles with or without their vocabulary; sub-roles have no short form."""
    is_short = seat.number % 2 == 1 if habits.spelling is Spelling.MIXED else habits.spelling is Spelling.SHORT
    return [role.removeprefix(f"{MEMBERSHIP}#") for role in roles] if is_short else roles
