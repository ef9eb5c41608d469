"""Scenarios of a proposal: asked for by staff, computed by the worker, each with its proof."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lti_tool.actions import audit
from lti_tool.actions.answers import Answer, answer
from lti_tool.actions.candidates import candidates_of, plan_of
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.funnel import WHY_NOT_MATCHED
from lti_tool.mentoring.scenarios import ScenarioKind, Wanted, asked, on_sides, wanted_from_json
from lti_tool.mentoring.words import Sentence
from lti_tool.store import outbox
from lti_tool.store.board import fits_of, groups_of
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import joined
from lti_tool.store.funnel import held_back
from lti_tool.store.matching import Pair, Proposal, Scenario, Unmatched, left_in, pairs_in, scenarios_of
from lti_tool.store.programme import Programme

if TYPE_CHECKING:
    from lti_tool.mentoring.matching.propose import ProposedPair

KIND = "propose"
SCENARIOS_AT_MOST = 12


class TooMany(Exception):
    """There are as many scenarios as can be compared."""


def ask_worker(proposal: Proposal, *, now: datetime) -> None:
    """Have the scenarios that wait computed, inside the caller's transaction."""
    outbox.enqueue(
        kind=KIND,
        key=str(proposal.programme_id),
        lane=f"{KIND}:{proposal.programme_id}",
        registration_id=None,
        payload={"proposal_id": proposal.id},
        now=now,
    )


def add_scenario(
    proposal_id: int,
    wanted: Wanted,
    *,
    name: str,
    by: int,
    now: datetime,
    kind: ScenarioKind = ScenarioKind.COMPUTED,
) -> int | None:
    """Have another answer computed; one that asks for just the same is used again. None: the proposal is no draft.

    Raises: TooMany.
    """
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        if proposal.state != "draft":
            return None
        others, changes = scenarios_of(proposal_id), wanted.to_json()
        for one in others:
            if one.kind == kind and one.changes == changes and one.state != "failed":
                return one.id
        if len(others) >= SCENARIOS_AT_MOST:
            raise TooMany
        made = waiting(proposal_id, wanted, kind=kind, name=name, by=by, now=now)
        ask_worker(proposal, now=now)
        after = {"scenario_id": made.id, "name": name, "changes": changes}
        audit.record("matching.scenario", now=now, by=by, programme_id=proposal.programme_id, after=after)
        return made.id


def waiting(
    proposal_id: int, wanted: Wanted, *, kind: ScenarioKind, by: int, now: datetime, name: str = ""
) -> Scenario:
    """Note a scenario that the worker is to compute, inside the caller's transaction."""
    made = Scenario(
        proposal_id=proposal_id,
        name=name,
        kind=kind,
        objective=wanted.objective,
        changes=wanted.to_json(),
        state="waiting",
        asked_by=by,
        asked_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def remove_scenario(proposal_id: int, scenario_id: int, *, by: int, now: datetime) -> bool:
    """Throw one answer of a draft away, unless it is the last one."""
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        others = scenarios_of(proposal_id)
        found = next((one for one in others if one.id == scenario_id), None)
        if (
            proposal.state != "draft"
            or found is None
            or not any(one.state == "ready" for one in others if one != found)
        ):
            return False
        _empty(found.id)
        session.delete(found)
        before = {"scenario_id": scenario_id, "name": found.name, "changes": found.changes}
        audit.record("matching.scenario_removed", now=now, by=by, programme_id=proposal.programme_id, before=before)
    return True


def compute(scenario_id: int, *, now: datetime | None) -> None:
    """Find the best pairs under the scenario's changes, and put them on the board."""
    scenario = db.session.get_one(Scenario, scenario_id)
    proposal = db.session.get_one(Proposal, scenario.proposal_id)
    programme = db.session.get_one(Programme, proposal.programme_id)
    version = scenario.version
    found = answer(programme, scenario)
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal.id, with_for_update=True)
        scenario = session.get_one(Scenario, scenario_id, with_for_update=True)
        if proposal.state not in {"waiting", "draft"} or scenario.state != "waiting" or scenario.version != version:
            return
        _fill(scenario, found)
        if found.kind != "peer":
            _leave_out(scenario, programme)
        scenario.state, scenario.computed_at = "ready", now
        scenario.fairness, scenario.outcome = found.fairness, found.outcome
        if proposal.state == "waiting":
            _show(proposal, scenario)


def reckon_edited(scenario_id: int) -> None:
    """Count how fair pairs are that were changed by hand."""
    from lti_tool.actions.fairness import reckoned  # noqa: PLC0415  # a web process needs no numpy
    from lti_tool.mentoring.matching.by_hand import as_assignment  # noqa: PLC0415  # as above
    from lti_tool.mentoring.matching.prepared import prepare  # noqa: PLC0415  # as above

    scenario = db.session.get_one(Scenario, scenario_id)
    version, pairs = scenario.version, pairs_in(scenario_id)
    programme = db.session.get_one(Programme, db.session.get_one(Proposal, scenario.proposal_id).programme_id)
    wanted = wanted_from_json(scenario.changes)
    links = list(fits_of(pairs))
    by_hand = frozenset((pair.mentee_id, pair.mentor_id) for pair in pairs if pair.is_by_hand)
    mentors = [left.enrolment_id for left in left_in(scenario_id) if left.side == "mentor"]
    everybody = candidates_of(programme, without=ended_by(scenario))
    people, plan = asked(everybody, plan_of(programme), replace(wanted, locked=by_hand))
    ready = prepare(on_sides(people, links, mentors), plan)
    report = reckoned(ready, as_assignment(ready, links), groups_of(programme.id, programme.course_id))
    with transaction() as session:
        scenario = session.get_one(Scenario, scenario_id, with_for_update=True)
        if scenario.version == version:
            scenario.fairness = report


def ended_by(scenario: Scenario) -> list[int]:
    """The running pairs that end when this scenario is published."""
    return list(scenario.outcome.get("ends", ()))


def _show(proposal: Proposal, first: Scenario) -> None:
    """The proposal can be looked at from its first scenario on."""
    proposal.state = "draft"
    proposal.matched_mentees, proposal.mentee_count = first.matched_mentees, first.mentee_count
    proposal.total_ppm, proposal.worst_ppm, proposal.input_hash = first.total_ppm, first.worst_ppm, first.input_hash


def _fill(scenario: Scenario, found: Answer) -> None:
    result = found.result
    was_by_hand = {
        (pair.mentee_id, pair.mentor_id): pair.broken_rules for pair in pairs_in(scenario.id) if pair.is_by_hand
    }
    _empty(scenario.id)
    scenario.mentee_count, scenario.matched_mentees = result.mentee_count, result.matched_mentees
    scenario.total_ppm, scenario.worst_ppm, scenario.input_hash = result.total_ppm, result.worst_ppm, result.input_hash
    scenario.certificate = short(result.certificate)
    programme_id = db.session.get_one(Proposal, scenario.proposal_id).programme_id
    for pair in result.pairs:
        link = (pair.mentee_id, pair.mentor_id)
        made = Pair(programme_id=programme_id, proposal_id=scenario.proposal_id, scenario_id=scenario.id)
        made.mentor_id, made.mentee_id, made.score_ppm = pair.mentor_id, pair.mentee_id, pair.score_ppm
        made.strength, made.reasons, made.state = pair.strength, _reasons(pair), "proposed"
        made.is_locked, made.is_by_hand, made.broken_rules = (
            link in found.locked,
            link in was_by_hand,
            was_by_hand.get(link, []),
        )
        made.is_flagged = pair.strength == "weak" or bool(made.broken_rules)
        made.kind, made.others, made.role_cards = found.kind, found.others.get(link, []), found.cards.get(link, [])
        db.session.add(made)
    for left in result.unmatched:
        row = Unmatched(proposal_id=scenario.proposal_id, scenario_id=scenario.id, enrolment_id=left.id)
        row.side, row.rule, row.reason = left.role, left.rule, stored(left.reason)
        db.session.add(row)


def _leave_out(scenario: Scenario, programme: Programme) -> None:
    """Name the mentors who may not be matched yet, each with what is missing."""
    roles = {one.id: one.role for one, person in joined(programme.id, programme.course_id) if not person.is_test_user}
    for enrolment_id, stage in held_back(programme).items():
        if roles.get(enrolment_id) == EnrolmentRole.MENTOR:
            row = Unmatched(proposal_id=scenario.proposal_id, scenario_id=scenario.id, enrolment_id=enrolment_id)
            row.side, row.rule, row.reason = EnrolmentRole.MENTOR, stage, stored(WHY_NOT_MATCHED[stage])
            db.session.add(row)


def _reasons(pair: "ProposedPair") -> list[Any]:
    """Everything that the two may read about themselves."""
    return [stored(one) for one in (*pair.reasons, pair.difference, pair.talk_about) if one]


def _empty(scenario_id: int) -> None:
    for table in (Pair, Unmatched):
        db.session.execute(db.delete(table).where(table.scenario_id == scenario_id))


def short(certificate: Any) -> dict[str, Any]:
    """The certificate without the pairs who would rather have each other, of which only the number is kept."""
    kept = dict(certificate)
    if "blocking_pairs" in kept:
        kept["blocking_pairs"] = {"count": kept["blocking_pairs"]["count"], "first": []}
    return kept


def summed(scenario: Scenario) -> None:
    """Count anew what a scenario comes to, after its pairs were changed by hand; the proof no longer holds for it."""
    fits = fits_of(pairs_in(scenario.id))
    scenario.matched_mentees = len({mentee for mentee, _mentor in fits})
    scenario.total_ppm = sum(fit.score_ppm for fit in fits.values())
    scenario.worst_ppm = min((fit.score_ppm for fit in fits.values()), default=0)
    scenario.certificate, scenario.fairness, scenario.problem = {}, {}, None


def stored(sentence: Sentence) -> dict[str, Any]:
    """A sentence as JSON."""
    return {"text": sentence.text, "values": _plain(sentence.values)}


def _plain(value: Any) -> Any:
    """A sentence's values as JSON; a sentence inside stays one, so that it is translated when it is shown."""
    if isinstance(value, Sentence):
        return stored(value)
    if isinstance(value, dict) or hasattr(value, "items"):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
