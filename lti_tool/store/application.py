"""Applications to become a mentor, and what staff decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row


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
