"""What meetings and attempts at contact prove: which meetings count, which need staff, who tried enough.

Source: product sections 6.4 (partner item) and 6.5, cases 1 to 7. Points are made of this elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lti_tool.mentoring.meeting_reports import final_at
from lti_tool.mentoring.meetings import MeetingState, Ruling

ATTEMPTS_APART = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFact:
    """A meeting that somebody said took place.

    Shape: `state` is held, disputed or dismissed; `present` and `confirmed_by` are enrolments; `held_on` is the day in
        the programme's time zone; `minutes` the least that anybody said.
    """

    meeting_id: int
    pair_id: int
    held_on: date
    minutes: int
    present: frozenset[int]
    confirmed_by: frozenset[int]
    confirmed_at: datetime
    disputed_by: int | None
    disputed_at: datetime | None
    state: MeetingState
    ruling: Ruling | None
    is_outside: bool
    ruled_by: int | None = None
    ruled_at: datetime | None = None

    @property
    def final_at(self) -> datetime:
        """When the others' time to dispute it is over."""
        return final_at(self.confirmed_at)


class AttemptKind(StrEnum):
    """How somebody tried to reach a partner."""

    NOT_REACHED = "not_reached"  # they say so
    PROPOSAL = "proposal"  # they proposed a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt of one member to reach the others of a pair; `answered_at` once somebody did answer."""

    pair_id: int
    enrolment_id: int
    at: datetime
    kind: AttemptKind
    answered_at: datetime | None = None


class Worth(StrEnum):
    """What a reported meeting is worth for those who were there."""

    COUNTS = "counts"
    DISPUTED = "disputed"  # nothing until staff decide
    DISMISSED = "dismissed"  # staff decided that it does not count
    TOO_SHORT = "too_short"  # below the programme's minimum, unless staff accept it
    SAME_DAY = "same_day"  # one a day and pair counts; staff can let it count


def worths(facts: Iterable[MeetingFact], least_minutes: int) -> dict[int, Worth]:
    """Return what each meeting is worth, by its number: of those of one pair on one day only one counts by itself.

    Shape: which one does not depend on the order of the facts: the first confirmed. What staff let count counts,
        whatever else was on that day, and takes nothing from it.
    """
    found: dict[int, Worth] = {}
    taken: set[tuple[int, date]] = set()
    for fact in sorted(facts, key=lambda one: (one.confirmed_at, one.meeting_id)):
        found[fact.meeting_id] = worth = _worth(fact, least_minutes, is_taken=(fact.pair_id, fact.held_on) in taken)
        if worth is Worth.COUNTS and fact.ruling is None:
            taken.add((fact.pair_id, fact.held_on))
    return found


def counting(facts: Iterable[MeetingFact], least_minutes: int, enrolment_id: int) -> list[MeetingFact]:
    """Return the meetings that count for this person, by day: only those at which they were."""
    listed = list(facts)
    worth = worths(listed, least_minutes)
    mine = [one for one in listed if worth[one.meeting_id] is Worth.COUNTS and enrolment_id in one.present]
    return sorted(mine, key=lambda one: (one.held_on, one.meeting_id))


def _worth(fact: MeetingFact, least_minutes: int, *, is_taken: bool) -> Worth:
    if fact.state is MeetingState.DISPUTED:
        return Worth.DISPUTED
    if fact.state is not MeetingState.HELD:
        return Worth.DISMISSED
    if fact.ruling is Ruling.COUNTS:
        return Worth.COUNTS
    if fact.minutes < least_minutes:
        return Worth.TOO_SHORT
    return Worth.SAME_DAY if is_taken else Worth.COUNTS


def enough_attempts(attempts: Sequence[Attempt], zone: str) -> tuple[Attempt, Attempt] | None:
    """Return the first attempt and the first that makes it enough: on another day of `zone`, 48 hours or more later."""
    local = ZoneInfo(zone)
    ordered = sorted(attempts, key=lambda one: one.at)
    for later in ordered:
        first = ordered[0]
        is_other_day = later.at.astimezone(local).date() != first.at.astimezone(local).date()
        if is_other_day and later.at - first.at >= ATTEMPTS_APART:
            return first, later
    return None
