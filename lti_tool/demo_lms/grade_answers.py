"""What line items and scores share: who may, which item, which media type, and how this LMS says no."""

from flask import Response, abort, jsonify, request

from lti_tool.demo_lms.people import Course
from lti_tool.demo_lms.records import LineItem, Tool
from lti_tool.demo_lms.state import campus
from lti_tool.demo_lms.tokens import accepts, authorised, json_problem

ITEMS = "/ags/<context_id>/lineitems"
ITEM = f"{ITEMS}/<int:item_id>"


def refusal(status: int, error: str, description: str) -> Response:
    """Answer no: as JSON, as Sakai's 400 for everything, or as Moodle does it, with the reason in the status line."""
    habits = campus().dialect.grades
    status = habits.all_errors or status
    if habits.failures_are_bare:
        return Response("[]", f"{status} {description}", content_type="application/json")
    return json_problem(status, error, description)


def entitled(context_id: str, *scopes: str) -> tuple[Course, Tool]:
    """Answer course and tool of a request whose token has one of the scopes and whose address is whole."""
    course, tool = authorised(context_id, *scopes)
    if campus().dialect.grades.has_type_id and request.args.get("type_id") != str(tool.number):
        abort(refusal(404, "not_found", "The address has lost its query, or belongs to another tool."))
    return course, tool


def own_item(context_id: str, item_id: int, *scopes: str) -> LineItem:
    """Answer one of the tool's columns."""
    course, tool = entitled(context_id, *scopes)
    item = campus().line_items.get(item_id)
    if item is None or item.course != course.key:
        abort(refusal(404, "not_found", "The tool has no such line item in this course."))
    if item.client_id != tool.client_id:
        status = campus().dialect.grades.foreign_item_status
        abort(refusal(status, "not_found", "Tool does not have permission to view line_item"))
    return item


def accepting(media_type: str) -> None:
    """Leave with 400 where this LMS is strict and Accept names another type."""
    if campus().dialect.grades.types_are_exact:
        accepts(media_type, any_type_is_fine=False)


def sent_object(media_type: str, *, charset_is_fine: bool) -> dict[str, object]:
    """Answer the JSON object that was sent, as exactly this type where this LMS is strict, or leave with 400."""
    sent = request.mimetype if charset_is_fine else request.content_type
    if sent != media_type and (campus().dialect.grades.types_are_exact or not request.mimetype.endswith("json")):
        abort(refusal(400, "invalid_request", f"Content-Type must be {media_type}."))
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        abort(refusal(400, "invalid_request", "The body must be a JSON object."))
    return body


def as_json(body: object, media_type: str, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer JSON of this media type."""
    answer = jsonify(body)
    answer.status_code, answer.content_type = status, media_type
    answer.headers.update(_broken(headers or {}))
    return answer


def _broken(headers: dict[str, str]) -> dict[str, str]:
    """Answer the headers as this LMS writes them: Moodle's gradebook has curly quotes and escaped ampersands."""
    if not campus().dialect.grades.links_break_with_limit or "limit" not in request.args:
        return headers
    link = headers.get("Link", "").replace("&", "&amp;").replace('rel="next"', "rel=“next”")
    # A header's text is Latin-1 on the way out, while the bytes are UTF-8.
    return headers | ({"Link": link.encode().decode("latin-1")} if link else {})
