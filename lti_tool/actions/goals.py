"""A pair's goals: suggested by one, answered by another, worked on step by step, and reached.

Every step locks the pair, so that two clicks at once are two steps one after the other; the second is told what the
first did.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from lti_tool.actions.in_pair import held
from lti_tool.actions.participation import recount_pair
from lti_tool.mentoring import goals as rules
from lti_tool.mentoring.goals import CLOSED, ChangeState, GoalState, GoalTerms
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.store.db import db, transaction
from lti_tool.store.goals import (
    Confidence,
    GoalChange,
    GoalRow,
    Milestone,
    changes_of,
    count_live_goals,
    find_goal,
    goal_from,
    milestones_of,
    open_change,
    terms_to_json,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who does something in which pair, when: an instant, and the day that it is where they are."""

    pair_id: int
    by: int
    now: datetime
    today: date


def begin(doer: Doer, terms: GoalTerms, *, once: str) -> int:
    """Suggest a new goal; its id, which stays the same for the same form.

    Raises: RuleBroken where the pair works on enough goals already.
    """
    with transaction() as session:
        held(doer.pair_id, by=doer.by)
        row = session.scalar(db.select(GoalRow).filter_by(created_by=doer.by, once=once))
        if row is None:
            rules.begin(terms, by=doer.by, live_goals=count_live_goals(doer.pair_id))
            row = GoalRow(pair_id=doer.pair_id, state=GoalState.PROPOSED, created_by=doer.by, once=once)
            row.created_at = doer.now
            session.add(row)
            session.flush()
            _write(row, terms, doer)
            recount_pair(doer.pair_id, now=doer.now)
        return int(row.id)


def suggest(doer: Doer, goal_id: int, terms: GoalTerms, *, seen: int) -> None:
    """Suggest other words for a goal, instead of what is agreed or suggested.

    Raises: ChangedMeanwhile, RuleBroken; LookupError where the pair has no such goal.
    """
    _take(doer, goal_id, lambda goal: rules.suggest(goal, terms, by=doer.by, seen=seen))


def accept(doer: Doer, goal_id: int, *, seen: int) -> None:
    """Agree to what another suggests: its words are in force.

    Raises: as `suggest`
    """
    _take(doer, goal_id, lambda goal: rules.accept(goal, by=doer.by, seen=seen))


def decline(doer: Doer, goal_id: int, *, seen: int) -> None:
    """Leave a goal as it was before the suggestion.

    Raises: as `suggest`
    """
    _take(doer, goal_id, lambda goal: rules.decline(goal, by=doer.by, seen=seen))


def take_back(doer: Doer, goal_id: int, *, seen: int) -> None:
    """Take one's own suggestion back.

    Raises: as `suggest`
    """
    _take(doer, goal_id, lambda goal: rules.take_back(goal, by=doer.by, seen=seen))


def close(doer: Doer, goal_id: int, how: GoalState, *, seen: int) -> None:
    """Say that a goal is reached, or set it aside.

    Raises: as `suggest`
    """
    _take(doer, goal_id, lambda goal: rules.close(goal, how, seen=seen))


def reopen(doer: Doer, goal_id: int, *, seen: int) -> None:
    """Work on a goal again.

    Raises: as `suggest`
    """
    _take(doer, goal_id, lambda goal: rules.reopen(goal, seen=seen, live_goals=count_live_goals(doer.pair_id)))


def tick(doer: Doer, goal_id: int, milestone_id: int, *, is_done: bool) -> None:
    """Say that a step is done, or that it is not done after all.

    Raises: ChangedMeanwhile where the step, or its goal, is not worked on any more; LookupError where the pair has no
        such goal.
    """
    with transaction() as session:
        goal = _found(doer, goal_id)
        row = session.scalar(db.select(Milestone).filter_by(id=milestone_id, goal_id=goal_id))
        if row is None or goal.state != GoalState.AGREED:
            raise ChangedMeanwhile(goal)
        if is_done != (row.done_at is not None):
            row.done_at, row.done_by = (doer.now, doer.by) if is_done else (None, None)


def say_confidence(doer: Doer, goal_id: int, value: int) -> None:
    """Keep how sure somebody feels of a goal today; a second word on the same day replaces the first.

    Raises: ChangedMeanwhile where the goal is not worked on any more; LookupError where the pair has no such goal.
    """
    with transaction() as session:
        goal = _found(doer, goal_id)
        if goal.state != GoalState.AGREED:
            raise ChangedMeanwhile(goal)
        key = {"goal_id": goal_id, "enrolment_id": doer.by, "given_on": doer.today}
        row = session.scalar(db.select(Confidence).filter_by(**key)) or Confidence(**key)
        row.value = value
        session.add(row)


def note_seen(doer: Doer, goal_id: int) -> None:
    """Write down that what another suggests for a goal was on this person's page."""
    own = db.select(GoalRow.id).where(GoalRow.pair_id == doer.pair_id, GoalRow.id == goal_id)
    query = db.select(GoalChange).where(
        GoalChange.goal_id.in_(own),
        GoalChange.state == ChangeState.OPEN,
        GoalChange.suggested_by != doer.by,
        GoalChange.seen_at.is_(None),
    )
    if db.session.scalar(query.limit(1)) is None:
        return
    with transaction() as session:
        for row in session.scalars(query.with_for_update()):
            row.seen_at = doer.now


def _found(doer: Doer, goal_id: int) -> GoalRow:
    """The goal, with the pair held.

    Raises: LookupError
    """
    held(doer.pair_id, by=doer.by)
    row = find_goal(doer.pair_id, goal_id)
    if row is None:
        raise LookupError(goal_id)
    return row


def _take(doer: Doer, goal_id: int, decide: Callable[[rules.Goal], rules.Step]) -> None:
    """One step of a goal: what the rules say becomes rows."""
    with transaction():
        row = _found(doer, goal_id)
        changes = changes_of([goal_id])[goal_id]
        before = goal_from(row, changes)
        step = decide(before)
        if step.goal is before:
            return
        waiting = open_change(changes)
        if waiting and step.settled:
            waiting.state, waiting.settled_by, waiting.settled_at = step.settled, doer.by, doer.now
            db.session.flush()  # one suggestion at a time is open
        row.state, row.version = step.goal.state, step.goal.version
        _note_closing(row, before.state, doer)
        if step.goal.suggestion and step.goal.suggestion != before.suggestion:
            _write(row, step.goal.suggestion.terms, doer)
        if step.goal.terms and step.goal.terms != before.terms:
            row.agreed_on = row.agreed_on or doer.today
            _set_milestones(row, step.goal.terms)
        recount_pair(doer.pair_id, now=doer.now)


def _write(row: GoalRow, terms: GoalTerms, doer: Doer) -> None:
    stored = terms_to_json(terms)
    change = GoalChange(goal_id=row.id, terms=stored, state=ChangeState.OPEN)
    change.suggested_by, change.suggested_at = doer.by, doer.now
    db.session.add(change)
    db.session.flush()


def _note_closing(row: GoalRow, before: GoalState, doer: Doer) -> None:
    if row.state in CLOSED and before not in CLOSED:
        row.closed_at, row.closed_by = doer.now, doer.by
    elif row.state not in CLOSED:
        row.closed_at, row.closed_by = None, None


def _set_milestones(row: GoalRow, terms: GoalTerms) -> None:
    """The steps are those of the agreed words; what is done of them stays done."""
    there = {one.text: one for one in milestones_of([row.id])[row.id]}
    for words, one in there.items():
        if words not in terms.milestones:
            db.session.delete(one)
    for place, words in enumerate(terms.milestones, 1):
        one = there.get(words) or Milestone(goal_id=row.id, text=words)
        one.place = place
        db.session.add(one)
