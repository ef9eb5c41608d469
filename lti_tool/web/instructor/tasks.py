"""What the staff should look at: the most urgent first, each with its reason, and a note of what was done."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row as Answer
from werkzeug.wrappers import Response

from lti_tool.actions.staff_tasks import NOTE_LENGTH, settle
from lti_tool.mentoring.nudging import AWAY_REASONS
from lti_tool.mentoring.reflections import wrong_with
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.ladder import everybody_away
from lti_tool.store.pairs import members_of
from lti_tool.store.people import PAGE, Person
from lti_tool.store.staff_tasks import StaffTask, find_task, task_page
from lti_tool.store.standing import names_in
from lti_tool.web.forms import page_number, version
from lti_tool.web.text import SIDE_OF, person_name, sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")

Concerned = tuple[Person, str]  # with their side

KINDS = {
    "urgent": ("problem", _l("Urgent")),
    "very_hard": ("problem", _l("Very hard")),
    "support": ("attention", _l("Support")),
    "not_for_me": ("attention", _l("Does not fit")),
    "asks_staff": ("attention", _l("Asks for you")),
    "overload": ("attention", _l("Too much")),
    "falling": ("neutral", _l("Going down")),
    "silent": ("attention", _l("Silent")),
}


@blueprint.get("/")
def overview() -> str:
    """What waits, or what was done; and who is away."""
    here, is_done, page = visitor(), "done" in request.args, page_number()
    rows, total = task_page(here.programme.id, is_done=is_done, page=page)
    return render_template(
        "instructor/tasks/overview.html",
        rows=_with_concerned(rows),
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        is_done=is_done,
        kinds=KINDS,
        at=now(),
        away=everybody_away(here.programme.id, now()),
        reasons=dict(AWAY_REASONS),
    )


@blueprint.route("/<int:task_id>", methods=["GET", "POST"])
def task(task_id: int) -> Response | tuple[str, int]:
    """One thing: who is in the pair, why, and what was done about it."""
    here = visitor()
    row = find_task(here.programme.id, task_id) or abort(404)
    if request.method == "GET":
        return _page(row, row.note, is_done=row.done_at is not None), 200
    note, is_done = request.form.get("note", "").replace("\r\n", "\n").strip(), request.form.get("is_done") == "yes"
    problem = wrong_with(note, NOTE_LENGTH)
    if problem:
        return _page(row, note, is_done=is_done, problem=sentence(problem)), 422
    try:
        settle(here.programme.id, task_id, note=note, is_done=is_done, version=version(), by=here.person.id, now=now())
    except ChangedMeanwhile as fault:
        return _page(fault.current, note, is_done=is_done, is_stale=True), 409
    flash(_("Saved."), "success")
    return redirect(url_for(".overview"), 303)


def _with_concerned(rows: list[Answer[StaffTask, Person, Enrolment]]) -> list[tuple[StaffTask, list[Concerned]]]:
    """Each task with whom it is about: one person, or everybody who is in the pair."""
    pairs = names_in({task.pair_id for task, _person, _enrolment in rows if task.is_of_pair})
    found: list[tuple[StaffTask, list[Concerned]]] = []
    for task, person, enrolment in rows:
        members = [(one, SIDE_OF[place.role]) for place, one in pairs.get(task.pair_id, ()) if place.left_at is None]
        found.append((task, members if task.is_of_pair and members else [(person, enrolment.role)]))
    return found


def _page(row: StaffTask, note: str, *, is_done: bool, problem: str = "", is_stale: bool = False) -> str:
    done_by = db.session.get(Person, row.done_by) if row.done_by else None
    return render_template(
        "instructor/tasks/task.html",
        task=row,
        members=members_of(row.pair_id),
        kind=KINDS[row.kind],
        note=note,
        is_done=is_done,
        problem=problem,
        is_stale=is_stale,
        done_by=person_name(done_by) if done_by else "",
        longest=NOTE_LENGTH,
        seen=seen_by(Written.TASK_NOTE),
    )
