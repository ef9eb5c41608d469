"""What of agreement, goals and tasks waits for one person of a pair: values in, reasons out.

No reason holds a word that anybody wrote, so that reminders may say them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lti_tool.mentoring.agreement import AgreementState, Version, state_of
from lti_tool.mentoring.confidence import is_asked
from lti_tool.mentoring.goals import LIVE, Goal, GoalState
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.mentoring.workspace import Due

DAYS_AHEAD = 1  # a task is due from the day before
LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalAtHand:
    """A goal of the pair; `given_on` are the days on which this person said how sure they feel."""

    number: int
    goal: Goal
    agreed_on: date | None
    given_on: Collection[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAtHand:
    """An open task of the pair; no owner: everybody."""

    owner: int | None
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a pair has written down, as one of its people finds it."""

    who: int
    members: Collection[int]
    agreement: Version | None
    goals: Sequence[GoalAtHand]
    tasks: Sequence[TaskAtHand]


def waiting(plan: Plan, *, today: date, zone: ZoneInfo) -> list[Due]:
    """Return what waits for the person, on a day in their time zone."""
    return [*_agreement(plan), *_goals(plan, today), *_tasks(plan, today, zone)]


def _agreement(plan: Plan) -> Iterator[Due]:
    if plan.agreement is None:
        words = N_("Write down together how you want to work: most of it is filled in already.")
    elif plan.who not in plan.agreement.signed_by:
        words = N_("Your agreement waits for your signature.")
    else:
        return
    yield Due(kind="agreement", reason=Sentence(words), place="agreement")


def _goals(plan: Plan, today: date) -> Iterator[Due]:
    live = [one for one in plan.goals if one.goal.state in LIVE]
    if not live and state_of(plan.agreement, plan.members) is AgreementState.SIGNED:
        reached = [one for one in plan.goals if one.goal.state is GoalState.REACHED]
        words = N_("Choose your next goal together.") if reached else N_("Choose a first goal together, a small one.")
        yield Due(kind="goal", reason=Sentence(words), place="goals")
    for one in live:
        if one.goal.suggestion and one.goal.suggestion.by != plan.who:
            words = N_("A goal waits for your answer.")
            yield Due(kind="goal_answer", reason=Sentence(words), place="goal", number=one.number)
        if is_confidence_asked(one, today):
            words = N_("Say how sure you feel of a goal, from 0 to 10.")
            yield Due(kind="confidence", reason=Sentence(words), place="goal", number=one.number)


def is_confidence_asked(one: GoalAtHand, today: date) -> bool:
    """Tell whether the person has still to say how sure they feel of the goal."""
    if one.goal.state is not GoalState.AGREED or one.goal.terms is None or one.agreed_on is None:
        return False
    return is_asked(one.given_on, agreed_on=one.agreed_on, by_on=one.goal.terms.by_on, today=today)


def _tasks(plan: Plan, today: date, zone: ZoneInfo) -> Iterator[Due]:
    for one in plan.tasks:
        is_own = one.owner in {None, plan.who}
        if is_own and one.due_on and one.due_on <= today + timedelta(days=DAYS_AHEAD):
            ends_at = datetime.combine(one.due_on, LAST_MINUTE, tzinfo=zone).astimezone(UTC)
            words = Sentence(N_("A task is due on %(day)s."), {"day": one.due_on})
            yield Due(kind="task", reason=words, place="tasks", due_at=ends_at)
