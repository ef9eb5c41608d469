"""One meeting of a pair, from the first proposal to its time: a state machine of values. What came of it then:
`meeting_reports`.

Somebody proposes a time and the others answer. Whoever changes the time proposes again, and the answers to the time
before count no longer. Members are numbers; a pair may have more than two.
Source: product sections 1.4 (R34), 6.4 (partner item) and 6.5, cases 1 to 7.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence

EARLY = timedelta(minutes=15)  # a meeting may begin, or end, a little before its time


class MeetingState(StrEnum):
    """Where a meeting stands; a dispute that staff decided leads back to `held`, or to `dismissed`."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    MISSED = "missed"
    HELD = "held"
    DISPUTED = "disputed"
    DISMISSED = "dismissed"


PLANNED = frozenset({MeetingState.PROPOSED, MeetingState.AGREED})
REPORTED = frozenset({MeetingState.HELD, MeetingState.DISPUTED, MeetingState.DISMISSED})


class Ruling(StrEnum):
    """What staff decided about a meeting."""

    COUNTS = "counts"
    DOES_NOT_COUNT = "does_not_count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When a meeting is to be, and where: a link, a place, or nothing yet."""

    starts_at: datetime
    minutes: int
    where: str = ""

    @property
    def ends_at(self) -> datetime:
        """The end, as an instant."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """That a meeting took place, as the first member said it: on which day of the programme, and who was there."""

    by: int
    at: datetime
    held_on: date
    minutes: int
    present: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting.

    Shape: `version` goes up whenever the plan changes or ends; `agreeing` are those who said that it took place, each
        with the minutes they said; an outside meeting has no plan.
    """

    members: frozenset[int]
    state: MeetingState
    plan: Plan | None
    proposed_by: int
    version: int = 1
    coming: frozenset[int] = frozenset()
    not_coming: frozenset[int] = frozenset()
    report: Report | None = None
    agreeing: tuple[tuple[int, int], ...] = ()
    disputed_by: int | None = None
    disputed_at: datetime | None = None
    ruling: Ruling | None = None

    @property
    def confirmed_by(self) -> frozenset[int]:
        """Everybody who said that it took place."""
        return frozenset(member for member, _minutes in self.agreeing)

    @property
    def minutes(self) -> int:
        """How long it was: where people said different things, the least."""
        return min((minutes for _member, minutes in self.agreeing), default=0)


def propose(members: frozenset[int], by: int, plan: Plan, now: datetime) -> Meeting:
    """Return a new meeting that waits for the others' answer.

    Raises: RuleBroken where the time is over already.
    """
    require_member(members, by)
    _require_ahead(plan, now)
    return Meeting(members=members, state=MeetingState.PROPOSED, plan=plan, proposed_by=by, coming=frozenset({by}))


def move(meeting: Meeting, by: int, plan: Plan, now: datetime) -> Meeting:
    """Return the meeting at another time or place, proposed again by whoever changes it.

    Raises: RuleBroken where it is no longer planned, or the new time is over already.
    """
    require(meeting, by, PLANNED)
    _require_ahead(plan, now)
    return replace(
        meeting,
        state=MeetingState.PROPOSED,
        plan=plan,
        proposed_by=by,
        version=meeting.version + 1,
        coming=frozenset({by}),
        not_coming=frozenset(),
    )


def accept(meeting: Meeting, by: int, now: datetime) -> Meeting:
    """Return the meeting with this member coming; with the first yes beside the proposer's it is agreed.

    Raises: RuleBroken where there is nothing to answer, or the time is over.
    """
    require(meeting, by, PLANNED)
    if meeting.plan is None or meeting.plan.ends_at <= now:
        raise RuleBroken(OVER)
    coming = meeting.coming | {by}
    state = MeetingState.AGREED if len(coming) > 1 else meeting.state
    return replace(meeting, state=state, coming=coming, not_coming=meeting.not_coming - {by})


def decline(meeting: Meeting, by: int) -> Meeting:
    """Return the meeting without this member; it ends when fewer than two could still come.

    Raises: RuleBroken where it is no longer planned, or for the member who proposed it: they cancel.
    """
    require(meeting, by, PLANNED)
    if by == meeting.proposed_by:
        raise RuleBroken(Sentence(N_("You proposed this meeting yourself: change it or cancel it.")))
    gone = meeting.not_coming | {by}
    left = replace(meeting, coming=meeting.coming - {by}, not_coming=gone)
    if len(meeting.members - gone) < 2:
        return replace(left, state=MeetingState.DECLINED, version=meeting.version + 1)
    return replace(left, state=MeetingState.AGREED if len(left.coming) > 1 else MeetingState.PROPOSED)


def cancel(meeting: Meeting, by: int) -> Meeting:
    """Return the meeting called off for everybody.

    Raises: RuleBroken where it is no longer planned.
    """
    require(meeting, by, PLANNED)
    return replace(meeting, state=MeetingState.CANCELLED, version=meeting.version + 1)


def miss(meeting: Meeting, by: int, now: datetime) -> Meeting:
    """Return the meeting as one that did not take place.

    Raises: RuleBroken before its time, or where somebody has said something else already.
    """
    require(meeting, by, PLANNED)
    if meeting.plan is None or now < meeting.plan.starts_at:
        raise RuleBroken(Sentence(N_("This meeting is still to come. If it cannot take place, cancel it.")))
    return replace(meeting, state=MeetingState.MISSED)


def is_asked(meeting: Meeting, member: int) -> bool:
    """Tell whether a proposal waits for this member's answer."""
    return meeting.state in PLANNED and member not in meeting.coming | meeting.not_coming


def may_report(meeting: Meeting, now: datetime) -> bool:
    """Tell whether the time has come to ask whether an agreed meeting took place."""
    return meeting.state is MeetingState.AGREED and meeting.plan is not None and meeting.plan.ends_at - EARLY <= now


OVER = Sentence(N_("This time is over. If you met all the same, log the meeting instead."))
NO_LONGER = Sentence(N_("This meeting is no longer what it was when you opened the page. Please look at it again."))
_STRANGER = Sentence(N_("Only the members of a pair plan and confirm its meetings."))


def require_member(members: frozenset[int], by: int) -> None:
    if by not in members:
        raise RuleBroken(_STRANGER)


def require(meeting: Meeting, by: int, states: frozenset[MeetingState]) -> None:
    require_member(meeting.members, by)
    if meeting.state not in states:
        raise RuleBroken(NO_LONGER)


def _require_ahead(plan: Plan, now: datetime) -> None:
    if plan.starts_at <= now:
        raise RuleBroken(OVER)
