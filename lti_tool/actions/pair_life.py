"""A pair pauses, goes on, loses a member, ends: one transaction each, with the clock, the points and the record.

What stands in the way is said by `mentoring.pair_life`; here it is done, for members, staff, the roster and the clock.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from lti_tool.actions import audit
from lti_tool.actions.participation import recount_people
from lti_tool.actions.standing import reckon
from lti_tool.mentoring import pair_life as rules
from lti_tool.mentoring.case_forms import Farewell as Said
from lti_tool.mentoring.cases import CaseKind, Outcome, close, stops_clock
from lti_tool.mentoring.pair_life import EndReason, Life, PairState
from lti_tool.mentoring.programme import Phase
from lti_tool.store.cases import add_entry, case_of, keep_step, open_cases_of
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import RUNNING, Pair
from lti_tool.store.pair_life import Farewell, PairEvent, PairStop, life_of, open_stop
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Member
from lti_tool.store.programme import Programme


def end_pair(pair_id: int, *, why: EndReason, by: int | None, now: datetime, words: str = "") -> bool:
    """End a pair for its reason; False where it had ended already. Check-ins sent in it go on counting.

    Shape: `by` is the person who decided it, or None for the clock; `words` are staff's, for the record.
    Raises: RuleBroken when the pair was never published.
    """
    with transaction():
        return end_here(locked(pair_id), why=why, by=by, now=now, words=words)


def end_here(
    pair: Pair, *, why: EndReason, by: int | None, now: datetime, words: str = "", enrolment_id: int | None = None
) -> bool:
    """The same inside the caller's transaction, for a pair that the caller has locked."""
    if not _step(pair, rules.end(life_of(pair), now, why), what="ended", enrolment_id=enrolment_id, now=now):
        return False
    _fulfil_wishes(pair, now=now)
    audit.record(
        "pair.end",
        now=now,
        by=by,
        programme_id=pair.programme_id,
        after={"pair_id": pair.id, "reason": why.value, "words": words},
    )
    return True


def _fulfil_wishes(pair: Pair, *, now: datetime) -> None:
    """Who wished for another partner, or another part, need not wait for an answer any more."""
    for row in open_cases_of([pair.id]).get(pair.id, []):
        if row.kind in {CaseKind.REMATCH, CaseKind.ROLE}:
            keep_step(row, close(case_of(row), Outcome.ENDED, None), now=now)
            add_entry(row, "closed", {"outcome": Outcome.ENDED.value}, by=None, now=now)
    reckon([pair.id], now=now)


def pause_pair(
    pair_id: int,
    *,
    resumes_on: date | None,
    words: str = "",
    enrolment_id: int | None = None,
    by: int,
    now: datetime,
) -> None:
    """Pause a pair until that day, or until somebody says so; `words` are read by everybody in it.

    Raises: RuleBroken when that is not possible.
    """
    with transaction():
        pair = locked(pair_id)
        today = _today(db.session.get_one(Programme, pair.programme_id), now)
        life = rules.pause(life_of(pair), now, today=today, resumes_on=resumes_on)
        if _step(pair, life, what="paused", enrolment_id=enrolment_id, now=now, words=words):
            _record("pair.pause", pair, by=by, now=now)


def resume_pair(pair_id: int, *, enrolment_id: int | None = None, by: int, now: datetime) -> None:
    """Let a pair go on; one that runs stays as it is.

    Raises: RuleBroken when it has ended, or staff keep it paused.
    """
    with transaction():
        pair = locked(pair_id)
        if _step(pair, rules.resume(life_of(pair)), what="resumed", enrolment_id=enrolment_id, now=now):
            _record("pair.resume", pair, by=by, now=now)


def set_contact(pair: Pair, *, is_stopped: bool, now: datetime) -> None:
    """Stop all contact in a pair, or allow it again; inside the caller's transaction, for a pair that is locked."""
    life = rules.stop_contact(life_of(pair), now) if is_stopped else rules.allow_contact(life_of(pair))
    _step(pair, life, what="stopped" if is_stopped else "allowed", now=now)


def note_gone(course_id: int, *, now: datetime) -> int:
    """The roster no longer has somebody: their pairs go on without them, or end; how many pairs were touched. Inside
    the caller's transaction."""
    query = (
        select(PairMember)
        .join(Pair, Pair.id == PairMember.pair_id)
        .join(Enrolment, Enrolment.id == PairMember.enrolment_id)
        .join(Member, and_(Member.person_id == Enrolment.person_id, Member.course_id == course_id))
        .join(Programme, and_(Programme.id == Pair.programme_id, Programme.course_id == course_id))
        .where(Pair.state.in_(RUNNING), PairMember.left_at.is_(None), ~Member.is_active)
        .order_by(PairMember.pair_id, PairMember.id)
    )
    gone = list(db.session.scalars(query))
    for place in gone:
        _leave(locked(place.pair_id), place, now=now)
    return len(gone)


def leave_pairs(enrolment_id: int, *, now: datetime) -> None:
    """Somebody takes part no more: their pairs go on without them, or end. Inside the caller's transaction."""
    query = (
        select(PairMember)
        .join(Pair, Pair.id == PairMember.pair_id)
        .where(Pair.state.in_(RUNNING), PairMember.left_at.is_(None), PairMember.enrolment_id == enrolment_id)
        .order_by(PairMember.pair_id)
    )
    for place in list(db.session.scalars(query)):
        _leave(locked(place.pair_id), place, now=now)


def _leave(pair: Pair, place: PairMember, *, now: datetime) -> None:
    """One of several goes, and the others go on; of two, the pair ends."""
    if pair.state not in RUNNING:
        return
    query = select(PairMember).where(PairMember.pair_id == pair.id, PairMember.left_at.is_(None))
    others = [one for one in db.session.scalars(query) if one.id != place.id]
    if len(others) < 2:
        end_here(pair, why=EndReason.LEFT, by=None, now=now, enrolment_id=place.enrolment_id)
        return
    place.left_at = now
    db.session.add(PairEvent(pair_id=pair.id, what="left", enrolment_id=place.enrolment_id, at=now))
    db.session.flush()
    recount_people([place.enrolment_id], now=now)
    reckon([pair.id], now=now)


def follow_calendar(pair: Pair, programme: Programme, *, now: datetime) -> bool:
    """Do what the day brings to a pair; inside the caller's transaction, for a pair that the caller has locked."""
    is_over = programme.phase == Phase.CLOSED
    life = rules.by_date(life_of(pair), now, today=_today(programme, now), is_over=is_over)
    if life.state is PairState.ENDED:
        return end_here(pair, why=EndReason.COMPLETED, by=None, now=now) if pair.state in RUNNING else False
    return _step(pair, life, what="resumed", now=now)


def locked(pair_id: int) -> Pair:
    """The pair, for this transaction alone."""
    return db.session.get_one(Pair, pair_id, with_for_update=True)


def settle_clock(pair: Pair, *, now: datetime) -> bool:
    """Have the pair's clock stand still while it is paused or somebody has asked for a new partner, and no longer;
    whether that changed anything, so that the points of everybody in it have to be counted."""
    cases = open_cases_of([pair.id]).get(pair.id, [])
    must_stand = pair.state == "paused" or (pair.state == "active" and any(stops_clock(case_of(one)) for one in cases))
    stop = open_stop(pair.id)
    if must_stand == (stop is not None):
        return False
    if stop is None:
        db.session.add(PairStop(pair_id=pair.id, from_at=now))
    else:
        stop.until_at = pair.ended_at or now
    db.session.flush()
    return True


def say_farewell(pair_id: int, enrolment_id: int, said: Said, *, now: datetime) -> None:
    """Keep somebody's last words in a pair, and whether they would like to stay in touch."""
    with transaction() as session:
        locked(pair_id)
        row = session.scalar(select(Farewell).filter_by(pair_id=pair_id, enrolment_id=enrolment_id))
        if row is None:
            row = Farewell(pair_id=pair_id, enrolment_id=enrolment_id)
            session.add(row)
        row.thanks, row.stays, row.contact, row.changed_at = said.thanks, said.stays, said.contact, now


def _step(
    pair: Pair, life: Life, *, what: str, now: datetime, enrolment_id: int | None = None, words: str = ""
) -> bool:
    """The one place that writes where a pair stands; False where nothing changes."""
    if life == life_of(pair):
        return False
    had_ended = pair.state == "ended" and life.state is PairState.ENDED
    pair.state, pair.paused_at, pair.resumes_on = life.state.value, life.paused_at, life.resumes_on
    pair.contact_stopped_at, pair.ended_at = life.contact_stopped_at, life.ended_at
    pair.end_reason = life.end_reason.value if life.end_reason else None
    if not had_ended:
        db.session.add(PairEvent(pair_id=pair.id, what=what, enrolment_id=enrolment_id, words=words, at=now))
    db.session.flush()
    settle_clock(pair, now=now)
    if not had_ended:
        query = select(PairMember.enrolment_id).where(PairMember.pair_id == pair.id)
        recount_people(sorted(db.session.scalars(query)), now=now)
    reckon([pair.id], now=now)
    return True


def _record(what: str, pair: Pair, *, by: int, now: datetime) -> None:
    audit.record(what, now=now, by=by, programme_id=pair.programme_id, after={"pair_id": pair.id})


def _today(programme: Programme, now: datetime) -> date:
    return now.astimezone(ZoneInfo(programme.time_zone)).date()
