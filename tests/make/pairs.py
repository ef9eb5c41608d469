"""Pairs and what they do: plans, meetings, reflections, tasks of staff, scenarios."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.actions import agreement, goals, tasks
from lti_tool.actions.goals import Doer
from lti_tool.mentoring.goals import GoalTerms
from lti_tool.mentoring.tasks import TaskTerms
from lti_tool.store.db import transaction
from lti_tool.store.matching import Pair, Proposal, Scenario
from lti_tool.store.meetings import Meeting, MeetingPart
from lti_tool.store.pairs import add_members
from lti_tool.store.programme import Programme
from lti_tool.store.reflections import Reflection
from lti_tool.store.staff_tasks import StaffTask
from tests.conftest import NOON
from tests.make.course import Setting


def pair(at: Setting, mentor_id: int, mentee_id: int, *, by: int, state: str = "active") -> int:
    """A published pair of two enrolments."""
    with transaction() as session:
        programme = session.get_one(Programme, at.programme_id)
        programme.phase, programme.published_at = "running", programme.published_at or NOON
        proposal = Proposal(
            programme_id=at.programme_id, state="published", asked_by=by, asked_at=NOON, published_at=NOON
        )
        session.add(proposal)
        session.flush()
        row = Pair(
            programme_id=at.programme_id,
            proposal_id=proposal.id,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            score_ppm=800_000,
            strength="good",
            reasons=[],
            state=state,
            published_at=NOON,
        )
        session.add(row)
        session.flush()
        if state != "proposed":
            add_members([row])
        return row.id


def plan(pair_id: int, by: int, *, words: str = "") -> None:
    """What somebody writes on a pair’s pages: an agreement, a goal and a task; all in these words, if there are any."""
    terms = GoalTerms(
        outcome=words or "Hand in the second report on time",
        measure=words or "It is in before the deadline",
        by_on=NOON.date() + timedelta(days=30),
        milestones=(words or "An outline", "A first page"),
    )
    agreement.save(pair_id, {"meeting": words or "Mondays at four"}, by=by, seen=0, signs=True, now=NOON)
    goals.begin(Doer(pair_id=pair_id, by=by, now=NOON, today=NOON.date()), terms, once="goal")
    task = TaskTerms(text=words or "Find the rubric", owner=by, due_on=None)
    tasks.add(pair_id, task, by=by, once="task", now=NOON)


def meeting(pair_id: int, by: int, *others: int, minutes: int = 30) -> int:
    """A meeting that one member planned and says took place; its number."""
    with transaction() as session:
        row = Meeting(
            pair_id=pair_id,
            created_by=by,
            once="made",
            created_at=NOON,
            changed_at=NOON,
            state="held",
            starts_at=NOON - timedelta(hours=2),
            planned_minutes=minutes,
            proposed_by=by,
            held_on=NOON.date(),
            held_minutes=minutes,
            reported_by=by,
            reported_at=NOON,
        )
        session.add(row)
        session.flush()
        for one in (by, *others):
            part = MeetingPart(meeting_id=row.id, enrolment_id=one, answer="coming", was_there=True)
            part.said_minutes, part.said_at = (minutes, NOON) if one == by else (None, None)
            session.add(part)
        return row.id


def staff_task(at: Setting, pair_id: int, enrolment_id: int, **changes: Any) -> int:
    """Something that staff should look at; its id."""
    values: dict[str, Any] = {
        "kind": "not_for_me",
        "source": f"fit:{pair_id}:{enrolment_id}:1:not_for_me:go_on",
        "reason": {"text": "Would like to go on with somebody else.", "values": {}},
        "made_at": NOON,
        "due_at": NOON + timedelta(days=3),
    }
    with transaction() as session:
        row = StaffTask(programme_id=at.programme_id, pair_id=pair_id, enrolment_id=enrolment_id, **(values | changes))
        session.add(row)
        session.flush()
        return row.id


def reflection(at: Setting, enrolment_id: int, **changes: Any) -> int:
    """A reflection that was handed in; its id."""
    values: dict[str, Any] = {
        "stage": "start",
        "state": "handed_in",
        "text": "We met, and I talked too much.",
        "changed_at": NOON,
        "handed_in_at": NOON,
    }
    with transaction() as session:
        row = Reflection(programme_id=at.programme_id, enrolment_id=enrolment_id, **(values | changes))
        session.add(row)
        session.flush()
        return row.id


def scenario(session: Session, proposal: Proposal, *, pairs: list[tuple[int, int]], **changes: Any) -> int:
    """A scenario of a draft with these pairs, mentee and mentor."""
    values: dict[str, Any] = {"kind": "computed", "objective": "fair", "state": "ready", "certificate": {"gap": 0}}
    row = Scenario(proposal_id=proposal.id, asked_by=proposal.asked_by, asked_at=NOON, **(values | changes))
    row.mentee_count = row.matched_mentees = len(pairs)
    session.add(row)
    session.flush()
    for mentee, mentor in pairs:
        one = Pair(programme_id=proposal.programme_id, proposal_id=proposal.id, scenario_id=row.id, state="proposed")
        one.mentee_id, one.mentor_id, one.score_ppm, one.strength, one.reasons = mentee, mentor, 800_000, "strong", []
        session.add(one)
    session.flush()
    return row.id
