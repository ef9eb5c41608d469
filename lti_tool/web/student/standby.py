"""Check-ins of a mentor in reserve: one or two minutes each, instead of those of a pair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.standby import check_in_on_standby
from lti_tool.mentoring.answers import parse_answers
from lti_tool.mentoring.checkins import CheckInSlot
from lti_tool.mentoring.checkins_standby import STANDBY_QUESTIONS
from lti_tool.mentoring.questionnaire import Audience
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import Sentence
from lti_tool.mentoring.workspace import NextStep, next_step
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.programme import Programme
from lti_tool.store.standby import StandbyCheckIn, standby_of, waiting_of
from lti_tool.web.forms import fields, form_lists, once, readable
from lti_tool.web.student.own_items import OwnPart, own_part
from lti_tool.web.student.pair_checkins import NOTHING
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("standby", __name__, url_prefix="/standby")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnStandby:
    """What a mentor in reserve sees first: what is next, and what was sent."""

    step: NextStep
    sent: Sequence[StandbyCheckIn]


@blueprint.route("/<int:number>", methods=["GET", "POST"])
def check_in(number: int) -> Response | tuple[str, int]:
    """Am I still ready, and what would help; who is not asked this reads why. It can be changed later."""
    own, at = own_part(), now()
    row = next((one for one in standby_of(own.enrolment.id) if one.number == number), None)
    if row is None and not 1 <= number <= own.programme.check_in_count:
        abort(404)
    why_not = waiting_of(own.programme, own.enrolment).why_not(number, at)
    if why_not:
        return _closed(number) if request.method == "POST" else (_page(own, number, row, why_not=why_not), 200)
    if request.method == "GET":
        return _page(own, number, row), 200
    parsed = parse_answers(STANDBY_QUESTIONS, form_lists())
    problems = parsed.problems or ({} if parsed.values else {STANDBY_QUESTIONS[0].key: NOTHING})
    if problems:
        return _page(own, number, row, problems=problems), 422
    try:
        check_in_on_standby(own.enrolment.id, number, dict(parsed.values), once=once(), now=at)
    except RuleBroken:  # the page says why, as it is by now
        return _closed(number)
    flash(_("Thank you. Your check-in is saved and counted, and the staff of this course can read it."), "success")
    return redirect(url_for("student.home.overview"), 303)


def on_standby(programme: Programme, enrolment: Enrolment | None, at: datetime) -> OnStandby | None:
    """What is next for a mentor in reserve; None for everybody else."""
    if enrolment is None:
        return None
    waiting = waiting_of(programme, enrolment)
    if not waiting.is_in_reserve:
        return None
    sent = standby_of(enrolment.id)
    slots = [CheckInSlot(number=one.number, opens_at=one.opens_at) for one in waiting.asked()]
    return OnStandby(step=next_step(slots, {row.number for row in sent}, at), sent=sent)


def is_asked_on_standby(programme: Programme, enrolment: Enrolment, number: int) -> bool:
    """Whether this check-in is one that a mentor in reserve gets."""
    return number in {one.number for one in waiting_of(programme, enrolment).asked()}


def places_on_standby(programme: Programme, enrolment: Enrolment, at: datetime) -> dict[int | None, str]:
    """The addresses of the check-ins of the reserve that are open and not sent, by number."""
    sent = {row.number for row in standby_of(enrolment.id)}
    found = waiting_of(programme, enrolment).open_now(at)
    return {number: url_for("student.standby.check_in", number=number) for number in found if number not in sent}


def _closed(number: int) -> Response:
    flash(_("Nothing was saved: this check-in cannot be sent now."), "warning")
    return redirect(url_for(".check_in", number=number), 303)


def _page(
    own: OwnPart,
    number: int,
    row: StandbyCheckIn | None,
    *,
    why_not: Sentence | None = None,
    problems: dict[str, Sentence] | None = None,
) -> str:
    answers = row.answers if row else {}
    return render_template(
        "student/standby/check_in.html",
        own=own,
        number=number,
        row=row,
        why_not=sentence(why_not) if why_not else "",
        fields=[] if why_not else fields(STANDBY_QUESTIONS, answers, problems or {}),
        answers=readable(STANDBY_QUESTIONS, answers, Audience.SELF),
    )
