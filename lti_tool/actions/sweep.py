"""What the clock does for pairs: pauses end, programmes end, wishes come true, and each pair's standing is seen to.

Doing it twice changes nothing: midnight comes at another time in each programme's zone, so it is done all day.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from lti_tool.actions.cases import close_by_clock
from lti_tool.actions.pair_life import follow_calendar, locked, note_gone
from lti_tool.actions.standing import reckon
from lti_tool.mentoring.cases import CaseKind, CaseState, is_granted
from lti_tool.mentoring.pair_life import EndReason
from lti_tool.mentoring.programme import Phase
from lti_tool.store.cases import PairCase, case_of, rematches_before
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import RUNNING, Pair
from lti_tool.store.programme import Programme
from lti_tool.store.standing import TOGETHER, published_pairs, running_programmes


def look_after_pairs(*, now: datetime) -> None:
    """See how every pair is doing, in all programmes that have pairs which run."""
    follow_pairs(now=now)
    for programme_id in running_programmes():
        pair_ids = published_pairs(programme_id, but_settled=True)
        for start in range(0, len(pair_ids), TOGETHER):
            with transaction():
                reckon(pair_ids[start : start + TOGETHER], now=now)
    db.session.rollback()


def follow_pairs(*, now: datetime) -> None:
    """Do what has come due for pairs; each that something is done about in a transaction of its own."""
    for programme_id in running_programmes():
        programme = db.session.get_one(Programme, programme_id)
        today = now.astimezone(ZoneInfo(programme.time_zone)).date()
        with transaction():
            note_gone(programme.course_id, now=now)
        for pair_id in _due_by_calendar(programme_id, today):
            with transaction() as session:
                follow_calendar(locked(pair_id), session.get_one(Programme, programme_id), now=now)
        for case_id in _due_cases(programme_id, today, now):
            close_by_clock(case_id, now=now)
    db.session.rollback()


def _due_by_calendar(programme_id: int, today: date) -> list[int]:
    """Of a programme that is over, all that run; else those whose pause is over, and those that had ended with it."""
    is_over = db.session.get_one(Programme, programme_id).phase == Phase.CLOSED
    runs = Pair.state.in_(RUNNING)
    due = runs if is_over else or_(runs & (Pair.resumes_on <= today), Pair.end_reason == EndReason.COMPLETED)
    query = select(Pair.id).where(Pair.programme_id == programme_id, due)
    return list(db.session.scalars(query.order_by(Pair.id)))


def _due_cases(programme_id: int, today: date, now: datetime) -> list[int]:
    """First wishes for a new partner that nobody answers, and changes of sides whose day has come."""
    wishes = (PairCase.kind == CaseKind.REMATCH) & (PairCase.state == CaseState.OPEN)
    hand_overs = (PairCase.kind == CaseKind.ROLE) & (PairCase.state == CaseState.REVIEW) & (PairCase.review_on <= today)
    query = select(PairCase).where(PairCase.programme_id == programme_id, or_(wishes, hand_overs)).order_by(PairCase.id)
    return [
        row.id
        for row in db.session.scalars(query)
        if row.kind == CaseKind.ROLE
        or is_granted(case_of(row), row.asked_at, now, rematches_before=rematches_before(row))
    ]
