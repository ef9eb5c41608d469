"""What came of a meeting: one side says that it took place, the others agree or disagree, staff decide.

One side is enough; the others have five days to say that it was otherwise. Nothing is confirmed before its time.
Source: product sections 6.4 (partner item) and 6.5, cases 1 to 7.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from lti_tool.mentoring.meetings import (
    EARLY,
    NO_LONGER,
    PLANNED,
    REPORTED,
    Meeting,
    MeetingState,
    Report,
    Ruling,
    require,
    require_member,
)
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence

DISPUTE_DAYS = 5


def log_outside(members: frozenset[int], report: Report, today: date, *, since: date = date.min) -> Meeting:
    """Return a meeting that was never planned here, as one member reports it.

    Shape: `today` is the programme's day, `since` the one on which the pair began.
    Raises: RuleBroken for a day that is still to come, or before there was a pair.
    """
    require_member(members, report.by)
    if report.held_on < since:
        raise RuleBroken(before_the_pair(since))
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


def before_the_pair(since: date) -> Sentence:
    """Say that a day is before the one on which the pair began."""
    return Sentence(N_("Your pair began on %(day)s. Meetings count from that day on."), {"day": since})


def confirm(meeting: Meeting, report: Report) -> Meeting:
    """Return the meeting as one that took place, or with one more who says so; a repetition changes nothing.

    Who agrees within five days may say that it was shorter; later nobody takes what another has earned by then.

    Raises: RuleBroken before its end, where it was called off, and for somebody who says it was not so.
    """
    by = report.by
    require(meeting, by, PLANNED | REPORTED | {MeetingState.MISSED})
    if by in meeting.confirmed_by:
        return meeting
    if meeting.ruling is not None:
        raise RuleBroken(DECIDED)
    if by == meeting.disputed_by:
        raise RuleBroken(Sentence(N_("You said that this meeting was not so. Take that back first.")))
    if meeting.report is not None:
        is_final = report.at > final_at(meeting.report.at)  # nobody can make it shorter, as nobody can dispute it
        minutes = max(report.minutes, meeting.minutes) if is_final else report.minutes
        return replace(meeting, agreeing=(*meeting.agreeing, (by, minutes)))
    _require_over(meeting, report)
    _require_company(meeting.members, report)
    return replace(meeting, state=MeetingState.HELD, report=report, agreeing=((by, report.minutes),))


def dispute(meeting: Meeting, by: int, now: datetime) -> Meeting:
    """Return the meeting as one that staff have to decide about.

    Raises: RuleBroken after the five days, for somebody who confirmed it, and where staff have decided already.
    """
    require(meeting, by, frozenset({MeetingState.HELD}))
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
    require(meeting, by, frozenset({MeetingState.DISPUTED}))
    if by != meeting.disputed_by:
        raise RuleBroken(Sentence(N_("Only whoever disputes a meeting can take that back.")))
    return replace(meeting, state=MeetingState.HELD, disputed_by=None, disputed_at=None)


def take_back(meeting: Meeting, by: int) -> Meeting:
    """Return the meeting without this member's word that it took place; without anybody's it did not.

    Raises: RuleBroken for somebody who did not confirm it, and where staff have decided already.
    """
    require(meeting, by, frozenset({MeetingState.HELD, MeetingState.DISPUTED}))
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


DECIDED = Sentence(N_("Staff have decided about this meeting."))


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
