"""How pairs are doing: the signs they give, what the rules made of them, and what staff noted.

A pair's standing is kept up by what happens in it and by the nightly sweep, so that a list of thousands is one query.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    UniqueConstraint,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring import health
from lti_tool.mentoring.health import Partaking, Sign, SignKind, Waiting
from lti_tool.store.cases import PairCase, case_of, open_cases_of
from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import RUNNING, Pair
from lti_tool.store.pair_life import life_of
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Member, Person, named
from lti_tool.store.programme import Programme

PAGE = 50  # pairs on one page of a list
TOGETHER = 250  # pairs looked at in one go: on SQLite nobody else writes meanwhile


class PairSign(Row):
    """The last sign of one kind that one member gave."""

    __tablename__ = "pair_sign"
    __table_args__ = (
        UniqueConstraint("pair_id", "enrolment_id", "kind"),
        CheckConstraint("kind in ('check_in','message','meeting','not_reached','fit')", name="kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    level: Mapped[int] = mapped_column(default=0)  # how it is going, 1 to 5; whether it fits, 1 to 3
    in_a_row: Mapped[int] = mapped_column(default=1)


class PairStanding(Row):
    """What the rules make of a pair's signs and cases."""

    __tablename__ = "pair_standing"
    __table_args__ = (
        CheckConstraint("health in ('stuck','watch','on_track','ended')", name="health"),
        Index("ix_pair_standing_programme_id_urgency", "programme_id", "urgency", "waiting_since", "pair_id"),
        Index("ix_pair_standing_programme_id_health", "programme_id", "health"),
    )
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    health: Mapped[str]
    suggestion: Mapped[str]
    urgency: Mapped[int]  # the higher, the sooner staff should look
    waiting_since: Mapped[datetime | None]  # of the oldest request that nobody has answered
    last_sign_at: Mapped[datetime | None]


class PairNote(Row):
    """What staff did about a pair. Only ever added to."""

    __tablename__ = "pair_note"
    __table_args__ = (UniqueConstraint("author_id", "once"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str]
    at: Mapped[datetime]
    once: Mapped[str]


def find_sign(pair_id: int, enrolment_id: int, kind: SignKind) -> PairSign | None:
    """The last sign of this kind."""
    return db.session.scalar(select(PairSign).filter_by(pair_id=pair_id, enrolment_id=enrolment_id, kind=kind))


def sign_of(row: PairSign) -> Sign:
    """The sign as the rules read it."""
    return Sign(kind=SignKind(row.kind), at=row.at, level=row.level, in_a_row=row.in_a_row)


def looked_at(pair_ids: Sequence[int]) -> list[tuple[Pair, health.Pair]]:
    """These pairs, those that were published, as the rules read them."""
    query = select(Pair).where(Pair.id.in_(pair_ids), Pair.state != "proposed")
    pairs = list(db.session.scalars(query.order_by(Pair.id)))
    members, cases = _members_of(pair_ids), open_cases_of(pair_ids)
    return [
        (pair, _pair(pair, pair.published_at, members.get(pair.id, []), cases.get(pair.id, [])))
        for pair in pairs
        if pair.published_at is not None
    ]


def _pair(pair: Pair, published_at: datetime, members: list[Partaking], cases: list[PairCase]) -> health.Pair:
    return health.Pair(
        life=life_of(pair),
        published_at=published_at,
        members=tuple(members),
        cases=tuple(Waiting(case=case_of(row), asked_at=row.asked_at) for row in cases),
        expects_meetings=any(one.last(SignKind.MEETING) for one in members),
    )


def _members_of(pair_ids: Sequence[int]) -> dict[int, list[Partaking]]:
    """Who is in these pairs, with the last sign of each kind."""
    signs = _signs_of(pair_ids)
    query = (
        select(PairMember, Enrolment.state, Member.is_active)
        .join(Enrolment, Enrolment.id == PairMember.enrolment_id)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .outerjoin(Member, and_(Member.person_id == Enrolment.person_id, Member.course_id == Programme.course_id))
        .where(PairMember.pair_id.in_(pair_ids), PairMember.left_at.is_(None))
        .order_by(PairMember.id)
    )
    found: dict[int, list[Partaking]] = {}
    for member, state, is_active in db.session.execute(query):
        own = signs.get((member.pair_id, member.enrolment_id), [])
        if member.opened_at is not None:
            own = [*own, Sign(kind=SignKind.OPENED, at=member.opened_at)]
        one = Partaking(is_here=state == "joined" and bool(is_active), signs=tuple(own))
        found.setdefault(member.pair_id, []).append(one)
    return found


def _signs_of(pair_ids: Sequence[int]) -> dict[tuple[int, int], list[Sign]]:
    found: dict[tuple[int, int], list[Sign]] = {}
    for row in db.session.scalars(select(PairSign).where(PairSign.pair_id.in_(pair_ids))):
        found.setdefault((row.pair_id, row.enrolment_id), []).append(sign_of(row))
    return found


def standings_of(pair_ids: Collection[int]) -> dict[int, PairStanding]:
    """What is kept of how these pairs are doing."""
    query = select(PairStanding).where(PairStanding.pair_id.in_(pair_ids))
    return {row.pair_id: row for row in db.session.scalars(query)}


def published_pairs(programme_id: int, *, but_settled: bool = False) -> list[int]:
    """Every pair of a programme that was published; on request without those that are known to have ended."""
    query = select(Pair.id).where(Pair.programme_id == programme_id, Pair.state != "proposed")
    if but_settled:
        over = exists().where(PairStanding.pair_id == Pair.id, PairStanding.health == health.Health.ENDED)
        query = query.where(~and_(Pair.state == "ended", over))
    return list(db.session.scalars(query.order_by(Pair.id)))


def running_programmes() -> list[int]:
    """The programmes that have pairs which run, or that were opened again after their pairs had ended with them."""
    again = and_(Pair.end_reason == "completed", Programme.phase != "closed")
    query = select(Pair.programme_id).join(Programme, Programme.id == Pair.programme_id).distinct()
    return list(db.session.scalars(query.where(or_(Pair.state.in_(RUNNING), again)).order_by(Pair.programme_id)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which pairs a list shows, and in which order."""

    health: str = ""  # all that run, unless one is named
    words: str = ""
    order: str = "urgency"


ORDERS = ("urgency", "quiet", "new")


def pair_page(programme_id: int, wanted: Wanted, *, page: int) -> tuple[list[tuple[Pair, PairStanding | None]], int]:
    """One page of a programme's pairs, who waits for an answer first, and how many there are in all."""
    where = _where(programme_id, wanted)
    total = db.session.scalar(_listed(func.count()).where(*where)) or 0
    query = _listed(Pair, PairStanding).where(*where).order_by(*_order(wanted.order))
    rows = db.session.execute(query.limit(PAGE).offset(PAGE * (page - 1)))
    return [(row[0], row[1]) for row in rows], total


def health_counts(programme_id: int) -> dict[str, int]:
    """How many pairs of a programme are doing how."""
    query = _listed(_health, func.count()).where(Pair.programme_id == programme_id, Pair.state != "proposed")
    return {row[0]: row[1] for row in db.session.execute(query.group_by(_health))}


_health = func.coalesce(PairStanding.health, "on_track")


def _listed(*columns: Any) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = select(*columns)
    return query.select_from(Pair).outerjoin(PairStanding, PairStanding.pair_id == Pair.id)


def _where(programme_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Pair.programme_id == programme_id, Pair.state != "proposed"]
    found.append(_health == wanted.health if wanted.health else _health != "ended")
    if wanted.words:
        people = select(PairMember.pair_id).join(Enrolment, Enrolment.id == PairMember.enrolment_id)
        people = people.join(Person, Person.id == Enrolment.person_id)
        found.append(Pair.id.in_(people.where(Enrolment.programme_id == programme_id, *named(wanted.words))))
    return found


def _order(order: str) -> list[Any]:
    if order == "new":
        return [Pair.published_at.desc(), Pair.id.desc()]
    if order == "quiet":
        return [func.coalesce(PairStanding.last_sign_at, Pair.published_at), Pair.id]
    since = func.coalesce(PairStanding.waiting_since, PairStanding.last_sign_at, Pair.published_at)
    return [func.coalesce(PairStanding.urgency, 0).desc(), since, Pair.id]


def names_in(pair_ids: Collection[int]) -> dict[int, list[tuple[PairMember, Person]]]:
    """Who is in these pairs, mentors first, also those who left."""
    query = (
        select(PairMember, Person)
        .join(Enrolment, Enrolment.id == PairMember.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(PairMember.pair_id.in_(pair_ids))
        .order_by(PairMember.role.desc(), PairMember.id)
    )
    found: dict[int, list[tuple[PairMember, Person]]] = {}
    for member, person in db.session.execute(query):
        found.setdefault(member.pair_id, []).append((member, person))
    return found


def notes_of(pair_id: int) -> list[tuple[PairNote, Person]]:
    """What staff did about a pair, newest first, and who."""
    query = select(PairNote, Person).join(Person, Person.id == PairNote.author_id).where(PairNote.pair_id == pair_id)
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(PairNote.id.desc()))]


def last_notes(pair_ids: Collection[int]) -> dict[int, PairNote]:
    """The newest note on each of these pairs."""
    query = select(PairNote).where(PairNote.pair_id.in_(pair_ids)).order_by(PairNote.id)
    return {row.pair_id: row for row in db.session.scalars(query)}


def without_partner(programme_id: int, course_id: int) -> list[tuple[Person, datetime | None]]:
    """Who takes part, was in a pair that ended before the programme, and is in none now; the longest waiting first."""
    last = func.max(Pair.ended_at)
    running = (
        select(PairMember.enrolment_id)
        .join(Pair, Pair.id == PairMember.pair_id)
        .where(Pair.programme_id == programme_id, Pair.state.in_(RUNNING), PairMember.left_at.is_(None))
    )
    query = (
        select(Person, last)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Member, and_(Member.person_id == Person.id, Member.course_id == course_id))
        .join(PairMember, PairMember.enrolment_id == Enrolment.id)
        .join(Pair, Pair.id == PairMember.pair_id)
        .where(Enrolment.programme_id == programme_id, Enrolment.state == "joined", Member.is_active)
        .where(Pair.state == "ended", func.coalesce(Pair.end_reason, "") != "completed")
        .where(Enrolment.id.not_in(running))
        .group_by(Person.id)
        .order_by(last, Person.id)
        .limit(PAGE)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]
