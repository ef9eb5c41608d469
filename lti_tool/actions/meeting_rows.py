"""What every step of a meeting shares: the meeting's rows, locked, and its history."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lti_tool.actions.participation import recount_pair, recount_tries
from lti_tool.actions.standing import note_sign
from lti_tool.mentoring import meetings as rules
from lti_tool.mentoring.health import SignKind
from lti_tool.mentoring.meetings import Meeting as MeetingValue
from lti_tool.mentoring.meetings import Report
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.db import db
from lti_tool.store.matching import Pair
from lti_tool.store.meetings import Meeting, MeetingChange, MeetingPart, parts_of, value_of, write
from lti_tool.store.pairs import members_of
from lti_tool.store.programme import Programme

EARNING = frozenset({"logged", "confirmed", "disputed", "settled", "taken_back", "decided"})  # steps that change points


def local_day(pair: Pair, instant: datetime) -> date:
    """The date of an instant where the pair's programme is."""
    zone = db.session.get_one(Programme, pair.programme_id).time_zone
    return instant.astimezone(ZoneInfo(zone)).date()


def locked(pair: Pair, meeting_id: int) -> tuple[Meeting, list[MeetingPart], MeetingValue]:
    """The pair's meeting, locked, with everybody's part and as the rules know it; who has joined the pair since has a
    part from now on.

    Raises: RuleBroken where the pair has no such meeting.
    """
    row = db.session.scalar(select(Meeting).filter_by(id=meeting_id, pair_id=pair.id).with_for_update())
    if row is None:
        raise RuleBroken(rules.NO_LONGER)
    parts = parts_of(meeting_id)
    value = value_of(row, parts, members(pair))
    new = value.members - {one.enrolment_id for one in parts}
    added = [MeetingPart(meeting_id=row.id, enrolment_id=member) for member in sorted(new)]
    db.session.add_all(added)
    return row, [*parts, *added], value


def members(pair: Pair) -> frozenset[int]:
    """Who is in the pair now."""
    return frozenset(one.enrolment.id for one in members_of(pair.id))


def sent_before(by: int, once: str) -> int | None:
    """The meeting that this form has made already, if it was sent before."""
    return db.session.scalar(select(Meeting.id).filter_by(created_by=by, once=once))


def add(pair: Pair, value: MeetingValue, by: int, *, once: str, words: str, now: datetime) -> Meeting:
    """A new meeting's row, with everybody's part."""
    row = Meeting(
        pair_id=pair.id,
        created_by=by,
        once=once,
        created_at=now,
        changed_at=now,
        state=value.state,
        proposed_by=by,
        words=words,
    )
    # Only the rules' value is whole; the row is added once it says the same.
    parts = [MeetingPart(enrolment_id=member) for member in sorted(value.members)]
    write(row, parts, value, now=now)
    db.session.add(row)
    db.session.flush()
    for part in parts:
        part.meeting_id = row.id
    db.session.add_all(parts)
    return row


def note(
    row: Meeting, what: str, by: int | None, *, now: datetime, words: str = "", minutes: int | None = None
) -> None:
    """Adds to the meeting's history, and counts the points anew that this changes."""
    db.session.add(
        MeetingChange(
            meeting_id=row.id,
            enrolment_id=by,
            what=what,
            starts_at=row.starts_at,
            minutes=row.planned_minutes if minutes is None else minutes,
            place=row.place or "",
            words=words,
            at=now,
        )
    )
    if what in EARNING:
        recount_pair(row.pair_id, now=now)
    elif by is not None:
        recount_tries(row.pair_id, by, now=now)


def note_met(pair: Pair, report: Report) -> None:
    """A meeting is a sign of life of everybody who was there."""
    for enrolment_id in sorted(report.present):
        note_sign(pair.id, enrolment_id, SignKind.MEETING, now=report.at)
