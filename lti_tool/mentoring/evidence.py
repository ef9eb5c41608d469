"""What somebody did and what happened to them, as far as their points depend on it. Values only.

One `Evidence` holds everything about one person; what they did with a partner stands in a `Track`: one for each place
at somebody's side (see `successive`), over all the pairs that followed each other there. Nothing here says what a
partner thought of anybody. The order of facts never matters, and a fact given twice counts once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from lti_tool.mentoring.schemes import Kind, Side
from lti_tool.mentoring.successive import Remark, Stop, Stretch
from lti_tool.mentoring.words import N_


class ReportedMeeting(Protocol):
    """A meeting that somebody said took place.

    Shape: `state` is held, disputed or dismissed; `ruling` is what staff decided: counts, does_not_count, or None, with
        who and when; `present` are enrolments, `held_on` is a day in the programme's time zone.
    """

    @property
    def meeting_id(self) -> int: ...
    @property
    def pair_id(self) -> int: ...
    @property
    def held_on(self) -> date: ...
    @property
    def minutes(self) -> int: ...
    @property
    def present(self) -> frozenset[int]: ...
    @property
    def confirmed_by(self) -> frozenset[int]: ...
    @property
    def confirmed_at(self) -> datetime: ...
    @property
    def state(self) -> str: ...
    @property
    def ruling(self) -> str | None: ...
    @property
    def ruled_by(self) -> int | None: ...
    @property
    def ruled_at(self) -> datetime | None: ...


class TriedContact(Protocol):
    """An attempt to reach a partner: a message, a proposed time, or one that was only noted."""

    @property
    def pair_id(self) -> int: ...
    @property
    def enrolment_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something the person did in one pair: signed the agreement, set a goal, worked through a guide alone."""

    pair_id: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCheckIn:
    """A check-in the person sent."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A reflection that was handed in; the score (0 to 4) is there once staff have read it."""

    kind: Kind
    at: datetime
    score: int | None = None
    read_by: int | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Hours logged for one day."""

    on: date
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInDue:
    """One check-in of a track: when it opens, by when it is due, and what is to be said while it is not sent."""

    number: int
    opens_at: datetime
    due_at: datetime | None = None
    remark: Remark | None = None

    @property
    def is_excused(self) -> bool:
        """Whether it does not count while it is not sent."""
        return self.remark is not None and self.remark.is_excused


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One place at somebody's side, with what was done there.

    Shape: `stretches` are the pairs, oldest first; none for the check-ins of a mentor in reserve. `stops` are the times
        in which the clock stands still. `rematch_offered_at` are the moments at which the person was offered a new
        partner because the present one is silent.
    """

    stretches: tuple[Stretch, ...] = ()
    stops: tuple[Stop, ...] = ()
    check_ins_due: tuple[CheckInDue, ...] = ()
    check_ins: tuple[SentCheckIn, ...] = ()
    meetings: tuple[ReportedMeeting, ...] = ()
    attempts: tuple[TriedContact, ...] = ()
    alone: tuple[Deed, ...] = ()  # ten-minute solo alternatives
    signed: tuple[Deed, ...] = ()
    goals: tuple[Deed, ...] = ()
    rematch_offered_at: tuple[datetime, ...] = ()

    @property
    def has_pair(self) -> bool:
        """Whether there is, or was, a partner."""
        return bool(self.stretches)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideFrom:
    """On which side somebody is from then on."""

    side: Side
    from_at: datetime


class ExcuseReason(StrEnum):
    """Why something need not be done."""

    ILLNESS = "illness"
    DUTY = "duty"
    BARRIER = "barrier"
    TOOL = "tool"
    PARTNER_LEFT = "partner_left"
    OTHER = "other"


EXCUSE_WORDS: Mapping[ExcuseReason, str] = {
    ExcuseReason.ILLNESS: N_("Illness"),
    ExcuseReason.DUTY: N_("A religious or civic duty"),
    ExcuseReason.BARRIER: N_("Something that keeps me from taking part"),
    ExcuseReason.TOOL: N_("The tool or the LMS did not work"),
    ExcuseReason.PARTNER_LEFT: N_("My partner left"),
    ExcuseReason.OTHER: N_("Something else"),
}


class ExcuseState(StrEnum):
    """What became of an excuse."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


ALL_KEYS = "all"  # what an excuse that leaves nothing out is for


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """An excuse for one entry (`check_in:3`), one kind of item (`check_in`) or everything (`all`)."""

    key: str
    reason: ExcuseReason
    state: ExcuseState
    at: datetime  # when it was asked for, or decided
    by: int | None = None  # who decided


TOTAL_KEY = "total"  # what an override of all points is for


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Points that a person decided instead of the rule, for one entry or for the total.

    Raises: ValueError without a reason, or for negative points.
    """

    key: str
    points: int  # in cents
    reason: str
    by: int
    at: datetime

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("an override needs a reason")
        if self.points < 0:
            raise ValueError("points are never negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a programme's items are due; one for everybody in it.

    Shape: `due_at` has the items that are asked of a person once, whatever partners they have. From `closes_at` on
        nothing can be done any more: when the programme was closed, else when the calendar closes it; None where only
        a hand will.
    """

    begins_at: datetime
    ends_at: datetime
    closes_at: datetime | None
    time_zone: str
    due_at: Mapping[Kind, datetime]
    agreement_days: int = 14

    def is_over(self, now: datetime) -> bool:
        """Tell whether nothing can be done any more."""
        return self.closes_at is not None and now >= self.closes_at

    def closed_before(self, due_at: datetime | None, now: datetime) -> bool:
        """Tell whether the programme was closed before something was due; without a date it never was."""
        return self.closes_at is not None and now >= self.closes_at and (due_at is None or due_at > self.closes_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that one person's points depend on.

    Shape: `sides` has at least one. `arrived_at` is when the person came into the course, where that was after the
        beginning; `joined_at` when they had answered and agreed. `away` are times in which they were not on the roster.
        Of the survey it is known only that it was sent: neither when nor what.
    """

    enrolment_id: int
    sides: tuple[SideFrom, ...]
    calendar: Calendar
    arrived_at: datetime | None = None
    joined_at: datetime | None = None
    trained_at: datetime | None = None
    survey_sent: bool = False
    peer_case_at: datetime | None = None
    reflections: tuple[HandedIn, ...] = ()
    hours: tuple[Worked, ...] = ()
    tracks: tuple[Track, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    overrides: tuple[Override, ...] = ()
    is_active: bool = True
    away: tuple[Stop, ...] = field(default=())

    def side_at(self, moment: datetime | None) -> Side:
        """Return the side somebody was on then; None: the side they are on now."""
        return side_at(self.sides, moment)


def side_at(sides: Collection[SideFrom], moment: datetime | None) -> Side:
    """Return the side of these somebody was on then; None: the last of them."""
    begun = [one for one in sides if moment is None or one.from_at <= moment]
    return max(begun or [min(sides, key=_from_at)], key=_from_at).side


def _from_at(one: SideFrom) -> datetime:
    return one.from_at
