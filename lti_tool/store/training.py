"""How far people have come in their training."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row


class Training(Row):
    """One person's way through one course of training: that of mentors, or the primer of mentees."""

    __tablename__ = "training"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "course"),
        CheckConstraint("course in ('mentor','mentee')", name="course"),
        CheckConstraint("quiz_tries >= 0", name="quiz_tries"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    course: Mapped[str]
    done: Mapped[list[Any]] = mapped_column(default=list)  # keys of pages and scenarios
    replies: Mapped[dict[str, Any]] = mapped_column(default=dict)  # chosen in each scenario
    quiz_tries: Mapped[int] = mapped_column(default=0)  # finished ones
    quiz_answers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of the present try, by question key
    passed_at: Mapped[datetime | None]  # the quiz
    finished_at: Mapped[datetime | None]  # everything
    changed_at: Mapped[datetime]
