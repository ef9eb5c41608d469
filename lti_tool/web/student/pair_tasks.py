"""The tasks of a pair: one short list, and the same as files."""

from collections.abc import Mapping
from functools import partial

from flask import Blueprint, abort, flash, render_template, request
from flask import Response as File
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import tasks as actions
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.tasks import EVERYBODY, MOST_OPEN, TaskState, parse_task
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.tasks import DONE_PAGE, TaskRow, all_tasks, done_tasks, find_task, open_tasks, removed_tasks
from lti_tool.web.forms import once, page_number
from lti_tool.web.forms import version as version_seen
from lti_tool.web.student.pair import OwnPair, here_in
from lti_tool.web.student.pair_plan import back_to, member_ids, names_in, today_of, tried, writing
from lti_tool.web.student.task_files import as_calendar, as_table
from lti_tool.web.text import day, person_name, sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("pair_tasks", __name__, url_prefix="/pairs/<int:pair_id>/tasks")
SEEN_BY = seen_by(Written.TASK)


@blueprint.get("/")
def overview(pair_id: int) -> str:
    """What is to do, being done and done, and a form for one more."""
    return _list(here_in(pair_id), {}, {})


@blueprint.post("/")
@writing
def add(own: OwnPair) -> Response | tuple[str, int]:
    """Write one more task."""
    terms, problems = parse_task(request.form, member_ids(own), today=today_of(own, now()))
    if terms:
        try:
            actions.add(own.pair.id, terms, by=own.enrolment.id, once=once(), now=now())
        except RuleBroken as broken:
            problems = {"": broken.sentence}
        else:
            flash(_("Added."), "success")
            return back_to(".overview", pair_id=own.pair.id)
    return _list(own, request.form, problems), 422


@blueprint.route("/<int:number>", methods=["GET", "POST"])
@writing
def edit(own: OwnPair, number: int) -> Response | tuple[str, int]:
    """Change what a task says."""
    row = find_task(own.pair.id, number) or abort(404)
    if request.method == "GET":
        return _form(own, row, _as_form(row), {}, seen=row.version), 200
    terms, problems = parse_task(request.form, member_ids(own), today=today_of(own, now()), kept=row.due_on)
    if terms is None:
        return _form(own, row, request.form, problems, seen=version_seen()), 422
    try:
        actions.reword(own.pair.id, number, terms, by=own.enrolment.id, seen=version_seen(), now=now())
    except RuleBroken as broken:
        return _form(own, row, request.form, {"": broken.sentence}, seen=version_seen()), 422
    except ChangedMeanwhile:
        first = find_task(own.pair.id, number) or abort(404)
        return _form(own, first, request.form, {}, seen=first.version, is_second=True), 409
    flash(_("Saved."), "success")
    return back_to(".overview", pair_id=own.pair.id)


@blueprint.post("/<int:number>/move")
@writing
def move(own: OwnPair, number: int) -> Response:
    """Say how far a task is."""
    _existing(own, number)
    to, was = request.form.get("to", ""), request.form.get("was", "")
    if {to, was} <= set(TaskState):
        said = {TaskState.DONE: _("Well done. Every step counts."), TaskState.DOING: _("Begun.")}
        step = partial(actions.move, own.pair.id, number, TaskState(to), was=TaskState(was))
        tried(lambda: step(by=own.enrolment.id, now=now()), said.get(TaskState(to), _("Noted.")))
    return back_to(".overview", pair_id=own.pair.id)


@blueprint.post("/<int:number>/remove")
@writing
def remove(own: OwnPair, number: int) -> Response:
    """Take a task off the list."""
    _existing(own, number)
    seen = version_seen()
    tried(
        lambda: actions.remove(own.pair.id, number, by=own.enrolment.id, seen=seen, now=now()),
        _("Removed. Below the list you can put it back."),
    )
    return back_to(".overview", pair_id=own.pair.id)


@blueprint.post("/<int:number>/put-back")
@writing
def put_back(own: OwnPair, number: int) -> Response:
    """Put a removed task back on the list."""
    _existing(own, number)
    tried(lambda: actions.put_back(own.pair.id, number, by=own.enrolment.id, now=now()), _("It is on the list again."))
    return back_to(".overview", pair_id=own.pair.id)


@blueprint.get("/tasks.csv")
def table(pair_id: int) -> File:
    """Every task as a table."""
    own = here_in(pair_id)
    return _as_file(as_table(all_tasks(pair_id), names_in(own)), "tasks.csv", "text/csv; charset=utf-8")


@blueprint.get("/tasks.ics")
def calendar(pair_id: int) -> File:
    """What is still to do and has a day, for a calendar."""
    own = here_in(pair_id)
    content = as_calendar(open_tasks(pair_id), names_in(own), own.programme.key)
    return _as_file(content, "tasks.ics", "text/calendar; charset=utf-8")


def _as_file(content: str | bytes, name: str, mimetype: str) -> File:
    answer = File(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _existing(own: OwnPair, number: int) -> TaskRow:
    return find_task(own.pair.id, number) or abort(404)


def _list(own: OwnPair, values: Mapping[str, str], problems: Mapping[str, Sentence]) -> str:
    page = page_number()
    rows = open_tasks(own.pair.id)
    done, total = done_tasks(own.pair.id, page=page)
    return render_template(
        "student/pair/tasks.html",
        own=own,
        groups=[(state, [row for row in rows if row.state == state]) for state in (TaskState.TO_DO, TaskState.DOING)],
        done=done,
        page=page,
        pages=max(1, -(-total // DONE_PAGE)),
        removed=removed_tasks(own.pair.id),
        is_full=len(rows) >= MOST_OPEN,
        most=MOST_OPEN,
        today=today_of(own, now()),
        values=values,
        problems={key: sentence(problem) for key, problem in problems.items()},
        owners=_owners(own),
        names=names_in(own),
        seen_by_audience=SEEN_BY,
    )


def _form(
    own: OwnPair,
    row: TaskRow,
    values: Mapping[str, str],
    problems: Mapping[str, Sentence],
    *,
    seen: int,
    is_second: bool = False,
) -> str:
    """The form of one task; where somebody else changed it first, with their words above the reader's."""
    names = names_in(own)
    first = [
        (_("What is to be done"), row.text),
        (_("Who"), names.get(row.owner_id or 0, _("All of us"))),
        (_("Until"), day(row.due_on)),
    ]
    return render_template(
        "student/pair/task_form.html",
        own=own,
        row=row,
        values=values,
        problems={key: sentence(problem) for key, problem in problems.items()},
        seen=seen,
        first=first if is_second else [],
        first_by=names.get(row.changed_by or 0, ""),
        owners=_owners(own),
        seen_by_audience=SEEN_BY,
    )


def _owners(own: OwnPair) -> list[tuple[str, str]]:
    """Who may do a task: the reader, everybody else, all of them."""
    others = [(str(one.enrolment.id), person_name(one.person)) for one in own.partners]
    return [(str(own.enrolment.id), _("Me")), *others, (EVERYBODY, _("All of us"))]


def _as_form(row: TaskRow) -> dict[str, str]:
    owner = EVERYBODY if row.owner_id is None else str(row.owner_id)
    return {"text": row.text, "owner": owner, "due_on": row.due_on.isoformat() if row.due_on else ""}
