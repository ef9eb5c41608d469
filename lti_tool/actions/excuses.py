"""Excuses: asked for, taken back, decided, given by staff to somebody; points are counted with it.

Whoever is concerned is locked first, so that two people who act at once do so one after the other. The words of an
excuse stand in its row alone, never in the record of decisions.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from lti_tool.actions import audit
from lti_tool.actions.participation import recount, update_score
from lti_tool.mentoring import excuses as rules
from lti_tool.mentoring.evidence import ExcuseState
from lti_tool.mentoring.excuse_forms import Decision
from lti_tool.mentoring.excuses import Given
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.store.db import HELD, db, one_of, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.excuses import any_excuse, enrolment_in, excuses_of, find_excuse
from lti_tool.store.participation import Excuse
from lti_tool.store.programme import Programme


def ask(enrolment_id: int, given: Given, *, now: datetime) -> int:
    """Ask to be excused; the number of the excuse.

    Raises: RuleBroken where it is asked for, or excused, already, and once the programme is over.
    """
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        if session.get_one(Programme, enrolment.programme_id).phase == Phase.CLOSED:
            raise RuleBroken(rules.IS_OVER)
        _require_new(enrolment_id, given.key)
        row = _row(enrolment, given, ExcuseState.ASKED)
        row.words, row.asked_at = given.words, now
        session.add(row)
        session.flush()
        update_score(enrolment, now=now)
        return row.id


def take_back(enrolment_id: int, excuse_id: int, *, now: datetime) -> None:
    """Whoever asked takes it back while nobody has decided; a second time changes nothing.

    Raises: LookupError where it is not theirs; RuleBroken once it is decided.
    """
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        row = any_excuse(enrolment.programme_id, excuse_id)
        if row is None or row.enrolment_id != enrolment_id:
            raise LookupError(excuse_id)
        if row.undone_at is not None:
            return  # the same form sent twice
        if row.state != ExcuseState.ASKED:
            raise RuleBroken(rules.NOT_WAITING)
        row.undone_at, row.version = now, row.version + 1
        update_score(enrolment, now=now)


def decide(programme_id: int, excuse_id: int, decision: Decision, *, version: int, by: int, now: datetime) -> None:
    """Staff grant or refuse what was asked for; they may also change what they decided before.

    Raises: ChangedMeanwhile where somebody else decided first; LookupError where the programme has no such excuse.
    """
    with transaction():
        row = _locked(programme_id, excuse_id)
        wanted = ExcuseState.GRANTED if decision.is_granted else ExcuseState.REFUSED
        if row.version != version:
            if row.version == version + 1 and (row.state, row.answer, row.decided_by) == (wanted, decision.answer, by):
                return  # the same form sent twice
            raise ChangedMeanwhile(row)
        before = row.state
        _decide(row, wanted, decision.answer, by=by, now=now)
        _record("excuse.decide", row, by=by, now=now, before={"state": before})
        recount(db.session.get_one(Programme, programme_id), only=[row.enrolment_id], now=now)


def give(programme_id: int, enrolment_id: int, given: Given, *, by: int, now: datetime) -> int:
    """Staff excuse one person; what that person had asked for is granted with it. The number of the excuse.

    Raises: RuleBroken where it is excused already; LookupError where the programme has nobody of that number.
    """
    with transaction() as session:
        session.get(Enrolment, enrolment_id, with_for_update=HELD)
        enrolment = enrolment_in(programme_id, enrolment_id)
        if enrolment is None:
            raise LookupError(enrolment_id)
        standing = _standing(enrolment_id)
        row = give_here(enrolment, given, standing, by=by, now=now)
        if row is None:
            return _given_twice(standing.get(given.key, ()), given, by)
        session.add(row)
        session.flush()
        _record("excuse.give", row, by=by, now=now)
        update_score(enrolment, now=now)
        return row.id


def _given_twice(rows: Iterable[Excuse], given: Given, by: int) -> int:
    """The number of the excuse where the same form was sent twice.

    Raises: RuleBroken where it is another that excuses from this already.
    """
    for row in rows:
        if (row.state, row.answer, row.decided_by) == (ExcuseState.GRANTED, given.words, by):
            return row.id
    raise RuleBroken(rules.ALREADY_EXCUSED)


def undo(programme_id: int, excuse_id: int, *, version: int, by: int, now: datetime) -> None:
    """Staff take back an excuse that they granted; what was asked for waits again.

    Raises: ChangedMeanwhile; LookupError.
    """
    with transaction():
        row = _locked(programme_id, excuse_id)
        if row.version != version or row.state != ExcuseState.GRANTED:
            raise ChangedMeanwhile(row)
        undo_here(row, now)
        _record("excuse.undo", row, by=by, now=now)
        recount(db.session.get_one(Programme, programme_id), only=[row.enrolment_id], now=now)


def _row(enrolment: Enrolment, given: Given, state: ExcuseState) -> Excuse:
    row = Excuse(programme_id=enrolment.programme_id, enrolment_id=enrolment.id, key=given.key, state=state.value)
    row.reason, row.words, row.answer, row.version = given.reason.value, "", "", 1
    return row


def _standing(enrolment_id: int) -> dict[str, list[Excuse]]:
    """Somebody's excuses that nobody took back, by key."""
    found: dict[str, list[Excuse]] = {}
    for row in excuses_of(enrolment_id):
        found.setdefault(row.key, []).append(row)
    return found


def _require_new(enrolment_id: int, key: str) -> None:
    states = {one: [ExcuseState(row.state) for row in rows] for one, rows in _standing(enrolment_id).items()}
    why = rules.why_not_ask(key, states)
    if why is not None:
        raise RuleBroken(why)


def give_here(
    enrolment: Enrolment, given: Given, standing: Mapping[str, list[Excuse]], *, by: int, now: datetime
) -> Excuse | None:
    """Grant what somebody asked for of this key, or give it unasked, inside the caller's transaction, which adds a row
    that is new; None where it is excused already."""
    granted = (row for key in rules.covering(given.key) for row in standing.get(key, ()))
    if any(row.state == ExcuseState.GRANTED for row in granted):
        return None
    asked = (row for row in standing.get(given.key, ()) if row.state == ExcuseState.ASKED)
    row = next(asked, None) or _row(enrolment, given, ExcuseState.GRANTED)
    row.reason = row.reason if row.asked_at else given.reason.value
    row.version = row.version if row.asked_at else 0
    _decide(row, ExcuseState.GRANTED, given.words, by=by, now=now)
    return row


def _decide(row: Excuse, state: ExcuseState, answer: str, *, by: int, now: datetime) -> None:
    row.state, row.answer, row.decided_by, row.decided_at = state.value, answer, by, now
    row.version += 1


def undo_here(row: Excuse, now: datetime) -> None:
    """Take back an excuse that was granted, inside the caller's transaction; what was asked for waits again."""
    row.version += 1
    if row.asked_at is None:
        row.undone_at = now
        return
    row.state, row.answer, row.batch_id = ExcuseState.ASKED.value, "", None
    row.decided_by, row.decided_at = None, None


def _locked(programme_id: int, excuse_id: int) -> Excuse:
    """An excuse, its person locked, as it is now."""
    row = find_excuse(programme_id, excuse_id)
    if row is None:
        raise LookupError(excuse_id)
    lock_people([row.enrolment_id])
    db.session.refresh(row)
    if row.undone_at is not None:
        raise LookupError(excuse_id)
    return row


def lock_people(enrolment_ids: Sequence[int]) -> None:
    """Lock these people, in the order in which everybody does it, inside the caller's transaction."""
    query = db.select(Enrolment.id).where(one_of(Enrolment.id, enrolment_ids))
    db.session.execute(query.order_by(Enrolment.id).with_for_update(key_share=True))


def _record(what: str, row: Excuse, *, by: int, now: datetime, before: dict[str, str] | None = None) -> None:
    after = {"excuse_id": row.id, "enrolment_id": row.enrolment_id, "key": row.key, "state": row.state}
    audit.record(what, now=now, by=by, programme_id=row.programme_id, before=before, after=after)
