"""The closing survey: what was answered, and who has answered. Nothing leads from one to the other."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row


class SurveyAnswers(Row):
    """One sheet of answers, by nobody: no person, no time, and a number drawn by lot."""

    __tablename__ = "survey_answers"
    __table_args__ = (CheckConstraint("side in ('mentor','mentee')", name="side"),)
    id: Mapped[str] = mapped_column(primary_key=True)  # drawn by lot, so that the order says nothing
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    side: Mapped[str]
    answers: Mapped[dict[str, Any]]


class SurveySent(Row):
    """That somebody sent the survey; neither when nor what."""

    __tablename__ = "survey_sent"
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
