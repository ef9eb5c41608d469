"""Joining a programme: answers saved as they come, consent, private wishes, leaving again."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from lti_tool.mentoring.enrolment import CONSENT_VERSION, EnrolmentRole
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment, Wish, find_enrolment
from lti_tool.store.people import Person

MOST_WISHES = 3


def choose_role(programme_id: int, person_id: int, role: EnrolmentRole, *, time_zone: str, now: datetime) -> None:
    """Begin to join as mentor, mentee or either; answers given before are kept."""
    with transaction() as session:
        session.get_one(Person, person_id, with_for_update=True)  # two clicks at once find one enrolment
        row = find_enrolment(programme_id, person_id)
        if row is None:
            row = Enrolment(programme_id=programme_id, person_id=person_id, state="draft", answers={})
            session.add(row)
        if row.state == "withdrawn" or row.role != role:
            row.state = "draft"  # another role asks other questions
        row.role, row.time_zone, row.changed_at = role, time_zone, now


def save_answers(enrolment_id: int, values: dict[str, Any], *, capacity: int, now: datetime) -> None:
    """Keep what was answered; a question answered with None was emptied, one not named stays as it was."""
    with transaction() as session:
        row = session.get_one(Enrolment, enrolment_id, with_for_update=True)
        row.answers = {key: value for key, value in {**row.answers, **values}.items() if value is not None}
        row.capacity, row.changed_at = capacity, now


def join(enrolment_id: int, *, now: datetime) -> None:
    """The person agrees and takes part from now on."""
    with transaction() as session:
        row = session.get_one(Enrolment, enrolment_id)
        row.state, row.consent_version, row.consented_at, row.changed_at = "joined", CONSENT_VERSION, now, now


def withdraw(enrolment_id: int, *, now: datetime) -> None:
    """The person no longer takes part in matching; running pairs are staff's to end."""
    with transaction() as session:
        row = session.get_one(Enrolment, enrolment_id)
        row.state, row.changed_at = "withdrawn", now


def keep_apart(enrolment_id: int, person_id: int) -> bool:
    """Add a private wish; False when there are as many as allowed already."""
    with transaction() as session:
        session.get_one(Enrolment, enrolment_id, with_for_update=True)
        present = set(db.session.scalars(db.select(Wish.person_id).filter_by(enrolment_id=enrolment_id)))
        if person_id in present:
            return True
        if len(present) >= MOST_WISHES:
            return False
        session.add(Wish(enrolment_id=enrolment_id, person_id=person_id))
    return True


def drop_wish(enrolment_id: int, person_id: int) -> None:
    """Take a private wish back."""
    with transaction() as session:
        session.execute(delete(Wish).filter_by(enrolment_id=enrolment_id, person_id=person_id))
