"""Scenarios side by side: what each comes to, who has whom in one and not in the other, what if."""

import json
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.actions import scenarios
from lti_tool.mentoring.scenarios import Link, Wanted, moves, wanted_from_json
from lti_tool.store.board import PEOPLE, fits_of, left_counts, loads, people_named, strength_counts
from lti_tool.store.matching import (
    Proposal,
    Scenario,
    count_active_pairs,
    last_proposal,
    pairs_in,
    scenario_of,
    scenarios_of,
)
from lti_tool.web.forms import page_number
from lti_tool.web.instructor.matching import draft_scenario
from lti_tool.web.instructor.said import NAME_AT_MOST, OBJECTIVES, scenario_name
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("scenarios", __name__, url_prefix="/matching/scenarios")
WORDS = ("strong", "good", "fair", "weak")
PLACES_AT_MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One scenario in the comparison."""

    scenario: Scenario
    name: str
    words: dict[str, int]
    left: dict[str, int]
    most: int  # mentees of one mentor
    is_proved: bool


@blueprint.get("/")
def compare() -> str:
    """Every scenario of the draft with what it comes to."""
    proposal = draft_or_published()
    found = scenarios_of(proposal.id)
    return render_template(
        "instructor/matching/compare.html",
        proposal=proposal,
        columns=[_column(one) for one in found],
        bases=[(one.id, scenario_name(one)) for one in found if one.state == "ready"],
        words=WORDS,
        objectives=list(OBJECTIVES.items()),
        places=[(more, str(more)) for more in range(PLACES_AT_MOST + 1)],
        is_waiting=any(one.state == "waiting" for one in found),
        has_running=count_active_pairs(proposal.programme_id) > 0,
    )


def _column(one: Scenario) -> Column:
    found = loads(one.id)
    return Column(
        scenario=one,
        name=scenario_name(one),
        words=strength_counts(one.id),
        left=left_counts(one.id),
        most=max(found.values(), default=0),
        is_proved=bool(one.certificate) and one.certificate.get("gap") == 0,
    )


@blueprint.post("/")
def add() -> AnyResponse:
    """Have another answer computed."""
    here, proposal = visitor(), draft_or_published()
    name = request.form.get("name", "").strip()[:NAME_AT_MOST]
    try:
        number = scenarios.add_scenario(proposal.id, _wanted(proposal), name=name, by=here.person.id, now=now())
    except scenarios.TooMany:
        flash(_("There are twelve scenarios already. Throw one away first. Nothing was changed."), "warning")
        return redirect(url_for(".compare"), 303)
    if number is None:
        flash(_("These pairs are no draft any more. Nothing was changed."), "warning")
    else:
        flash(_("The scenario is being computed. Nothing else was changed, and nobody else sees it."), "success")
    return redirect(url_for(".compare"), 303)


def _wanted(proposal: Proposal) -> Wanted:
    """What the form asks for: what another scenario asks for, and the changes to it."""
    base = scenario_of(proposal.id, request.form.get("base", 0, type=int))
    wanted = wanted_from_json(base.changes) if base else Wanted()
    if base:
        wanted = replace(wanted, locked=frozenset(_locked(base)))
    objective = request.form.get("objective", wanted.objective)
    more = min(max(request.form.get("more_places", wanted.more_places, type=int), 0), PLACES_AT_MOST)
    place = request.form.get("place", 0, type=int)
    places = {**wanted.places, place: wanted.places.get(place, 0) + 1} if place else wanted.places
    return replace(
        wanted,
        objective=objective if objective in OBJECTIVES else "fair",
        more_places=more,
        places=places,
        needs_common_time=wanted.needs_common_time and request.form.get("any_time") != "yes",
    )


def _locked(base: Scenario) -> list[Link]:
    return [(pair.mentee_id, pair.mentor_id) for pair in pairs_in(base.id) if pair.is_locked]


@blueprint.post("/remove")
def remove() -> AnyResponse:
    """Throw one scenario away."""
    here, proposal = visitor(), draft_or_published()
    number = request.form.get("scenario", 0, type=int)
    if scenario_of(proposal.id, number) is None:
        abort(404)
    if scenarios.remove_scenario(proposal.id, number, by=here.person.id, now=now()):
        flash(_("The scenario is gone."), "success")
    else:
        flash(_("The last scenario stays. Nothing was changed."), "warning")
    return redirect(url_for(".compare"), 303)


@blueprint.get("/difference")
def difference() -> str:
    """Everybody who has somebody else in the second scenario than in the first."""
    proposal, page = draft_or_published(), page_number()
    found = scenarios_of(proposal.id)
    ready = [one for one in found if one.state == "ready"]
    one, other = (_chosen(ready, name, place) for name, place in (("one", 0), ("other", -1)))
    changed = moves(fits_of(pairs_in(one.id)), fits_of(pairs_in(other.id))) if one and other else []
    shown = changed[PEOPLE * (page - 1) : PEOPLE * page]
    fits = [fit for move in shown for fit in (move.before, move.after) if fit]
    numbers = [move.mentee for move in shown] + [fit.partner for fit in fits]
    return render_template(
        "instructor/matching/difference.html",
        one=one,
        other=other,
        ready=[(each.id, scenario_name(each)) for each in ready],
        scenario_name=scenario_name,
        moves=shown,
        total=len(changed),
        people=people_named(visitor().programme.id, numbers),
        page=page,
        pages=max(1, -(-len(changed) // PEOPLE)),
    )


def _chosen(ready: list[Scenario], name: str, place: int) -> Scenario | None:
    number = request.args.get(name, type=int)
    named = [one for one in ready if one.id == number]
    return next(iter(named or ready[place:]), None)


@blueprint.get("/certificate.json")
def certificate() -> AnyResponse:
    """The proof that the scenario's pairs are the best, as JSON to keep."""
    scenario = draft_scenario()
    if not scenario.certificate:
        abort(404)
    answer = Response(_json(scenario), mimetype="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename=certificate-{scenario.id}.json"
    return answer


def _json(scenario: Scenario) -> str:
    pairs = [[pair.mentee_id, pair.mentor_id] for pair in pairs_in(scenario.id)]
    return json.dumps({"pairs": pairs, "certificate": scenario.certificate}, indent=1)


def draft_or_published() -> Proposal:
    """The draft that is being compared."""
    proposal = last_proposal(visitor().programme.id)
    if proposal is None or proposal.state not in {"draft", "published"}:
        abort(404)
    return proposal
