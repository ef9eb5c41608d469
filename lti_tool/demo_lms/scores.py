"""Assignment and Grade Services 2.0, scores and results: taken, dated, combined and shown as the dialect's LMS does it.

A teacher's own grade counts as the newest word at the moment it is written: an older score of the tool is refused as
stale, a newer one replaces it silently, which is what Moodle 4.5 does with columns that a tool has made.
"""

from datetime import datetime

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.addresses import item_url, under
from lti_tool.demo_lms.grade_answers import ITEM, accepting, as_json, own_item, refusal, sent_object
from lti_tool.demo_lms.grade_values import Malformed, MaximumMissing, Score, read_score
from lti_tool.demo_lms.grades import kept_query, points
from lti_tool.demo_lms.habits import GradeHabits, Staleness
from lti_tool.demo_lms.paging import page, window
from lti_tool.demo_lms.people import Role
from lti_tool.demo_lms.records import Grade, LineItem, Standing
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.vocabulary import RESULT_READONLY, RESULTS_TYPE, SCORE, SCORE_TYPE

blueprint = Blueprint("scores", __name__)


@blueprint.post(f"{ITEM}/scores")
def post_score(context_id: str, item_id: int) -> ResponseReturnValue:
    """Take a score whose timestamp is new enough for this LMS."""
    lms = campus()
    habits = lms.dialect.grades
    item = own_item(context_id, item_id, SCORE)
    body = sent_object(SCORE_TYPE, charset_is_fine=True)
    score = read_score(body, zone_is_needed=habits.zone_is_needed, extension=habits.extension)
    if not _is_gradable(lms, item, score.user_id):
        abort(refusal(habits.not_gradable_status, "invalid_request", habits.not_gradable_text))
    with lms.lock:
        if item.id not in lms.line_items:
            abort(refusal(404, "not_found", "The line item was deleted just now."))
        stored = lms.grades.get((item.id, score.user_id))
        if stored and is_stale(habits.staleness, score.timestamp, stored.dated_at):
            abort(refusal(habits.stale_status, "conflict", habits.stale_text))
        lms.grades[item.id, score.user_id] = combined(lms, item, score=score, stored=stored)
    if habits.answers_with_result_url:
        return jsonify(resultUrl=_result_url(lms, item, score.user_id)), habits.score_status
    return "", habits.score_status


def is_stale(rule: Staleness, sent: datetime, stored: datetime) -> bool:
    """Answer whether a score of this time comes too late."""
    match rule:
        case Staleness.OLDER_OR_EQUAL:
            return sent <= stored
        case Staleness.OLDER:
            return sent < stored
        case Staleness.EQUAL:
            return sent == stored
        case Staleness.SAME_SECOND:
            return sent.replace(microsecond=0) <= stored.replace(microsecond=0)


def combined(lms: Campus, item: LineItem, *, score: Score, stored: Grade | None) -> Grade:
    """Answer what the gradebook keeps of the score and of what it had; not fully graded clears the grade, mostly."""
    habits, now = lms.dialect.grades, lms.now()
    if stored and stored.teacher_sub and _teacher_wins(habits, item, score):
        return stored
    given, maximum = _given(habits, score=score, stored=stored), score.maximum or item.score_maximum
    if given is not None and given[0] > given[1] and habits.caps_at_maximum:
        given = given[1], given[1]
    is_new_submission = bool(habits.extension) and score.extension.get("new_submission") is not False
    return Grade(
        given=given[0] if given else None,
        maximum=given[1] if given else maximum,
        comment=_comment(habits, score=score, stored=stored),
        progress=f"{score.activity_progress}, {score.grading_progress}",
        dated_at=now if score.given is None and habits.stamps_own_time_without_score else score.timestamp,
        received_at=now,
        attempt=(stored.attempt if stored else 0) + is_new_submission,
    )


def _given(habits: GradeHabits, *, score: Score, stored: Grade | None) -> tuple[float, float] | None:
    """Answer points and maximum: the new ones, those kept, or none."""
    if score.given is not None and score.maximum and score.grading_progress in habits.final_progress:
        return score.given, score.maximum
    keeps = habits.keeps_score_when_not_final or score.extension.get("preserve_score") is True
    return (stored.given, stored.maximum) if keeps and stored and stored.given is not None else None


def _teacher_wins(habits: GradeHabits, item: LineItem, score: Score) -> bool:
    is_own_column = not item.is_made_by_tool
    is_asked = score.extension.get("prioritize_non_tool_grade") is True
    return is_asked or (is_own_column and habits.teacher_wins_on_own_column)


def _comment(habits: GradeHabits, *, score: Score, stored: Grade | None) -> str:
    before = stored.comment if stored and habits.comments_append else ""
    return "\n".join(filter(None, [before, score.comment]))


def counts(lms: Campus, item: LineItem) -> bool:
    """Answer whether the gradebook shows the column: Canvas shows one for each link, the first."""
    if not lms.dialect.grades.one_item_per_link_counts or item.resource_link_id is None:
        return True
    bound = [one for one in lms.course_items(item.course) if one.resource_link_id == item.resource_link_id]
    return bound[0].id == item.id


@blueprint.get(f"{ITEM}/results")
def list_results(context_id: str, item_id: int) -> ResponseReturnValue:
    """Answer the column's grades as the gradebook shows them."""
    lms = campus()
    habits = lms.dialect.grades
    item = own_item(context_id, item_id, RESULT_READONLY)
    if habits.results_break_with_limit and "limit" in request.args:
        return Response("<!doctype html><title>Error</title><p>Not found</p>", 404)
    accepting(RESULTS_TYPE)
    part = window("user_id", size=habits.page_size)
    wanted = None if "user_id" in habits.ignored_filters else part.filters.get("user_id")
    found = [(sub, grade) for sub, grade in _held(lms, item) if wanted in (None, sub)]
    some, headers = page(found, part, keep=kept_query(lms))
    rows = [_result(lms, item, sub=sub, grade=grade) for sub, grade in some]
    if wanted and habits.user_results_lose_comment:
        rows = [{name: value for name, value in row.items() if name != "comment"} for row in rows]
    return as_json(rows, RESULTS_TYPE, headers=headers)


def _held(lms: Campus, item: LineItem) -> list[tuple[str, Grade | None]]:
    """Answer the grades of a column; Sakai lists every member, with or without one."""
    held: dict[str, Grade | None] = {}
    if lms.dialect.grades.results_list_everybody:
        held = {seat.person.sub: None for seat in lms.roster(item.course)}
    return list(
        (held | {sub: grade for (item_id, sub), grade in list(lms.grades.items()) if item_id == item.id}).items()
    )


def _result(lms: Campus, item: LineItem, *, sub: str, grade: Grade | None) -> dict[str, object]:
    row: dict[str, object] = {"id": _result_url(lms, item, sub), "scoreOf": item_url(lms, item), "userId": sub}
    if grade is None:
        return row | {"resultScore": None, "resultMaximum": item.score_maximum, "comment": None}
    score = points(item, grade)
    if score is not None and not (score == 0 and lms.dialect.grades.zero_result_is_omitted):
        row |= {"resultScore": round(score, 6), "resultMaximum": item.score_maximum}
    if grade.comment:
        row["comment"] = grade.comment
    if grade.teacher_sub:
        row["scoringUserId"] = grade.teacher_sub
    return row


def _result_url(lms: Campus, item: LineItem, sub: str) -> str:
    return under(item_url(lms, item), f"/results/{sub}")


def _is_gradable(lms: Campus, item: LineItem, sub: str) -> bool:
    seat = lms.seat_of_sub(item.course, sub)
    return seat is not None and seat.role is Role.STUDENT and lms.standing(item.course, sub) is not Standing.REMOVED


@blueprint.errorhandler(Malformed)
def malformed(fault: Malformed) -> ResponseReturnValue:
    """Answer what is wrong with a score."""
    status = campus().dialect.grades.missing_maximum_status if isinstance(fault, MaximumMissing) else 400
    return refusal(status, "invalid_request", str(fault))
