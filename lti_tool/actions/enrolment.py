"""Joining a programme: answers saved as they come, consent, private wishes, leaving again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from lti_tool.actions import audit
from lti_tool.actions.pair_life import leave_pairs
from lti_tool.actions.participation import update_score
from lti_tool.mentoring.answers import unanswered
from lti_tool.mentoring.enrolment import Editions, EnrolmentRole, why_not_role
from lti_tool.mentoring.questionnaire import Question, questionnaire_from_json
from lti_tool.mentoring.settling import NOT_SENT, Sent, Settled, as_asked, settle
from lti_tool.store.application import Application
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.enrolment import Consent, Enrolment, Wish, find_enrolment
from lti_tool.store.pairs import own_pairs
from lti_tool.store.people import Person, find_member
from lti_tool.store.programme import Programme, settings_of

MOST_WISHES = 3  # of each kind
LIMIT_QUESTION = "mentee_limit"


def choose_role(programme_id: int, person_id: int, role: EnrolmentRole, *, time_zone: str, now: datetime) -> None:
    """Begin to join as mentor, mentee, either or both; answers given before are kept."""
    with transaction() as session:
        _take_part(_begun(session, programme_id, person_id), {"role": role, "time_zone": time_zone}, now)


def save_part(
    programme_id: int, person_id: int, questions: Sequence[Question], sent: Sent, *, now: datetime
) -> Settled:
    """Keep what a form says about role and time zone, as far as nobody changed the same elsewhere meanwhile."""
    with transaction() as session:
        row = _begun(session, programme_id, person_id)
        stored = {"role": row.role, "time_zone": row.time_zone} if row.id else {}
        if row.id and own_pairs(row.id):
            questions = [question for question in questions if question.key != "role"]
        settled = _with_open_role(settle(questions, sent, stored), programme_id, person_id)
        known = stored | settled.writes
        not_sent = {question.key: NOT_SENT for question in questions if question.key not in known}
        settled = replace(settled, problems=not_sent | settled.problems)
        if settled.is_done:
            _take_part(row, known, now)
    return settled


def _with_open_role(settled: Settled, programme_id: int, person_id: int) -> Settled:
    """The same, with a problem where the part that somebody chose is kept for other sections of the course."""
    if "role" not in settled.writes:
        return settled
    programme = db.session.get_one(Programme, programme_id)
    member = find_member(programme.course_id, person_id)
    sections = member.section_ids if member else ()
    refusal = why_not_role(EnrolmentRole(str(settled.writes["role"])), sections, settings_of(programme))
    return replace(settled, problems=settled.problems | {"role": refusal}) if refusal else settled


def save_answers(enrolment_id: int, sent: Sent, *, for_later: bool, now: datetime) -> Settled:
    """Keep what a form says that was changed in it and is in order; what is left is for the person to decide.

    The questions are those of this moment: one that staff removed meanwhile keeps the answer all the same.
    """
    with transaction() as session:
        row = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        programme = session.get_one(Programme, row.programme_id)
        questionnaire = questionnaire_from_json(programme.questionnaire)
        questions = (*questionnaire.questions, *questionnaire.removed)
        stored = as_asked(questions, row.answers)
        settled = settle(questions, sent, stored)
        if for_later:
            settled = settled.for_later()
        if settled.writes:
            kept = {**stored, **settled.writes}
            row.answers = {key: answer for key, answer in kept.items() if answer is not None}
            row.capacity, row.changed_at = _capacity(row.answers, programme), now
    return settled


def join(enrolment_id: int, editions: Editions, *, now: datetime) -> bool:
    """The person agrees to these texts and takes part from now on; False while a question that must be answered is
    open."""
    with transaction() as session:
        row = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        programme = session.get_one(Programme, row.programme_id)
        asked = questionnaire_from_json(programme.questionnaire).for_role(EnrolmentRole(row.role))
        if unanswered(asked, row.answers):
            return False
        _end_consents(enrolment_id, now)
        for what, version in (("consent", editions.consent), ("conduct", editions.conduct)):
            session.add(Consent(enrolment_id=enrolment_id, what=what, version=version, given_at=now))
        row.consent_version, row.consented_at = editions.consent, now
        row.conduct_version, row.conduct_at = editions.conduct, now
        row.state, row.changed_at = "joined", now
        update_score(row, now=now)
    return True


def withdraw(enrolment_id: int, *, now: datetime, erase: bool = False) -> None:
    """The person takes their agreement back and is matched no more; their pairs end, or go on without them.

    With `erase` answers, wishes and the application are gone at once.
    """
    with transaction() as session:
        leave_pairs(enrolment_id, now=now)
        row = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        _end_consents(enrolment_id, now)
        row.consent_version = row.consented_at = row.conduct_version = row.conduct_at = None
        row.state, row.changed_at = "withdrawn", now
        if erase:
            row.answers = {}
            session.execute(delete(Wish).filter_by(enrolment_id=enrolment_id))
            session.execute(delete(Application).filter_by(enrolment_id=enrolment_id))
        update_score(row, now=now)


def wish(enrolment_id: int, person_id: int, kind: str) -> bool:
    """Add a private wish, or change its kind; False when there are as many of that kind as allowed already."""
    with transaction() as session:
        session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        wishes = {
            one.person_id: one for one in db.session.scalars(db.select(Wish).filter_by(enrolment_id=enrolment_id))
        }
        present = wishes.get(person_id)
        if present is not None and present.kind == kind:
            return True
        if sum(one.kind == kind for one in wishes.values()) >= MOST_WISHES:
            return False
        if present is not None:
            present.kind = kind
        else:
            session.add(Wish(enrolment_id=enrolment_id, person_id=person_id, kind=kind))
    return True


def keep_apart(enrolment_id: int, person_id: int) -> bool:
    """Add the private wish not to be matched with somebody; False when there are as many as allowed already."""
    return wish(enrolment_id, person_id, "apart")


def drop_wish(enrolment_id: int, person_id: int) -> None:
    """Take a private wish back."""
    with transaction() as session:
        session.execute(delete(Wish).filter_by(enrolment_id=enrolment_id, person_id=person_id))


def note_look_at_wishes(enrolment_id: int, *, by: int, now: datetime) -> None:
    """Record that a member of staff read somebody's private wishes."""
    with transaction() as session:
        row = session.get_one(Enrolment, enrolment_id)
        audit.record("wishes.read", now=now, by=by, programme_id=row.programme_id, after={"enrolment_id": enrolment_id})


def _begun(session: Any, programme_id: int, person_id: int) -> Enrolment:
    """The person's enrolment, a new one if need be; two clicks at once find one."""
    session.get_one(Person, person_id, with_for_update=True)
    found = find_enrolment(programme_id, person_id)
    if found is None:
        return Enrolment(programme_id=programme_id, person_id=person_id, state="draft", answers={})
    row: Enrolment = session.get_one(Enrolment, found.id, with_for_update=HELD)
    return row


def _take_part(row: Enrolment, values: dict[str, Any], now: datetime) -> None:
    if row.state == "withdrawn" or row.role != values["role"]:
        row.state = "draft"  # another role asks other questions
    row.role, row.time_zone, row.changed_at = values["role"], values["time_zone"], now
    db.session.add(row)


def _end_consents(enrolment_id: int, now: datetime) -> None:
    open_ones = update(Consent).where(Consent.enrolment_id == enrolment_id, Consent.withdrawn_at.is_(None))
    db.session.execute(open_ones.values(withdrawn_at=now))


def _capacity(answers: dict[str, Any], programme: Programme) -> int:
    """How many mentees somebody takes: what they said, within what the programme allows."""
    limit = programme.mentor_capacity_limit
    return min(int(answers.get(LIMIT_QUESTION, limit)), limit)
