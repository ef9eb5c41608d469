"""The private address under which a calendar reads somebody's meetings: made, made anew, revoked."""

import secrets
from datetime import datetime

from sqlalchemy import delete

from lti_tool.actions.launch import secret_hash
from lti_tool.store.calendar_feed import CalendarFeed
from lti_tool.store.db import HELD, transaction
from lti_tool.store.enrolment import Enrolment


def make_feed(enrolment_id: int, *, now: datetime) -> str:
    """The last part of a new address; the one before opens nothing any more. It is shown once and kept nowhere."""
    secret = secrets.token_urlsafe(32)
    with transaction() as session:
        session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        session.execute(delete(CalendarFeed).filter_by(enrolment_id=enrolment_id))
        session.add(CalendarFeed(enrolment_id=enrolment_id, secret_hash=secret_hash(secret), made_at=now))
    return secret


def revoke_feed(enrolment_id: int) -> None:
    """No address reads this person's meetings any more."""
    with transaction() as session:
        session.execute(delete(CalendarFeed).filter_by(enrolment_id=enrolment_id))
