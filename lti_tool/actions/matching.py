"""Proposals: asked for by staff, computed by the worker scenario by scenario, published, taken back or discarded."""

from datetime import datetime

from lti_tool.actions import audit
from lti_tool.actions.gradebook import ask_for_column
from lti_tool.actions.participation import recount
from lti_tool.actions.phases import note_published, note_unpublished
from lti_tool.actions.scenarios import ask_worker, compute, reckon_edited, stored
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.phases import why_not_propose
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.scenarios import ScenarioKind, Wanted
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment, joined
from lti_tool.store.matching import (
    Pair,
    Proposal,
    Scenario,
    Unmatched,
    main_scenario,
    open_proposal,
    pairs_in,
    scenario_of,
    scenarios_of,
)
from lti_tool.store.pairs import add_members, first_openings, forget_members, unseen_places
from lti_tool.store.programme import Programme

OBJECTIVES = ("fair", "total")  # what every proposal is computed under, the first being the one to show
PARTNER_LEFT = Sentence(N_("The partner found for this person left before the pairs were published."))


def ask_for_proposal(programme_id: int, *, by: int, now: datetime) -> None:
    """Have the worker compute the best pairs. One proposal at a time: while one is open this changes nothing.

    Raises: RuleBroken where the phase allows no pairs.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=True)
        why_not = why_not_propose(Phase(programme.phase))
        if why_not:
            raise RuleBroken(why_not)
        if open_proposal(programme_id):
            return
        proposal = Proposal(programme_id=programme_id, state="waiting", asked_by=by, asked_at=now)
        session.add(proposal)
        session.flush()
        for objective in OBJECTIVES:
            wanted = Wanted(objective=objective).to_json()
            session.add(
                Scenario(
                    proposal_id=proposal.id,
                    kind=ScenarioKind.COMPUTED,
                    objective=objective,
                    changes=wanted,
                    state="waiting",
                    asked_by=by,
                    asked_at=now,
                )
            )
            session.flush()
        ask_worker(proposal, now=now)
        audit.record("matching.propose", now=now, by=by, programme_id=programme.id, after={"proposal_id": proposal.id})


def compute_proposal(proposal_id: int, *, now: datetime | None = None) -> None:
    """Compute every scenario of the proposal that waits, one after another; each can be looked at when it is ready."""
    while True:
        db.session.rollback()
        found = scenarios_of(proposal_id)
        waiting = [one.id for one in found if one.state == "waiting"]
        edited = [one.id for one in found if one.kind == ScenarioKind.EDITED and not (one.fairness or one.problem)]
        if db.session.get_one(Proposal, proposal_id).state not in {"waiting", "draft"} or not (waiting or edited):
            return
        if waiting:
            compute(waiting[0], now=now)
        else:
            reckon_edited(edited[0])


def publish(
    proposal_id: int,
    *,
    by: int,
    now: datetime,
    scenario_id: int | None = None,
    version: int | None = None,
    why: str = "",
) -> bool:
    """Make the scenario's pairs real, all at once; False when it is no draft any more, or not what was looked at.

    Shape: without a scenario the main one is meant.
    Raises: RuleBroken where the phase allows no pairs.
    """
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        chosen = scenario_of(proposal_id, scenario_id) if scenario_id else main_scenario(proposal_id)
        if proposal.state != "draft" or chosen is None or chosen.state != "ready":
            return False
        if version is not None and chosen.version != version:
            return False
        programme = session.get_one(Programme, proposal.programme_id, with_for_update=True)
        proposal.state, proposal.published_at, chosen.is_published = "published", now, True
        _activate(chosen, programme, now)
        proposal.matched_mentees, proposal.mentee_count = chosen.matched_mentees, chosen.mentee_count
        proposal.total_ppm, proposal.worst_ppm = chosen.total_ppm, chosen.worst_ppm
        note_published(programme, by=by, now=now)
        recount(programme, now=now)  # a further partner changes what a mentor's check-ins are worth
        ask_for_column(programme, now=now)
        after = {"proposal_id": proposal_id, "scenario_id": chosen.id, "version": chosen.version, "why": why}
        audit.record("matching.publish", now=now, by=by, programme_id=programme.id, after=after)
    return True


def undo(proposal_id: int, *, by: int, now: datetime, why: str = "") -> bool:
    """Take a publication back, as long as nobody has seen their partner; False when it is too late.

    The pairs are a draft again, exactly as they were shown.
    """
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        programme = session.get_one(Programme, proposal.programme_id, with_for_update=True)
        chosen = main_scenario(proposal_id)
        if proposal.state != "published" or open_proposal(programme.id) or chosen is None or not chosen.is_published:
            return False
        query = db.select(Pair).filter_by(scenario_id=chosen.id, state="active").with_for_update()
        pairs = session.scalars(query).all()
        if first_openings(chosen.id):
            return False
        forget_members(chosen)
        for pair in pairs:
            pair.state, pair.published_at = "proposed", None
        proposal.state, proposal.published_at, chosen.is_published = "draft", None, False
        chosen.version += 1
        session.flush()
        _back_to_draft(programme, by=by, now=now)
        recount(programme, now=now)
        after = {"proposal_id": proposal_id, "scenario_id": chosen.id, "version": chosen.version, "why": why}
        audit.record("matching.undo", now=now, by=by, programme_id=programme.id, after=after)
    return True


def _back_to_draft(programme: Programme, *, by: int, now: datetime) -> None:
    """The programme is where it was before the publication, unless other pairs run."""
    others = db.session.scalar(db.select(Pair.id).filter_by(programme_id=programme.id, state="active").limit(1))
    if others is None:
        note_unpublished(programme, by=by, now=now)


def discard(proposal_id: int, *, by: int, now: datetime, why: str = "") -> None:
    """Throw the draft away; running pairs stay as they are."""
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        if proposal.state in {"waiting", "draft", "failed"}:
            proposal.state = "discarded"
            before, after = {"proposal_id": proposal_id}, {"why": why}
            audit.record(
                "matching.discard", now=now, by=by, programme_id=proposal.programme_id, before=before, after=after
            )


def give_up(proposal_id: int, *, problem: str) -> None:
    """The computation failed for good: say so on the board."""
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id)
        for scenario in scenarios_of(proposal_id):
            if scenario.state == "waiting":
                scenario.state, scenario.problem = "failed", problem
            elif not scenario.fairness:
                scenario.problem = problem  # of its report; the pairs are there
        if proposal.state == "waiting":
            proposal.state, proposal.problem = "failed", problem


def note_opened(enrolment_id: int, *, now: datetime) -> frozenset[int]:
    """Write down that somebody has seen whom they are paired with; the pairs that are new to them."""
    if not unseen_places(enrolment_id):
        return frozenset()
    with transaction() as session:
        session.get_one(Enrolment, enrolment_id, with_for_update=True)  # two windows open the page at once
        places = unseen_places(enrolment_id)
        for place in places:
            place.opened_at = now
        return frozenset(place.pair_id for place in places)


def _activate(chosen: Scenario, programme: Programme, now: datetime) -> None:
    """The pairs begin, but for those of whom one has left since the draft was made."""
    roles = {enrolment.id: enrolment.role for enrolment, _person in joined(programme.id, programme.course_id)}
    begun = []
    for pair in pairs_in(chosen.id):
        mentor_is_there = roles.get(pair.mentor_id) in {EnrolmentRole.MENTOR, EnrolmentRole.EITHER, EnrolmentRole.SWAP}
        mentee_is_there = roles.get(pair.mentee_id) in {EnrolmentRole.MENTEE, EnrolmentRole.EITHER, EnrolmentRole.SWAP}
        if mentor_is_there and mentee_is_there:
            pair.state, pair.published_at = "active", now
            begun.append(pair)
            continue
        db.session.delete(pair)
        chosen.matched_mentees -= 1
        if mentee_is_there:
            left = Unmatched(proposal_id=chosen.proposal_id, scenario_id=chosen.id, enrolment_id=pair.mentee_id)
            left.side, left.reason = EnrolmentRole.MENTEE, stored(PARTNER_LEFT)
            db.session.add(left)
    add_members(begun)
