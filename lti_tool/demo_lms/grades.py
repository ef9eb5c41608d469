"""Assignment and Grade Services 2.0: line items, scores, results, with strict media types.

A teacher's own grade counts as the newest word at the moment it is written: an older score of the tool is refused
with 409, a newer one replaces it silently, which is what Moodle 4.5 does with columns that a tool has made.
"""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.grade_values import Malformed, Score, item_fields, read_score
from lti_tool.demo_lms.paging import page, window
from lti_tool.demo_lms.people import Course, Role
from lti_tool.demo_lms.state import Campus, Grade, LineItem, Standing, Tool, campus
from lti_tool.demo_lms.tokens import accepts, authorised, json_problem
from lti_tool.demo_lms.vocabulary import (
    LINE_ITEM,
    LINE_ITEM_READONLY,
    LINE_ITEM_TYPE,
    LINE_ITEMS_TYPE,
    RESULT_READONLY,
    RESULTS_TYPE,
    SCORE,
    SCORE_TYPE,
)

blueprint = Blueprint("grades", __name__)
ITEMS = "/ags/<context_id>/lineitems"
ITEM = f"{ITEMS}/<int:item_id>"


@blueprint.get(ITEMS)
def list_items(context_id: str) -> ResponseReturnValue:
    """Answer the tool's columns in the course, filtered and paged."""
    course, tool = _authorised(context_id, LINE_ITEM, LINE_ITEM_READONLY)
    accepts(LINE_ITEMS_TYPE, any_type_is_fine=False)
    part = window("resource_link_id", "resource_id", "tag")
    shown = [item_json(campus(), item) for item in _own_items(campus(), course=course, tool=tool)]
    names = {"resource_link_id": "resourceLinkId", "resource_id": "resourceId", "tag": "tag"}
    kept = [row for row in shown if all(row.get(names[name]) == value for name, value in part.filters.items())]
    rows, headers = page(kept, part, keep={"type_id": str(tool.number)})
    return _json(rows, LINE_ITEMS_TYPE, headers=headers)


@blueprint.post(ITEMS)
def create_item(context_id: str) -> ResponseReturnValue:
    """Add a column."""
    lms = campus()
    course, tool = _authorised(context_id, LINE_ITEM)
    fields = item_fields(_body(LINE_ITEM_TYPE, charset_is_fine=False))
    link = lms.links.get(fields.resource_link_id or "")
    if fields.resource_link_id and (not link or (link.course, link.client_id) != (course.key, tool.client_id)):
        abort(json_problem(404, "not_found", "The tool has no link with this resourceLinkId in the course."))
    item = lms.add_item(
        course=course.key,
        client_id=tool.client_id,
        label=fields.label,
        score_maximum=fields.score_maximum,
        resource_link_id=fields.resource_link_id,
        details=fields.details,
    )
    return _json(item_json(lms, item), LINE_ITEM_TYPE, status=201)


@blueprint.get(ITEM)
def read_item(context_id: str, item_id: int) -> ResponseReturnValue:
    """Answer one column."""
    item = _item(context_id, item_id, LINE_ITEM, LINE_ITEM_READONLY)
    accepts(LINE_ITEM_TYPE, any_type_is_fine=False)
    return _json(item_json(campus(), item), LINE_ITEM_TYPE)


@blueprint.put(ITEM)
def replace_item(context_id: str, item_id: int) -> ResponseReturnValue:
    """Replace a column: a detail that is not sent is gone; the link it is bound to cannot change."""
    lms = campus()
    item = _item(context_id, item_id, LINE_ITEM)
    fields = item_fields(_body(LINE_ITEM_TYPE, charset_is_fine=False))
    if fields.resource_link_id not in (None, item.resource_link_id):
        abort(json_problem(400, "invalid_request", "resourceLinkId cannot be changed."))
    changed = lms.change_item(item, label=fields.label, score_maximum=fields.score_maximum, details=fields.details)
    return _json(item_json(lms, changed), LINE_ITEM_TYPE)


@blueprint.delete(ITEM)
def delete_item(context_id: str, item_id: int) -> ResponseReturnValue:
    """Delete a column with its grades; Moodle 4.5 lets a tool delete even a column that it has not made."""
    campus().drop_item(_item(context_id, item_id, LINE_ITEM).id)
    return "", 204


@blueprint.post(f"{ITEM}/scores")
def post_score(context_id: str, item_id: int) -> ResponseReturnValue:
    """Take a score whose timestamp is strictly newer than the one stored."""
    lms = campus()
    item = _item(context_id, item_id, SCORE)
    score = read_score(_body(SCORE_TYPE, charset_is_fine=True))
    if not _is_gradable(lms, item, score.user_id):
        abort(json_problem(400, "invalid_request", "userId is no student of this course."))
    with lms.lock:
        if item.id not in lms.line_items:
            abort(json_problem(404, "not_found", "The line item was deleted just now."))
        stored = lms.grades.get((item.id, score.user_id))
        if stored and score.timestamp <= stored.dated_at:
            abort(json_problem(409, "conflict", "A score with this or a newer timestamp is stored."))
        lms.grades[item.id, score.user_id] = _grade(lms, item, score)
    return "", 200


@blueprint.get(f"{ITEM}/results")
def list_results(context_id: str, item_id: int) -> ResponseReturnValue:
    """Answer the column's grades as the gradebook shows them."""
    lms = campus()
    item = _item(context_id, item_id, RESULT_READONLY)
    accepts(RESULTS_TYPE, any_type_is_fine=False)
    part = window("user_id")
    wanted = part.filters.get("user_id")
    held = [(sub, grade) for (held_id, sub), grade in list(lms.grades.items()) if held_id == item.id]
    found = [(sub, grade) for sub, grade in held if wanted in (None, sub)]
    some, headers = page(found, part, keep={"type_id": request.args["type_id"]})
    rows = [_result(lms, item, sub=sub, grade=grade) for sub, grade in some]
    return _json(rows, RESULTS_TYPE, headers=headers)


def item_url(lms: Campus, item: LineItem) -> str:
    """Answer a column's address; it carries a query, so `/scores` must go before it."""
    context_id = lms.college.courses[item.course].context_id
    return f"{lms.url}/ags/{context_id}/lineitems/{item.id}?type_id={lms.tools[item.client_id].number}"


def item_json(lms: Campus, item: LineItem) -> dict[str, object]:
    """Answer a column as tools see it."""
    bound = {"resourceLinkId": item.resource_link_id} if item.resource_link_id else {}
    own = {"id": item_url(lms, item), "label": item.label, "scoreMaximum": item.score_maximum}
    return {**own, **bound, **item.details}


def points(item: LineItem, grade: Grade) -> float | None:
    """Answer the grade in points of its column; nothing when it was cleared."""
    return None if grade.given is None else grade.given * item.score_maximum / grade.maximum


def _result(lms: Campus, item: LineItem, *, sub: str, grade: Grade) -> dict[str, object]:
    score = points(item, grade)
    row: dict[str, object] = {"id": _under(item_url(lms, item), f"/results/{sub}"), "scoreOf": item_url(lms, item)}
    row["userId"] = sub
    if score is not None:
        row |= {"resultScore": round(score, 6), "resultMaximum": item.score_maximum}
    if grade.comment:
        row["comment"] = grade.comment
    if grade.teacher_sub:
        row["scoringUserId"] = grade.teacher_sub
    return row


def _under(url: str, path: str) -> str:
    before, _, query = url.partition("?")
    return f"{before}{path}?{query}"


def _grade(lms: Campus, item: LineItem, score: Score) -> Grade:
    """Answer what the gradebook keeps; whatever is not fully graded clears the grade."""
    is_final = score.grading_progress == "FullyGraded" and score.given is not None
    return Grade(
        given=score.given if is_final else None,
        maximum=score.maximum or item.score_maximum,
        comment=score.comment,
        progress=f"{score.activity_progress}, {score.grading_progress}",
        dated_at=score.timestamp,
        received_at=lms.now(),
    )


def _is_gradable(lms: Campus, item: LineItem, sub: str) -> bool:
    seat = lms.seat_of_sub(item.course, sub)
    return seat is not None and seat.role is Role.STUDENT and lms.standing(item.course, sub) is not Standing.REMOVED


def _authorised(context_id: str, *scopes: str) -> tuple[Course, Tool]:
    course, tool = authorised(context_id, *scopes)
    if request.args.get("type_id") != str(tool.number):
        abort(json_problem(404, "not_found", "The address has lost its query, or belongs to another tool."))
    return course, tool


def _item(context_id: str, item_id: int, *scopes: str) -> LineItem:
    course, tool = _authorised(context_id, *scopes)
    item = campus().line_items.get(item_id)
    if item is None or (item.course, item.client_id) != (course.key, tool.client_id):
        abort(json_problem(404, "not_found", "The tool has no such line item in this course."))
    return item


def _own_items(lms: Campus, *, course: Course, tool: Tool) -> Sequence[LineItem]:
    return [item for item in lms.course_items(course.key) if item.client_id == tool.client_id]


def _body(media_type: str, *, charset_is_fine: bool) -> dict[str, object]:
    """Answer the JSON object that was sent as exactly this type, or leave with 400."""
    sent = request.mimetype if charset_is_fine else request.content_type
    if sent != media_type:
        abort(json_problem(400, "invalid_request", f"Content-Type must be {media_type}."))
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        abort(json_problem(400, "invalid_request", "The body must be a JSON object."))
    return body


def _json(body: object, media_type: str, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    answer = jsonify(body)
    answer.status_code, answer.content_type = status, media_type
    answer.headers.update(headers or {})
    return answer


@blueprint.errorhandler(Malformed)
def malformed(fault: Malformed) -> ResponseReturnValue:
    """Answer what is wrong with a line item or score."""
    return json_problem(400, "invalid_request", str(fault))
