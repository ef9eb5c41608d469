"""Applying to be a mentor, and what staff decide about it.

Two people may work on one application at the same time. A row is locked while it changes, and staff say which state of
it they have seen: whoever comes second is shown what the first decided, and nothing of theirs is saved over it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from lti_tool.actions import audit
from lti_tool.actions.participation import recount
from lti_tool.mentoring.application import (
    DECIDED,
    WAITING,
    ApplicationState,
    Decision,
    Review,
    decided,
    edited,
    may_withdraw,
    problems_with,
)
from lti_tool.mentoring.questionnaire import Question
from lti_tool.mentoring.settling import Sent, Settled, settle
from lti_tool.mentoring.words import Sentence
from lti_tool.store.application import Application
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.programme import Programme


def save(enrolment_id: int, values: dict[str, Any], *, now: datetime) -> None:
    """Keep what was written so far; a question answered with None was emptied, one not named stays as it was.

    Raises: StepNotPossible once staff have decided.
    """
    with transaction():
        row = _own(enrolment_id, now)
        edited(ApplicationState(row.state))
        _keep(row, values, now)


def save_page(enrolment_id: int, questions: Sequence[Question], sent: Sent, *, now: datetime) -> Settled:
    """Keep what a page says that was changed in it and can be stored; what another window changed stays.

    Shape: answers that are not yet as they must be are problems and among the `missing`. A draft keeps them; of an
        application that staff have, only what is as it must be is changed.
    Raises: StepNotPossible once staff have decided.
    """
    with transaction():
        row = _own(enrolment_id, now)
        edited(ApplicationState(row.state))
        settled = settle([replace(one, is_required=False) for one in questions], sent, row.answers)
        unfit = problems_with(questions, {**row.answers, **settled.writes})
        kept = {key: value for key, value in settled.writes.items() if key not in unfit or row.state not in WAITING}
        _keep(row, kept, now)
    lost = settled.problems.keys() | (settled.writes.keys() - kept.keys())  # what is nowhere but on the page
    return replace(settled, writes=kept, problems=unfit | settled.problems, missing=frozenset(unfit.keys() - lost))


def send(
    enrolment_id: int, values: dict[str, Any], questions: Sequence[Question], *, now: datetime
) -> dict[str, Sentence]:
    """Hand the application to the staff, or return what is still missing; what was written is kept in either case.

    Raises: StepNotPossible once staff have decided.
    """
    with transaction():
        row = _own(enrolment_id, now)
        edited(ApplicationState(row.state))
        _keep(row, values, now)
        problems = problems_with(questions, row.answers)
        if not problems:
            row.state, row.submitted_at = ApplicationState.SUBMITTED, now
    return problems


def withdraw(enrolment_id: int, *, now: datetime) -> bool:
    """Take a sent application back, as a draft of its writer's own; False where it is decided, or was never sent."""
    with transaction():
        row = _own(enrolment_id, now)
        if not may_withdraw(ApplicationState(row.state)):
            return False
        row.state, row.submitted_at, row.changed_at = ApplicationState.DRAFT, None, now
    return True


def seen(row: Application) -> str:
    """What names an application as it is now: it changes with every change."""
    return f"{row.state} {row.changed_at.isoformat()}"


def review(
    programme_id: int, enrolment_id: int, given: Review, *, seen_as: str, by: int, now: datetime
) -> Application | None:
    """Save marks and note, and decide; None when done, else the application as somebody has changed it meanwhile.

    Raises: StepNotPossible where there is nothing to decide; LookupError where the programme has no such application.
    """
    with transaction() as session:
        _lock_people(programme_id, [enrolment_id])
        row = _locked(programme_id, enrolment_id)
        if seen(row) != seen_as:
            session.expunge(row)
            return row
        before = row.state
        row.rubric, row.note, row.changed_at = dict(given.marks), given.note, now
        if given.decision:
            _decide(row, given.decision, words=given.words, by=by, now=now)
            _record(programme_id, row, before, by=by, now=now)
            _count_anew(programme_id, [row], now)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """What became of several applications on which staff decided at once."""

    done: int
    left: int  # decided by somebody else meanwhile, or taken back


def decide_several(
    programme_id: int, enrolment_ids: Collection[int], decision: Decision, *, words: str = "", by: int, now: datetime
) -> Several:
    """Decide on those that still wait; what is decided already, or was taken back, stays as it is."""
    query = _of_programme(programme_id, enrolment_ids)
    with transaction() as session:
        _lock_people(programme_id, enrolment_ids)
        rows = [row for row in session.scalars(query) if row.state in WAITING]
        for row in rows:
            before = row.state
            _decide(row, decision, words=words, by=by, now=now)
            row.changed_at = now
            _record(programme_id, row, before, by=by, now=now)
        _count_anew(programme_id, rows, now)
    return Several(done=len(rows), left=len(set(enrolment_ids)) - len(rows))


def _own(enrolment_id: int, now: datetime) -> Application:
    """The person's application, for the person alone; begun where there is none."""
    session = db.session()
    session.get_one(Enrolment, enrolment_id, with_for_update=HELD)  # two tabs at once find one application
    row = session.scalar(select(Application).filter_by(enrolment_id=enrolment_id).with_for_update())
    if row is None:
        row = Application(
            enrolment_id=enrolment_id,
            state=ApplicationState.DRAFT,
            answers={},
            rubric={},
            message="",
            note="",
            changed_at=now,
        )
        session.add(row)
    return row


def _lock_people(programme_id: int, enrolment_ids: Collection[int]) -> None:
    """As everybody does it: first the person's part, then what belongs to it, so that nobody waits for each other."""
    query = select(Enrolment.id).where(Enrolment.programme_id == programme_id, Enrolment.id.in_(enrolment_ids))
    db.session.execute(query.order_by(Enrolment.id).with_for_update(key_share=True))


def _count_anew(programme_id: int, rows: Collection[Application], now: datetime) -> None:
    """Once pairs are published, whoever is approved is in reserve and has check-ins of their own."""
    programme = db.session.get_one(Programme, programme_id)
    if rows and programme.published_at is not None:
        db.session.flush()
        recount(programme, only=[row.enrolment_id for row in rows], now=now)


def _keep(row: Application, values: dict[str, Any], now: datetime) -> None:
    row.answers = {key: value for key, value in {**row.answers, **values}.items() if value is not None}
    row.changed_at = now


def _locked(programme_id: int, enrolment_id: int) -> Application:
    row = db.session.scalar(_of_programme(programme_id, [enrolment_id]))
    if row is None:
        raise LookupError(enrolment_id)
    return row


def _of_programme(programme_id: int, enrolment_ids: Collection[int]) -> Select[Application]:
    return (
        select(Application)
        .join(Enrolment, Enrolment.id == Application.enrolment_id)
        .where(Enrolment.programme_id == programme_id, Application.enrolment_id.in_(enrolment_ids))
        .order_by(Application.id)
        .with_for_update(of=Application)
    )


def _decide(row: Application, decision: Decision, *, words: str, by: int, now: datetime) -> None:
    row.state = decided(ApplicationState(row.state), decision)
    row.message, row.decided_by, row.decided_at = words, by, now


def _record(programme_id: int, row: Application, before: str, *, by: int, now: datetime) -> None:
    what = "application.decide" if row.state in DECIDED else "application.ask"
    audit.record(
        what,
        now=now,
        by=by,
        programme_id=programme_id,
        before={"state": before},
        after={"state": row.state, "enrolment_id": row.enrolment_id},
    )
