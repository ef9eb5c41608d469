"""What pairs do: their check-ins."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select
from sqlalchemy import Row as Answer
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
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


def check_ins_of(pair_id: int, enrolment_id: int) -> list[CheckIn]:
    """One side's check-ins of a pair, in order."""
    query = select(CheckIn).filter_by(pair_id=pair_id, enrolment_id=enrolment_id)
    return list(db.session.scalars(query.order_by(CheckIn.number)))


def check_ins_by(enrolment_id: int) -> dict[int, list[CheckIn]]:
    """Every check-in of one person, in order, by pair; also those of pairs that have ended."""
    query = select(CheckIn).filter_by(enrolment_id=enrolment_id).order_by(CheckIn.pair_id, CheckIn.number)
    found: dict[int, list[CheckIn]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.pair_id, []).append(row)
    return found


def was_sent(enrolment_id: int, number: int) -> bool:
    """Whether a person has sent this check-in, in whatever pair of theirs."""
    query = select(CheckIn.id).filter_by(enrolment_id=enrolment_id, number=number).limit(1)
    return db.session.scalar(query) is not None


def check_in_page(
    programme_id: int, *, page: int, number: int | None = None
) -> tuple[list[Answer[CheckIn, PairMember, Person]], int]:
    """One page of a programme's check-ins (of this number, if one is given) with who wrote them, newest first, and how
    many there are."""
    query = (
        select(CheckIn, PairMember, Person)
        .join(Pair, Pair.id == CheckIn.pair_id)
        .join(PairMember, (PairMember.pair_id == Pair.id) & (PairMember.enrolment_id == CheckIn.enrolment_id))
        .join(Enrolment, Enrolment.id == CheckIn.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Pair.programme_id == programme_id)
    )
    query = query if number is None else query.where(CheckIn.number == number)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(CheckIn.changed_at.desc(), CheckIn.id.desc())
    return list(db.session.execute(newest.limit(PAGE).offset(PAGE * (page - 1)))), total
