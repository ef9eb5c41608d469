"""What becomes of it when somebody says that something is not working: a case, from the words to its closure.

A case has an owner, a state and a record, and is closed with an outcome. A safety report stops contact at once, and
only its closure decides whether there is contact again.
Source: product sections 1.5 (R44) and 7.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence

GRANTED_AFTER = timedelta(days=3)  # a first wish for a new partner that nobody has answered
ANSWER_WITHIN = timedelta(days=2)
FREE_REMATCHES = 1  # per person; every further one is for staff to decide


class CaseKind(StrEnum):
    """What somebody asks for, or reports."""

    TALK = "talk"  # a talk with somebody who leads it
    REMATCH = "rematch"  # a new partner, and nobody is at fault
    DECIDE = "decide"  # staff decide
    ROLE = "role"  # another part in the programme
    CONCERN = "concern"  # somebody is worried about their partner, who knows it
    URGENT = "urgent"  # the same, where waiting could do harm
    SAFETY = "safety"  # something happened that must not


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"  # nobody has taken it yet
    TAKEN = "taken"
    REVIEW = "review"  # something was agreed, and is looked at again on a day
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"  # by whoever began it


class Topic(StrEnum):
    """What it is about."""

    TIMES = "times"
    EXPECTATIONS = "expectations"
    TONE = "tone"
    BOUNDARIES = "boundaries"
    LOAD = "load"
    OTHER = "other"


class Outcome(StrEnum):
    """How a case was closed."""

    SETTLED = "settled"
    ENDED = "ended"
    CONTACT = "contact"  # contact is possible again
    REFERRED = "referred"
    NOTHING = "nothing"


STOPS_CONTACT = frozenset({CaseKind.SAFETY})
AT_ONCE = frozenset({CaseKind.SAFETY, CaseKind.URGENT})  # come before everything else, and cannot be taken back
FLAGS = frozenset({CaseKind.CONCERN, CaseKind.URGENT})  # about the partner, not about the pair
LIVE = frozenset({CaseState.OPEN, CaseState.TAKEN, CaseState.REVIEW})

OUTCOMES: Mapping[CaseKind, tuple[Outcome, ...]] = {
    kind: (Outcome.CONTACT, Outcome.ENDED)
    if kind in STOPS_CONTACT
    else (Outcome.SETTLED, Outcome.REFERRED, Outcome.ENDED, Outcome.NOTHING)
    for kind in CaseKind
}

_OVER = Sentence(N_("This has been closed already."))
_TAKE_FIRST = Sentence(N_("Somebody must take this first."))
_STAYS = Sentence(N_("A report like this cannot be taken back here. Tell the staff if things have changed."))
_OTHER_OUTCOME = Sentence(N_("Please choose how this ends."))
_NOT_OVER = Sentence(N_("This has not been closed."))
_DAY_PASSED = Sentence(N_("Please choose a day after today."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """As much of a case as its steps depend on."""

    kind: CaseKind
    state: CaseState = CaseState.OPEN
    owner: int | None = None  # a member of staff
    review_on: date | None = None
    outcome: Outcome | None = None

    @property
    def is_live(self) -> bool:
        """Whether something is still to be done."""
        return self.state in LIVE


def take(case: Case, by: int) -> Case:
    """Return the case with this member of staff as its owner, whoever had it before.

    Raises: RuleBroken when it is closed.
    """
    _require_live(case)
    state = CaseState.TAKEN if case.state is CaseState.OPEN else case.state
    return replace(case, owner=by, state=state)


def agree(case: Case, review_on: date, *, today: date) -> Case:
    """Return the case with something agreed that is looked at again on that day.

    Raises: RuleBroken when it is closed, nobody has taken it, or the day is not to come.
    """
    _require_live(case)
    if case.owner is None:
        raise RuleBroken(_TAKE_FIRST)
    if review_on <= today:
        raise RuleBroken(_DAY_PASSED)
    return replace(case, state=CaseState.REVIEW, review_on=review_on)


def close(case: Case, outcome: Outcome, by: int | None) -> Case:
    """Return the case closed; whoever closes one that nobody had is its owner, and the clock is nobody.

    Raises: RuleBroken when it is closed already, or cannot end so.
    """
    _require_live(case)
    if outcome not in OUTCOMES[case.kind]:
        raise RuleBroken(_OTHER_OUTCOME)
    return replace(case, state=CaseState.CLOSED, outcome=outcome, owner=case.owner or by, review_on=None)


def reopen(case: Case, by: int) -> Case:
    """Return a closed case open again, in the hands of whoever opened it.

    Raises: RuleBroken when it is not closed by staff.
    """
    if case.state is not CaseState.CLOSED:
        raise RuleBroken(_NOT_OVER)
    return replace(case, state=CaseState.TAKEN, outcome=None, owner=by)


def withdraw(case: Case) -> Case:
    """Return the case taken back by whoever began it.

    Raises: RuleBroken when it is closed, or one of those that staff must look at.
    """
    _require_live(case)
    if case.kind in AT_ONCE:
        raise RuleBroken(_STAYS)
    return replace(case, state=CaseState.WITHDRAWN, review_on=None)


def keeps_apart(case: Case) -> bool:
    """Tell whether there must be no contact as long as the case is as it is."""
    return case.kind in STOPS_CONTACT and case.outcome is not Outcome.CONTACT


def stops_clock(case: Case) -> bool:
    """Tell whether nothing is due in the pair as long as the case is as it is; see `successive`."""
    return case.kind is CaseKind.REMATCH and case.is_live


def is_late(case: Case, asked_at: datetime, now: datetime) -> bool:
    """Tell whether somebody has waited too long for an answer."""
    return case.state is CaseState.OPEN and (case.kind in AT_ONCE or now >= asked_at + ANSWER_WITHIN)


def is_granted(case: Case, asked_at: datetime, now: datetime, *, rematches_before: int) -> bool:
    """Tell whether a wish for a new partner comes true by itself: the first one, that nobody has answered for days."""
    is_waiting = case.kind is CaseKind.REMATCH and case.state is CaseState.OPEN
    return is_waiting and rematches_before < FREE_REMATCHES and now >= asked_at + GRANTED_AFTER


def _require_live(case: Case) -> None:
    if not case.is_live:
        raise RuleBroken(_OVER)
