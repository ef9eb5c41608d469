"""What the members of a pair do about their meetings, each thing one transaction. Rules: `mentoring/meetings`.

Everything that happens is added to the meeting's history, so that no words are lost, whoever acts at the same time.
"""

from collections.abc import Callable
from datetime import datetime

from lti_tool.actions import audit
from lti_tool.actions.in_pair import open_pair
from lti_tool.actions.meeting_rows import add, local_day, locked, members, note, note_met, sent_before
from lti_tool.mentoring import meeting_reports as reports
from lti_tool.mentoring import meetings as rules
from lti_tool.mentoring.meeting_form import Asked, Said
from lti_tool.mentoring.meetings import Meeting as MeetingValue
from lti_tool.mentoring.meetings import Report, Ruling
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.store.db import transaction
from lti_tool.store.matching import Pair
from lti_tool.store.meeting_evidence import staff_meeting
from lti_tool.store.meetings import Meeting, last_change, parts_of, value_of, write


def propose(pair_id: int, by: int, asked: Asked, *, once: str, now: datetime) -> int:
    """Somebody proposes a meeting; its number. Sending the same form again makes no second one.

    Raises: RuleBroken
    """
    with transaction():
        pair = open_pair(pair_id)
        sent = sent_before(by, once)
        if sent is not None:
            return sent
        value = rules.propose(members(pair), by, asked.plan, now)
        row = add(pair, value, by, once=once, words=asked.words, now=now)
        note(row, "proposed", by, now=now, words=asked.words)
    return row.id


def log_outside(pair_id: int, by: int, said: Said, *, once: str, now: datetime) -> int:
    """Somebody says that the pair met without planning it here; the meeting's number.

    Raises: RuleBroken
    """
    with transaction():
        pair = open_pair(pair_id)
        sent = sent_before(by, once)
        if sent is not None:
            return sent
        today = local_day(pair, now)
        report = Report(by=by, at=now, held_on=said.held_on or today, minutes=said.minutes, present=said.present)
        since = local_day(pair, pair.published_at or now)
        value = reports.log_outside(members(pair), report, today, since=since)
        row = add(pair, value, by, once=once, words="", now=now)
        note(row, "logged", by, now=now, minutes=said.minutes)
        note_met(pair, report)
    return row.id


def accept(pair_id: int, meeting_id: int, by: int, *, version: int, now: datetime) -> None:
    """A member says that they come.

    Raises: RuleBroken; ChangedMeanwhile where the plan is not the one they saw.
    """
    _step(pair_id, meeting_id, by, "accepted", lambda one: rules.accept(one, by, now), version=version, now=now)


def decline(pair_id: int, meeting_id: int, by: int, *, version: int, now: datetime) -> None:
    """A member says that they cannot come.

    Raises: RuleBroken; ChangedMeanwhile where the plan is not the one they saw.
    """
    _step(pair_id, meeting_id, by, "declined", lambda one: rules.decline(one, by), version=version, now=now)


def cancel(pair_id: int, meeting_id: int, by: int, *, version: int, now: datetime) -> None:
    """A member calls a meeting off for everybody.

    Raises: RuleBroken; ChangedMeanwhile where the plan is not the one they saw.
    """
    _step(pair_id, meeting_id, by, "cancelled", lambda one: rules.cancel(one, by), version=version, now=now)


def move(pair_id: int, meeting_id: int, by: int, asked: Asked, *, version: int, now: datetime) -> None:
    """A member proposes another time or place: in answer to a proposal, or for a meeting that was agreed.

    Raises: RuleBroken; ChangedMeanwhile where somebody else changed the plan first, unless to the very same.
    """
    with transaction():
        pair = open_pair(pair_id)
        row, parts, value = locked(pair, meeting_id)
        if _is_same(row, by, asked):
            return
        if row.version != version:
            raise ChangedMeanwhile(row)
        write(row, parts, rules.move(value, by, asked.plan, now), now=now)
        row.words = asked.words
        note(row, "moved", by, now=now, words=asked.words)


def miss(pair_id: int, meeting_id: int, by: int, *, now: datetime) -> None:
    """A member says that a meeting did not take place.

    Raises: RuleBroken
    """
    _step(pair_id, meeting_id, by, "missed", lambda one: rules.miss(one, by, now), now=now)


def confirm(pair_id: int, meeting_id: int, by: int, said: Said, *, now: datetime) -> None:
    """A member says that a meeting took place; the second who says so agrees with the first.

    Raises: RuleBroken
    """
    with transaction():
        pair = open_pair(pair_id)
        row, parts, before = locked(pair, meeting_id)
        held_on = local_day(pair, before.plan.starts_at if before.plan else now)
        report = Report(by=by, at=now, held_on=held_on, minutes=said.minutes, present=said.present)
        after = reports.confirm(before, report)
        if after != before:
            write(row, parts, after, now=now)
            note(row, "confirmed", by, now=now, minutes=said.minutes)
            note_met(pair, report)


def dispute(pair_id: int, meeting_id: int, by: int, words: str, *, now: datetime) -> None:
    """A member says that a meeting was not as another one reported it; staff decide.

    Raises: RuleBroken
    """
    _step(pair_id, meeting_id, by, "disputed", lambda one: reports.dispute(one, by, now), words=words, now=now)


def settle(pair_id: int, meeting_id: int, by: int, *, now: datetime) -> None:
    """The member who disputes a meeting takes that back.

    Raises: RuleBroken
    """
    _step(pair_id, meeting_id, by, "settled", lambda one: reports.settle(one, by), now=now)


def take_back(pair_id: int, meeting_id: int, by: int, *, now: datetime) -> None:
    """A member takes back that a meeting took place.

    Raises: RuleBroken
    """
    _step(pair_id, meeting_id, by, "taken_back", lambda one: reports.take_back(one, by), now=now)


def decide(programme_id: int, meeting_id: int, ruling: Ruling, words: str, *, by: int, now: datetime) -> bool:
    """Staff decide that a meeting counts, or that it does not; False where the programme has no such meeting."""
    with transaction() as session:
        row = staff_meeting(programme_id, meeting_id)
        if row is None:
            return False
        session.get_one(Pair, row.pair_id, with_for_update=True)
        session.refresh(row, with_for_update=True)
        parts = parts_of(row.id)
        before = {"state": row.state, "ruling": row.ruling}
        write(row, parts, reports.decide(value_of(row, parts), ruling), now=now)
        row.ruled_by, row.ruled_at, row.ruling_words = by, now, words
        note(row, "decided", None, now=now, words=words)
        after = {"meeting": row.id, "state": row.state, "ruling": ruling}
        audit.record("meeting.decide", now=now, by=by, programme_id=programme_id, before=before, after=after)
    return True


def _step(
    pair_id: int,
    meeting_id: int,
    by: int,
    what: str,
    rule: Callable[[MeetingValue], MeetingValue],
    *,
    now: datetime,
    version: int | None = None,
    words: str = "",
) -> None:
    """Take one step of one meeting; the same step of the same person again changes nothing."""
    with transaction():
        pair = open_pair(pair_id)
        row, parts, before = locked(pair, meeting_id)
        last = last_change(row.id)
        if last is not None and (last.enrolment_id, last.what) == (by, what):
            return
        if version is not None and row.version != version:
            raise ChangedMeanwhile(row)
        after = rule(before)
        if after == before:
            return
        write(row, parts, after, now=now)
        if after.disputed_by is None:
            row.dispute_words = ""
        elif before.disputed_by is None:
            row.dispute_words = words
        note(row, what, by, now=now, words=words)


def _is_same(row: Meeting, by: int, asked: Asked) -> bool:
    """Whether the meeting stands already as this member asks: a form that was sent twice."""
    present = (row.state, row.proposed_by, row.starts_at, row.planned_minutes, row.place, row.words)
    plan = asked.plan
    return present == (rules.MeetingState.PROPOSED, by, plan.starts_at, plan.minutes, plan.where, asked.words)
