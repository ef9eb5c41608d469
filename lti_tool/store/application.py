"""Applications to become a mentor, and what staff decided."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, case, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.application import SENT, WAITING, ApplicationState
from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.people import Person, named

QUEUE_PAGE = 25


class Application(Row):
    """One person's application. Read by its writer and by staff; the note and the rubric by staff alone."""

    __tablename__ = "application"
    __table_args__ = (CheckConstraint("state in ('draft','submitted','asked','approved','declined')", name="state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), unique=True)
    state: Mapped[str]  # asked: staff would like to know more
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by question key
    message: Mapped[str] = mapped_column(default="")  # from staff to the person: the question, or the kind words
    rubric: Mapped[dict[str, Any]] = mapped_column(default=dict)  # points by criterion, for staff alone
    note: Mapped[str] = mapped_column(default="")  # for staff alone
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


def find_application(enrolment_id: int) -> Application | None:
    """This person's application."""
    return db.session.scalar(select(Application).filter_by(enrolment_id=enrolment_id))


def approvals() -> Select[int, datetime]:
    """Whose applications were approved, by enrolment, and when."""
    when = func.coalesce(Application.decided_at, Application.changed_at)
    return select(Application.enrolment_id, when).where(Application.state == ApplicationState.APPROVED)


def sent_application(programme_id: int, enrolment_id: int) -> tuple[Application, Enrolment, Person] | None:
    """An application of this programme that was sent, with its writer; a draft is its writer's own."""
    query = _sent(programme_id, SENT).where(Enrolment.id == enrolment_id)
    found = db.session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1], found[2])


def application_page(
    programme_id: int, *, states: Collection[ApplicationState], words: str = "", page: int = 1
) -> tuple[list[tuple[Application, Enrolment, Person]], int]:
    """One page of the applications in these states whose writer's name has the words, and how many there are in all.

    Shape: at most QUEUE_PAGE rows; who waits comes first, the longest waiting before all others.
    """
    query = _sent(programme_id, states).where(*named(words))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    waits = case((Application.state == ApplicationState.SUBMITTED, 0), (Application.state.in_(WAITING), 1), else_=2)
    ordered = query.order_by(waits, Application.submitted_at, Application.id)
    rows = db.session.execute(ordered.limit(QUEUE_PAGE).offset(QUEUE_PAGE * (page - 1)))
    return [(row[0], row[1], row[2]) for row in rows], total


def application_counts(programme_id: int) -> dict[str, int]:
    """How many applications were sent, by state."""
    counted = _sent(programme_id, SENT).with_only_columns(Application.state, func.count())
    return dict(db.session.execute(counted.group_by(Application.state)).all())


def _sent(programme_id: int, states: Collection[ApplicationState]) -> Select[Application, Enrolment, Person]:
    return (
        select(Application, Enrolment, Person)
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.programme_id == programme_id,
            Enrolment.state != "withdrawn",
            Application.state.in_(states),
        )
    )
