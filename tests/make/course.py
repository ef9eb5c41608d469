"""People of courses: an LMS, a course with a programme, persons, visits, and how far each has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.actions.launch import secret_hash
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.store.application import Application
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.people import Course, Member, Person, Visit
from lti_tool.store.platforms import Deployment, Registration
from lti_tool.store.programme import Programme
from lti_tool.store.training import Training
from tests.conftest import NOON

ISSUER = "https://lms.northfield.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A course with a programme, by ids."""

    registration_id: int
    deployment_id: int
    course_id: int
    programme_id: int


def setting(
    *, issuer: str = ISSUER, client_id: str = "client-1", context_id: str = "bio-101", **changes: Any
) -> Setting:
    """An LMS, a course of it and a programme in it; an LMS that exists already is used again."""
    with transaction() as session:
        registration = session.query(Registration).filter_by(issuer=issuer, client_id=client_id).one_or_none()
        if registration is None:
            registration = _registration(session, issuer, client_id)
        deployment = session.query(Deployment).filter_by(registration_id=registration.id).one()
        course = Course(
            registration_id=registration.id,
            context_id=context_id,
            title="Biology 101",
            memberships_url=f"{issuer}/memberships/{context_id}",
            line_items_url=f"{issuer}/lineitems/{context_id}",
            gradebook_scopes=[],
            created_at=NOON,
        )
        session.add(course)
        session.flush()
        programme = _programme(course.id, deployment.id, **changes)
        session.add(programme)
        session.flush()
        return Setting(
            registration_id=registration.id,
            deployment_id=deployment.id,
            course_id=course.id,
            programme_id=programme.id,
        )


def person(at: Setting, name: str, *, role: str = "student", **changes: Any) -> int:
    """A person who is a member of the course; their id."""
    given, _, family = name.partition(" ")
    values = {"name": name, "given_name": given, "family_name": family, "email": ""} | changes
    with transaction() as session:
        row = Person(registration_id=at.registration_id, subject=f"sub-{name}-{at.course_id}", **values)
        session.add(row)
        session.flush()
        session.add(Member(course_id=at.course_id, person_id=row.id, role=role, is_in_roster=True))
        return row.id


def visit(at: Setting, person_id: int, *, role: str, until: datetime) -> tuple[str, str]:
    """An open visit of this person; its key and its secret."""
    key = f"visit-{at.programme_id}-{person_id}"
    with transaction() as session:
        session.add(
            Visit(
                key=key,
                secret_hash=secret_hash(f"secret-{key}"),
                person_id=person_id,
                course_id=at.course_id,
                programme_id=at.programme_id,
                role=role,
                started_at=NOON,
                expires_at=until,
            )
        )
    return key, f"secret-{key}"


def enrolment(at: Setting, person_id: int, *, role: str, **changes: Any) -> int:
    """Somebody who has joined, with answers that fit everybody else's."""
    values: dict[str, Any] = {
        "state": "joined",
        "time_zone": "Europe/London",
        "capacity": 2,
        "answers": fitting_answers(role),
        "changed_at": NOON,
    }
    with transaction() as session:
        row = Enrolment(programme_id=at.programme_id, person_id=person_id, role=role, **(values | changes))
        session.add(row)
        session.flush()
        return row.id


def fitting_answers(role: str) -> dict[str, Any]:
    """Answers with which any mentor and any mentee may be matched."""
    answers: dict[str, Any] = {
        "availability": ["mon-16", "mon-18", "wed-18"],
        "languages": ["en"],
        "interests": ["music"],
    }
    if role != "mentor":
        answers["help_wanted"] = ["writing", "exams"]
    if role != "mentee":
        answers |= {"help_offered": ["writing", "exams"], "mentee_limit": 2}
    return answers


def application(enrolment_id: int, *, state: str, **changes: Any) -> int:
    """An application of this enrolment's; its id."""
    values: dict[str, Any] = {"answers": {}, "submitted_at": NOON, "changed_at": NOON} | changes
    with transaction() as session:
        row = Application(enrolment_id=enrolment_id, state=state, **values)
        session.add(row)
        session.flush()
        return row.id


def training(enrolment_id: int, *, course: str = "mentor", **changes: Any) -> int:
    """Somebody's way through a training, finished unless something else is said; its id."""
    values: dict[str, Any] = {"finished_at": NOON, "passed_at": NOON, "changed_at": NOON} | changes
    with transaction() as session:
        row = Training(enrolment_id=enrolment_id, course=course, **values)
        session.add(row)
        session.flush()
        return row.id


def _registration(session: Session, issuer: str, client_id: str) -> Registration:
    row = Registration(
        issuer=issuer,
        client_id=client_id,
        name="Northfield",
        family="",
        auth_login_url=f"{issuer}/auth",
        auth_token_url=f"{issuer}/token",
        jwks_url=f"{issuer}/jwks",
        created_at=NOON,
    )
    session.add(row)
    session.flush()
    session.add(Deployment(registration_id=row.id, deployment_id="1", first_seen_at=NOON))
    session.flush()
    return row


def _programme(course_id: int, deployment_id: int, **changes: Any) -> Programme:
    values: dict[str, Any] = {
        "key": f"{course_id:032d}",
        "phase": "sign_up",
        "resource_link_id": "link-1",
        "title": "Peer mentoring",
        "mentor_word": "Mentor",
        "mentee_word": "Mentee",
        "cadence": "own_pace",
        "check_in_count": 4,
        "points": 100,
        "starts_on": NOON.date(),
        "time_zone": "Europe/London",
        "mentor_capacity_limit": 3,
        "questionnaire": default_questionnaire().to_json(),
        "created_at": NOON,
    }
    return Programme(course_id=course_id, deployment_id=deployment_id, **(values | changes))


def everybody(at: Setting) -> list[int]:
    """All enrolments of its programme, in the order in which they were made."""
    query = select(Enrolment.id).filter_by(programme_id=at.programme_id)
    return list(db.session.scalars(query.order_by(Enrolment.id)))
