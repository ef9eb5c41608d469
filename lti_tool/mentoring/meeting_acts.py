"""What one member can do about a meeting now: exactly what the rules of `meetings` would not refuse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring import meeting_reports as reports
from lti_tool.mentoring import meetings as rules
from lti_tool.mentoring.meetings import Meeting, Plan, Report
from lti_tool.mentoring.rules import RuleBroken


class Act(StrEnum):
    """One thing to do, as a form names it."""

    ACCEPT = "accept"
    DECLINE = "decline"
    CANCEL = "cancel"
    MOVE = "move"
    MISS = "miss"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    SETTLE = "settle"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    meeting: Meeting
    by: int
    now: datetime

    @property
    def later(self) -> Plan:
        return Plan(starts_at=self.now + timedelta(days=1), minutes=30)

    @property
    def report(self) -> Report:
        plan = self.meeting.plan
        return Report(
            by=self.by,
            at=self.now,
            held_on=self.now.date(),
            minutes=plan.minutes if plan else 1,
            present=self.meeting.members,
        )


_TRIED: Mapping[Act, Callable[[_Asking], Meeting]] = {
    Act.ACCEPT: lambda one: rules.accept(one.meeting, one.by, one.now),
    Act.DECLINE: lambda one: rules.decline(one.meeting, one.by),
    Act.CANCEL: lambda one: rules.cancel(one.meeting, one.by),
    Act.MOVE: lambda one: rules.move(one.meeting, one.by, one.later, one.now),
    Act.MISS: lambda one: rules.miss(one.meeting, one.by, one.now),
    Act.CONFIRM: lambda one: reports.confirm(one.meeting, one.report),
    Act.DISPUTE: lambda one: reports.dispute(one.meeting, one.by, one.now),
    Act.SETTLE: lambda one: reports.settle(one.meeting, one.by),
    Act.TAKE_BACK: lambda one: reports.take_back(one.meeting, one.by),
}


def possible(meeting: Meeting, by: int, now: datetime) -> frozenset[Act]:
    """Return what this member can do that changes something; nothing for a stranger."""
    return frozenset(act for act in Act if _changes(act, _Asking(meeting=meeting, by=by, now=now)))


def _changes(act: Act, asking: _Asking) -> bool:
    try:
        return _TRIED[act](asking) != asking.meeting
    except RuleBroken:
        return False
