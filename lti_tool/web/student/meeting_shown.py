"""A meeting as one member of the pair sees it, what waits for them, and the panel on the pair's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l

from lti_tool.mentoring.meeting_acts import Act, possible
from lti_tool.mentoring.meeting_links import VideoLink, video_link
from lti_tool.mentoring.meeting_reports import final_at
from lti_tool.mentoring.meetings import PLANNED, MeetingState, is_asked, may_report
from lti_tool.mentoring.meetings import Meeting as MeetingValue
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.mentoring.workspace import Due
from lti_tool.store.meetings import ContactAttempt, Meeting, MeetingPart, attempts_in, meetings_of, parts_in, value_of
from lti_tool.store.pairs import Partner
from lti_tool.store.people import Person
from lti_tool.web.clocks import Clocks, clocks
from lti_tool.web.student.pair import OwnPair
from lti_tool.web.text import plain_names

FRESH = timedelta(days=14)  # how long an attempt at contact waits for an answer
PROVIDERS = {
    "zoom": _l("Zoom"),
    "teams": _l("Microsoft Teams"),
    "meet": _l("Google Meet"),
    "webex": _l("Webex"),
    "bigbluebutton": _l("BigBlueButton"),
    "jitsi": _l("Jitsi Meet"),
    "other": _l("Video link"),
}
STATES = {
    MeetingState.PROPOSED: ("attention", _l("Proposed")),
    MeetingState.AGREED: ("good", _l("Agreed")),
    MeetingState.DECLINED: ("neutral", _l("Declined")),
    MeetingState.CANCELLED: ("neutral", _l("Called off")),
    MeetingState.MISSED: ("neutral", _l("Did not take place")),
    MeetingState.HELD: ("good", _l("Took place")),
    MeetingState.DISPUTED: ("attention", _l("Not agreed: staff decide")),
    MeetingState.DISMISSED: ("neutral", _l("Staff decided: does not count")),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One meeting, from one member's side, at one moment."""

    row: Meeting
    value: MeetingValue
    own: OwnPair
    now: datetime

    @cached_property
    def may(self) -> frozenset[Act]:
        """What this member can do about it now."""
        return possible(self.value, self.own.enrolment.id, self.now) if self.own.is_writable else frozenset()

    @cached_property
    def clocks(self) -> Clocks | None:
        """When it begins, on everybody's clock; None where it was logged afterwards."""
        return moment(self.own, self.row.starts_at) if self.row.starts_at else None

    @property
    def is_ahead(self) -> bool:
        """Whether it is planned, and not over yet."""
        plan = self.value.plan
        return self.value.state in PLANNED and plan is not None and plan.ends_at > self.now

    @property
    def badge(self) -> tuple[str, str]:
        """Its state as a badge says it."""
        is_lapsed = self.value.state is MeetingState.PROPOSED and not self.is_ahead
        kind, words = ("neutral", _l("Not answered in time")) if is_lapsed else STATES[self.value.state]
        return kind, str(words)

    @property
    def may_say_held(self) -> bool:
        """Whether this member may say that it took place, where nobody has said so."""
        return Act.CONFIRM in self.may and not self.value.confirmed_by

    @property
    def is_asked(self) -> bool:
        """Whether it waits for this member's answer."""
        return self.is_ahead and is_asked(self.value, self.own.enrolment.id)

    @property
    def may_report(self) -> bool:
        """Whether somebody should say now that it took place."""
        return may_report(self.value, self.now)

    @property
    def is_reported_to(self) -> bool:
        """Whether others say that it took place, and this member can still say otherwise."""
        return Act.DISPUTE in self.may

    @property
    def link(self) -> VideoLink | None:
        """The video room, where the place is one."""
        return video_link(self.row.place)

    @property
    def final_at(self) -> datetime | None:
        """Until when it can be disputed."""
        return final_at(self.row.reported_at) if self.row.reported_at else None

    def people(self, enrolment_ids: frozenset[int]) -> list[Person]:
        """Those of the pair who are meant."""
        return [one.person for one in self.own.everybody if one.enrolment.id in enrolment_ids]

    def person(self, enrolment_id: int | None) -> Person | None:
        """One member of the pair."""
        found = self.people(frozenset({enrolment_id or 0}))
        return found[0] if found else None


def moment(own: OwnPair, value: datetime) -> Clocks:
    """A moment on the clocks of everybody in the pair."""
    return clocks(value, reader(own), own.partners, own.programme)


def reader(own: OwnPair) -> Partner:
    """The visitor as a member of the pair."""
    return next(one for one in own.everybody if one.member.id == own.member.id)


def shown(own: OwnPair, row: Meeting, at: datetime) -> Shown:
    """One meeting of the pair."""
    return _shown(own, row, parts_in(own.pair.id), at)


def all_shown(own: OwnPair, at: datetime) -> list[Shown]:
    """Every meeting of the pair, oldest first."""
    parts = parts_in(own.pair.id)
    return [_shown(own, row, parts, at) for row in meetings_of(own.pair.id)]


def _shown(own: OwnPair, row: Meeting, parts: Mapping[int, list[MeetingPart]], at: datetime) -> Shown:
    members = frozenset(one.enrolment.id for one in own.everybody)
    return Shown(row=row, value=value_of(row, parts.get(row.id, []), members), own=own, now=at)


def waiting_attempts(own: OwnPair, at: datetime) -> list[ContactAttempt]:
    """What partners tried lately to reach this member by, without an answer."""
    mine = own.enrolment.id
    return [
        one
        for one in attempts_in(own.pair.id)
        if one.enrolment_id != mine and one.answered_at is None and at - one.tried_at < FRESH
    ]


def meetings_due(own: OwnPair, at: datetime) -> list[Due]:
    """What waits for this member: an answer, a word about a meeting that was, a partner who tried to reach them."""
    found = all_shown(own, at)
    due = [one for meeting in found for one in _due_about(meeting)]
    names = plain_names(own.people)
    if waiting_attempts(own, at):
        due.append(
            Due(
                kind="reach",
                reason=Sentence(N_("%(name)s tried to reach you. A short answer is enough."), {"name": names}),
                place="meetings",
            )
        )
    if not any(one.is_ahead or one.may_report for one in found) and _held(found) < own.programme.meeting_count:
        text = N_("Find a time for your next meeting with %(name)s.")
        text = text if _held(found) else N_("Find a time for your first meeting with %(name)s.")
        due.append(Due(kind="next_meeting", reason=Sentence(text, {"name": names}), place="meetings"))
    return due


def _held(found: Sequence[Shown]) -> int:
    return sum(one.value.state is MeetingState.HELD for one in found)


def _due_about(one: Shown) -> list[Due]:
    row, number = one.row, one.row.id
    if one.is_asked:
        who = one.person(row.proposed_by)
        reason = Sentence(
            N_("%(name)s proposes to meet on %(when)s. Say whether you can come."),
            {"name": plain_names([who] if who else one.own.people), "when": row.starts_at},
        )
        return [Due(kind="meeting_answer", reason=reason, place="meeting", due_at=row.starts_at, number=number)]
    if one.may_report:
        reason = Sentence(N_("Did your meeting of %(when)s take place?"), {"when": row.starts_at})
        return [Due(kind="meeting_report", reason=reason, place="meeting", number=number)]
    if one.is_reported_to:
        reason = Sentence(
            N_("It says here that you met on %(day)s. If that is right, there is nothing to do."), {"day": row.held_on}
        )
        return [Due(kind="meeting_check", reason=reason, place="meeting", due_at=one.final_at, number=number)]
    return []


def meetings_panel(own: OwnPair, at: datetime) -> dict[str, Any]:
    """What the pair's page says of meetings: the next ones, and how many there were."""
    found = all_shown(own, at)
    return {
        "ahead": in_time([one for one in found if one.is_ahead])[:3],
        "held": _held(found),
    }


def in_time(found: Sequence[Shown]) -> list[Shown]:
    """Planned meetings by their time."""
    return sorted(found, key=lambda one: (one.row.starts_at or one.now, one.row.id))
