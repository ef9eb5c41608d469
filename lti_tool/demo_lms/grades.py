"""Assignment and Grade Services 2.0, line items: a course's gradebook columns that belong to the tool."""

from collections.abc import Sequence

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.addresses import item_url
from lti_tool.demo_lms.grade_answers import ITEM, ITEMS, accepting, as_json, entitled, own_item, refusal, sent_object
from lti_tool.demo_lms.grade_values import ItemFields, Malformed, item_fields
from lti_tool.demo_lms.paging import page, window
from lti_tool.demo_lms.people import Course
from lti_tool.demo_lms.records import Grade, LineItem, Link, Tool
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.vocabulary import LINE_ITEM, LINE_ITEM_READONLY, LINE_ITEM_TYPE, LINE_ITEMS_TYPE

blueprint = Blueprint("grades", __name__)
_FILTERS = {"resource_link_id": "resourceLinkId", "resource_id": "resourceId", "tag": "tag"}


@blueprint.get(ITEMS)
def list_items(context_id: str) -> ResponseReturnValue:
    """Answer the tool's columns in the course, filtered and paged."""
    lms = campus()
    course, tool = entitled(context_id, LINE_ITEM, LINE_ITEM_READONLY)
    accepting(LINE_ITEMS_TYPE)
    part = window(*_FILTERS, size=lms.dialect.grades.page_size)
    filters = {name: text for name, text in part.filters.items() if name not in lms.dialect.grades.ignored_filters}
    shown = [item_json(lms, item) for item in _own_items(lms, course=course, tool=tool)]
    kept = [row for row in shown if all(row.get(_FILTERS[name]) == value for name, value in filters.items())]
    rows, headers = page(kept, part, keep=kept_query(lms))
    return as_json(rows, LINE_ITEMS_TYPE, headers=headers)


@blueprint.post(ITEMS)
def create_item(context_id: str) -> ResponseReturnValue:
    """Add a column."""
    lms = campus()
    course, tool = entitled(context_id, LINE_ITEM)
    fields = item_fields(sent_object(LINE_ITEM_TYPE, charset_is_fine=False))
    _check(lms, fields)
    link = _link(lms, course=course, tool=tool, public_id=fields.resource_link_id)
    item = lms.add_item(
        course=course.key,
        client_id=tool.client_id,
        label=fields.label,
        score_maximum=fields.score_maximum,
        resource_link_id=link.id if link else None,
        details=fields.details,
    )
    return as_json(item_json(lms, item), LINE_ITEM_TYPE, status=lms.dialect.grades.created_status)


@blueprint.get(ITEM)
def read_item(context_id: str, item_id: int) -> ResponseReturnValue:
    """Answer one column."""
    item = own_item(context_id, item_id, LINE_ITEM, LINE_ITEM_READONLY)
    accepting(LINE_ITEM_TYPE)
    return as_json(item_json(campus(), item), LINE_ITEM_TYPE)


@blueprint.put(ITEM)
def replace_item(context_id: str, item_id: int) -> ResponseReturnValue:
    """Replace a column: a detail that is not sent is gone; the link it is bound to cannot change."""
    lms = campus()
    item = own_item(context_id, item_id, LINE_ITEM)
    fields = item_fields(sent_object(LINE_ITEM_TYPE, charset_is_fine=False))
    if fields.resource_link_id not in (None, item_json(lms, item).get("resourceLinkId")):
        abort(refusal(400, "invalid_request", "resourceLinkId cannot be changed."))
    changed = lms.change_item(item, label=fields.label, score_maximum=fields.score_maximum, details=fields.details)
    return as_json(item_json(lms, changed), LINE_ITEM_TYPE)


@blueprint.delete(ITEM)
def delete_item(context_id: str, item_id: int) -> ResponseReturnValue:
    """Delete a column with its grades; Moodle 4.5 lets a tool delete even a column that it has not made."""
    item = own_item(context_id, item_id, LINE_ITEM)
    status = campus().dialect.grades.coupled_delete_status
    if not item.is_made_by_tool and status != 204:
        abort(refusal(status, "unauthorized", "The column belongs to an assignment and cannot be deleted."))
    campus().drop_item(item.id)
    return "", 204


def item_json(lms: Campus, item: LineItem) -> dict[str, object]:
    """Answer a column as tools see it."""
    link = lms.links.get(item.resource_link_id or "")
    bound = {"resourceLinkId": link.public_id} if link else {}
    own = {"id": item_url(lms, item), "label": item.label, "scoreMaximum": item.score_maximum}
    return {**own, **bound, **item.details}


def points(item: LineItem, grade: Grade) -> float | None:
    """Answer the grade in points of its column; nothing when it was cleared."""
    return None if grade.given is None else grade.given * item.score_maximum / grade.maximum


def kept_query(lms: Campus) -> dict[str, str]:
    """Answer what the next page's address keeps of this one's."""
    return {"type_id": request.args["type_id"]} if lms.dialect.grades.has_type_id else {}


def _check(lms: Campus, fields: ItemFields) -> None:
    """Leave with 400 where this LMS wants more than the specification (Open edX)."""
    habits = lms.dialect.grades
    if habits.needs_link_or_resource and not (fields.resource_link_id or fields.details.get("resourceId")):
        abort(refusal(400, "invalid_request", "resourceId or resourceLinkId is needed."))
    if habits.whole_maxima and not isinstance(fields.score_maximum, int):
        abort(refusal(400, "invalid_request", "scoreMaximum: A valid integer is required."))


def _link(lms: Campus, *, course: Course, tool: Tool, public_id: str | None) -> Link | None:
    if public_id is None:
        return None
    link = lms.link_of_tool(course.key, tool.client_id, public_id)
    if link is None:
        abort(refusal(404, "not_found", "The tool has no link with this resourceLinkId in the course."))
    status = lms.dialect.grades.ungraded_link_status
    if status and not any(item.resource_link_id == link.id for item in lms.course_items(course.key)):
        abort(refusal(status, "precondition_failed", "The link is bound to no assignment."))
    return link


def _own_items(lms: Campus, *, course: Course, tool: Tool) -> Sequence[LineItem]:
    return [item for item in lms.course_items(course.key) if item.client_id == tool.client_id]


@blueprint.errorhandler(Malformed)
def malformed(fault: Malformed) -> ResponseReturnValue:
    """Answer what is wrong with a line item."""
    return refusal(400, "invalid_request", str(fault))
