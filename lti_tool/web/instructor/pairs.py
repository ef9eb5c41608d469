"""How the pairs are doing, who waits for an answer first; and one pair, with what staff can do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.pair_life import end_pair, pause_pair, resume_pair
from lti_tool.actions.standing import note_done
from lti_tool.mentoring.case_forms import parse_ending, parse_pause, parse_words
from lti_tool.mentoring.health import Health, Standing, standing
from lti_tool.mentoring.pair_life import EndReason
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.cases import cases_of_pair, count_unanswered
from lti_tool.store.db import db
from lti_tool.store.matching import Pair
from lti_tool.store.pair_life import events_of, life_of
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Person
from lti_tool.store.standing import (
    ORDERS,
    PAGE,
    PairNote,
    Wanted,
    health_counts,
    last_notes,
    looked_at,
    names_in,
    notes_of,
    pair_page,
    without_partner,
)
from lti_tool.web.forms import once, page_number
from lti_tool.web.text import seen_by as seen_by_words
from lti_tool.web.text import sentence
from lti_tool.web.visitor import local_day, now, visitor

blueprint = Blueprint("pairs", __name__, url_prefix="/pairs")
NEW_PARTNER_WITHIN = timedelta(days=3)  # what people who lost a partner are promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One pair of the list."""

    pair: Pair
    people: list[tuple[PairMember, Person]]
    standing: Standing
    note: PairNote | None  # what staff did last


@blueprint.get("/")
def health() -> str:
    """The pairs, a page at a time: who waits for an answer first."""
    here, page = visitor(), page_number()
    chosen = request.args.get("show", "")
    order = request.args.get("order", "")
    wanted = Wanted(
        health=chosen if chosen in tuple(Health) else "",
        words=request.args.get("q", ""),
        order=order if order in ORDERS else ORDERS[0],
    )
    found, total = pair_page(here.programme.id, wanted, page=page)
    return render_template(
        "instructor/pairs/health.html",
        rows=_listed([pair.id for pair, _row in found]),
        wanted=wanted,
        total=total,
        counts=health_counts(here.programme.id),
        unanswered=count_unanswered(here.programme.id),
        alone=[
            (person, since, since is not None and since + NEW_PARTNER_WITHIN <= now())
            for person, since in without_partner(here.programme.id, here.course.id)
        ],
        page=page,
        pages=max(1, -(-total // PAGE)),
    )


@blueprint.get("/<int:pair_id>")
def pair(pair_id: int) -> str:
    """One pair: how it is doing and why, its cases, its history, and what staff can do."""
    return _page(_own(pair_id))


@blueprint.post("/<int:pair_id>/note")
def note(pair_id: int) -> Response | tuple[str, int]:
    """Keep what was done about a pair."""
    own = _own(pair_id)
    words, problems = parse_words(request.form, "note")
    if words is None:
        return _page(own, problems), 422
    note_done(pair_id, words, once=once(), by=visitor().person.id, now=now())
    flash(_("Noted."), "success")
    return _to(pair_id)


@blueprint.post("/<int:pair_id>/pause")
def pause(pair_id: int) -> Response | tuple[str, int]:
    """Pause a pair, or say until when."""
    own = _own(pair_id)
    given, problems = parse_pause(request.form, today=local_day(now()), is_staff=True)
    if given is None:
        return _page(own, problems), 422
    by = visitor().person.id
    return _done(pair_id, lambda: pause_pair(pair_id, resumes_on=given.resumes_on, words=given.words, by=by, now=now()))


@blueprint.post("/<int:pair_id>/resume")
def resume(pair_id: int) -> Response:
    """Let a pair go on."""
    _own(pair_id)
    return _done(pair_id, lambda: resume_pair(pair_id, by=visitor().person.id, now=now()))


@blueprint.post("/<int:pair_id>/end")
def end(pair_id: int) -> Response | tuple[str, int]:
    """End a pair; everything in it is kept, and points go on counting."""
    own = _own(pair_id)
    given, problems = parse_ending(request.form)
    if given is None:
        return _page(own, problems), 422
    why, record = given
    end_pair(pair_id, why=why, words=record, by=visitor().person.id, now=now())
    flash(_("The pair has ended. Its members can be matched anew."), "success")
    return _to(pair_id)


def _done(pair_id: int, step: Callable[[], None]) -> Response:
    try:
        step()
        flash(_("Done."), "success")
    except RuleBroken as fault:
        flash(sentence(fault.sentence), "warning")
    return _to(pair_id)


def _listed(pair_ids: list[int]) -> list[Listed]:
    """These pairs in this order, each looked at anew: what the list says is so at this moment."""
    people, notes, at = names_in(pair_ids), last_notes(pair_ids), now()
    known = {pair.id: (pair, facts) for pair, facts in looked_at(pair_ids)}
    return [
        Listed(
            pair=known[one][0],
            people=people.get(one, []),
            standing=standing(known[one][1], at, today=local_day(at)),
            note=notes.get(one),
        )
        for one in pair_ids
        if one in known
    ]


def _own(pair_id: int) -> Pair:
    """A pair of this programme that was published; to everybody else there is no such page."""
    row = db.session.get(Pair, pair_id)
    return row if row and row.programme_id == visitor().programme.id and row.state != "proposed" else abort(404)


def _page(row: Pair, problems: Mapping[str, Sentence] | None = None) -> str:
    (listed,) = _listed([row.id])
    life = life_of(row)
    return render_template(
        "instructor/pairs/pair.html",
        one=listed,
        life=life,
        may_resume=life.paused_at is not None and life.contact_stopped_at is None,
        cases=cases_of_pair(row.id),
        events=[(event, _member(listed, event.enrolment_id)) for event in events_of(row.id)],
        notes=notes_of(row.id),
        values=request.form,
        problems={name: sentence(problem) for name, problem in (problems or {}).items()},
        reasons=[one for one in EndReason if one is not EndReason.COMPLETED],
        seen={one.value: seen_by_words(seen_by(one)) for one in (Written.CASE_RECORD, Written.PAUSE)},
    )


def _member(listed: Listed, enrolment_id: int | None) -> Person | None:
    return next((person for place, person in listed.people if place.enrolment_id == enrolment_id), None)


def _to(pair_id: int) -> Response:
    return redirect(url_for(".pair", pair_id=pair_id), 303)
