"""Builders of rows: keyword-only, each with what a test need not say. Everybody is invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from secrets import token_hex
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.actions import agreement, goals, tasks
from lti_tool.actions.goals import Doer
from lti_tool.actions.launch import secret_hash
from lti_tool.mentoring.goals import GoalTerms
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.mentoring.tasks import TaskTerms
from lti_tool.store.announcements import Announcement
from lti_tool.store.application import Application
from lti_tool.store.conversation import Message, MessageReport
from lti_tool.store.db import transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.matching import Pair, Proposal, Scenario
from lti_tool.store.meetings import Meeting, MeetingPart
from lti_tool.store.pairs import add_members
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.people import Course, Member, Person, Visit
from lti_tool.store.platforms import Deployment, Registration
from lti_tool.store.programme import Programme
from lti_tool.store.reflections import Reflection
from lti_tool.store.resources import Resource, ResourceFile
from lti_tool.store.staff_tasks import StaffTask
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


def pair(at: Setting, mentor_id: int, mentee_id: int, *, by: int, state: str = "active") -> int:
    """A published pair of two enrolments."""
    with transaction() as session:
        programme = session.get_one(Programme, at.programme_id)
        programme.phase, programme.published_at = "running", programme.published_at or NOON
        proposal = Proposal(
            programme_id=at.programme_id, state="published", asked_by=by, asked_at=NOON, published_at=NOON
        )
        session.add(proposal)
        session.flush()
        row = Pair(
            programme_id=at.programme_id,
            proposal_id=proposal.id,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            score_ppm=800_000,
            strength="good",
            reasons=[],
            state=state,
            published_at=NOON,
        )
        session.add(row)
        session.flush()
        if state != "proposed":
            add_members([row])
        return row.id


def plan(pair_id: int, by: int, *, words: str = "") -> None:
    """What somebody writes on a pair’s pages: an agreement, a goal and a task; all in these words, if there are any."""
    terms = GoalTerms(
        outcome=words or "Hand in the second report on time",
        measure=words or "It is in before the deadline",
        by_on=NOON.date() + timedelta(days=30),
        milestones=(words or "An outline", "A first page"),
    )
    agreement.save(pair_id, {"meeting": words or "Mondays at four"}, by=by, seen=0, signs=True, now=NOON)
    goals.begin(Doer(pair_id=pair_id, by=by, now=NOON, today=NOON.date()), terms, once="goal")
    task = TaskTerms(text=words or "Find the rubric", owner=by, due_on=None)
    tasks.add(pair_id, task, by=by, once="task", now=NOON)


def meeting(pair_id: int, by: int, *others: int, minutes: int = 30) -> int:
    """A meeting that one member planned and says took place; its number."""
    with transaction() as session:
        row = Meeting(
            pair_id=pair_id,
            created_by=by,
            once="made",
            created_at=NOON,
            changed_at=NOON,
            state="held",
            starts_at=NOON - timedelta(hours=2),
            planned_minutes=minutes,
            proposed_by=by,
            held_on=NOON.date(),
            held_minutes=minutes,
            reported_by=by,
            reported_at=NOON,
        )
        session.add(row)
        session.flush()
        for one in (by, *others):
            part = MeetingPart(meeting_id=row.id, enrolment_id=one, answer="coming", was_there=True)
            part.said_minutes, part.said_at = (minutes, NOON) if one == by else (None, None)
            session.add(part)
        return row.id


def staff_task(at: Setting, pair_id: int, enrolment_id: int, **changes: Any) -> int:
    """Something that staff should look at; its id."""
    values: dict[str, Any] = {
        "kind": "not_for_me",
        "source": f"fit:{pair_id}:{enrolment_id}:1:not_for_me:go_on",
        "reason": {"text": "Would like to go on with somebody else.", "values": {}},
        "made_at": NOON,
        "due_at": NOON + timedelta(days=3),
    }
    with transaction() as session:
        row = StaffTask(programme_id=at.programme_id, pair_id=pair_id, enrolment_id=enrolment_id, **(values | changes))
        session.add(row)
        session.flush()
        return row.id


def reflection(at: Setting, enrolment_id: int, **changes: Any) -> int:
    """A reflection that was handed in; its id."""
    values: dict[str, Any] = {
        "stage": "start",
        "state": "handed_in",
        "text": "We met, and I talked too much.",
        "changed_at": NOON,
        "handed_in_at": NOON,
    }
    with transaction() as session:
        row = Reflection(programme_id=at.programme_id, enrolment_id=enrolment_id, **(values | changes))
        session.add(row)
        session.flush()
        return row.id


def scenario(session: Session, proposal: Proposal, *, pairs: list[tuple[int, int]], **changes: Any) -> int:
    """A scenario of a draft with these pairs, mentee and mentor."""
    values: dict[str, Any] = {"kind": "computed", "objective": "fair", "state": "ready", "certificate": {"gap": 0}}
    row = Scenario(proposal_id=proposal.id, asked_by=proposal.asked_by, asked_at=NOON, **(values | changes))
    row.mentee_count = row.matched_mentees = len(pairs)
    session.add(row)
    session.flush()
    for mentee, mentor in pairs:
        one = Pair(programme_id=proposal.programme_id, proposal_id=proposal.id, scenario_id=row.id, state="proposed")
        one.mentee_id, one.mentor_id, one.score_ppm, one.strength, one.reasons = mentee, mentor, 800_000, "strong", []
        session.add(one)
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


def message(at: Setting, pair_id: int | None, person_id: int, **changes: Any) -> int:
    """A message in a pair's conversation, or on the mentors' board (no pair); its number."""
    values: dict[str, Any] = {"text": "Hello", "once": token_hex(8), "written_at": NOON} | changes
    return _added(Message(programme_id=at.programme_id, pair_id=pair_id, person_id=person_id, **values))


def report(at: Setting, message_id: int, person_id: int) -> int:
    """Somebody's report of a message; its number."""
    values = {"words": "Hello", "why": "Please look.", "reported_at": NOON}
    return _added(MessageReport(programme_id=at.programme_id, message_id=message_id, person_id=person_id, **values))


def resource(at: Setting, pair_id: int | None, person_id: int, content: bytes = b"Notes") -> int:
    """A small file on a pair's shelf, or in the library (no pair); its number."""
    row = Resource(programme_id=at.programme_id, pair_id=pair_id, person_id=person_id, once=token_hex(8), kind="file")
    row.title, row.file_name, row.media_type, row.size_bytes = "Notes", "notes.txt", "text/plain", len(content)
    row.added_at = NOON
    number = _added(row)
    with transaction() as session:
        session.add(ResourceFile(resource_id=number, content=content))
    return number


def announcement(at: Setting, person_id: int, **changes: Any) -> int:
    """Something that staff announced to everybody; its number."""
    values: dict[str, Any] = {"audience": "everybody", "subject": "Next week", "text": "We meet.", "written_at": NOON}
    row = Announcement(programme_id=at.programme_id, person_id=person_id, once=token_hex(8), **(values | changes))
    return _added(row)


def _added(row: Any) -> int:
    with transaction() as session:
        session.add(row)
        session.flush()
        return int(row.id)


def score(at: Setting, person_id: int, **changes: Any) -> int:
    """Somebody's points on their way to the gradebook."""
    values: dict[str, Any] = {"state": "sent", "points": Decimal(75), "changed_at": NOON} | changes
    with transaction() as session:
        row = Score(programme_id=at.programme_id, person_id=person_id, **values)
        session.add(row)
        session.flush()
        return row.id


def column(at: Setting, **changes: Any) -> int:
    """The programme's column in the gradebook."""
    values: dict[str, Any] = {"state": "ready", "line_item_url": f"{ISSUER}/lineitems/1", "maximum": 100} | changes
    with transaction() as session:
        row = Column(programme_id=at.programme_id, **values)
        session.add(row)
        session.flush()
        return row.id


def total(at: Setting, enrolment_id: int, **changes: Any) -> int:
    """What somebody's ledger came to."""
    values: dict[str, Any] = {"standing": "score", "points": Decimal(75), "counted_at": NOON} | changes
    with transaction() as session:
        row = LedgerTotal(programme_id=at.programme_id, enrolment_id=enrolment_id, **values)
        session.add(row)
        session.flush()
        return row.id
