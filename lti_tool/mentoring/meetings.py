"""One meeting of a pair, from the first proposal to what came of it: a state machine of values.

Somebody proposes a time and the others answer. Whoever changes the time proposes again, and the answers to the time
before count no longer. One side is enough to say that a meeting took place; the others have five days to say that it
did not, and then staff decide. Members are numbers; a pair may have more than two.
Source: product sections 1.4 (R34), 6.4 (partner item) and 6.5, cases 1 to 7.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence

DISPUTE_DAYS = 5
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
    _require_member(members, by)
    _require_ahead(plan, now)
    return Meeting(members=members, state=MeetingState.PROPOSED, plan=plan, proposed_by=by, coming=frozenset({by}))


def log_outside(members: frozenset[int], report: Report, today: date) -> Meeting:
    """Return a meeting that was never planned here, as one member reports it; `today` is the programme's day.

    Raises: RuleBroken for a day that is still to come.
    """
    _require_member(members, report.by)
    if report.held_on > today:
        raise RuleBroken(Sentence(N_("This day is still to come. A meeting is logged after it took place.")))
    _require_company(members, report)
    return Meeting(
        members=members,
        state=MeetingState.HELD,
        plan=None,
        proposed_by=report.by,
        report=report,
        agreeing=((report.by, report.minutes),),
    )


def move(meeting: Meeting, by: int, plan: Plan, now: datetime) -> Meeting:
    """Return the meeting at another time or place, proposed again by whoever changes it.

    Raises: RuleBroken where it is no longer planned, or the new time is over already.
    """
    _require(meeting, by, PLANNED)
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
    _require(meeting, by, PLANNED)
    if meeting.plan is None or meeting.plan.ends_at <= now:
        raise RuleBroken(OVER)
    coming = meeting.coming | {by}
    state = MeetingState.AGREED if len(coming) > 1 else meeting.state
    return replace(meeting, state=state, coming=coming, not_coming=meeting.not_coming - {by})


def decline(meeting: Meeting, by: int) -> Meeting:
    """Return the meeting without this member; it ends when fewer than two could still come.

    Raises: RuleBroken where it is no longer planned, or for the member who proposed it: they cancel.
    """
    _require(meeting, by, PLANNED)
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
    _require(meeting, by, PLANNED)
    return replace(meeting, state=MeetingState.CANCELLED, version=meeting.version + 1)


def miss(meeting: Meeting, by: int, now: datetime) -> Meeting:
    """Return the meeting as one that did not take place.

    Raises: RuleBroken before its time, or where somebody has said something else already.
    """
    _require(meeting, by, PLANNED)
    if meeting.plan is None or now < meeting.plan.starts_at:
        raise RuleBroken(Sentence(N_("This meeting is still to come. If it cannot take place, cancel it.")))
    return replace(meeting, state=MeetingState.MISSED)


def confirm(meeting: Meeting, report: Report) -> Meeting:
    """Return the meeting as one that took place, or with one more who says so; a repetition changes nothing.

    Raises: RuleBroken before its end, where it was called off, and for somebody who says it was not so.
    """
    by = report.by
    _require(meeting, by, PLANNED | REPORTED | {MeetingState.MISSED})
    if by in meeting.confirmed_by:
        return meeting
    if meeting.ruling is not None:
        raise RuleBroken(DECIDED)
    if by == meeting.disputed_by:
        raise RuleBroken(Sentence(N_("You said that this meeting was not so. Take that back first.")))
    if meeting.report is not None:
        return replace(meeting, agreeing=(*meeting.agreeing, (by, report.minutes)))
    _require_over(meeting, report)
    _require_company(meeting.members, report)
    return replace(meeting, state=MeetingState.HELD, report=report, agreeing=((by, report.minutes),))


def dispute(meeting: Meeting, by: int, now: datetime) -> Meeting:
    """Return the meeting as one that staff have to decide about.

    Raises: RuleBroken after the five days, for somebody who confirmed it, and where staff have decided already.
    """
    _require(meeting, by, frozenset({MeetingState.HELD}))
    why_not = why_no_dispute(meeting, by, now)
    if why_not is not None:
        raise RuleBroken(why_not)
    return replace(meeting, state=MeetingState.DISPUTED, disputed_by=by, disputed_at=now)


def why_no_dispute(meeting: Meeting, by: int, now: datetime) -> Sentence | None:
    """Return why this member cannot dispute a meeting that was confirmed, or None."""
    if meeting.report is None or meeting.ruling is not None:
        return DECIDED
    if by in meeting.confirmed_by:
        return Sentence(N_("You confirmed this meeting yourself. Take that back first."))
    if now > final_at(meeting.report.at):
        return Sentence(
            N_("The five days in which a meeting can be disputed are over. Please write to the staff of your course.")
        )
    return None


def settle(meeting: Meeting, by: int) -> Meeting:
    """Return the meeting with the dispute taken back by the member who began it: it took place.

    Raises: RuleBroken for everybody else.
    """
    _require(meeting, by, frozenset({MeetingState.DISPUTED}))
    if by != meeting.disputed_by:
        raise RuleBroken(Sentence(N_("Only whoever disputes a meeting can take that back.")))
    return replace(meeting, state=MeetingState.HELD, disputed_by=None, disputed_at=None)


def take_back(meeting: Meeting, by: int) -> Meeting:
    """Return the meeting without this member's word that it took place; without anybody's it did not.

    Raises: RuleBroken for somebody who did not confirm it, and where staff have decided already.
    """
    _require(meeting, by, frozenset({MeetingState.HELD, MeetingState.DISPUTED}))
    if by not in meeting.confirmed_by or meeting.ruling is not None or meeting.report is None:
        raise RuleBroken(Sentence(N_("There is nothing of yours to take back here.")))
    left = tuple(one for one in meeting.agreeing if one[0] != by)
    if left:
        return replace(meeting, agreeing=left)
    gone = MeetingState.MISSED if meeting.plan else MeetingState.CANCELLED
    return replace(meeting, state=gone, report=None, agreeing=(), disputed_by=None, disputed_at=None)


def decide(meeting: Meeting, ruling: Ruling) -> Meeting:
    """Return the meeting as staff decide it: that it counts, also a short one, or that it does not.

    Raises: RuleBroken where nobody said that it took place.
    """
    if meeting.state not in REPORTED:
        raise RuleBroken(NO_LONGER)
    state = MeetingState.HELD if ruling is Ruling.COUNTS else MeetingState.DISMISSED
    return replace(meeting, state=state, ruling=ruling)


def final_at(confirmed_at: datetime) -> datetime:
    """Return the instant after which nobody can dispute a meeting."""
    return confirmed_at + timedelta(days=DISPUTE_DAYS)


def is_asked(meeting: Meeting, member: int) -> bool:
    """Tell whether a proposal waits for this member's answer."""
    return meeting.state in PLANNED and member not in meeting.coming | meeting.not_coming


def may_report(meeting: Meeting, now: datetime) -> bool:
    """Tell whether the time has come to ask whether a planned meeting took place."""
    return meeting.state in PLANNED and meeting.plan is not None and meeting.plan.ends_at - EARLY <= now


OVER = Sentence(N_("This time is over. If you met all the same, log the meeting instead."))
DECIDED = Sentence(N_("Staff have decided about this meeting."))
NO_LONGER = Sentence(N_("This meeting is no longer what it was when you opened the page. Please look at it again."))
_STRANGER = Sentence(N_("Only the members of a pair plan and confirm its meetings."))


def _require_member(members: frozenset[int], by: int) -> None:
    if by not in members:
        raise RuleBroken(_STRANGER)


def _require(meeting: Meeting, by: int, states: frozenset[MeetingState]) -> None:
    _require_member(meeting.members, by)
    if meeting.state not in states:
        raise RuleBroken(NO_LONGER)


def _require_ahead(plan: Plan, now: datetime) -> None:
    if plan.starts_at <= now:
        raise RuleBroken(OVER)


def _require_over(meeting: Meeting, report: Report) -> None:
    """A meeting is confirmed after it was: not before its start, and not with more minutes than have gone by."""
    if meeting.plan is None:
        return
    from_then = meeting.plan.starts_at + timedelta(minutes=report.minutes) - EARLY
    if report.at < max(from_then, meeting.plan.starts_at):
        raise RuleBroken(
            Sentence(
                N_("So long a meeting can be confirmed from %(when)s on."),
                {"when": max(from_then, meeting.plan.starts_at).astimezone(UTC)},
            )
        )


def _require_company(members: frozenset[int], report: Report) -> None:
    if not report.present <= members or report.by not in report.present or len(report.present) < 2:
        raise RuleBroken(Sentence(N_("Say who was there: you, and at least one other of you.")))
