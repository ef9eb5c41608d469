"""The board: ask for the best pairs, look at them, publish, take back or discard."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import matching
from lti_tool.mentoring.scenarios import wanted_from_json
from lti_tool.store.board import PAIRS, Filter, PairRow, left_page, pair_page, people_named, sections_of
from lti_tool.store.enrolment import enrolment_counts
from lti_tool.store.matching import (
    Proposal,
    Scenario,
    count_active_pairs,
    last_proposal,
    main_of,
    main_scenario,
    proposal_of,
    running_pairs,
    scenario_of,
    scenarios_of,
)
from lti_tool.store.pairs import Partner, first_openings, members_of
from lti_tool.store.people import Person
from lti_tool.web.forms import page_number
from lti_tool.web.instructor.said import said, scenario_name
from lti_tool.web.telling import said as rules_said
from lti_tool.web.visitor import edge, now, visitor

blueprint = Blueprint("matching", __name__, url_prefix="/matching")
LEFT_BESIDE = 8  # people without a partner who are named beside the pairs


@blueprint.get("/")
def board() -> str:
    """The newest proposal: its pairs, weakest first, and who is left over and why."""
    here, page, chosen = visitor(), page_number(), _filter()
    proposal = last_proposal(here.programme.id)
    scenarios = scenarios_of(proposal.id) if proposal else []
    scenario = _shown_of(scenarios) if proposal and proposal.state in {"draft", "published"} else None
    shown = scenario if proposal and proposal.state == "draft" else None
    pairs: list[PairRow] = []
    total = 0
    if proposal and proposal.state in {"draft", "published"} and (shown or proposal.state == "published"):
        number = shown.id if shown else None
        pairs, total = pair_page(number, here.programme.id, here.course.id, chosen=chosen, page=page)
    left, left_total = left_page(scenario.id, size=LEFT_BESIDE) if scenario else ([], 0)
    return render_template(
        "instructor/matching/board.html",
        proposal=proposal,
        scenario=scenario,
        scenarios=scenarios,
        scenario_name=scenario_name,
        said=said,
        pairs=pairs,
        thirds=_thirds(pairs),
        ending=_ending(shown) if shown else [],
        changed=_changed(shown) if shown else {},
        total=total,
        left=left,
        left_total=left_total,
        chosen=chosen,
        forbidden=_forbidden(scenario) if scenario else [],
        sections=[(one, one) for one in sections_of(here.course.id)],
        page=page,
        pages=max(1, -(-total // PAIRS)),
        enrolled={} if proposal else enrolment_counts(here.programme.id),
        running=count_active_pairs(here.programme.id),
        may_undo=bool(proposal and proposal.state == "published" and scenario and may_undo(scenario)),
        waited=now() - proposal.asked_at if proposal else timedelta(),
    )


@blueprint.post("/propose")
def propose() -> Response:
    """Have the best pairs computed."""
    here = visitor()
    with rules_said():
        matching.ask_for_proposal(here.programme.id, by=here.person.id, now=now())
    return redirect(url_for(".board"), 303)


@blueprint.post("/publish")
def publish() -> Response:
    """Make the pairs that were looked at real."""
    here = visitor()
    done = False
    with rules_said():
        done = matching.publish(
            asked_proposal().id,
            by=here.person.id,
            now=now(),
            scenario_id=request.form.get("scenario", type=int),
            version=request.form.get("version", type=int),
            why=why_given(),
            has_mail=edge().mail is not None,
        )
    if done:
        flash(_("The pairs are published. Each person now sees their partner."), "success")
    else:
        flash(_("These pairs are no longer what you looked at. Nothing was changed. Look at them again."), "warning")
    return redirect(url_for(".board"), 303)


@blueprint.post("/undo")
def undo() -> Response:
    """Take the publication back, as long as nobody has seen their partner."""
    here = visitor()
    if matching.undo(asked_proposal().id, by=here.person.id, now=now(), why=why_given()):
        flash(_("The publication is taken back. The pairs are a draft again; nobody had seen them."), "success")
    else:
        flash(_("Somebody has seen their partner already, so the publication stays. Nothing was changed."), "warning")
    return redirect(url_for(".board"), 303)


@blueprint.post("/discard")
def discard() -> Response:
    """Throw the draft away."""
    here = visitor()
    matching.discard(asked_proposal().id, by=here.person.id, now=now(), why=why_given())
    flash(_("The draft is gone. Nobody saw it."), "success")
    return redirect(url_for(".board"), 303)


def asked_proposal() -> Proposal:
    """The proposal the form is about, if it is this programme's: what is published is what was looked at."""
    proposal = proposal_of(visitor().programme.id, request.form.get("proposal", 0, type=int))
    return proposal or abort(404)


def _shown_of(scenarios: list[Scenario]) -> Scenario | None:
    """The scenario that the address names, if it is one of these, else the main one."""
    number = request.values.get("scenario", type=int)
    return next((one for one in scenarios if one.id == number), None) or main_of(scenarios)


def draft_scenario() -> Scenario:
    """The scenario of this programme's newest proposal that a page is about; there may be none."""
    proposal = last_proposal(visitor().programme.id)
    number = request.values.get("scenario", type=int)
    if proposal is None or proposal.state not in {"draft", "published"}:
        abort(404)
    found = scenario_of(proposal.id, number) if number else main_scenario(proposal.id)
    return found or abort(404)


def may_undo(scenario: Scenario) -> bool:
    """Whether nobody has seen their partner yet, and no running pair ended for these."""
    return scenario.is_published and not scenario.outcome.get("ends") and not first_openings(scenario.id)


def why_given() -> str:
    """The reason that staff wrote, for the record."""
    return request.form.get("why", "").strip()[:500]


def _forbidden(scenario: Scenario) -> list[tuple[int, int, Person, Person]]:
    """The pairs that staff have forbidden in this scenario, mentee first."""
    links = wanted_from_json(scenario.changes).forbidden
    if not links:
        return []
    people = people_named(visitor().programme.id, {number for link in links for number in link})
    return [(*link, people[link[0]], people[link[1]]) for link in sorted(links) if set(link) <= people.keys()]


def _thirds(pairs: list[PairRow]) -> dict[int, Person]:
    """Who is in these pairs as third or fourth."""
    numbers = {one["enrolment_id"] for pair, _mentor, _mentee in pairs for one in pair.others}
    return people_named(visitor().programme.id, numbers) if numbers else {}


def _ending(scenario: Scenario) -> list[tuple[int, list[Partner]]]:
    """The running pairs that end when this scenario is published, each with who is in it."""
    running = {pair.id for pair in running_pairs(visitor().programme.id)} if scenario.outcome.get("ends") else set()
    return [(number, members_of(number)) for number in scenario.outcome.get("ends", ()) if number in running]


def _changed(scenario: Scenario) -> dict[int, Person]:
    """Who is in the running pairs that some number of changes would take apart."""
    steps = scenario.outcome.get("steps", ())
    numbers = {number for step in steps for link in step["changed"] for number in link}
    return people_named(visitor().programme.id, numbers) if numbers else {}


def _filter() -> Filter:
    known = {"strong", "good", "fair", "weak", "flagged"}
    quality = request.args.get("quality", "")
    return Filter(
        quality=quality if quality in known else "",
        section=request.args.get("section", ""),
        words=request.args.get("q", "").strip(),
    )
