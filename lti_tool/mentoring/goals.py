"""A pair's goals: what is agreed, what is suggested, and what may happen next.

Words come into force when somebody else than their writer has agreed to exactly them. So each goal has at most one open
suggestion; to answer it with another one is possible at any time, and every suggestion that ever stood there is kept
with what became of it. In a group of three one other person is enough: nobody's silence stops the rest.
How a form becomes a goal is told in `goal_form`. Source: product section 1.4 (R30).
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.words import N_, Sentence

MOST_GOALS = 5  # at a time; what is reached or set aside does not count


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTerms:
    """What a goal says: what will be different, how it shows, until when, and the one to five steps on the way."""

    outcome: str
    measure: str
    by_on: date
    milestones: tuple[str, ...]


class GoalState(StrEnum):
    """Where a goal stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REACHED = "reached"
    SET_ASIDE = "set_aside"
    DROPPED = "dropped"  # it was suggested, and never agreed


class ChangeState(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"
    AGREED = "agreed"
    COUNTERED = "countered"  # answered with another one
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"  # by its writer, or replaced by the writer's next one


CLOSED = frozenset({GoalState.REACHED, GoalState.SET_ASIDE})
LIVE = frozenset({GoalState.PROPOSED, GoalState.AGREED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Words for a goal that wait for somebody else's answer."""

    terms: GoalTerms
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A goal as it stands. `terms` are what is agreed, None before that; `version` goes up with every step."""

    state: GoalState
    version: int
    terms: GoalTerms | None = None
    suggestion: Suggestion | None = None

    @property
    def has_words(self) -> bool:
        """Whether anything is agreed or suggested; not so where a person was erased with the words they wrote."""
        return self.suggestion is not None or self.terms is not None

    @property
    def newest(self) -> GoalTerms:
        """The words to go on from: what is suggested, else what is agreed."""
        terms = self.suggestion.terms if self.suggestion else self.terms
        if terms is None:
            raise RuleBroken(_GONE)
        return terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A goal after a step, and what became of the suggestion that was open before, if there was one."""

    goal: Goal
    settled: ChangeState | None = None


_GONE = Sentence(N_("This goal was not agreed on, and is not worked on any more. You can suggest a new one."))
_CLOSED = Sentence(N_("This goal is reached or set aside. Open it again before you change it."))
_OPEN_FIRST = Sentence(N_("Somebody suggests a change to this goal. Please answer that first."))
_NOT_YOURS = Sentence(N_("You suggested this yourself, so somebody else has to answer."))
_NOT_YOURS_TO_TAKE = Sentence(N_("Only who made a suggestion can take it back."))
_NOTHING_OPEN = Sentence(N_("There is nothing to answer: it was answered already, or taken back."))


def begin(terms: GoalTerms, *, by: int, live_goals: int) -> Goal:
    """Return a new goal, suggested by this person.

    Raises: RuleBroken where the pair works on enough goals already.
    """
    _has_room(live_goals)
    return Goal(state=GoalState.PROPOSED, version=1, suggestion=Suggestion(terms=terms, by=by))


def _has_room(live_goals: int) -> None:
    if live_goals >= MOST_GOALS:
        raise RuleBroken(
            Sentence(
                N_(
                    "You have %(most)s goals already. Reach one or set one aside first: a few goals are reached sooner."
                ),
                {"most": MOST_GOALS},
            )
        )


def suggest(goal: Goal, terms: GoalTerms, *, by: int, seen: int) -> Step:
    """Return the goal with these words suggested; saying what another suggests is agreeing to it.

    Raises: ChangedMeanwhile where the goal was changed since `seen`; RuleBroken where it cannot be changed.
    """
    waiting = goal.suggestion
    if waiting and waiting.terms == terms:
        return Step(goal=goal) if waiting.by == by else _agreed(goal, waiting)
    if goal.state is GoalState.AGREED and goal.terms == terms and waiting is None:
        return Step(goal=goal)
    _up_to_date(goal, seen)
    if goal.state not in LIVE:
        raise RuleBroken(_GONE if goal.state is GoalState.DROPPED else _CLOSED)
    settled = None
    if waiting:
        settled = ChangeState.TAKEN_BACK if waiting.by == by else ChangeState.COUNTERED
    return Step(goal=_next(goal, suggestion=Suggestion(terms=terms, by=by)), settled=settled)


def accept(goal: Goal, *, by: int, seen: int) -> Step:
    """Return the goal with what is suggested in force.

    Raises: ChangedMeanwhile, RuleBroken
    """
    return _agreed(goal, _to_answer(goal, by=by, seen=seen))


def decline(goal: Goal, *, by: int, seen: int) -> Step:
    """Return the goal as it was before the suggestion; a goal that was only suggested is dropped.

    Raises: ChangedMeanwhile, RuleBroken
    """
    _to_answer(goal, by=by, seen=seen)
    return Step(goal=_without_suggestion(goal), settled=ChangeState.DECLINED)


def take_back(goal: Goal, *, by: int, seen: int) -> Step:
    """Return the goal without this person's own suggestion.

    Raises: ChangedMeanwhile, RuleBroken
    """
    if _open(goal, seen).by != by:
        raise RuleBroken(_NOT_YOURS_TO_TAKE)
    return Step(goal=_without_suggestion(goal), settled=ChangeState.TAKEN_BACK)


def close(goal: Goal, how: GoalState, *, seen: int) -> Step:
    """Return the goal reached or set aside; each of the pair may say so, and each may open it again.

    Raises: ChangedMeanwhile, RuleBroken
    """
    if how not in CLOSED:
        raise ValueError(how)
    if goal.state is how:
        return Step(goal=goal)
    _up_to_date(goal, seen)
    if goal.suggestion:
        raise RuleBroken(_OPEN_FIRST)
    if goal.state is not GoalState.AGREED:
        raise RuleBroken(_GONE if goal.state is GoalState.DROPPED else _CLOSED)
    return Step(goal=_next(goal, state=how))


def reopen(goal: Goal, *, seen: int, live_goals: int) -> Step:
    """Return a goal that was reached or set aside as one that is worked on again.

    Raises: ChangedMeanwhile; RuleBroken where it was never agreed, or there are enough goals already.
    """
    if goal.state is GoalState.AGREED:
        return Step(goal=goal)
    _up_to_date(goal, seen)
    if goal.state not in CLOSED:
        raise RuleBroken(_GONE)
    _has_room(live_goals)
    return Step(goal=_next(goal, state=GoalState.AGREED))


def _up_to_date(goal: Goal, seen: int) -> None:
    if goal.version != seen:
        raise ChangedMeanwhile(goal)


def _open(goal: Goal, seen: int) -> Suggestion:
    if goal.suggestion is None:
        raise RuleBroken(_NOTHING_OPEN)
    _up_to_date(goal, seen)
    return goal.suggestion


def _to_answer(goal: Goal, *, by: int, seen: int) -> Suggestion:
    waiting = _open(goal, seen)
    if waiting.by == by:
        raise RuleBroken(_NOT_YOURS)
    return waiting


def _agreed(goal: Goal, waiting: Suggestion) -> Step:
    after = _next(goal, state=GoalState.AGREED, terms=waiting.terms, suggestion=None)
    return Step(goal=after, settled=ChangeState.AGREED)


def _without_suggestion(goal: Goal) -> Goal:
    state = GoalState.DROPPED if goal.terms is None else goal.state
    return _next(goal, state=state, suggestion=None)


def _next(goal: Goal, **changes: object) -> Goal:
    return replace(goal, version=goal.version + 1, **changes)  # type: ignore[arg-type]  # the fields are Goal's own
