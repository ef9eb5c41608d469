"""Hours are logged, and taken back."""

from datetime import datetime

from sqlalchemy import delete, select

from lti_tool.actions.participation import update_score
from lti_tool.mentoring.hours import MOST_ENTRIES, TOO_MANY, Hours
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.db import HELD, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.hours import hours_total
from lti_tool.store.participation import HoursEntry


def log_hours(enrolment_id: int, hours: Hours, *, once: str, now: datetime) -> None:
    """Keep what somebody worked on a day; the same form again keeps nothing more.

    Raises: RuleBroken where there are too many entries.
    """
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        if session.scalar(select(HoursEntry.id).filter_by(enrolment_id=enrolment_id, once=once)) is not None:
            return
        if hours_total(enrolment_id)[0] >= MOST_ENTRIES:
            raise RuleBroken(TOO_MANY)
        row = HoursEntry(enrolment_id=enrolment_id, worked_on=hours.on, minutes=hours.minutes, words=hours.words)
        row.logged_at, row.once = now, once
        session.add(row)
        session.flush()
        update_score(enrolment, now=now)


def take_back_hours(enrolment_id: int, entry_id: int, *, now: datetime) -> None:
    """Remove one of somebody's own entries; one that is gone already stays gone."""
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        own = (HoursEntry.id == entry_id) & (HoursEntry.enrolment_id == enrolment_id)
        session.execute(delete(HoursEntry).where(own))
        update_score(enrolment, now=now)
