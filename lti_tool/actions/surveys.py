"""The closing survey is sent, and its results are read.

A sheet and the note that somebody sent one are written in two transactions, and the sheet among others that are
written anew with it, so that nothing in the database joins them: no key, no time, no transaction. The sheet comes
first, under a name drawn by lot that came with the form: where the program is stopped between the two, sending the form
again writes no second sheet, and the note that points rest on is written then.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update

from lti_tool.actions import audit
from lti_tool.actions.participation import update_score
from lti_tool.mentoring.closing_survey import Sheet
from lti_tool.mentoring.phases import ALLOWED
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.db import HELD, db, insert_into, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.programme import Programme
from lti_tool.store.surveys import SurveyAnswers, SurveySent, has_sent

NOT_OPEN = Sentence(N_("The closing survey is open while the programme closes, until it has ended."))
NOT_OVER = Sentence(N_("Results are shown once the programme is closed, so that no more sheets can come."))

AROUND = 20  # sheets that are written anew with each that comes
Lot = Callable[[int], int]  # a number below another one, drawn by lot


def is_open(programme: Programme) -> bool:
    """Tell whether the survey can be sent now; whose results were read stays closed."""
    return ALLOWED[Phase(programme.phase)].survey and programme.survey_read_at is None


def send_survey(
    enrolment: Enrolment, sheet: Sheet, answers: dict[str, Any], *, token: str, lot: Lot, now: datetime
) -> bool:
    """Keep a sheet, and then that this person has sent one; False where they had sent one before.

    Raises: RuleBroken while the survey is not open.
    """
    enrolment_id = enrolment.id
    if not _keep_sheet(enrolment_id, enrolment.programme_id, sheet, answers, token=token, lot=lot):
        return False
    note_sent(enrolment_id, now=now)
    return True


def _keep_sheet(
    enrolment_id: int, programme_id: int, sheet: Sheet, answers: dict[str, Any], *, token: str, lot: Lot
) -> bool:
    name = sha256(token.encode()).hexdigest()
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        if has_sent(enrolment_id):
            return False
        if session.get(SurveyAnswers, name) is not None:
            return True  # it was kept before the program was stopped
        if not is_open(programme):
            raise RuleBroken(NOT_OPEN)
        _put_among(SurveyAnswers(id=name, programme_id=programme_id, side=sheet, answers=answers), lot)
    return True


def note_sent(enrolment_id: int, *, now: datetime) -> None:
    """Write down that somebody sent a sheet, once, and count their points."""
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        session.execute(insert_into(SurveySent).values(enrolment_id=enrolment_id).on_conflict_do_nothing())
        update_score(enrolment, now=now)


def _put_among(sheet: SurveyAnswers, lot: Lot) -> None:
    """Put a sheet into the pile at a place drawn by lot: what lay there goes to the end.

    The sheets around that place are written anew with it, so that whoever reads the files of the database finds no
    order of arrival, and never one sheet alone that was written just before somebody's note. (PostgreSQL numbers its
    transactions, and keeps the number with each row.)
    """
    around = _drawn(sheet.programme_id, lot)
    columns = (SurveyAnswers.id, SurveyAnswers.side, SurveyAnswers.answers)
    place = lot(len(around) + 1)
    if place < len(around):
        there = db.session.execute(select(*columns).where(SurveyAnswers.id == around.pop(place))).one()
        values = {"id": sheet.id, "side": sheet.side, "answers": sheet.answers}
        db.session.execute(update(SurveyAnswers).where(SurveyAnswers.id == there.id).values(**values))
        sheet.id, sheet.side, sheet.answers = there
    db.session.execute(update(SurveyAnswers).where(SurveyAnswers.id.in_(around)).values(side=SurveyAnswers.side))
    db.session.add(sheet)


def _drawn(programme_id: int, lot: Lot) -> list[str]:
    """Some sheets of the pile: those whose names follow a name drawn by lot, and then those at the beginning."""
    query = select(SurveyAnswers.id).where(SurveyAnswers.programme_id == programme_id).order_by(SurveyAnswers.id)
    name = f"{lot(16**8):08x}"
    after = db.session.scalars(query.where(SurveyAnswers.id >= name).limit(AROUND)).all()
    before = db.session.scalars(query.where(SurveyAnswers.id < name).limit(AROUND - len(after))).all()
    return [*after, *before]


def read_results(programme_id: int, *, by: int, now: datetime) -> None:
    """Close the survey for good, so that its results can be shown.

    Raises: RuleBroken while sheets may still come.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        if programme.survey_read_at is not None:
            return
        if programme.phase != Phase.CLOSED:
            raise RuleBroken(NOT_OVER)
        programme.survey_read_at = now
        audit.record("survey.read", now=now, by=by, programme_id=programme_id)
