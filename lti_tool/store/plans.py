"""What staff may know of agreements and goals: how far they are, and no word of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select

from lti_tool.mentoring.agreement import AgreementState
from lti_tool.mentoring.goals import GoalState
from lti_tool.store.agreement import Agreement, AgreementSignature
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.goals import GoalRow
from lti_tool.store.matching import RUNNING, Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import PAGE, Person, named


@dataclass(frozen=True, slots=True, kw_only=True)
class HowFar:
    """How far a pair's agreement and goals are."""

    agreement: AgreementState = AgreementState.NOT_WRITTEN
    signed_by: int = 0
    members: int = 0
    last_signed_at: datetime | None = None
    goals: int = 0  # worked on now
    goals_reached: int = 0


def plans_of(pair_ids: Collection[int]) -> dict[int, HowFar]:
    """How far agreement and goals of these pairs are, by pair."""
    signed, goals = _signed(pair_ids), _goals(pair_ids)
    return {
        one: replace(
            signed.get(one, HowFar()),
            goals=goals.get((one, GoalState.AGREED), 0),
            goals_reached=goals.get((one, GoalState.REACHED), 0),
        )
        for one in pair_ids
    }


def pair_page(programme_id: int, *, words: str = "", page: int = 1) -> tuple[list[tuple[Pair, list[Person]]], int]:
    """One page of the running pairs in which somebody's name has these words, with their people; and how many there
    are in all."""
    query = select(Pair).where(Pair.programme_id == programme_id, Pair.state.in_(RUNNING))
    if words.split():
        query = query.where(Pair.id.in_(_people().with_only_columns(PairMember.pair_id).where(*named(words))))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pairs = db.session.scalars(query.order_by(Pair.id).limit(PAGE).offset(PAGE * (page - 1))).all()
    return _with_people(pairs), total


def _with_people(pairs: Sequence[Pair]) -> list[tuple[Pair, list[Person]]]:
    people: dict[int, list[Person]] = {pair.id: [] for pair in pairs}
    query = _people().where(PairMember.pair_id.in_(people))
    for member, person in db.session.execute(query.order_by(PairMember.role.desc(), PairMember.id)):
        people[member.pair_id].append(person)
    return [(pair, people[pair.id]) for pair in pairs]


def _people() -> Select[PairMember, Person]:
    """Everybody who is in a pair now."""
    query = select(PairMember, Person).join(Enrolment, Enrolment.id == PairMember.enrolment_id)
    return query.join(Person, Person.id == Enrolment.person_id).where(PairMember.left_at.is_(None))


def _signed(pair_ids: Collection[int]) -> dict[int, HowFar]:
    """Of the pairs that have an agreement: how many of their people have signed its newest version."""
    newest = (
        select(Agreement.pair_id, func.max(Agreement.id).label("id"))
        .where(Agreement.pair_id.in_(pair_ids))
        .group_by(Agreement.pair_id)
        .subquery()
    )
    signature = (AgreementSignature.agreement_id == newest.c.id) & (
        AgreementSignature.enrolment_id == PairMember.enrolment_id
    )
    query = (
        select(
            PairMember.pair_id,
            func.count(PairMember.id),
            func.count(AgreementSignature.id),
            func.max(AgreementSignature.signed_at),
        )
        .join(newest, newest.c.pair_id == PairMember.pair_id)
        .join(AgreementSignature, signature, isouter=True)
        .where(PairMember.left_at.is_(None))
        .group_by(PairMember.pair_id)
    )
    return {
        pair_id: HowFar(
            agreement=AgreementState.SIGNED if signed == members else AgreementState.TO_SIGN,
            signed_by=signed,
            members=members,
            last_signed_at=last,
        )
        for pair_id, members, signed, last in db.session.execute(query)
    }


def _goals(pair_ids: Collection[int]) -> dict[tuple[int, GoalState], int]:
    query = select(GoalRow.pair_id, GoalRow.state, func.count()).where(GoalRow.pair_id.in_(pair_ids))
    found = db.session.execute(query.group_by(GoalRow.pair_id, GoalRow.state))
    return {(pair_id, GoalState(state)): count for pair_id, state, count in found}
