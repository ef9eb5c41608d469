"""Course Groups Service 1.0: groups and group sets of a course (Sakai without sets, Blackboard, Brightspace)."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.grade_answers import as_json
from lti_tool.demo_lms.paging import page, window
from lti_tool.demo_lms.people import GROUP_SET, GROUPS, Group
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.tokens import accepts, authorised, json_problem
from lti_tool.demo_lms.vocabulary import GROUP_READONLY, GROUP_SETS_TYPE, GROUPS_TYPE

blueprint = Blueprint("groups", __name__)


@blueprint.get("/gs/<context_id>/groups")
def groups(context_id: str) -> ResponseReturnValue:
    """Answer the course's groups, or those of one person."""
    lms = campus()
    course, _ = _authorised(context_id)
    accepts(GROUPS_TYPE, any_type_is_fine=True)
    part = window("user_id", size=None)
    found = GROUPS
    if sub := part.filters.get("user_id"):
        seat = lms.seat_of_sub(course, sub)
        found = seat.groups if seat else ()
    rows, headers = page([_group(lms, group) for group in found], part)
    return as_json({"id": request.base_url, "groups": rows}, GROUPS_TYPE, headers=headers)


@blueprint.get("/gs/<context_id>/sets")
def sets(context_id: str) -> ResponseReturnValue:
    """Answer the course's sets of groups."""
    _authorised(context_id)
    accepts(GROUP_SETS_TYPE, any_type_is_fine=True)
    if not campus().dialect.has_group_sets:
        abort(json_problem(404, "not_found", "There are no sets of groups here."))
    body = {"id": request.base_url, "sets": [{"id": GROUP_SET.id, "name": GROUP_SET.name}]}
    return as_json(body, GROUP_SETS_TYPE)


def _authorised(context_id: str) -> tuple[str, str]:
    course, tool = authorised(context_id, GROUP_READONLY)
    return course.key, tool.client_id


def _group(lms: Campus, group: Group) -> dict[str, object]:
    if lms.dialect.has_group_sets:
        return {"id": group.id, "name": group.name, "set_ids": [GROUP_SET.id]}
    return {"id": group.id, "name": group.name, "tag": "whatever"}
