"""How far everybody has come, counted and listed in the database: the same conditions for a number and for its names.

Nobody's rows are loaded to be counted: the database groups people who stand alike.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from lti_tool.mentoring.application import MENTORING_ROLES, SENT, ApplicationState
from lti_tool.mentoring.funnel import FOR_MENTORS, Group, Stage, before, counts_for, must_be_passed, stages
from lti_tool.mentoring.roster import MemberRole
from lti_tool.store.application import Application
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.nudges import Nudge
from lti_tool.store.people import PAGE, Member, Person, like, named
from lti_tool.store.programme import Programme
from lti_tool.store.training import Training

ROLES = ("mentor", "mentee", "either", "swap")
MENTOR_COURSE = "mentor"

_joined = and_(Enrolment.id.is_not(None), Enrolment.state == "joined")
_role = case((_joined, Enrolment.role), else_=None)
_agreed = and_(_joined, Enrolment.consent_version.is_not(None))


def stages_of(programme: Programme) -> tuple[Stage, ...]:
    """The stages that this programme has."""
    return stages(asks_application=programme.asks_application, asks_training=programme.asks_training)


def groups_of(programme: Programme) -> list[Group]:
    """Everybody in the course, grouped by sections, role and how far they have come."""
    of = stages_of(programme)
    reached = _reached(programme)
    keys = [
        cast(Member.section_ids, String).label("sections"),
        _role.label("role"),
        _has_left().label("has_left"),
        *(_flag(reached[stage]).label(stage.value) for stage in of),
    ]
    limit = literal(programme.mentor_capacity_limit)
    places = case((Enrolment.capacity < limit, Enrolment.capacity), else_=limit)
    one = _people(programme, *keys, func.coalesce(places, 0).label("places")).subquery()
    alike = [one.c[key.name] for key in keys]
    query = select(*alike, func.count().label("people"), func.sum(one.c.places).label("places")).group_by(*alike)
    return [
        Group(
            section_ids=tuple(map(str, json.loads(row.sections))),
            role=row.role,
            reached=frozenset(stage for stage in of if getattr(row, stage.value)),
            has_left=bool(row.has_left),
            count=row.people,
            places=int(row.places),
        )
        for row in db.session.execute(query)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which people of the funnel a list shows."""

    stage: Stage
    is_silent: bool = False  # those who came to the stage before and no further, instead of those who reached it
    role: str | None = None
    section: str | None = None
    words: str = ""


def people_at(programme: Programme, wanted: Wanted, *, page: int) -> tuple[list[tuple[Person, str | None]], int]:
    """One page of these people by name, each with their role, and how many there are in all."""
    query = _people(programme, Person, _role.label("role")).where(*_wanted(programme, wanted))
    total = db.session.scalar(_people(programme, func.count()).where(*_wanted(programme, wanted))) or 0
    ordered = query.order_by(func.lower(Person.name), Person.id)
    rows = db.session.execute(ordered.limit(PAGE).offset(PAGE * (page - 1)))
    return [(row[0], row[1]) for row in rows], total


def everybody_at(programme: Programme, wanted: Wanted) -> list[Person]:
    """All of these people, by id; for what is done to all of them at once, not for a page."""
    query = _people(programme, Person).where(*_wanted(programme, wanted)).order_by(Person.id)
    return list(db.session.scalars(query))


def held_back(programme: Programme) -> Mapping[int, Stage]:
    """Who would like to mentor and may not yet, by enrolment, with the stage that is missing."""
    of = [stage for stage in stages_of(programme) if stage in FOR_MENTORS]
    if not of:
        return {}
    reached = _reached(programme)
    missing = case(*((~reached[stage], stage.value) for stage in of), else_=None)
    query = _people(programme, Enrolment.id, missing).where(_joined, Enrolment.role.in_(MENTORING_ROLES))
    return {row[0]: Stage(row[1]) for row in db.session.execute(query) if row[1]}


def reached_by(programme: Programme, person_id: int) -> tuple[str | None, frozenset[Stage]]:
    """This person's role, and the stages they have reached."""
    of, reached = stages_of(programme), _reached(programme)
    query = _people(programme, _role, *(_flag(reached[stage]) for stage in of)).where(Person.id == person_id)
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None, frozenset()
    return row[0], frozenset(stage for stage, is_reached in zip(of, row[1:], strict=True) if is_reached)


def _people(programme: Programme, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The students of the course with what is known of each, as far as there is anything."""
    query: Select[*tuple[Any, ...]] = select(*columns)
    return (
        query.select_from(Member)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(Enrolment, (Enrolment.person_id == Person.id) & (Enrolment.programme_id == programme.id))
        .outerjoin(Application, Application.enrolment_id == Enrolment.id)
        .outerjoin(Training, (Training.enrolment_id == Enrolment.id) & (Training.course == MENTOR_COURSE))
        .where(
            Member.course_id == programme.course_id,
            Member.is_active,
            Member.role == MemberRole.STUDENT,
            ~Person.is_test_user,
        )
    )


def _reached(programme: Programme) -> dict[Stage, ColumnElement[bool]]:
    """What must hold of somebody who has reached a stage."""
    written_to = exists().where(Nudge.programme_id == programme.id, Nudge.person_id == Person.id)
    may_mentor = and_(_joined, Enrolment.role.in_(MENTORING_ROLES))
    found: dict[Stage, ColumnElement[bool]] = {
        Stage.ROSTER: true(),
        Stage.INVITED: or_(Member.launched_at.is_not(None), Enrolment.id.is_not(None), written_to),
        Stage.JOINED: _joined,
        Stage.APPLIED: and_(may_mentor, Application.state.in_(SENT)),
        Stage.APPROVED: and_(may_mentor, Application.state == ApplicationState.APPROVED),
        Stage.TRAINED: and_(may_mentor, Training.finished_at.is_not(None)),
        Stage.AGREED: _agreed,
    }
    found = {stage: func.coalesce(condition, false()) for stage, condition in found.items()}
    found[Stage.READY] = or_(*(_is_ready(role, found, stages_of(programme)) for role in ROLES))
    return found


def _is_ready(role: str, reached: Mapping[Stage, ColumnElement[bool]], of: Sequence[Stage]) -> ColumnElement[bool]:
    must = [reached[stage] for stage in of if must_be_passed(stage, role)]
    return and_(func.coalesce(_role, "") == role, *must)


def _has_left() -> ColumnElement[bool]:
    return func.coalesce(Enrolment.state == "withdrawn", false())


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """The condition as 0 or 1, which every database groups alike."""
    return case((condition, 1), else_=0)


def _wanted(programme: Programme, wanted: Wanted) -> list[ColumnElement[bool]]:
    reached, of = _reached(programme), stages_of(programme)
    found = [_silent(wanted.stage, reached, of) if wanted.is_silent else _counted(wanted.stage, reached)]
    if wanted.role:
        found.append(func.coalesce(_role, "") == wanted.role)
    if wanted.section is not None:
        found.append(cast(Member.section_ids, String).like(like(json.dumps(wanted.section)), escape="\\"))
    return [*found, *named(wanted.words)]


def _counted(stage: Stage, reached: Mapping[Stage, ColumnElement[bool]]) -> ColumnElement[bool]:
    if stage not in FOR_MENTORS:
        return reached[stage]
    return and_(reached[stage], func.coalesce(_role, "").in_(MENTORING_ROLES))


def _silent(stage: Stage, reached: Mapping[Stage, ColumnElement[bool]], of: Sequence[Stage]) -> ColumnElement[bool]:
    """As `mentoring.funnel.is_silent`, for each role that the stage counts for."""
    ways = []
    for role in (None, *ROLES):
        if counts_for(stage, role):
            earlier = before(stage, role, of)
            has_come = reached[earlier] if earlier else true()
            ways.append(and_(_role.is_(None) if role is None else _role == role, has_come))
    return and_(~_has_left(), ~reached[stage], or_(*ways))


def last_written_to(programme_id: int, person_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of these people was last written to in this programme."""
    query = select(Nudge.person_id, func.max(Nudge.asked_at)).where(
        Nudge.programme_id == programme_id, Nudge.person_id.in_(person_ids)
    )
    return dict(db.session.execute(query.group_by(Nudge.person_id)).all())
