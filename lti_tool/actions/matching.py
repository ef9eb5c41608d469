"""Proposals: asked for by staff, computed by the worker, published or discarded by staff."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from lti_tool.actions import audit
from lti_tool.actions.candidates import candidates_of, plan_of
from lti_tool.actions.gradebook import ask_for_column
from lti_tool.actions.participation import recount
from lti_tool.actions.phases import note_published
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.funnel import WHY_NOT_MATCHED
from lti_tool.mentoring.phases import why_not_propose
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store import outbox
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import joined
from lti_tool.store.funnel import held_back
from lti_tool.store.matching import Pair, Proposal, Unmatched, open_proposal
from lti_tool.store.programme import Programme

if TYPE_CHECKING:
    from lti_tool.mentoring.matching.propose import Proposal as Result

KIND = "propose"
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
        outbox.enqueue(
            kind=KIND,
            key=str(programme.id),
            lane=f"{KIND}:{programme.id}",
            registration_id=None,
            payload={"proposal_id": proposal.id},
            now=now,
        )


def compute_proposal(proposal_id: int) -> None:
    """Find the best pairs for everybody who waits, and put them on the board."""
    from lti_tool.mentoring.matching.propose import propose  # noqa: PLC0415  # a web process needs no numpy

    proposal = db.session.get_one(Proposal, proposal_id)
    if proposal.state != "waiting":
        return
    programme = db.session.get_one(Programme, proposal.programme_id)
    result = propose(candidates_of(programme), plan_of(programme))
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        if proposal.state != "waiting":
            return
        _fill(proposal, result)
        _leave_out(proposal, programme)


def publish(proposal_id: int, *, by: int, now: datetime) -> bool:
    """Make the draft's pairs real, all at once; False when there is no such draft any more.

    Raises: RuleBroken where the phase allows no pairs.
    """
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        if proposal.state != "draft":
            return False
        programme = session.get_one(Programme, proposal.programme_id, with_for_update=True)
        proposal.state, proposal.published_at = "published", now
        _activate(proposal, programme, now)
        note_published(programme, by=by, now=now)
        recount(programme, now=now)  # a further partner changes what a mentor's check-ins are worth
        ask_for_column(programme, now=now)
        audit.record("matching.publish", now=now, by=by, programme_id=programme.id, after={"proposal_id": proposal_id})
    return True


def _activate(proposal: Proposal, programme: Programme, now: datetime) -> None:
    """The pairs begin, but for those of whom one has left since the draft was made."""
    roles = {enrolment.id: enrolment.role for enrolment, _person in joined(programme.id, programme.course_id)}
    for pair in db.session.scalars(db.select(Pair).filter_by(proposal_id=proposal.id)).all():
        mentor_is_there = roles.get(pair.mentor_id) in {EnrolmentRole.MENTOR, EnrolmentRole.EITHER, EnrolmentRole.SWAP}
        mentee_is_there = roles.get(pair.mentee_id) in {EnrolmentRole.MENTEE, EnrolmentRole.EITHER, EnrolmentRole.SWAP}
        if mentor_is_there and mentee_is_there:
            pair.state, pair.published_at = "active", now
            continue
        db.session.delete(pair)
        proposal.matched_mentees -= 1
        if mentee_is_there:
            left = Unmatched(proposal_id=proposal.id, enrolment_id=pair.mentee_id, side=EnrolmentRole.MENTEE)
            left.reason = _stored(PARTNER_LEFT)
            db.session.add(left)
    db.session.flush()


def discard(proposal_id: int, *, by: int, now: datetime) -> None:
    """Throw the draft away; running pairs stay as they are."""
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        if proposal.state in {"waiting", "draft", "failed"}:
            proposal.state = "discarded"
            audit.record(
                "matching.discard",
                now=now,
                by=by,
                programme_id=proposal.programme_id,
                before={"proposal_id": proposal_id},
            )


def give_up(proposal_id: int, *, problem: str) -> None:
    """The computation failed for good: say so on the board."""
    with transaction() as session:
        proposal = session.get_one(Proposal, proposal_id)
        if proposal.state == "waiting":
            proposal.state, proposal.problem = "failed", problem


def _leave_out(proposal: Proposal, programme: Programme) -> None:
    """Name the mentors who may not be matched yet, each with what is missing."""
    roles = {one.id: one.role for one, person in joined(programme.id, programme.course_id) if not person.is_test_user}
    for enrolment_id, stage in held_back(programme).items():
        if roles.get(enrolment_id) == EnrolmentRole.MENTOR:
            left = Unmatched(proposal_id=proposal.id, enrolment_id=enrolment_id, side=EnrolmentRole.MENTOR, rule=stage)
            left.reason = _stored(WHY_NOT_MATCHED[stage])
            db.session.add(left)


def _fill(proposal: Proposal, result: "Result") -> None:
    proposal.state = "draft"
    proposal.matched_mentees, proposal.mentee_count = result.matched_mentees, result.mentee_count
    proposal.total_ppm, proposal.worst_ppm, proposal.input_hash = result.total_ppm, result.worst_ppm, result.input_hash
    for pair in result.pairs:
        db.session.add(
            Pair(
                programme_id=proposal.programme_id,
                proposal_id=proposal.id,
                mentor_id=pair.mentor_id,
                mentee_id=pair.mentee_id,
                score_ppm=pair.score_ppm,
                strength=pair.strength,
                reasons=[_stored(reason) for reason in pair.reasons],
                state="proposed",
            )
        )
    for left in result.unmatched:
        db.session.add(
            Unmatched(
                proposal_id=proposal.id,
                enrolment_id=left.id,
                side=left.role,
                rule=left.rule,
                reason=_stored(left.reason),
            )
        )


def _stored(sentence: Sentence) -> dict[str, Any]:
    return {"text": sentence.text, "values": _plain(sentence.values)}


def _plain(value: Any) -> Any:
    """A sentence's values as JSON; a sentence inside stays one, so that it is translated when it is shown."""
    if isinstance(value, Sentence):
        return _stored(value)
    if isinstance(value, dict) or hasattr(value, "items"):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
