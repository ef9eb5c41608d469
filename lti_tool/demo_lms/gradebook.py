"""Pages of the gradebook: the table, a teacher's own grade, deleting a column, and the same table for scripts."""

import math

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.grades import points
from lti_tool.demo_lms.messages import can_be_reviewed
from lti_tool.demo_lms.pages import LIST_LENGTH, TEACHERS
from lti_tool.demo_lms.people import Role, Seat
from lti_tool.demo_lms.records import Grade, LineItem
from lti_tool.demo_lms.scores import counts
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.visitor import STAFF, enter, refuse, same_origin_only

blueprint = Blueprint("gradebook", __name__, url_prefix="/courses/<key>/gradebook")
blueprint.before_request(same_origin_only)


@blueprint.get("")
def table(key: str) -> ResponseReturnValue:
    """Show students by columns: all to staff, their own row to students and to those who observe them."""
    lms = campus()
    found, seat = enter(key)
    seats, items = _visible(lms, key, seat), _columns(lms, key)
    return render_template(
        "gradebook.html",
        course=found,
        items=items,
        rows=[(row, [_cell(lms, item, row) for item in items]) for row in seats[:LIST_LENGTH]],
        reviewable={item.id for item in items if can_be_reviewed(lms, item)},
        total=len(seats),
        may_change=seat.role in TEACHERS,
    )


@blueprint.route("/<int:item_id>/<person_key>", methods=["GET", "POST"])
def grade(key: str, item_id: int, person_key: str) -> ResponseReturnValue:
    """Let the teacher write a grade of their own."""
    lms = campus()
    found, teacher = enter(key, TEACHERS)
    item, student = _item(lms, key, item_id), _student(lms, key, person_key)
    fault, sent = "", request.form.get("score", "")
    if request.method == "POST":
        score = _points(sent)
        if not sent.strip() or score is not None:
            _override(lms, item, student=student, teacher=teacher, score=score)
            return redirect(url_for("gradebook.table", key=key) + f"#{person_key}", 303)
        fault = "Write a number of points, 0 or more, or nothing to clear the grade."
    cell = _cell(lms, item, student)
    page = render_template("grade.html", course=found, item=item, student=student, cell=cell, fault=fault, sent=sent)
    return page, 400 if fault else 200


@blueprint.route("/<int:item_id>/delete", methods=["GET", "POST"])
def delete_column(key: str, item_id: int) -> ResponseReturnValue:
    """Let the teacher delete a column, after asking."""
    lms = campus()
    found, _ = enter(key, TEACHERS)
    item = _item(lms, key, item_id)
    if request.method == "POST":
        lms.drop_item(item.id)
        return redirect(url_for("gradebook.table", key=key), 303)
    return render_template("delete_column.html", course=found, item=item)


def table_json(key: str) -> ResponseReturnValue:
    """List columns and grades for scripts."""
    lms = campus()
    enter(key, TEACHERS)
    return jsonify([_column_json(lms, item) for item in _columns(lms, key)])


def _columns(lms: Campus, key: str) -> list[LineItem]:
    return [item for item in lms.course_items(key) if counts(lms, item)]


def _column_json(lms: Campus, item: LineItem) -> dict[str, object]:
    rows = [(seat, _cell(lms, item, seat)) for seat in lms.students(item.course)]
    return {
        "id": item.id,
        "label": item.label,
        "scoreMaximum": item.score_maximum,
        "resourceLinkId": item.resource_link_id,
        **item.details,
        "grades": [
            {
                "person": seat.person.key,
                "sub": seat.person.sub,
                "name": seat.person.name,
                "score": cell[0],
                "comment": cell[1].comment,
                "progress": cell[1].progress,
                "timestamp": cell[1].dated_at.isoformat(),
                "received": cell[1].received_at.isoformat(),
                "by": "teacher" if cell[1].teacher_sub else "tool",
            }
            for seat, cell in rows
            if cell
        ],
    }


def _visible(lms: Campus, key: str, seat: Seat) -> tuple[Seat, ...]:
    if seat.role in STAFF:
        return lms.students(key)
    wanted = {seat.person.sub, *seat.observes}
    return tuple(row for row in lms.students(key) if row.person.sub in wanted)


def _cell(lms: Campus, item: LineItem, seat: Seat) -> tuple[float | None, Grade] | None:
    held = lms.grades.get((item.id, seat.person.sub))
    if held is None:
        return None
    score = points(item, held)
    return (None if score is None else round(score, 2)), held


def _item(lms: Campus, key: str, item_id: int) -> LineItem:
    item = lms.line_items.get(item_id)
    if item is None or item.course != key:
        refuse(404, "There is no such column in this gradebook.")
    return item


def _student(lms: Campus, key: str, person_key: str) -> Seat:
    person = lms.college.people.get(person_key)
    seat = lms.seat_of_sub(key, person.sub) if person else None
    if seat is None or seat.role is not Role.STUDENT:
        refuse(404, "There is no such student in this course.")
    return seat


def _points(text: str) -> float | None:
    try:
        score = float(text)
    except ValueError:
        return None
    return score if math.isfinite(score) and score >= 0 else None


def _override(lms: Campus, item: LineItem, *, student: Seat, teacher: Seat, score: float | None) -> None:
    now = lms.now()
    lms.grades[item.id, student.person.sub] = Grade(
        given=score,
        maximum=item.score_maximum,
        comment=request.form.get("comment", "").strip(),
        progress="Graded by the teacher",
        dated_at=now,
        received_at=now,
        teacher_sub=teacher.person.sub,
    )
