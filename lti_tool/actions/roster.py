"""The roster: asked for by a launch or a button, read by the worker, all of it or nothing."""

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Insert, and_, bindparam, literal, select, update

from lti_tool.actions import audit
from lti_tool.actions.absences import note_absences
from lti_tool.actions.edge import Edge
from lti_tool.actions.groups import group_names, keep_groups, places_of
from lti_tool.actions.pair_life import note_gone
from lti_tool.lti.claims import Standing
from lti_tool.lti.errors import LtiError, PlatformUnavailable, ServiceFault
from lti_tool.lti.roster import RosterMember, read_roster
from lti_tool.mentoring.roster import Fetched, MemberRole, RosterChange, compare, must_ask_first
from lti_tool.mentoring.words import N_
from lti_tool.store import outbox, rest
from lti_tool.store.db import db, insert_into, transaction
from lti_tool.store.people import Course, Member, Person, known_members

KIND = "roster"
FRESH = timedelta(minutes=15)
CHUNK = 1000  # values in one question
TELL_EVERY = timedelta(seconds=1)  # progress, and that the work is still being done

NO_SERVICE = N_("This LMS does not share the roster with the tool. Ask its administrator to switch on Names and Roles.")
UNREACHABLE = N_("The LMS did not answer. Nothing was lost; the tool tries again by itself.")
WEB_PAGE = N_(
    "The LMS answered with a web page instead of its list of people: mostly a sign-in page, a page about maintenance, "
    "or a firewall in between. Nothing was lost; the tool tries again by itself."
)
REFUSED = N_("The LMS refused to share the roster. Nothing was lost. Ask its administrator to check Names and Roles.")

ROLE_OF = {
    Standing.INSTRUCTOR: MemberRole.INSTRUCTOR,
    Standing.TEACHING_ASSISTANT: MemberRole.TEACHING_ASSISTANT,
    Standing.DESIGNER: MemberRole.DESIGNER,
    Standing.LEARNER: MemberRole.STUDENT,
    Standing.OBSERVER: MemberRole.OBSERVER,
    Standing.ADMINISTRATOR: MemberRole.ADMINISTRATOR,
    Standing.NONE: MemberRole.GUEST,
}


def ask_for_roster(
    course: Course, *, only_if_stale: bool, now: datetime, accept_shrink: bool = False, is_awaited: bool = False
) -> None:
    """Have the worker read the roster, inside the caller's transaction."""
    is_fresh = course.roster_synced_at is not None and now - course.roster_synced_at < FRESH
    if only_if_stale and (is_fresh or course.roster_state in {"waiting", "reading", "asks"}):
        return
    course.roster_state, course.roster_read, course.roster_problem = "waiting", 0, None
    outbox.enqueue(
        kind=KIND,
        key=str(course.id),
        lane=outbox.lms_lane(course.registration_id),
        registration_id=course.registration_id,
        payload={"course_id": course.id, "accept_shrink": accept_shrink},
        now=now,
        is_awaited=is_awaited or course.roster_synced_at is None,
    )


def refresh_roster(course_id: int, *, accept_shrink: bool, by: int, now: datetime) -> None:
    """Somebody pressed the button, or accepted that many people are gone."""
    with transaction() as session:
        course = session.get_one(Course, course_id, with_for_update=True)
        if course.memberships_url is None:
            course.roster_state, course.roster_problem = "failed", NO_SERVICE
            return
        accept_shrink = accept_shrink and course.roster_state == "asks"  # nothing else was there to be accepted
        ask_for_roster(course, only_if_stale=False, accept_shrink=accept_shrink, now=now, is_awaited=True)
        rest.end_rest(course.registration_id)
        if accept_shrink:
            audit.record("roster.accept_shrink", now=now, by=by, registration_id=course.registration_id)


def keep_roster(course_id: int, *, by: int, now: datetime) -> None:
    """Somebody decided to keep everybody although the LMS lists far fewer."""
    with transaction() as session:
        course = session.get_one(Course, course_id, with_for_update=True)
        if course.roster_state != "asks":
            return
        course.roster_state, course.roster_shrink, course.roster_synced_at = "done", 0, now
        audit.record("roster.keep", now=now, by=by, registration_id=course.registration_id)


def give_up(course_id: int, *, problem: str) -> None:
    """The roster was asked for in vain; staff read why, and may ask again."""
    _tell(course_id, state="failed", problem=problem)


def sync_roster(
    course_id: int, *, accept_shrink: bool, edge: Edge, now: datetime, still_ours: Callable[[], bool]
) -> None:
    """Read the whole roster and take over what changed, in one transaction after the last page.

    Raises: LtiError, after the course's page was told; nothing is taken over then, nor when the lease was lost.
    """
    course = db.session.get_one(Course, course_id)
    url, registration_id, context_id = course.memberships_url, course.registration_id, course.context_id
    if url is None:
        _tell(course_id, state="failed", problem=NO_SERVICE)
        return
    _tell(course_id, state="reading")
    told_at = now - TELL_EVERY

    def on_page(read: int) -> None:
        nonlocal told_at
        if edge.clock() - told_at >= TELL_EVERY:  # a large course has a thousand pages
            told_at = edge.clock()
            still_ours()
            _progress(course_id, read)

    try:
        with closing(edge.connector(registration_id)) as connector:
            members = read_roster(
                connector, url, on_page=on_page, context_id=context_id, with_groups=course.groups_url is not None
            )
        names = group_names(course, edge)
    except LtiError as fault:
        _tell(course_id, state="failed", problem=_words(fault))
        raise
    if not still_ours():
        return  # another worker reads it anew
    real = [member for member in members if not member.is_test_user]
    take_over(course_id, [_fetched(member) for member in real], accept_shrink, now)
    keep_groups(course_id, places_of(real), names)


def _words(fault: LtiError) -> str:
    """What staff read of a roster that could not be read."""
    if not isinstance(fault, PlatformUnavailable):
        return REFUSED
    return WEB_PAGE if fault.fault is ServiceFault.WEB_PAGE else UNREACHABLE


def take_over(course_id: int, fetched: list[Fetched], accept_shrink: bool, now: datetime) -> RosterChange:
    """Make the course's members those of a complete roster; ask first where far fewer are left."""
    with transaction() as session:
        course = session.get_one(Course, course_id, with_for_update=True)
        change = compare(known_members(course_id), fetched)
        if must_ask_first(change) and not accept_shrink:
            leaving = max(len(change.gone), change.active_before - change.active_after)
            course.roster_state, course.roster_shrink = "asks", leaving
            return change
        _save(course, change, now)
        note_gone(course.id, now=now)
        note_absences(course.id, now=now)
        course.roster_state, course.roster_shrink, course.roster_problem = "done", 0, None
        course.roster_read, course.roster_synced_at = len(fetched), now
    return change


def _fetched(member: RosterMember) -> Fetched:
    return Fetched(
        subject=member.user_id,
        role=ROLE_OF[member.standing],
        is_active=member.status == "active",
        name=member.name or "",
        given_name=member.given_name or "",
        family_name=member.family_name or "",
        email=member.email or "",
    )


def _save(course: Course, change: RosterChange, now: datetime) -> None:
    ids = _person_ids(course, [one.subject for one in (*change.added, *change.changed)])
    _insert_people([_person_values(course, one) for one in change.added if one.subject not in ids])
    known = [one for one in (*change.added, *change.changed) if one.subject in ids]
    _update(Person, [{"id_": ids[one.subject], **_names(one)} for one in known], Person.id == bindparam("id_"))
    _insert_members(course, change.added, now)
    theirs = (Member.course_id == course.id) & (Member.person_id == bindparam("id_"))
    _update(Member, [{"id_": ids[one.subject], **_place(one)} for one in change.changed], theirs)
    confirmed = _person_ids(course, list(change.confirmed))
    _update(Member, [{"id_": one, "launched_as": None} for one in confirmed.values()], theirs)
    gone = _person_ids(course, list(change.gone))
    _update(Member, [{"id_": one, "is_active": False, "is_in_roster": False} for one in gone.values()], theirs)


def _names(one: Fetched) -> dict[str, Any]:
    return {"name": one.name, "given_name": one.given_name, "family_name": one.family_name, "email": one.email}


def _person_values(course: Course, one: Fetched) -> dict[str, Any]:
    whose = {"registration_id": course.registration_id, "tenant": course.tenant}
    return {**whose, "subject": one.subject, "is_test_user": False, **_names(one)}


def _place(one: Fetched) -> dict[str, Any]:
    return {"role": one.role, "is_active": one.is_active, "is_in_roster": True}


def _person_ids(course: Course, subjects: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(subjects), CHUNK):
        query = select(Person.subject, Person.id).where(_are(course, subjects[start : start + CHUNK]))
        found |= dict(db.session.execute(query).all())
    return found


def _are(course: Course, subjects: list[str]) -> ColumnElement[bool]:
    """Who has these ids in the LMS, and in the institution, of the course."""
    return and_(
        Person.registration_id == course.registration_id,
        Person.tenant == course.tenant,
        Person.subject.in_(subjects),
    )


def _insert_people(values: list[dict[str, Any]]) -> None:
    if values:  # by the driver's own bulk insert
        db.session.connection().execute(_new(Person), values)


def _insert_members(course: Course, added: Iterable[Fetched], now: datetime) -> None:
    """Those who are added in the same place are members by one statement, whose rows the database makes itself."""
    alike: dict[tuple[str, bool], list[str]] = {}
    for one in added:
        alike.setdefault((str(one.role), one.is_active), []).append(one.subject)
    for (role, is_active), subjects in alike.items():
        for start in range(0, len(subjects), CHUNK):
            values = (literal(role), literal(is_active), literal(True), literal(now, Member.arrived_at.type))
            people = select(literal(course.id), Person.id, *values).where(_are(course, subjects[start : start + CHUNK]))
            columns = ["course_id", "person_id", "role", "is_active", "is_in_roster", "arrived_at"]
            db.session.connection().execute(_new(Member).from_select(columns, people))


def _new(table: type[Person | Member]) -> Insert:
    """Adds rows; a launch may have brought the same person a moment ago, which stays as it is."""
    return insert_into(table).on_conflict_do_nothing()


def _update(table: type[Person | Member], values: list[dict[str, Any]], whom: Any) -> None:
    if values:
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in values[0] if name != "id_"}
        rows = [{"id_": row["id_"]} | {f"new_{name}": row[name] for name in columns} for row in values]
        db.session.connection().execute(update(table).where(whom).values(columns), rows)


def _tell(course_id: int, *, state: str, problem: str | None = None) -> None:
    with transaction() as session:
        course = session.get_one(Course, course_id)
        course.roster_state, course.roster_problem = state, problem


def _progress(course_id: int, read: int) -> None:
    with transaction() as session:
        session.execute(update(Course).where(Course.id == course_id).values(roster_read=read))
