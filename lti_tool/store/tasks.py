"""Tasks of pairs."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Select, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.tasks import Task, TaskState, TaskTerms
from lti_tool.store.db import Row, db

DONE_PAGE = 10
MOST_REMOVED = 10
MOST_IN_A_FILE = 2000


class TaskRow(Row):
    """One task of a pair. What is removed can be put back."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("state in ('to_do','doing','done')", name="state"),
        UniqueConstraint("created_by", "once"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), index=True)  # nobody: everybody in it
    due_on: Mapped[date | None]
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)  # goes up with its words, so that stale forms are noticed
    created_by: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    once: Mapped[str]  # names the form it came from, so that sending it twice makes one task
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    done_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


def find_task(pair_id: int, task_id: int) -> TaskRow | None:
    """The task, removed or not, if it is one of this pair's."""
    return db.session.scalar(select(TaskRow).filter_by(id=task_id, pair_id=pair_id))


def open_tasks(pair_id: int) -> list[TaskRow]:
    """What is to do and being done, the soonest first, then what has no day."""
    query = _of(pair_id).where(TaskRow.state != TaskState.DONE)
    return list(db.session.scalars(query.order_by(TaskRow.due_on.is_(None), TaskRow.due_on, TaskRow.id)))


def done_tasks(pair_id: int, *, page: int) -> tuple[list[TaskRow], int]:
    """One page of what is done, the newest first, and how much there is."""
    query = _of(pair_id).where(TaskRow.state == TaskState.DONE)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(TaskRow.done_at.desc(), TaskRow.id.desc())
    return list(db.session.scalars(newest.limit(DONE_PAGE).offset(DONE_PAGE * (page - 1)))), total


def removed_tasks(pair_id: int) -> list[TaskRow]:
    """What was removed last."""
    query = select(TaskRow).where(TaskRow.pair_id == pair_id, TaskRow.removed_at.is_not(None))
    return list(db.session.scalars(query.order_by(TaskRow.removed_at.desc(), TaskRow.id).limit(MOST_REMOVED)))


def count_open_tasks(pair_id: int) -> int:
    """How many tasks are not done yet."""
    query = _of(pair_id).where(TaskRow.state != TaskState.DONE).subquery()
    return db.session.scalar(select(func.count()).select_from(query)) or 0


def all_tasks(pair_id: int) -> Sequence[TaskRow]:
    """Every task of the pair, the newest MOST_IN_A_FILE, in the order in which they were written."""
    newest = db.session.scalars(_of(pair_id).order_by(TaskRow.id.desc()).limit(MOST_IN_A_FILE))
    return list(reversed(newest.all()))


def task_from(row: TaskRow) -> Task:
    """A stored task as the rules know it."""
    return Task(
        terms=TaskTerms(text=row.text, owner=row.owner_id, due_on=row.due_on),
        state=TaskState(row.state),
        version=row.version,
        is_removed=row.removed_at is not None,
    )


def _of(pair_id: int) -> Select[TaskRow]:
    return select(TaskRow).where(TaskRow.pair_id == pair_id, TaskRow.removed_at.is_(None))
