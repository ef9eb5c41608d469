"""Somebody says that something is not working, and staff do something about it: each step one transaction.

A pair is locked before its cases, so that two people who act at once do so one after the other.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lti_tool.actions import audit
from lti_tool.actions.pair_life import end_here, locked, set_contact, settle_clock
from lti_tool.actions.participation import recount_pair
from lti_tool.actions.standing import reckon
from lti_tool.mentoring import cases as rules
from lti_tool.mentoring.case_forms import Asked, Closing, Reported, Talk
from lti_tool.mentoring.cases import CaseKind, Outcome
from lti_tool.mentoring.pair_life import EndReason
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.store.cases import PairCase, add_entry, case_of, cases_of_pair, keep_step, sent_once
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair
from lti_tool.store.programme import Programme

ENDS_AS: Mapping[CaseKind, EndReason] = {
    CaseKind.REMATCH: EndReason.REMATCH,
    CaseKind.SAFETY: EndReason.SAFETY,
    CaseKind.ROLE: EndReason.ROLE,
}


def begin(
    pair_id: int, enrolment_id: int, given: Asked | Reported, *, about_id: int | None = None, once: str, now: datetime
) -> int:
    """Begin a case, and stop contact at once where it is a safety report; its number.

    A form that is sent twice begins one case; who has asked for a new partner already has that case.
    """
    with transaction() as session:
        pair = locked(pair_id)
        known = sent_once(enrolment_id, once) or _same_wish(pair_id, enrolment_id, given.kind)
        if known is not None:
            return known.id
        row = PairCase(programme_id=pair.programme_id, pair_id=pair_id, enrolment_id=enrolment_id, about_id=about_id)
        row.kind, row.state, row.asked_at, row.once = given.kind.value, rules.CaseState.OPEN.value, now, once
        _fill(row, given)
        session.add(row)
        session.flush()
        _settle(pair, now=now)
        return row.id


def _same_wish(pair_id: int, enrolment_id: int, kind: CaseKind) -> PairCase | None:
    """A wish for a new partner, or another part, that is open already."""
    if kind not in {CaseKind.REMATCH, CaseKind.ROLE}:
        return None
    own = (one for one in cases_of_pair(pair_id) if one.enrolment_id == enrolment_id and one.kind == kind)
    return next((one for one in own if case_of(one).is_live), None)


def _fill(row: PairCase, given: Asked | Reported) -> None:
    row.answers = dict(given.answers)
    if isinstance(given, Reported):
        row.is_in_danger = given.is_in_danger
        return
    row.topic, row.may_tell = given.topic.value, given.may_tell
    if given.hand_over_on is not None:
        row.answers = {**row.answers, "hand_over_on": given.hand_over_on.isoformat()}


def withdraw_case(case_id: int, enrolment_id: int, *, by: int, now: datetime) -> None:
    """Whoever began a case takes it back.

    Raises: RuleBroken when it is closed, or one that staff must look at.
    """
    with _case(case_id) as (row, pair):
        if row.enrolment_id != enrolment_id:
            raise ValueError("not their case")
        keep_step(row, rules.withdraw(case_of(row)), now=now)
        add_entry(row, "withdrawn", {}, by=by, now=now)
        _settle(pair, now=now)


def add_words(case_id: int, words: str, *, kind: str = "addition", once: str, by: int, now: datetime) -> None:
    """Add to the record: a note or an answer of staff, or what whom a concern is about has to say. Once per form."""
    with _case(case_id) as (row, _pair):
        add_entry(row, kind, {"words": words}, once=once, by=by, now=now)


def take_case(case_id: int, *, version: int, by: int, now: datetime) -> None:
    """A member of staff takes the case, from whoever had it.

    Raises: ChangedMeanwhile; RuleBroken when it is closed.
    """
    with _case(case_id, version=version) as (row, pair):
        before = row.owner_id
        keep_step(row, rules.take(case_of(row), by), now=now)
        add_entry(row, "taken", {"before": before}, by=by, now=now)
        _record("case.take", row, by=by, now=now)
        _settle(pair, now=now)


def record_talk(case_id: int, talk: Talk, *, version: int, once: str, by: int, now: datetime) -> None:
    """Keep what was said and agreed in a talk, and when it is looked at again. Whoever led it has the case.

    Raises: ChangedMeanwhile; RuleBroken when it is closed.
    """
    with _case(case_id, version=version) as (row, pair):
        mine = rules.take(case_of(row), row.owner_id or by)
        keep_step(row, rules.agree(mine, talk.review_on, today=_today(pair, now)), now=now)
        words = {
            "held_on": talk.held_on.isoformat(),
            "people": talk.people,
            "issue_one": talk.issue_one,
            "issue_two": talk.issue_two,
            "agreed": talk.agreed,
            "review_on": talk.review_on.isoformat(),
        }
        add_entry(row, "talk", words, once=once, by=by, now=now)
        _record("case.talk", row, by=by, now=now)
        _settle(pair, now=now)


def agree_hand_over(case_id: int, day: date, *, version: int, by: int, now: datetime) -> None:
    """Agree to a change of sides: on that day the pair ends, and the person may take another part.

    Raises: ChangedMeanwhile; RuleBroken when it is closed, or the day is not to come.
    """
    with _case(case_id, version=version) as (row, pair):
        mine = rules.take(case_of(row), row.owner_id or by)
        keep_step(row, rules.agree(mine, day, today=_today(pair, now)), now=now)
        add_entry(row, "taken", {"hand_over_on": day.isoformat()}, by=by, now=now)
        _record("case.hand_over", row, by=by, now=now)
        _settle(pair, now=now)


def close_case(case_id: int, given: Closing, *, version: int, once: str, by: int, now: datetime) -> None:
    """Close a case with its outcome, which may end the pair or allow contact again.

    Raises: ChangedMeanwhile; RuleBroken when it is closed already.
    """
    with _case(case_id, version=version) as (row, pair):
        keep_step(row, rules.close(case_of(row), given.outcome, by), now=now)
        words = {"words": given.record, "outcome": given.outcome.value}
        add_entry(row, "closed", words, once=once, by=by, now=now)
        if given.answer:
            add_entry(row, "answer", {"words": given.answer}, by=by, now=now)
        _record("case.close", row, by=by, now=now)
        _bring_about(row, pair, by=by, now=now)


def reopen_case(case_id: int, *, version: int, by: int, now: datetime) -> None:
    """Open a closed case again; after a safety report contact stops again.

    Raises: ChangedMeanwhile; RuleBroken when it is not closed.
    """
    with _case(case_id, version=version) as (row, pair):
        keep_step(row, rules.reopen(case_of(row), by), now=now)
        add_entry(row, "reopened", {}, by=by, now=now)
        _record("case.reopen", row, by=by, now=now)
        _settle(pair, now=now)


def close_by_clock(case_id: int, *, now: datetime) -> None:
    """A first wish for a new partner that nobody answered comes true, or the day of a hand-over has come."""
    with _case(case_id) as (row, pair):
        case = case_of(row)
        if not case.is_live:
            return
        keep_step(row, rules.close(case, Outcome.ENDED, None), now=now)
        add_entry(row, "closed", {"outcome": Outcome.ENDED.value}, by=None, now=now)
        _bring_about(row, pair, by=None, now=now)


def _bring_about(row: PairCase, pair: Pair, *, by: int | None, now: datetime) -> None:
    if row.outcome == Outcome.ENDED:
        end_here(pair, why=ENDS_AS.get(CaseKind(row.kind), EndReason.STAFF), by=by, now=now)
    _settle(pair, now=now)


def _settle(pair: Pair, *, now: datetime) -> None:
    """What follows for the pair from all its cases: whether there may be contact, whether its clock stands, how it is
    doing."""
    db.session.flush()
    is_stopped = any(rules.keeps_apart(case_of(one)) for one in cases_of_pair(pair.id))
    if is_stopped != (pair.contact_stopped_at is not None):
        set_contact(pair, is_stopped=is_stopped, now=now)
    if settle_clock(pair, now=now):
        recount_pair(pair.id, now=now)
    reckon([pair.id], now=now)


@contextmanager
def _case(case_id: int, *, version: int | None = None) -> Iterator[tuple[PairCase, Pair]]:
    """The case and its pair, for this transaction alone.

    Raises: ChangedMeanwhile, where somebody has changed the case since the form was drawn.
    """
    with transaction() as session:
        pair = locked(session.get_one(PairCase, case_id).pair_id)
        row = session.get_one(PairCase, case_id, with_for_update=True)
        if version is not None and row.version != version:
            raise ChangedMeanwhile(row)
        yield row, pair


def _record(what: str, row: PairCase, *, by: int, now: datetime) -> None:
    after = {"case_id": row.id, "kind": row.kind, "state": row.state, "outcome": row.outcome}
    audit.record(what, now=now, by=by, programme_id=row.programme_id, after=after)


def _today(pair: Pair, now: datetime) -> date:
    return now.astimezone(ZoneInfo(db.session.get_one(Programme, pair.programme_id).time_zone)).date()
