"""A pair's pause, its history, and its last words."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.pair_life import pause_pair, resume_pair, say_farewell
from lti_tool.mentoring.case_forms import parse_farewell, parse_pause
from lti_tool.mentoring.pair_life import LONGEST_PAUSE_DAYS, may_stay_in_touch
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.mentoring.workspace import Due
from lti_tool.store.pair_life import Farewell, events_of, farewells_of, life_of
from lti_tool.store.pairs import members_of
from lti_tool.web.student.pair import OwnPair, here_in
from lti_tool.web.text import person_name, sentence
from lti_tool.web.text import seen_by as seen_by_words
from lti_tool.web.visitor import local_day, now, visitor

blueprint = Blueprint("life", __name__, url_prefix="/pairs/<int:pair_id>")


@blueprint.route("/pause", methods=["GET", "POST"])
def pause(pair_id: int) -> Response | tuple[str, int]:
    """A pause until a day, and what has happened to the pair so far."""
    own = here_in(pair_id)
    problems: dict[str, Sentence] = {}
    if request.method == "POST":
        given, problems = parse_pause(request.form, today=local_day(now()))
        if given is not None:
            try:
                pause_pair(
                    pair_id,
                    resumes_on=given.resumes_on,
                    words=given.words,
                    enrolment_id=own.enrolment.id,
                    by=visitor().person.id,
                    now=now(),
                )
                flash(_("Your pair is paused. Nothing is due meanwhile."), "success")
            except RuleBroken as fault:
                flash(sentence(fault.sentence), "warning")
            return redirect(url_for("student.workspace.pair", pair_id=pair_id), 303)
    life = life_of(own.pair)
    page = render_template(
        "student/pair/pause.html",
        own=own,
        may_resume=life.paused_at is not None and life.contact_stopped_at is None,
        history=[(one, _name(own, one.enrolment_id)) for one in events_of(pair_id)],
        values=request.form,
        problems={name: sentence(problem) for name, problem in problems.items()},
        seen=seen_by_words(seen_by(Written.PAUSE)),
        longest=LONGEST_PAUSE_DAYS,
    )
    return page, 422 if problems else 200


@blueprint.post("/resume")
def resume(pair_id: int) -> Response:
    """Go on after a pause."""
    own = here_in(pair_id)
    try:
        resume_pair(pair_id, enrolment_id=own.enrolment.id, by=visitor().person.id, now=now())
        flash(_("Your pair goes on."), "success")
    except RuleBroken as fault:
        flash(sentence(fault.sentence), "warning")
    return redirect(url_for("student.workspace.pair", pair_id=pair_id), 303)


@blueprint.route("/farewell", methods=["GET", "POST"])
def farewell(pair_id: int) -> Response | tuple[str, int]:
    """A good ending: the closing guide in short, thanks, and whether to stay in touch."""
    own = here_in(pair_id)
    if not may_say_farewell(own):
        flash(_("Last words come when the pair or the programme ends."), "info")
        return redirect(url_for("student.workspace.pair", pair_id=pair_id), 303)
    problems: dict[str, Sentence] = {}
    said = farewells_of(pair_id)
    mine = next((one for one in said if one.enrolment_id == own.enrolment.id), None)
    if request.method == "POST":
        given, problems = parse_farewell(request.form)
        if given is not None:
            say_farewell(pair_id, own.enrolment.id, given, now=now())
            flash(_("Saved. You can change it as long as you open this page."), "success")
            return redirect(url_for(".farewell", pair_id=pair_id), 303)
    page = render_template(
        "student/pair/farewell.html",
        own=own,
        values=request.form if request.method == "POST" else _stored(mine),
        problems={name: sentence(problem) for name, problem in problems.items()},
        words=[(_name(own, one.enrolment_id), one.thanks) for one in said if one.thanks and one is not mine],
        in_touch=_in_touch(own, said),
        seen=seen_by_words(seen_by(Written.LAST_WORDS)),
    )
    return page, 422 if problems else 200


def may_say_farewell(own: OwnPair) -> bool:
    """Whether it is time for last words: never where contact was stopped."""
    life = life_of(own.pair)
    is_closing = Phase(own.programme.phase) in {Phase.CLOSING, Phase.CLOSED}
    return may_stay_in_touch(life) or (is_closing and life.is_running and life.contact_stopped_at is None)


def dues(own: OwnPair, _at: object) -> list[Due]:
    """Last words that are not said yet, once it is time."""
    has_spoken = any(one.enrolment_id == own.enrolment.id for one in farewells_of(own.pair.id))
    if has_spoken or not may_say_farewell(own):
        return []
    reason = Sentence(N_("Say goodbye and thank you, and whether you would like to stay in touch."))
    return [Due(kind="farewell", reason=reason, place="farewell")]


def panel(own: OwnPair, _at: object) -> dict[str, Any]:
    """What the pair's page says of a pause or an end."""
    events = events_of(own.pair.id)
    last = events[-1] if events else None
    words = last.words if last is not None and last.what == "paused" and own.pair.state == "paused" else ""
    return {"words": words, "may_say_farewell": own.pair.state == "ended" and may_say_farewell(own)}


def _in_touch(own: OwnPair, said: list[Farewell]) -> list[tuple[str, str]]:
    """How the partners can be reached: only where everybody in the pair said yes."""
    yes = {one.enrolment_id: one.contact for one in said if one.stays}
    everybody = {one.enrolment.id for one in own.everybody}
    if not everybody <= set(yes) or life_of(own.pair).contact_stopped_at is not None:
        return []
    return [(_name(own, one.enrolment.id), yes[one.enrolment.id]) for one in own.partners]


def _stored(mine: Farewell | None) -> dict[str, str]:
    if mine is None:
        return {}
    stays = {True: "yes", False: "no"}.get(mine.stays, "") if mine.stays is not None else ""
    return {"thanks": mine.thanks, "stays": stays, "contact": mine.contact}


def _name(own: OwnPair, enrolment_id: int | None) -> str:
    """Somebody in the pair by name, also who has left it; nobody for staff and the clock."""
    if enrolment_id is None:
        return ""
    if enrolment_id == own.enrolment.id:
        return str(_("You"))
    found = (one for one in members_of(own.pair.id, with_left=True) if one.enrolment.id == enrolment_id)
    return next((person_name(one.person) for one in found), "")
