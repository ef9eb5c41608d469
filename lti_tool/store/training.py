"""How far people have come in their training."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db


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
    done: Mapped[list[Any]] = mapped_column(default=list)  # [place, version] of each page and scenario
    replies: Mapped[dict[str, Any]] = mapped_column(default=dict)  # chosen in each scenario, by place
    quiz_tries: Mapped[int] = mapped_column(default=0)  # finished ones
    quiz_answers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {try, answers by question key} of the last try
    passed_at: Mapped[datetime | None]  # the quiz
    finished_at: Mapped[datetime | None]  # everything
    changed_at: Mapped[datetime]


def find_training(enrolment_id: int, course: str) -> Training | None:
    """This person's way through this course."""
    return db.session.scalar(select(Training).filter_by(enrolment_id=enrolment_id, course=course))


def done_in(row: Training | None) -> dict[str, str]:
    """The version of each step that is done, by its place."""
    return dict(row.done) if row else {}


def answers_in(row: Training | None) -> dict[str, str]:
    """What was answered in the last try of the quiz, by question key."""
    return dict(row.quiz_answers.get("answers", {})) if row else {}


def seed_of(row: Training | None, enrolment_id: int, course: str) -> str:
    """What the questions of the last try are drawn with: another person and another try get others."""
    return f"{enrolment_id} {course} {row.quiz_answers.get('try', 0) if row else 0}"
