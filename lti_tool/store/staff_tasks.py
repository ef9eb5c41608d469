"""What staff should look at: each with its reason, a time by which, and a note of what was done."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, and_, func, or_, select
from sqlalchemy import Row as Answer
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import PAGE, Person

# How the source of what is about everybody in a pair begins, and of what is about who has heard nothing.
OF_A_PAIR, OF_WHO_WAITS = "pair:", "rematch:"


class StaffTask(Row):
    """One thing that somebody of the staff should do something about."""

    __tablename__ = "staff_task"
    __table_args__ = (
        UniqueConstraint("programme_id", "source"),
        Index("ix_staff_task_programme_id_done_at_due_at", "programme_id", "done_at", "due_at"),
        CheckConstraint(
            "kind in ('urgent','very_hard','support','not_for_me','asks_staff','overload','falling','silent')",
            name="kind",
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment.id"), index=True
    )  # whose answer or silence it comes from
    kind: Mapped[str]  # a SignKind
    source: Mapped[str]  # what it came from, so that the same thing is one task
    reason: Mapped[dict[str, Any]]  # {text, values}; never what somebody wrote
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    changed_answer_at: Mapped[datetime | None]  # since when the answer it came from says something else
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(default="")  # what was done; staff alone read it
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_of_pair(self) -> bool:
        """Whether it is about everybody in the pair, and not about one person alone."""
        return self.source.startswith(OF_A_PAIR)


_is_of_pair = StaffTask.source.startswith(OF_A_PAIR)


def is_about(enrolment_ids: Any) -> Any:
    """Whether a task is about one of these people, or about a whole pair of theirs; the ids may be a query."""
    theirs = select(PairMember.pair_id).where(PairMember.enrolment_id.in_(enrolment_ids))
    return or_(StaffTask.enrolment_id.in_(enrolment_ids), and_(_is_of_pair, StaffTask.pair_id.in_(theirs)))


def not_heard_from(programme_id: int) -> Any:
    """Who is waited for as the open tasks say, as a query; who waits for a partner is not one of them."""
    concerned = or_(_is_of_pair, StaffTask.enrolment_id == PairMember.enrolment_id)
    query = select(PairMember.enrolment_id).join(StaffTask, and_(StaffTask.pair_id == PairMember.pair_id, concerned))
    query = query.where(StaffTask.programme_id == programme_id, StaffTask.done_at.is_(None))
    return query.where(StaffTask.kind == "silent", ~StaffTask.source.startswith(OF_WHO_WAITS))


def has_task(programme_id: int, source: str) -> bool:
    """Whether staff were told of this already, whatever came of it."""
    return db.session.scalar(select(StaffTask.id).filter_by(programme_id=programme_id, source=source)) is not None


def find_task(programme_id: int, task_id: int) -> StaffTask | None:
    """The task, if it belongs to this programme."""
    return db.session.scalar(select(StaffTask).filter_by(id=task_id, programme_id=programme_id))


def task_page(programme_id: int, *, is_done: bool, page: int) -> tuple[list[Answer[StaffTask, Person, Enrolment]], int]:
    """One page of what is to do, the most urgent first, or of what is done, the newest first; and how many."""
    query = (
        select(StaffTask, Person, Enrolment)
        .join(Enrolment, Enrolment.id == StaffTask.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(StaffTask.programme_id == programme_id)
    )
    query = query.where(StaffTask.done_at.is_not(None) if is_done else StaffTask.done_at.is_(None))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = StaffTask.done_at.desc() if is_done else StaffTask.due_at
    found = query.order_by(order, StaffTask.id).limit(PAGE).offset(PAGE * (page - 1))
    return list(db.session.execute(found)), total


def open_task_count(programme_id: int) -> int:
    """How much waits for staff."""
    query = select(func.count()).select_from(StaffTask).filter_by(programme_id=programme_id, done_at=None)
    return db.session.scalar(query) or 0


def open_tasks_of(pair_id: int) -> list[StaffTask]:
    """What waits for staff about one pair, the most urgent first."""
    query = select(StaffTask).filter_by(pair_id=pair_id, done_at=None)
    return list(db.session.scalars(query.order_by(StaffTask.due_at, StaffTask.id)))
