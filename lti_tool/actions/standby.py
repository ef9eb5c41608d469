"""A mentor in reserve checks in."""

from datetime import datetime
from typing import Any

from lti_tool.actions.participation import update_score
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.programme import Programme
from lti_tool.store.standby import StandbyCheckIn, waiting_of


def check_in_on_standby(enrolment_id: int, number: int, answers: dict[str, Any], *, once: str, now: datetime) -> None:
    """Save a check-in of the reserve, and with it the points; a second save replaces the answers, the same form again
    changes nothing.

    Raises: RuleBroken where it is not open, or the mentor is in reserve no more.
    """
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        why_not = waiting_of(session.get_one(Programme, enrolment.programme_id), enrolment).why_not(number, now)
        if why_not:
            raise RuleBroken(why_not)
        row = session.scalar(db.select(StandbyCheckIn).filter_by(enrolment_id=enrolment_id, number=number))
        if row is not None and row.once == once:
            return
        if row is None:
            row = StandbyCheckIn(enrolment_id=enrolment_id, number=number, sent_at=now)
            row.programme_id = enrolment.programme_id
            session.add(row)
        row.answers, row.changed_at, row.once = answers, now, once
        session.flush()
        update_score(enrolment, now=now)
