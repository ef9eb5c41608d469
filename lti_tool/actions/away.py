"""Being away for a while: nobody is waited for, and nobody is written to."""

from datetime import datetime

from lti_tool.mentoring.checkins import local_midnight
from lti_tool.mentoring.nudging import Away
from lti_tool.store import ladder
from lti_tool.store.db import HELD, transaction
from lti_tool.store.enrolment import Enrolment


def go_away(enrolment_id: int, away: Away, *, time_zone: str, now: datetime) -> None:
    """Leave this person in peace until that day; a second time replaces the first."""
    with transaction() as session:
        session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        row = ladder.away_now([enrolment_id], now).get(enrolment_id)
        if row is None:
            row = ladder.Away(enrolment_id=enrolment_id, since=now)
            session.add(row)
        row.back_on, row.back_at = away.back_on, local_midnight(away.back_on, time_zone)
        row.reason, row.words = away.reason, away.words


def come_back(enrolment_id: int, *, now: datetime) -> None:
    """This person is back before the day they named."""
    with transaction() as session:
        session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        row = ladder.away_now([enrolment_id], now).get(enrolment_id)
        if row is not None:
            row.back_at = now
