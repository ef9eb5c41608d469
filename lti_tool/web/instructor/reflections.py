"""Reflections as staff read them: what waits, the rubric, a second reader, and giving back."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool.actions import reflections as actions
from lti_tool.mentoring import reflections as rules
from lti_tool.mentoring.reflections import COMMENT_LENGTH, PROMPTS, RUBRIC, TITLES, Criterion, Stage, State
from lti_tool.store.people import PAGE
from lti_tool.store.reflections import Reading, handed_in_of, marks_of, readings_of, reflection_page
from lti_tool.web.forms import page_number
from lti_tool.web.text import person_name, sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("reflections", __name__, url_prefix="/reflections")


@blueprint.get("/")
def overview() -> str:
    """What waits for a reader, the oldest first, or what was read."""
    page, is_read = page_number(), "read" in request.args
    rows, total = reflection_page(visitor().programme.id, stage=_stage(request.args), is_read=is_read, page=page)
    marks = marks_of([row.id for row, _enrolment, _person in rows])
    return render_template(
        "instructor/reflections/overview.html",
        rows=[
            (row, enrolment, person, rules.score(marks.get(row.id, ())), rules.are_far_apart(marks.get(row.id, ())))
            for row, enrolment, person in rows
        ],
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        stages=[(stage.value, _(TITLES[stage])) for stage in Stage],
        stage=request.args.get("stage", ""),
        is_read=is_read,
        waits_to_return=any(row.state == State.READ for row, _enrolment, _person in rows),
    )


@blueprint.route("/<int:reflection_id>", methods=["GET", "POST"])
def reflection(reflection_id: int) -> Response | tuple[str, int]:
    """One reflection: the text, one's own marks, and those of others once one has read it oneself."""
    if handed_in_of(visitor().programme.id, reflection_id) is None:
        abort(404)
    if request.method == "GET":
        own = _own_reading(reflection_id)
        return _page(reflection_id, {**own.marks, "comment": own.comment} if own else {}), 200
    marks, problems = rules.parse_marks(request.form)
    comment = request.form.get("comment", "").replace("\r\n", "\n").strip()
    wrong = rules.wrong_with(comment, COMMENT_LENGTH)
    if problems or wrong:
        said = {name: sentence(problem) for name, problem in problems.items()}
        return _page(reflection_id, request.form, said | ({"comment": sentence(wrong)} if wrong else {})), 422
    here = visitor()
    actions.mark(here.programme.id, reflection_id, marks=marks, comment=comment, by=here.person.id, now=now())
    flash(_("Saved. The writer sees it once you give it back."), "success")
    return redirect(url_for(".overview"), 303)


@blueprint.post("/give-back")
def give_back() -> Response:
    """Let the writers see what was said about everything that was read."""
    here = visitor()
    count = actions.give_back(here.programme.id, _stage(request.form), by=here.person.id, now=now())
    flash(ngettext("%(num)s reflection is given back.", "%(num)s reflections are given back.", count), "success")
    return redirect(url_for(".overview", read=1), 303)


def _page(reflection_id: int, values: Mapping[str, Any], problems: Mapping[str, str] | None = None) -> str:
    row, enrolment, person = handed_in_of(visitor().programme.id, reflection_id) or abort(404)
    own = _own_reading(reflection_id)
    others = [one for one in readings_of(reflection_id) if one[1].id != visitor().person.id]
    return render_template(
        "instructor/reflections/reflection.html",
        row=row,
        enrolment=enrolment,
        name=person_name(person),
        title_words=_(TITLES[Stage(row.stage)]),
        prompts=[_(prompt) for prompt in PROMPTS[Stage(row.stage)]],
        rubric=[
            (criterion.value, _(described.label), [(mark, f"{mark}: {_(words)}") for mark, words in described.marks])
            for criterion, described in RUBRIC.items()
        ],
        values=values,
        problems=problems or {},
        summary=[(name, _named(name, words)) for name, words in (problems or {}).items()],
        others=others if own else [],
        hidden_count=0 if own else len(others),
        longest=COMMENT_LENGTH,
    )


def _named(name: str, problem: str) -> str:
    """A problem with the name of its question, since many read alike."""
    if name not in set(Criterion):
        return problem
    return str(_("%(label)s – %(problem)s", label=_(RUBRIC[Criterion(name)].label), problem=problem))


def _own_reading(reflection_id: int) -> Reading | None:
    me = visitor().person.id
    return next((reading for reading, reader in readings_of(reflection_id) if reader.id == me), None)


def _stage(values: Mapping[str, str]) -> Stage | None:
    return Stage(values["stage"]) if values.get("stage") in set(Stage) else None
