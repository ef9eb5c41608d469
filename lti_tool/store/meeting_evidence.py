"""What meetings and attempts at contact prove, read for one pair or for a whole programme; and what waits for staff."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from lti_tool.mentoring.meeting_evidence import Attempt, AttemptKind, MeetingFact
from lti_tool.mentoring.meetings import REPORTED, MeetingState, Ruling
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.meetings import ContactAttempt, Meeting, MeetingChange, MeetingPart
from lti_tool.store.people import Person

STAFF_PAGE = 20  # meetings on one page of staff's list


@dataclass(frozen=True, slots=True, kw_only=True)
class PairMeetings:
    """How the meetings of one pair stand."""

    last_held_on: date | None = None
    held: int = 0
    next_at: datetime | None = None
    unanswered_since: datetime | None = None  # of the oldest proposal that nobody has answered
    disputed: int = 0


def meeting_facts(programme_id: int, *, pair_id: int | None = None) -> list[MeetingFact]:
    """Every meeting of the programme, or of one of its pairs, that somebody said took place, by day.

    Two statements, whatever the number of pairs.
    """
    return _facts(_pairs(programme_id, pair_id))


def facts_of_pairs(programme_id: int, pair_ids: Collection[int]) -> list[MeetingFact]:
    """The same for some pairs of the programme."""
    return _facts(and_(_pairs(programme_id, None), Pair.id.in_(pair_ids)))


def people_at(meeting_ids: Collection[int]) -> dict[int, list[tuple[MeetingPart, Person]]]:
    """Everybody's part in these meetings with who they are, by meeting; one statement."""
    query = (
        select(MeetingPart, Person)
        .join(Enrolment, Enrolment.id == MeetingPart.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(MeetingPart.meeting_id.in_(meeting_ids))
    )
    found: dict[int, list[tuple[MeetingPart, Person]]] = {one: [] for one in meeting_ids}
    for part, person in db.session.execute(query.order_by(MeetingPart.id)):
        found[part.meeting_id].append((part, person))
    return found


def attempts(programme_id: int, *, pair_id: int | None = None) -> list[Attempt]:
    """Every attempt at contact in the programme, or in one of its pairs, oldest first: "not reached", and proposals.

    Messages are attempts, too; they are read where messages are kept.
    """
    said = select(ContactAttempt).join(Pair, Pair.id == ContactAttempt.pair_id)
    proposed = (
        select(MeetingChange.enrolment_id, MeetingChange.at, Meeting.pair_id)
        .join(Meeting, Meeting.id == MeetingChange.meeting_id)
        .join(Pair, Pair.id == Meeting.pair_id)
        .where(MeetingChange.what.in_(["proposed", "moved"]))
    )
    of_pairs = _pairs(programme_id, pair_id)
    found = [
        Attempt(
            pair_id=row.pair_id,
            enrolment_id=row.enrolment_id,
            at=row.tried_at,
            kind=AttemptKind.NOT_REACHED,
            answered_at=row.answered_at,
        )
        for row in db.session.scalars(said.where(of_pairs))
    ]
    found += [
        Attempt(pair_id=pair, enrolment_id=who, at=at, kind=AttemptKind.PROPOSAL)
        for who, at, pair in db.session.execute(proposed.where(of_pairs))
        if who is not None
    ]
    return sorted(found, key=lambda one: (one.at, one.enrolment_id))


def standing_of_meetings(pair_ids: Collection[int], *, now: datetime) -> dict[int, PairMeetings]:
    """How the meetings of these pairs stand, by pair; one statement. A pair without a meeting is left out."""
    held, planned = Meeting.state == MeetingState.HELD, Meeting.state.in_([MeetingState.PROPOSED, MeetingState.AGREED])
    ahead = planned & (Meeting.starts_at > now)
    query = select(
        Meeting.pair_id,
        func.max(Meeting.held_on).filter(held),
        func.count().filter(held),
        func.min(Meeting.starts_at).filter(ahead & (Meeting.state == MeetingState.AGREED)),
        func.min(Meeting.changed_at).filter(ahead & (Meeting.state == MeetingState.PROPOSED)),
        func.count().filter(Meeting.state == MeetingState.DISPUTED),
    ).where(Meeting.pair_id.in_(pair_ids))
    return {
        pair: PairMeetings(last_held_on=last, held=count, next_at=next_at, unanswered_since=since, disputed=disputed)
        for pair, last, count, next_at, since, disputed in db.session.execute(query.group_by(Meeting.pair_id))
    }


def count_disputed(programme_id: int) -> int:
    """How many meetings of the programme wait for staff to decide."""
    query = _of_programme(select(func.count()).select_from(Meeting), programme_id)
    return db.session.scalar(query.where(Meeting.state == MeetingState.DISPUTED)) or 0


def staff_page(programme_id: int, least_minutes: int, *, kind: str, page: int) -> tuple[list[Meeting], int]:
    """One page of the meetings staff can decide about, and how many there are.

    Shape: `kind` is `disputed` (oldest first), `flagged` (short, or not the first on its day) or `all` (newest first).
    """
    query = _of_programme(select(Meeting), programme_id)
    if kind == "disputed":
        query = query.where(Meeting.state == MeetingState.DISPUTED).order_by(Meeting.disputed_at, Meeting.id)
    else:
        wanted = _is_flagged(least_minutes) if kind == "flagged" else Meeting.state.in_(REPORTED)
        query = query.where(wanted).order_by(Meeting.held_on.desc(), Meeting.id.desc())
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return list(db.session.scalars(query.limit(STAFF_PAGE).offset(STAFF_PAGE * (page - 1)))), total


def staff_meeting(programme_id: int, meeting_id: int) -> Meeting | None:
    """The meeting, if it belongs to this programme and somebody said that it took place."""
    query = select(Meeting).join(Pair, Pair.id == Meeting.pair_id).where(_pairs(programme_id, None))
    return db.session.scalar(query.where(Meeting.id == meeting_id, Meeting.state.in_(REPORTED)))


def _is_flagged(least_minutes: int) -> ColumnElement[bool]:
    earlier = aliased(Meeting)
    same_day = and_(
        earlier.pair_id == Meeting.pair_id,
        earlier.held_on == Meeting.held_on,
        earlier.state == MeetingState.HELD,
        earlier.ruling.is_(None),
        earlier.held_minutes >= least_minutes,
        or_(
            earlier.reported_at < Meeting.reported_at,
            and_(earlier.reported_at == Meeting.reported_at, earlier.id < Meeting.id),
        ),
    )
    is_extra = select(earlier.id).where(same_day).exists()
    unruled = and_(Meeting.state == MeetingState.HELD, Meeting.ruling.is_(None))
    return and_(unruled, or_(Meeting.held_minutes < least_minutes, is_extra))


def _of_programme(query: Select[Any], programme_id: int) -> Select[Any]:
    return query.join(Pair, Pair.id == Meeting.pair_id).where(_pairs(programme_id, None))


def _pairs(programme_id: int, pair_id: int | None) -> ColumnElement[bool]:
    of_programme = Pair.programme_id == programme_id
    return of_programme if pair_id is None else and_(of_programme, Pair.id == pair_id)


def _facts(of_pairs: ColumnElement[bool]) -> list[MeetingFact]:
    reported = and_(of_pairs, Meeting.state.in_(REPORTED))
    chosen = select(Meeting).join(Pair, Pair.id == Meeting.pair_id).where(reported)
    rows = list(db.session.scalars(chosen.order_by(Meeting.held_on, Meeting.id)))
    query = select(MeetingPart).join(Meeting, Meeting.id == MeetingPart.meeting_id)
    query = query.join(Pair, Pair.id == Meeting.pair_id).where(reported)
    parts: dict[int, list[MeetingPart]] = {}
    for part in db.session.scalars(query.order_by(MeetingPart.id)):
        parts.setdefault(part.meeting_id, []).append(part)
    return [_fact(row, parts.get(row.id, [])) for row in rows]


def _fact(row: Meeting, parts: list[MeetingPart]) -> MeetingFact:
    if row.held_on is None or row.reported_at is None:
        raise ValueError("only a meeting that somebody reported is a fact")
    return MeetingFact(
        meeting_id=row.id,
        pair_id=row.pair_id,
        held_on=row.held_on,
        minutes=row.held_minutes or 0,
        present=frozenset(one.enrolment_id for one in parts if one.was_there),
        confirmed_by=frozenset(one.enrolment_id for one in parts if one.said_at is not None),
        confirmed_at=row.reported_at,
        disputed_by=row.disputed_by,
        disputed_at=row.disputed_at,
        state=MeetingState(row.state),
        ruling=Ruling(row.ruling) if row.ruling else None,
        is_outside=row.starts_at is None,
    )
