"""My participation: what counted, why, what is next, and how to ask for an excuse; and what the gradebook has."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import excuses
from lti_tool.actions.gradebook import plan_of
from lti_tool.actions.participation import person_ledger
from lti_tool.mentoring.excuse_forms import WORDS_LENGTH, parse_given
from lti_tool.mentoring.excuses import choices
from lti_tool.mentoring.ledgers import Ledger
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.excuses import excuses_of
from lti_tool.store.gradebook_states import standings_of
from lti_tool.store.pairs import ended_pairs, own_pairs
from lti_tool.store.standby import waiting_of
from lti_tool.web.ledger_words import (
    EXCUSE_STATES,
    STANDINGS,
    done_of,
    given_together,
    is_graded,
    options,
    other_scales,
    reasons,
    shown_excuses,
    so_far,
)
from lti_tool.web.student.entry_places import places
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("participation", __name__, url_prefix="/participation")


@blueprint.get("/")
def points() -> str:
    """Every point with its reason, what is next, and what was asked to be excused."""
    here, at = visitor(), now()
    enrolment = find_enrolment(here.programme.id, here.person.id)
    ledger = person_ledger(enrolment.id, here.programme, now=at) if enrolment else None
    return render_template(
        "student/participation/points.html",
        ledger=ledger,
        done=done_of(ledger.entries) if ledger else (0, 0),
        is_graded=is_graded(here.programme),
        so_far=so_far(here.programme),
        standing=_standing(enrolment),
        places=places(ledger.entries, enrolment, here.programme, at) if ledger and enrolment else {},
        excuses=given_together(shown_excuses(excuses_of(enrolment.id), ledger)) if enrolment else [],
        may_ask=bool(ledger and choices(ledger)) and here.programme.phase != "closed",
        standing_words=STANDINGS,
        standings=standings_of(here.programme, [plan.part for plan in plan_of(here.programme)], here.person.id),
        scales=other_scales(here.programme),
        excuse_states=EXCUSE_STATES,
        maximum=here.programme.points,
    )


@blueprint.route("/excuse", methods=["GET", "POST"])
def ask() -> Response | tuple[str, int]:
    """Ask to be excused from one thing, one kind or everything."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id) or abort(404)
    ledger = person_ledger(enrolment.id, here.programme, now=now()) or abort(404)
    if request.method == "GET":
        return _form(ledger), 200
    given, problems = parse_given(request.form, [one.key for one in choices(ledger)])
    if given is None:
        return _form(ledger, problems), 422
    try:
        excuses.ask(enrolment.id, given, now=now())
    except RuleBroken as fault:
        return _form(ledger, {"key": fault.sentence}), 422
    flash(_("You have asked. Staff read it, and you see their answer here."), "success")
    return _to_excuses()


@blueprint.post("/excuses/<int:excuse_id>/take-back")
def take_back(excuse_id: int) -> Response:
    """Take back what nobody has decided."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id) or abort(404)
    try:
        excuses.take_back(enrolment.id, excuse_id, now=now())
        flash(_("Taken back. It counts as it did before you asked."), "success")
    except RuleBroken as fault:
        flash(sentence(fault.sentence), "warning")
    except LookupError:
        abort(404)
    return _to_excuses()


def _form(ledger: Ledger, problems: Mapping[str, Sentence] | None = None) -> str:
    return render_template(
        "student/participation/ask.html",
        options=options(choices(ledger)),
        reasons=reasons(),
        values=request.values,
        problems={name: sentence(problem) for name, problem in (problems or {}).items()},
        longest=WORDS_LENGTH,
        seen=seen_by(Written.EXCUSE),
    )


def _standing(enrolment: Enrolment | None) -> str:
    """Whether somebody is in reserve, waits for a partner, or had one and lost them."""
    if enrolment is None or enrolment.state != "joined" or own_pairs(enrolment.id):
        return ""
    if ended_pairs(enrolment.id):
        return "between"
    if visitor().programme.published_at is None:
        return ""
    return "reserve" if waiting_of(visitor().programme, enrolment).is_mentor else "alone"


def _to_excuses() -> Response:
    return redirect(url_for(".points", _anchor="excuses"), 303)
