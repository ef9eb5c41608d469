"""When an LMS is left in peace: kept with its registration, so that all workers know, and those that start later.

An LMS that throttles rests at once; one that does not answer rests after the second fault in a row, ever longer. Then
one piece of work is tried, since a lane runs one at a time; any answer ends it.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from lti_tool.store.db import db, transaction
from lti_tool.store.platforms import Registration

FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=15)  # whatever fails
LONGEST_ASKED = timedelta(hours=12)  # whatever an LMS asks for


def note_fault(registration_id: int, *, now: datetime, asked: timedelta | None, has_throttled: bool) -> datetime | None:
    """It did not answer, or asked for patience; until when it rests, None where other work may go on.

    `asked` is how long the LMS itself wants to be left alone.
    """
    with transaction() as session:
        row = session.get(Registration, registration_id, with_for_update=True)
        if row is None:
            return None
        row.faults_in_a_row += 1
        strikes = row.faults_in_a_row - (0 if has_throttled else 1)
        if asked is not None or strikes:
            grown = min(FIRST_REST * 3 ** min(max(strikes, 1) - 1, 8), LONGEST_REST)
            row.rests_until = now + (min(asked, LONGEST_ASKED) if asked is not None else grown)
        return row.rests_until


def note_answer(registration_id: int) -> None:
    """It answered: what was before counts no more."""
    shaky = (Registration.id == registration_id) & (
        (Registration.faults_in_a_row > 0) | Registration.rests_until.is_not(None)
    )
    if db.session.scalar(select(Registration.id).where(shaky)):
        with transaction() as session:
            session.execute(update(Registration).where(shaky).values(faults_in_a_row=0, rests_until=None))


def end_rest(registration_id: int) -> None:
    """Somebody pressed "try again": one piece of work goes ahead, inside the caller's transaction."""
    resting = (Registration.id == registration_id) & Registration.rests_until.is_not(None)
    db.session.execute(update(Registration).where(resting).values(rests_until=None))


def is_doubtful(registration_id: int) -> bool:
    """Whether the last thing heard of it was a fault."""
    return bool(db.session.scalar(select(Registration.faults_in_a_row).where(Registration.id == registration_id)))


def resting_until(registration_id: int) -> datetime | None:
    """Until when this LMS is left in peace, also a moment that is over; None where it is not."""
    return db.session.scalar(select(Registration.rests_until).where(Registration.id == registration_id))


def count_resting(now: datetime) -> int:
    """How many LMSs are left in peace now."""
    query = select(func.count()).select_from(Registration).where(Registration.rests_until > now)
    return db.session.scalar(query) or 0
