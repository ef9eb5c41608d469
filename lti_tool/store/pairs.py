"""Who is in a pair. Most are two; a triad or a mentee with two mentors is one pair of three people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import RUNNING, Pair, Scenario
from lti_tool.store.people import Person


class PairMember(Row):
    """One person's place in a published pair."""

    __tablename__ = "pair_member"
    __table_args__ = (
        UniqueConstraint("pair_id", "enrolment_id"),
        CheckConstraint("role in ('mentor','mentee','both')", name="role"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    role: Mapped[str]  # both: among equals
    opened_at: Mapped[datetime | None]  # when they first saw whom they are paired with
    left_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """Somebody in a pair: their place in it, what they joined the programme with, and who they are."""

    member: PairMember
    enrolment: Enrolment
    person: Person


def add_members(pairs: Collection[Pair]) -> None:
    """Give pairs that begin their members, inside the caller's transaction."""
    for pair in pairs:
        first, second = ("both", "both") if pair.kind == "peer" else ("mentor", "mentee")
        places = [(pair.mentor_id, first), (pair.mentee_id, second)]
        places += [(one["enrolment_id"], one["role"]) for one in pair.others]
        db.session.add_all(PairMember(pair_id=pair.id, enrolment_id=person, role=role) for person, role in places)
    db.session.flush()


def members_of(pair_id: int, *, with_left: bool = False) -> list[Partner]:
    """Everybody in the pair, mentors first; on request also who has left it."""
    query = (
        select(PairMember, Enrolment, Person)
        .join(Enrolment, Enrolment.id == PairMember.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(PairMember.pair_id == pair_id)
        .order_by(PairMember.role.desc(), PairMember.id)
    )
    query = query if with_left else query.where(PairMember.left_at.is_(None))
    found = db.session.execute(query).all()
    return [Partner(member=member, enrolment=enrolment, person=person) for member, enrolment, person in found]


def own_pairs(enrolment_id: int) -> list[Pair]:
    """The running pairs of one person, oldest first."""
    query = select(Pair).where(Pair.state.in_(RUNNING), Pair.id.in_(_with(enrolment_id)))
    return list(db.session.scalars(query.order_by(Pair.id)))


def own_pair(pair_id: int, enrolment_id: int) -> Pair | None:
    """The pair, running or ended, if this person is in it."""
    query = select(Pair).where(Pair.id == pair_id, Pair.state != "proposed", Pair.id.in_(_with(enrolment_id)))
    return db.session.scalar(query)


def ended_pairs(enrolment_id: int) -> list[Pair]:
    """The pairs this person was in until they ended, newest first."""
    query = select(Pair).where(Pair.state == "ended", Pair.id.in_(_with(enrolment_id)))
    return list(db.session.scalars(query.order_by(Pair.ended_at.desc(), Pair.id.desc())))


def places_of(programme_id: int, *states: str) -> list[PairMember]:
    """Every place in the programme's pairs of these states, pair by pair."""
    query = select(PairMember).join(Pair, Pair.id == PairMember.pair_id)
    query = query.where(Pair.programme_id == programme_id, Pair.state.in_(states), PairMember.left_at.is_(None))
    return list(db.session.scalars(query.order_by(PairMember.pair_id, PairMember.id)))


def unseen_places(enrolment_id: int) -> list[PairMember]:
    """This person's places in active pairs that they have not opened yet."""
    query = select(PairMember).join(Pair, Pair.id == PairMember.pair_id)
    own = (PairMember.enrolment_id == enrolment_id) & PairMember.opened_at.is_(None) & PairMember.left_at.is_(None)
    return list(db.session.scalars(query.where(Pair.state == "active", own)))


def first_openings(scenario_id: int) -> int:
    """How many pairs of a published scenario somebody has seen already."""
    seen = select(PairMember.pair_id).where(PairMember.opened_at.is_not(None))
    query = select(func.count()).select_from(Pair).where(Pair.scenario_id == scenario_id, Pair.id.in_(seen))
    return db.session.scalar(query) or 0


def count_paired(programme_id: int) -> int:
    """How many people are in a running pair; somebody with two partners counts once."""
    query = select(func.count(PairMember.enrolment_id.distinct())).join(Pair, Pair.id == PairMember.pair_id)
    query = query.where(Pair.programme_id == programme_id, Pair.state.in_(RUNNING), PairMember.left_at.is_(None))
    return db.session.scalar(query) or 0


def side_of(place: PairMember) -> EnrolmentRole:
    """On which side of the pair somebody is."""
    return EnrolmentRole.SWAP if place.role == "both" else EnrolmentRole(place.role)


def forget_members(scenario: Scenario) -> None:
    """The scenario's pairs are proposals again: nobody is in them yet. Inside the caller's transaction."""
    pairs = select(Pair.id).where(Pair.scenario_id == scenario.id)
    db.session.execute(delete(PairMember).where(PairMember.pair_id.in_(pairs)))


def _with(enrolment_id: int) -> Any:
    return select(PairMember.pair_id).where(PairMember.enrolment_id == enrolment_id, PairMember.left_at.is_(None))
