"""The closing survey: a few questions whose answers nobody can lead back to who gave them."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.surveys import is_open, send_survey
from lti_tool.mentoring.answers import parse_answers
from lti_tool.mentoring.closing_survey import asked_on
from lti_tool.mentoring.questionnaire import Question
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.mentoring.workspace import Due
from lti_tool.store.own_items import sheet_of
from lti_tool.store.programme import Programme
from lti_tool.store.surveys import has_sent
from lti_tool.web.forms import fields, form_lists, once
from lti_tool.web.student.own_items import OwnPart, own_part
from lti_tool.web.student.pair import OwnPair
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("survey", __name__, url_prefix="/survey")
NOTHING = Sentence(N_("Every question may be left out, but please answer one of them before you send it."))
_OPEN = Sentence(N_("The closing survey is open. It takes three minutes, and nobody learns what you answered."))


@blueprint.route("/", methods=["GET", "POST"])
def answer() -> Response | tuple[str, int]:
    """The survey while it is open; else when it opens, or that it was sent."""
    own = own_part()
    if has_sent(own.enrolment.id) or not (own.is_writable and is_open(own.programme)):
        return _closed(own) if request.method == "POST" else (_page(own, ()), 200)
    questions = asked_on(sheet_of(own.enrolment), objectives_of(own.programme))
    if request.method == "GET":
        return _page(own, questions), 200
    parsed = parse_answers(questions, form_lists())
    problems = parsed.problems or ({} if parsed.values else {questions[0].key: NOTHING})
    if problems:
        return _page(own, questions, problems), 422
    return _sent(own, dict(parsed.values))


def dues(own: OwnPair, _at: datetime) -> list[Due]:
    """The survey, while it is open and not sent."""
    if not is_open(own.programme) or has_sent(own.enrolment.id):
        return []
    return [Due(kind="survey", reason=_OPEN, place="survey")]


def objectives_of(programme: Programme) -> frozenset[str]:
    """What the programme is for, by key."""
    return frozenset(str(key) for key, _words in programme.objectives)


def _sent(own: OwnPart, answers: dict[str, Any]) -> Response:
    lot = secrets.randbelow
    try:
        send_survey(own.enrolment, sheet_of(own.enrolment), answers, token=once(), lot=lot, now=now())
    except RuleBroken as fault:
        flash(sentence(fault.sentence), "warning")
    else:
        flash(_("Sent. Thank you: nobody can tell which answers are yours, you included."), "success")
    return redirect(url_for(".answer"), 303)


def _closed(own: OwnPart) -> Response:
    if has_sent(own.enrolment.id):
        flash(_("You have sent the survey already. It counts once."), "info")
    else:
        flash(_("The survey is not open."), "warning")
    return redirect(url_for(".answer"), 303)


def _page(own: OwnPart, questions: tuple[Question, ...], problems: Mapping[str, Sentence] | None = None) -> str:
    return render_template(
        "student/survey/answer.html",
        own=own,
        is_sent=has_sent(own.enrolment.id),
        is_over=own.programme.phase == "closed" or own.programme.survey_read_at is not None,
        fields=fields(questions, {}, problems or {}),
    )
