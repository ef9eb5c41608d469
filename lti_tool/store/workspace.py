"""What pairs do: their check-ins."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, or_, select
from sqlalchemy import Row as Answer
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.people import PAGE, Person


class CheckIn(Row):
    """One side's check-in of a pair."""

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("pair_id", "enrolment_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    number: Mapped[int]  # 1 for the first
    answers: Mapped[dict[str, Any]]
    submitted_at: Mapped[datetime]  # the first time; later changes keep it
    changed_at: Mapped[datetime]


def pairs_with(enrolment_id: int) -> list[Pair]:
    """The running pairs of one person, oldest first."""
    query = select(Pair).where(
        Pair.state == "active", or_(Pair.mentor_id == enrolment_id, Pair.mentee_id == enrolment_id)
    )
    return list(db.session.scalars(query.order_by(Pair.id)))


def own_pair(pair_id: int, enrolment_id: int) -> Pair | None:
    """The running pair, if this person is one of the two."""
    query = select(Pair).where(
        Pair.id == pair_id, Pair.state == "active", or_(Pair.mentor_id == enrolment_id, Pair.mentee_id == enrolment_id)
    )
    return db.session.scalar(query)


def person_of(enrolment_id: int) -> tuple[Enrolment, Person]:
    """An enrolment with its person."""
    query = select(Enrolment, Person).join(Person, Person.id == Enrolment.person_id)
    return db.session.execute(query.where(Enrolment.id == enrolment_id)).one()


def check_ins_of(pair_id: int, enrolment_id: int) -> list[CheckIn]:
    """One side's check-ins of a pair, in order."""
    query = select(CheckIn).filter_by(pair_id=pair_id, enrolment_id=enrolment_id)
    return list(db.session.scalars(query.order_by(CheckIn.number)))


def check_in_counts(programme_id: int, enrolment_ids: list[int]) -> dict[int, int]:
    """How many check-ins these people have done in running pairs."""
    query = (
        select(CheckIn.enrolment_id, func.count())
        .join(Pair, Pair.id == CheckIn.pair_id)
        .where(Pair.programme_id == programme_id, Pair.state == "active", CheckIn.enrolment_id.in_(enrolment_ids))
        .group_by(CheckIn.enrolment_id)
    )
    return dict(db.session.execute(query).all())


def check_in_page(
    programme_id: int, *, page: int, number: int | None = None
) -> tuple[list[Answer[CheckIn, Pair, Person]], int]:
    """One page of a programme's check-ins (of this number, if one is given) with who wrote them, newest first, and how
    many there are."""
    query = (
        select(CheckIn, Pair, Person)
        .join(Pair, Pair.id == CheckIn.pair_id)
        .join(Enrolment, Enrolment.id == CheckIn.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Pair.programme_id == programme_id)
    )
    query = query if number is None else query.where(CheckIn.number == number)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(CheckIn.changed_at.desc(), CheckIn.id.desc())
    return list(db.session.execute(newest.limit(PAGE).offset(PAGE * (page - 1)))), total
