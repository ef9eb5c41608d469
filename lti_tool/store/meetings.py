"""What a pair plans and says of its meetings: rows, and their way to the rules' values and back."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.meeting_notes import Revision
from lti_tool.mentoring.meetings import PLANNED, MeetingState, Plan, Report, Ruling
from lti_tool.mentoring.meetings import Meeting as MeetingValue
from lti_tool.store.db import Row, db

COMING, NOT_COMING, NO_ANSWER = "coming", "not_coming", "none"


class Meeting(Row):
    """One meeting of a pair, planned here or logged afterwards."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("created_by", "once"),
        CheckConstraint(
            "state in ('proposed','agreed','declined','cancelled','missed','held','disputed','dismissed')", name="state"
        ),
        CheckConstraint("ruling in ('counts','does_not_count')", name="ruling"),
        CheckConstraint("(starts_at is null) = (planned_minutes is null)", name="plan"),
        CheckConstraint("(state in ('held','disputed','dismissed')) = (reported_at is not null)", name="report"),
        Index("ix_meeting_state_pair_id", "state", "pair_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    once: Mapped[str]  # what its form was drawn with, so that sending it twice makes one meeting
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)  # goes up when the plan changes or ends
    state: Mapped[str]
    starts_at: Mapped[datetime | None]  # none: logged afterwards
    planned_minutes: Mapped[int | None]
    place: Mapped[str] = mapped_column(default="")  # a link or words
    words: Mapped[str] = mapped_column(default="")  # what the proposer wants to talk about
    proposed_by: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))  # of the present plan
    held_on: Mapped[date | None]  # in the programme's time zone
    held_minutes: Mapped[int | None]  # the least that anybody said
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    reported_at: Mapped[datetime | None]
    disputed_by: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    disputed_at: Mapped[datetime | None]
    dispute_words: Mapped[str] = mapped_column(default="")
    ruling: Mapped[str | None]  # what staff decided
    ruled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ruled_at: Mapped[datetime | None]
    ruling_words: Mapped[str] = mapped_column(default="")  # why, for the pair to read


class MeetingPart(Row):
    """One member's part in a meeting: the answer, and what they said of it afterwards."""

    __tablename__ = "meeting_part"
    __table_args__ = (
        UniqueConstraint("meeting_id", "enrolment_id"),
        CheckConstraint("answer in ('none','coming','not_coming')", name="answer"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    answer: Mapped[str] = mapped_column(default=NO_ANSWER)  # to the present plan
    was_there: Mapped[bool] = mapped_column(default=False)  # as the first who reported it said
    said_minutes: Mapped[int | None]  # set by whoever confirms
    said_at: Mapped[datetime | None]


class MeetingChange(Row):
    """One thing that happened to a meeting. Only ever added to, so that nobody's words are lost."""

    __tablename__ = "meeting_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)  # none: staff
    what: Mapped[str]  # such as `proposed`, `moved`, `confirmed`
    starts_at: Mapped[datetime | None]  # of the plan as it was then
    minutes: Mapped[int | None]
    place: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class MeetingNote(Row):
    """A pair's notes of a meeting as somebody saved them once; the newest are the present ones."""

    __tablename__ = "meeting_note"
    __table_args__ = (UniqueConstraint("meeting_id", "number"), CheckConstraint("number >= 1", name="number"))
    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]  # 1 for the first
    text: Mapped[str]
    written_by: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    written_at: Mapped[datetime]


class ContactAttempt(Row):
    """That somebody tried to reach their partners and did not; once a day at most."""

    __tablename__ = "contact_attempt"
    __table_args__ = (UniqueConstraint("pair_id", "enrolment_id", "tried_on"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    tried_on: Mapped[date]  # in the programme's time zone
    tried_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # when a partner showed that they are there


def meetings_of(pair_id: int) -> list[Meeting]:
    """Every meeting of a pair, oldest first."""
    return list(db.session.scalars(select(Meeting).filter_by(pair_id=pair_id).order_by(Meeting.id)))


def parts_in(pair_id: int) -> dict[int, list[MeetingPart]]:
    """Everybody's part in each meeting of a pair, by meeting."""
    query = select(MeetingPart).join(Meeting, Meeting.id == MeetingPart.meeting_id).where(Meeting.pair_id == pair_id)
    found: dict[int, list[MeetingPart]] = {}
    for part in db.session.scalars(query.order_by(MeetingPart.id)):
        found.setdefault(part.meeting_id, []).append(part)
    return found


def busy_times(enrolment_ids: Collection[int], *, now: datetime) -> list[tuple[datetime, datetime]]:
    """When any of these people have planned to meet somebody, in whichever pair, from now on."""
    query = (
        select(Meeting.starts_at, Meeting.planned_minutes)
        .join(MeetingPart, MeetingPart.meeting_id == Meeting.id)
        .where(
            MeetingPart.enrolment_id.in_(enrolment_ids),
            Meeting.state.in_(["proposed", "agreed"]),
            Meeting.starts_at > now,
        )
        .distinct()
    )
    return [
        (starts_at, starts_at + timedelta(minutes=minutes))
        for starts_at, minutes in db.session.execute(query)
        if starts_at is not None and minutes is not None
    ]


def last_place(pair_id: int) -> str:
    """Where the pair last planned to meet: most meet in the same place again."""
    query = select(Meeting.place).where(Meeting.pair_id == pair_id, Meeting.place != "")
    return db.session.scalar(query.order_by(Meeting.changed_at.desc(), Meeting.id.desc()).limit(1)) or ""


def attempts_in(pair_id: int) -> list[ContactAttempt]:
    """Who said when that they did not reach a partner, oldest first."""
    query = select(ContactAttempt).filter_by(pair_id=pair_id)
    return list(db.session.scalars(query.order_by(ContactAttempt.tried_at, ContactAttempt.id)))


def meeting_in(pair_id: int, meeting_id: int) -> Meeting | None:
    """The meeting, if it belongs to this pair."""
    return db.session.scalar(select(Meeting).filter_by(id=meeting_id, pair_id=pair_id))


def parts_of(meeting_id: int) -> list[MeetingPart]:
    """Everybody's part in a meeting, in the order of joining it."""
    return list(db.session.scalars(select(MeetingPart).filter_by(meeting_id=meeting_id).order_by(MeetingPart.id)))


def changes_of(meeting_id: int) -> list[MeetingChange]:
    """What happened to a meeting, oldest first."""
    query = select(MeetingChange).filter_by(meeting_id=meeting_id)
    return list(db.session.scalars(query.order_by(MeetingChange.id)))


def last_change(meeting_id: int) -> MeetingChange | None:
    """What happened to a meeting last."""
    query = select(MeetingChange).filter_by(meeting_id=meeting_id).order_by(MeetingChange.id.desc())
    return db.session.scalar(query.limit(1))


def revisions_of(meeting_id: int) -> tuple[Revision, ...]:
    """The notes of a meeting as they were saved, oldest first."""
    query = select(MeetingNote).filter_by(meeting_id=meeting_id).order_by(MeetingNote.number)
    return tuple(
        Revision(number=row.number, text=row.text, by=row.written_by, at=row.written_at)
        for row in db.session.scalars(query)
    )


def value_of(row: Meeting, parts: list[MeetingPart], members: frozenset[int] = frozenset()) -> MeetingValue:
    """The meeting as the rules know it; one that is still planned is for those who are in the pair now."""
    state = MeetingState(row.state)
    if state not in PLANNED:
        members = frozenset(one.enrolment_id for one in parts)
    said = sorted((one for one in parts if one.said_at is not None), key=lambda one: (one.said_at, one.id))
    return MeetingValue(
        members=members,
        state=state,
        plan=_plan(row),
        proposed_by=row.proposed_by,
        version=row.version,
        coming=members & {one.enrolment_id for one in parts if one.answer == COMING},
        not_coming=members & {one.enrolment_id for one in parts if one.answer == NOT_COMING},
        report=_report(row, parts),
        agreeing=tuple((one.enrolment_id, one.said_minutes or 0) for one in said),
        disputed_by=row.disputed_by,
        disputed_at=row.disputed_at,
        ruling=Ruling(row.ruling) if row.ruling else None,
    )


def write(row: Meeting, parts: list[MeetingPart], value: MeetingValue, *, now: datetime) -> None:
    """Bring the rows to what the rules made of the meeting, inside the caller's transaction."""
    row.state, row.version, row.proposed_by, row.changed_at = value.state, value.version, value.proposed_by, now
    if value.plan is not None:
        row.starts_at, row.planned_minutes, row.place = value.plan.starts_at, value.plan.minutes, value.plan.where
    report = value.report
    row.reported_by, row.reported_at, row.held_on = (report.by, report.at, report.held_on) if report else (None,) * 3
    row.held_minutes = value.minutes if report else None
    row.disputed_by, row.disputed_at, row.ruling = value.disputed_by, value.disputed_at, value.ruling
    minutes = dict(value.agreeing)
    for part in parts:
        _write_part(part, value, minutes.get(part.enrolment_id), now)


def _write_part(part: MeetingPart, value: MeetingValue, minutes: int | None, now: datetime) -> None:
    member = part.enrolment_id
    part.answer = COMING if member in value.coming else NOT_COMING if member in value.not_coming else NO_ANSWER
    part.was_there = value.report is not None and member in value.report.present
    if minutes is None:
        part.said_minutes = part.said_at = None
    elif part.said_at is None:
        part.said_minutes, part.said_at = minutes, now


def _plan(row: Meeting) -> Plan | None:
    if row.starts_at is None or row.planned_minutes is None:
        return None
    return Plan(starts_at=row.starts_at, minutes=row.planned_minutes, where=row.place)


def _report(row: Meeting, parts: list[MeetingPart]) -> Report | None:
    if row.reported_by is None or row.reported_at is None or row.held_on is None:
        return None
    said = {one.enrolment_id: one.said_minutes for one in parts}
    return Report(
        by=row.reported_by,
        at=row.reported_at,
        held_on=row.held_on,
        minutes=said.get(row.reported_by) or row.held_minutes or 0,
        present=frozenset(one.enrolment_id for one in parts if one.was_there),
    )
