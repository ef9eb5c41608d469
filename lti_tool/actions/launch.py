"""A launch arrived: remember the course, the person and the link, and begin a visit."""

import hashlib
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from lti_tool.actions.absences import note_absences
from lti_tool.actions.everyday import Stay, everyday_stay, said_of_course, said_of_person
from lti_tool.actions.groups import note_groups
from lti_tool.actions.notices import ask_for_notices
from lti_tool.actions.placing import Decision, place
from lti_tool.actions.roster import ROLE_OF, ask_for_roster
from lti_tool.lti.claims import CourseContext, LaunchClaims
from lti_tool.lti.launch import Launch
from lti_tool.mentoring.roster import MemberRole, is_staff, launch_to_remember, stronger
from lti_tool.store.db import db, transaction
from lti_tool.store.everyday import note_launched
from lti_tool.store.people import Course, Member, Person, add_visit, find_member
from lti_tool.store.platforms import Deployment, deployment_row
from lti_tool.store.tenants import known_course, known_person

TRIES = 4  # a whole class may open a new course's first link in the same second


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A visit that has begun: its row, its place in the path, and the secret that only the browser keeps."""

    id: int
    key: str
    secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """Nobody has said yet what the link is for; `is_staff` may."""

    is_staff: bool


def secret_hash(secret: str) -> str:
    """How a secret is stored: it cannot be read back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_course(
    launch: Launch, *, default_zone: str, hours: int, now: datetime, decision: Decision | None = None
) -> Opened | Undecided | None:
    """Begin a visit of the launch's course; None when the launch names no course."""
    context = launch.claims.context
    if context is None:
        return None
    for _try in range(TRIES - 1):
        with suppress(IntegrityError):  # somebody else's launch brought the same course or person; now it is there
            return _open(launch, context, decision, default_zone, hours, now)
    return _open(launch, context, decision, default_zone, hours, now)


def _open(
    launch: Launch, context: CourseContext, decision: Decision | None, default_zone: str, hours: int, now: datetime
) -> Opened | Undecided:
    claims = launch.claims
    role = ROLE_OF[claims.standing]
    everyday = None if decision else everyday_stay(launch, context, role)
    with transaction():
        if everyday:
            note_launched(everyday.course_id, everyday.person_id, now=now)
        stay = everyday or _remember(launch, context, role, decision, default_zone, now)
        if stay is None:
            return Undecided(is_staff=is_staff(role) and role is not MemberRole.ADMINISTRATOR)
        return _begin_visit(stay, role, claims.return_url, now=now, expires_at=now + timedelta(hours=hours))


def _remember(
    launch: Launch,
    context: CourseContext,
    role: MemberRole,
    decision: Decision | None,
    default_zone: str,
    now: datetime,
) -> Stay | None:
    """Take over all that the launch says, and find where it leads; None while somebody has to decide."""
    claims = launch.claims
    deployment = deployment_of(launch, now)
    course = course_row(launch, context, now)
    person = person_row(launch)
    note_groups(member_row(course, person, role, now), claims)
    programme = place(course, deployment, claims, decision=decision, time_zone=default_zone, now=now)
    if programme is None:
        return None
    is_own_link = programme.resource_link_id == claims.resource_link_id
    if is_own_link and claims.gradebook and claims.gradebook.line_item_url:
        programme.bound_line_item_url = claims.gradebook.line_item_url
    if is_staff(role) and course.memberships_url:
        ask_for_roster(course, only_if_stale=True, now=now)
    if is_staff(role):
        ask_for_notices(deployment, claims, now=now)
    return Stay(person_id=person.id, course_id=course.id, programme_id=programme.id)


def _begin_visit(
    stay: Stay, role: MemberRole, return_url: str | None, *, now: datetime, expires_at: datetime
) -> Opened:
    key, secret = secrets.token_urlsafe(9), secrets.token_urlsafe(32)
    number = add_visit(
        key=key,
        secret_hash=secret_hash(secret),
        **asdict(stay),
        role=role,
        return_url=return_url,
        started_at=now,
        expires_at=expires_at,
    )
    return Opened(id=number, key=key, secret=secret, expires_at=expires_at)


def deployment_of(launch: Launch, now: datetime) -> Deployment:
    """The deployment's row, new at its first launch."""
    registration_id = launch.platform.registration_id
    row = deployment_row(registration_id, launch.claims.deployment_id)
    if row is None:
        row = Deployment(registration_id=registration_id, deployment_id=launch.claims.deployment_id, first_seen_at=now)
        db.session.add(row)
        db.session.flush()
    return row


def course_row(launch: Launch, context: CourseContext, now: datetime) -> Course:
    """The course's row, with what this launch says of it."""
    registration_id = launch.platform.registration_id
    row = known_course(registration_id, launch.tenant, context.id)
    if row is None:
        row = Course(
            registration_id=registration_id, tenant=launch.tenant, context_id=context.id, title="", created_at=now
        )
        db.session.add(row)
    for name, value in said_of_course(launch.claims, context).items():
        setattr(row, name, value)
    db.session.flush()
    return row


def person_row(launch: Launch) -> Person:
    """The row of the person who launched, with what this launch says of them."""
    claims: LaunchClaims = launch.claims
    if claims.subject is None:
        raise ValueError("a launch without a subject is refused before it gets here")
    registration_id = launch.platform.registration_id
    row = known_person(registration_id, launch.tenant, claims.subject)
    if row is None:
        row = Person(registration_id=registration_id, tenant=launch.tenant, subject=claims.subject)
        db.session.add(row)
    for name, value in said_of_person(claims).items():
        setattr(row, name, value)
    row.time_zone = row.time_zone or claims.zone or ""
    db.session.flush()
    return row


def member_row(course: Course, person: Person, role: MemberRole, now: datetime) -> Member:
    """The person is in the course, and launched just now."""
    row = find_member(course.id, person.id)
    if row is None:
        row = Member(course_id=course.id, person_id=person.id, role=role, arrived_at=now, is_active=True)
        db.session.add(row)
    told_by_roster = MemberRole(row.role) if row.is_in_roster and row.launched_as is None else None
    row.role = stronger(role, MemberRole(row.role))
    row.launched_as = launch_to_remember(role, told_by_roster=told_by_roster)
    was_away = not row.is_active
    row.launched_at, row.is_active = now, True
    if was_away:
        db.session.flush()
        note_absences(course.id, now=now)
    return row
