"""Proposals: asked for by staff, computed by the worker scenario by scenario, published, taken back or discarded."""

from collections.abc import Collection, Mapping
from datetime import datetime

from lti_tool.actions import audit
from lti_tool.actions.announcing import tell
from lti_tool.actions.gradebook import ask_for_column
from lti_tool.actions.pair_life import end_here, locked
from lti_tool.actions.participation import recount
from lti_tool.actions.phases import note_published, note_unpublished
from lti_tool.actions.repairs import repair_wanted
from lti_tool.actions.scenarios import add_scenario, ask_worker, compute, ended_by, reckon_edited, stored, waiting
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.pair_life import EndReason
from lti_tool.mentoring.phases import why_not_propose
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.scenarios import ScenarioKind, Wanted, wanted_from_json
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.board import fits_of
from lti_tool.store.db import HELD, db, transaction
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
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        why_not = why_not_propose(Phase(programme.phase))
        if why_not:
            raise RuleBroken(why_not)
        if open_proposal(programme_id):
            return
        proposal = Proposal(programme_id=programme_id, state="waiting", asked_by=by, asked_at=now)
        session.add(proposal)
        session.flush()
        for objective in OBJECTIVES:
            waiting(proposal.id, Wanted(objective=objective), kind=ScenarioKind.COMPUTED, by=by, now=now)
        ask_worker(proposal, now=now)
        audit.record("matching.propose", now=now, by=by, programme_id=programme.id, after={"proposal_id": proposal.id})


def ask_for_repair(
    programme_id: int, *, may_change: int, given_up: Collection[int], name: str, by: int, now: datetime
) -> bool:
    """Have the worker look for partners while running pairs mostly stay, in the draft where there is one; False while
    another question is being computed.

    Raises: RuleBroken where the phase allows no pairs; TooMany.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        why_not = why_not_propose(Phase(programme.phase))
        if why_not:
            raise RuleBroken(why_not)
        wanted = repair_wanted(programme, may_change=may_change, given_up=given_up)
        proposal = open_proposal(programme_id)
        if proposal is None:
            proposal = Proposal(programme_id=programme_id, state="waiting", asked_by=by, asked_at=now)
            session.add(proposal)
            session.flush()
            waiting(proposal.id, wanted, kind=ScenarioKind.REPAIR, name=name, by=by, now=now)
            ask_worker(proposal, now=now)
            after = {"proposal_id": proposal.id, "changes": wanted.to_json()}
            audit.record("matching.repair", now=now, by=by, programme_id=programme_id, after=after)
            return True
    return add_scenario(proposal.id, wanted, name=name, by=by, now=now, kind=ScenarioKind.REPAIR) is not None


def compute_proposal(proposal_id: int, *, now: datetime | None = None) -> None:
    """Compute every scenario of the proposal that waits, one after another; each can be looked at when it is ready."""
    while True:
        db.session.rollback()
        found = scenarios_of(proposal_id)
        new = [one.id for one in found if one.state == "waiting"]
        edited = [one.id for one in found if one.kind == ScenarioKind.EDITED and not (one.fairness or one.problem)]
        if db.session.get_one(Proposal, proposal_id).state not in {"waiting", "draft"} or not (new or edited):
            return
        if new:
            compute(new[0], now=now)
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
    has_mail: bool = False,
) -> bool:
    """Make the scenario's pairs real, all at once; False when it is no draft any more, or not what was looked at.

    Shape: without a scenario the main one is meant. With `has_mail`, everybody concerned also gets a mail.
    Raises: RuleBroken where the phase allows no pairs.
    """
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        chosen = scenario_of(proposal_id, scenario_id) if scenario_id else main_scenario(proposal_id)
        if proposal.state != "draft" or chosen is None or chosen.state != "ready":
            return False
        if version is not None and chosen.version != version:
            return False
        programme = session.get_one(Programme, proposal.programme_id, with_for_update=HELD)
        proposal.state, proposal.published_at, chosen.is_published = "published", now, True
        ended = _end_replaced(chosen, by=by, now=now)
        begun = _activate(chosen, programme, now)
        proposal.matched_mentees, proposal.mentee_count = chosen.matched_mentees, chosen.mentee_count
        proposal.total_ppm, proposal.worst_ppm = chosen.total_ppm, chosen.worst_ppm
        note_published(programme, by=by, now=now)
        recount(programme, now=now)  # a further partner changes what a mentor's check-ins are worth
        ask_for_column(programme, now=now)
        mails = tell(proposal, chosen, pairs=[*begun, *ended], has_mail=has_mail, by=by, now=now)
        after = {"proposal_id": proposal_id, "scenario_id": chosen.id, "version": chosen.version, "why": why}
        after |= {"ended": ended, "mails": mails}
        audit.record("matching.publish", now=now, by=by, programme_id=programme.id, after=after)
    return True


def undo(proposal_id: int, *, by: int, now: datetime, why: str = "") -> bool:
    """Take a publication back, as long as nobody has seen their partner; False when it is too late.

    The pairs are a draft again, exactly as they were shown.
    """
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        programme = session.get_one(Programme, proposal.programme_id, with_for_update=HELD)
        chosen = main_scenario(proposal_id)
        if proposal.state != "published" or open_proposal(programme.id) or chosen is None or not chosen.is_published:
            return False
        if ended_by(chosen):  # whoever was in an ended pair has been told so
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
        session.get_one(Enrolment, enrolment_id, with_for_update=HELD)  # two windows open the page at once
        places = unseen_places(enrolment_id)
        for place in places:
            place.opened_at = now
        return frozenset(place.pair_id for place in places)


def _end_replaced(chosen: Scenario, *, by: int, now: datetime) -> list[int]:
    """The running pairs that a repair gives up end, each with its history and its points."""
    given_up = wanted_from_json(chosen.changes).given_up
    ended = []
    for number in ended_by(chosen):
        why = EndReason.REMATCH if number in given_up else EndReason.STAFF
        if end_here(locked(number), why=why, by=by, now=now):
            ended.append(number)
    return ended


MENTORS = frozenset({EnrolmentRole.MENTOR, EnrolmentRole.EITHER, EnrolmentRole.SWAP})
MENTEES = frozenset({EnrolmentRole.MENTEE, EnrolmentRole.EITHER, EnrolmentRole.SWAP})


def _activate(chosen: Scenario, programme: Programme, now: datetime) -> list[int]:
    """The pairs begin, but for those of whom one has left since the draft was made."""
    roles = {enrolment.id: enrolment.role for enrolment, _person in joined(programme.id, programme.course_id)}
    begun = []
    for pair in pairs_in(chosen.id):
        places = _present(pair, roles)
        if _take_places(pair, places):
            pair.state, pair.published_at = "active", now
            begun.append(pair)
            continue
        db.session.delete(pair)
        for enrolment_id, role in places:
            if role != "mentor":
                left = Unmatched(proposal_id=chosen.proposal_id, scenario_id=chosen.id, enrolment_id=enrolment_id)
                left.side, left.reason = EnrolmentRole.MENTEE, stored(PARTNER_LEFT)
                db.session.add(left)
    add_members(begun)
    if begun and begun[0].kind != "peer":
        chosen.matched_mentees = len({mentee for mentee, _mentor in fits_of(begun)})
    return [pair.id for pair in begun]


def _present(pair: Pair, roles: Mapping[int, str]) -> list[tuple[int, str]]:
    """Who of a pair is still there on their side."""
    first, second = ("both", "both") if pair.kind == "peer" else ("mentor", "mentee")
    places = [(pair.mentor_id, first), (pair.mentee_id, second)]
    places += [(one["enrolment_id"], one["role"]) for one in pair.others]
    fits = {"mentor": MENTORS, "mentee": MENTEES, "both": MENTORS | MENTEES}
    return [(number, role) for number, role in places if roles.get(number) in fits[role]]


def _take_places(pair: Pair, places: list[tuple[int, str]]) -> bool:
    """Write down who begins the pair; False where too few are left: two are needed, of equals or of both sides."""
    mentor = next((number for number, role in places if role != "mentee"), None)
    mentee = next((number for number, role in places if role != "mentor" and number != mentor), None)
    if mentor is None or mentee is None:
        return False
    pair.mentor_id, pair.mentee_id = mentor, mentee
    left = {number for number, _role in places} - {mentor, mentee}
    pair.others = [one for one in pair.others if one["enrolment_id"] in left]
    return True
