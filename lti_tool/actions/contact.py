"""Somebody tried to reach a partner and did not; and the partner says that they are there."""

from datetime import datetime

from sqlalchemy import select, update

from lti_tool.actions.in_pair import open_pair
from lti_tool.actions.meeting_rows import local_day
from lti_tool.actions.participation import recount_tries
from lti_tool.actions.standing import note_sign
from lti_tool.mentoring.health import SignKind
from lti_tool.store.db import db, transaction
from lti_tool.store.meetings import ContactAttempt


def not_reached(pair_id: int, by: int, *, now: datetime) -> None:
    """A member says that they tried to reach their partners; more than once a day counts once.

    Raises: RuleBroken while nothing can be written in the pair.
    """
    with transaction() as session:
        pair = open_pair(pair_id)
        day = local_day(pair, now)
        today = select(ContactAttempt.id).filter_by(pair_id=pair_id, enrolment_id=by, tried_on=day)
        if session.scalar(today) is None:
            session.add(ContactAttempt(pair_id=pair_id, enrolment_id=by, tried_on=day, tried_at=now))
            note_sign(pair_id, by, SignKind.NOT_REACHED, now=now)
            recount_tries(pair_id, by, now=now)


def reached(pair_id: int, by: int, *, now: datetime) -> None:
    """A member says that they are there: what their partners tried is answered.

    Raises: RuleBroken while nothing can be written in the pair.
    """
    with transaction():
        open_pair(pair_id)
        answer_attempts(pair_id, by, now=now)


def answer_attempts(pair_id: int, by: int, *, now: datetime) -> None:
    """What others tried to reach this member by is answered, inside the caller's transaction: a message does it too."""
    waiting = (ContactAttempt.pair_id == pair_id) & (ContactAttempt.enrolment_id != by)
    db.session.execute(
        update(ContactAttempt).where(waiting, ContactAttempt.answered_at.is_(None)).values(answered_at=now)
    )
