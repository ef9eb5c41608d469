"""What meetings and attempts at contact prove, read for one pair or for a whole programme; and what waits for staff."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from lti_tool.mentoring.meeting_evidence import Attempt, AttemptKind, MeetingFact
from lti_tool.mentoring.meetings import REPORTED, MeetingState, Ruling
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.meetings import ContactAttempt, Meeting, MeetingChange, MeetingPart
from lti_tool.store.pairs import PairMember
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """Somebody who has tried to reach the others of a pair, on so many days, and waits for an answer."""

    person: Person
    others: list[Person]
    pair_id: int
    tried: int
    since: datetime


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


def unreached_page(programme_id: int, *, page: int) -> tuple[list[Unreached], int]:
    """One page of those who wait for a partner's answer, the longest first, and how many there are."""
    mine = ContactAttempt.pair_id, ContactAttempt.enrolment_id
    waiting = (
        select(*mine, func.count().label("tried"), func.min(ContactAttempt.tried_at).label("since"))
        .join(Pair, Pair.id == ContactAttempt.pair_id)
        .where(_pairs(programme_id, None), Pair.state == "active", ContactAttempt.answered_at.is_(None))
        .group_by(*mine)
    ).subquery()
    total = db.session.scalar(select(func.count()).select_from(waiting)) or 0
    query = (
        select(waiting, Person)
        .join(Enrolment, Enrolment.id == waiting.c.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .order_by(waiting.c.since, waiting.c.pair_id, waiting.c.enrolment_id)
    )
    rows = list(db.session.execute(query.limit(STAFF_PAGE).offset(STAFF_PAGE * (page - 1))))
    others = _others([row.pair_id for row in rows])
    return [
        Unreached(
            person=row.Person,
            others=[person for number, person in others.get(row.pair_id, []) if number != row.enrolment_id],
            pair_id=row.pair_id,
            tried=row.tried,
            since=row.since,
        )
        for row in rows
    ], total


def _others(pair_ids: Collection[int]) -> dict[int, list[tuple[int, Person]]]:
    """Everybody in these pairs, by pair."""
    query = (
        select(PairMember.pair_id, PairMember.enrolment_id, Person)
        .join(Enrolment, Enrolment.id == PairMember.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(PairMember.pair_id.in_(pair_ids), PairMember.left_at.is_(None))
    )
    found: dict[int, list[tuple[int, Person]]] = defaultdict(list)
    for pair, enrolment, person in db.session.execute(query.order_by(PairMember.id)):
        found[pair].append((enrolment, person))
    return found


def count_disputed(programme_id: int) -> int:
    """How many meetings of the programme wait for staff to decide."""
    query = _of_programme(select(func.count()).select_from(Meeting), programme_id)
    return db.session.scalar(query.where(Meeting.state == MeetingState.DISPUTED)) or 0


def staff_page(programme_id: int, least_minutes: int, *, kind: str, page: int) -> tuple[list[Meeting], int]:
    """One page of the meetings staff can decide about, and how many there are.

    Shape: `kind` is `disputed` (oldest first), `flagged` (short, or not the first on its day) or `all` (newest first).
    """
    order: tuple[Any, ...] = (Meeting.disputed_at, Meeting.id)
    if kind == "disputed":
        wanted: ColumnElement[bool] = Meeting.state == MeetingState.DISPUTED
    else:
        wanted = _is_flagged(programme_id, least_minutes) if kind == "flagged" else Meeting.state.in_(REPORTED)
        order = (Meeting.held_on.desc(), Meeting.id.desc())
    total = db.session.scalar(_of_programme(select(func.count(Meeting.id)), programme_id).where(wanted)) or 0
    query = _of_programme(select(Meeting), programme_id).where(wanted).order_by(*order)
    return list(db.session.scalars(query.limit(STAFF_PAGE).offset(STAFF_PAGE * (page - 1)))), total


def staff_meeting(programme_id: int, meeting_id: int) -> Meeting | None:
    """The meeting, if it belongs to this programme and somebody said that it took place."""
    query = select(Meeting).join(Pair, Pair.id == Meeting.pair_id).where(_pairs(programme_id, None))
    return db.session.scalar(query.where(Meeting.id == meeting_id, Meeting.state.in_(REPORTED)))


def _is_flagged(programme_id: int, least_minutes: int) -> ColumnElement[bool]:
    """Held, not looked at by staff, and short, or not the first long enough one of its pair on its day."""
    unruled = and_(Meeting.state == MeetingState.HELD, Meeting.ruling.is_(None))
    place = func.row_number().over(
        partition_by=(Meeting.pair_id, Meeting.held_on), order_by=(Meeting.reported_at, Meeting.id)
    )
    long_enough = _of_programme(select(Meeting.id, place.label("place")), programme_id)
    ranked = long_enough.where(unruled, Meeting.held_minutes >= least_minutes).subquery()
    is_extra = Meeting.id.in_(select(ranked.c.id).where(ranked.c.place > 1))
    return and_(unruled, or_(Meeting.held_minutes < least_minutes, is_extra))


def _of_programme(query: Select[Any], programme_id: int) -> Select[Any]:
    return query.join(Pair, Pair.id == Meeting.pair_id).where(_pairs(programme_id, None))


def _pairs(programme_id: int, pair_id: int | None) -> ColumnElement[bool]:
    of_programme = Pair.programme_id == programme_id
    return of_programme if pair_id is None else and_(of_programme, Pair.id == pair_id)


def _facts(of_pairs: ColumnElement[bool]) -> list[MeetingFact]:
    """Plain columns, since rows of a whole programme would cost five times as much."""
    reported = and_(of_pairs, Meeting.state.in_(REPORTED))
    columns = (getattr(Meeting, name) for name in _FACT)
    chosen = select(*columns).join(Pair, Pair.id == Meeting.pair_id).where(reported)
    part = select(MeetingPart.meeting_id, MeetingPart.enrolment_id, MeetingPart.was_there, MeetingPart.said_at)
    part = part.join(Meeting, Meeting.id == MeetingPart.meeting_id).join(Pair, Pair.id == Meeting.pair_id)
    present: dict[int, set[int]] = defaultdict(set)
    confirmed: dict[int, set[int]] = defaultdict(set)
    for meeting, enrolment, was_there, said_at in db.session.execute(part.where(reported)):
        if was_there:
            present[meeting].add(enrolment)
        if said_at is not None:
            confirmed[meeting].add(enrolment)
    rows = db.session.execute(chosen.order_by(Meeting.held_on, Meeting.id))
    return [_fact(row, present[row[0]], confirmed[row[0]]) for row in rows]


_FACT = (
    "id",
    "pair_id",
    "held_on",
    "held_minutes",
    "reported_at",
    "disputed_by",
    "disputed_at",
    "state",
    "ruling",
    "starts_at",
    "ruled_by",
    "ruled_at",
)


def _fact(row: Any, present: set[int], confirmed: set[int]) -> MeetingFact:
    number, pair, held_on, minutes, reported_at, disputed_by, disputed_at, state, ruling, starts_at, *ruled = row
    return MeetingFact(
        meeting_id=number,
        pair_id=pair,
        held_on=held_on,
        minutes=minutes,
        present=frozenset(present),
        confirmed_by=frozenset(confirmed),
        confirmed_at=reported_at,
        disputed_by=disputed_by,
        disputed_at=disputed_at,
        state=MeetingState(state),
        ruling=Ruling(ruling) if ruling else None,
        is_outside=starts_at is None,
        ruled_by=ruled[0],
        ruled_at=ruled[1],
    )
