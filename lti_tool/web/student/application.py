"""Applying to be a mentor: page by page, saved as one goes, and what the staff answered."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import application as actions
from lti_tool.mentoring.application import (
    MENTORING_ROLES,
    TAKEN_OVER,
    ApplicationState,
    Step,
    StepNotPossible,
    may_edit,
    may_withdraw,
    pages,
    problems_with,
)
from lti_tool.mentoring.enrolment import EnrolmentState
from lti_tool.mentoring.questionnaire import Audience, Question, questionnaire_from_json
from lti_tool.mentoring.settling import Settled
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.application import Application, find_application
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.web.forms import Field, is_quiet, kept, readable, sent, settled_fields
from lti_tool.web.library import training_of
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("application", __name__, url_prefix="/application")
ORDER = tuple(Step)


@blueprint.before_request
def _may_apply() -> Response | None:
    """Only where mentors apply, and only who would like to be one; everybody else is led to the first page."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id)
    if enrolment and here.programme.asks_application and enrolment.role in MENTORING_ROLES:
        g.enrolment = enrolment
        if enrolment.state == EnrolmentState.JOINED:
            return None
    return redirect(url_for("student.home.overview"), 303)


@blueprint.get("/")
def show() -> str:
    """How far the application is, what stands in it, and what the staff said."""
    row, asked = _row(), _asked()
    questions = [one for step in ORDER for one in asked[step]]
    return render_template(
        "student/application/show.html",
        application=row,
        written=readable(questions, row.answers, Audience.SELF) if row else [],
        may_edit=row is None or may_edit(ApplicationState(row.state)),
        may_withdraw=row is not None and may_withdraw(ApplicationState(row.state)),
        message_seen_by=seen_by(Written.APPLICATION_MESSAGE),
    )


@blueprint.route("/<any(about, situations):sheet>", methods=["GET", "POST"])
def write(sheet: str) -> Response | tuple[str, int]:
    """One page of the application: what can be stored is kept, also when it is not yet as it must be."""
    step, row = Step(sheet), _row()
    if row and not may_edit(ApplicationState(row.state)):
        return _to_show()
    questions, settled = _asked()[step], None
    if request.method == "POST":
        try:
            settled = actions.save_page(g.enrolment.id, questions, sent(), now=now())
        except StepNotPossible as fault:
            return _too_late(fault)
        if is_quiet():
            return kept(questions, settled)
        if (settled.for_later() if request.form.get("then") == "later" else settled).is_done:
            flash(_("Saved."), "success")
            return _onward(step)
        row = _row()
    answers = row.answers if row else {}
    page = render_template(
        f"student/application/{step}.html",
        fields=_drawn(questions, answers, settled),
        application=row,
        step=step,
        complete=_complete(_asked(), answers),
    )
    return page, 422 if settled else 200


def _drawn(questions: tuple[Question, ...], answers: dict[str, Any], settled: Settled | None) -> list[Field]:
    """The fields of a page, with what is missing where somebody comes to look for it."""
    found = settled_fields(questions, answers, settled)
    problems = problems_with(questions, answers) if settled is None and "check" in request.args else {}
    return [
        replace(one, problem=sentence(problems[one.question.key])) if one.question.key in problems else one
        for one in found
    ]


@blueprint.route("/send", methods=["GET", "POST"])
def send() -> Response | tuple[str, int]:
    """Look at everything once more, agree to the training, and hand it in."""
    row, asked = _row(), _asked()
    if row and not may_edit(ApplicationState(row.state)):
        return _to_show()
    everything = [one for step in ORDER for one in asked[step]]
    problems: dict[str, Sentence] = {}
    answers = row.answers if row else {}
    if request.method == "POST":
        given = {"training": "yes" if request.form.get("training") == "yes" else None}
        try:
            problems = actions.send(g.enrolment.id, given, everything, now=now())
        except StepNotPossible as fault:
            return _too_late(fault)
        if not problems:
            flash(
                _("Your application is with the staff of this course. Their answer will stand on this page."), "success"
            )
            return _to_show()
        answers = answers | given
    page = render_template(
        "student/application/send.html",
        application=row,
        missing=_missing(asked, answers),
        problem=sentence(problems.get("training")),
        parts={step: readable(asked[step], answers, Audience.SELF) for step in ORDER},
        taken_over=_taken_over(g.enrolment),
        training_question=asked[Step.SEND][0],
        is_ticked=answers.get("training") == "yes",
        complete=_complete(asked, answers),
    )
    return page, 422 if problems else 200


@blueprint.post("/withdraw")
def withdraw() -> Response:
    """Take a sent application back."""
    if actions.withdraw(g.enrolment.id, now=now()):
        flash(_("Your application is yours again. Staff no longer see it. Nothing of it was lost."), "success")
    else:
        flash(_("There was nothing to take back: your application was not sent, or it is decided already."), "warning")
    return _to_show()


def _row() -> Application | None:
    return find_application(g.enrolment.id)


def _asked() -> dict[Step, tuple[Question, ...]]:
    row, training = _row(), training_of("mentor")
    is_asked = row is not None and bool(row.message) and row.state != ApplicationState.APPROVED
    return pages(training.application if training else (), is_asked=is_asked)


def _complete(asked: dict[Step, tuple[Question, ...]], answers: dict[str, Any]) -> set[Step]:
    """The pages on which nothing is left to do."""
    return {step for step in ORDER if not problems_with(asked[step], answers)}


def _missing(asked: dict[Step, tuple[Question, ...]], answers: dict[str, Any]) -> list[tuple[Step, str, str]]:
    """What keeps the application from being sent, with the page on which it is put right."""
    return [
        (step, _(one.wording), sentence(problems[one.key]))
        for step in (Step.ABOUT, Step.SITUATIONS)
        for problems in [problems_with(asked[step], answers)]
        for one in asked[step]
        if one.key in problems
    ]


def _taken_over(enrolment: Enrolment) -> list[tuple[str, str]]:
    """What the questionnaire says already, so that nobody is asked twice."""
    known = questionnaire_from_json(visitor().programme.questionnaire).questions
    return readable([one for one in known if one.key in TAKEN_OVER], enrolment.answers, Audience.SELF)


def _too_late(fault: StepNotPossible) -> Response:
    flash(sentence(fault.sentence), "warning")
    return _to_show()


def _onward(step: Step) -> Response:
    if request.form.get("then") == "later":
        return redirect(url_for("student.home.overview"), 303)
    after = ORDER[ORDER.index(step) + 1]
    return redirect(url_for(".send") if after is Step.SEND else url_for(".write", sheet=after), 303)


def _to_show() -> Response:
    return redirect(url_for(".show"), 303)
