"""The closing survey: what was answered, and who has answered. Nothing leads from one to the other."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.closing_survey import Sheet
from lti_tool.mentoring.survey_results import Filled
from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment


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


def has_sent(enrolment_id: int) -> bool:
    """Whether somebody sent the survey."""
    return db.session.get(SurveySent, enrolment_id) is not None


def filled_sheets(programme_id: int) -> list[Filled]:
    """Every sheet of a programme."""
    query = select(SurveyAnswers.side, SurveyAnswers.answers).filter_by(programme_id=programme_id)
    rows = db.session.execute(query.order_by(SurveyAnswers.id))
    return [Filled(sheet=Sheet(side), answers=answers) for side, answers in rows]


def sent_count(programme_id: int) -> int:
    """How many people of a programme sent it."""
    query = select(func.count()).select_from(SurveySent).join(Enrolment, Enrolment.id == SurveySent.enrolment_id)
    return db.session.scalar(query.where(Enrolment.programme_id == programme_id)) or 0
