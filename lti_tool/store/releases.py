"""Whose points a release would change, who is left out and why, and what was released before."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from lti_tool.mentoring.ledgers import Outcome, money
from lti_tool.mentoring.posting import Posting
from lti_tool.mentoring.releases import Waiting
from lti_tool.mentoring.scheme_effect import Effect, effect
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import LedgerTotal, Release
from lti_tool.store.people import Member, Person
from lti_tool.store.programme import Programme

SIZE = 25  # people on one page of the list
SHOWN = 10  # releases

_IS_LEFT = LedgerTotal.standing.in_((Posting.NOTHING, Posting.COLLECTING))
_KIND = case(
    (Person.is_test_user, Waiting.TEST_USER),
    (Enrolment.state == "draft", Waiting.NOT_JOINED),
    (or_(Member.id.is_(None), ~Member.is_active, Enrolment.state == "withdrawn"), Waiting.AWAY),
    (LedgerTotal.id.is_(None), Waiting.UNCOUNTED),
    (LedgerTotal.has_news, Waiting.NEWS),
    (LedgerTotal.standing == Posting.CLEAR_BY_HAND, Waiting.CLEAR),
    (_IS_LEFT & (LedgerTotal.points == 0) & Programme.is_graded, Waiting.ZERO),
    (LedgerTotal.standing == Posting.COLLECTING, Waiting.COLLECTING),
    (LedgerTotal.standing == Posting.NOTHING, Waiting.NOTHING),
    else_=Waiting.UNCHANGED,
)


def waiting_counts(programme: Programme) -> dict[Waiting, int]:
    """How many people stand how before a release."""
    kinds = _people(programme, Enrolment.id, _KIND.label("kind")).subquery()
    rows = db.session.execute(select(kinds.c.kind, func.count()).group_by(kinds.c.kind)).all()
    return {Waiting(kind): count for kind, count in rows}


def waiting_page(programme: Programme, kind: Waiting, *, page: int) -> list[Any]:
    """One page of those who stand so, by name: person, points now, points released last, and their enrolment."""
    query = _people(programme, Person, LedgerTotal.points, LedgerTotal.released_points, Enrolment.id)
    query = query.where(_KIND.in_([kind])).order_by(func.lower(Person.name), Person.id)
    return list(db.session.execute(query.limit(SIZE).offset(SIZE * (page - 1))))


def news_of(programme: Programme, only: list[int] | None = None) -> list[Any]:
    """Whose points a release by staff would change: enrolment, points now, points released last, and whether there is
    a score to be sent."""
    is_score = (LedgerTotal.standing == Posting.SCORE).label("is_score")
    query = _people(programme, Enrolment.id, LedgerTotal.points, LedgerTotal.released_points, is_score)
    query = query.where(_KIND.in_([Waiting.NEWS]))
    return list(db.session.execute(query if only is None else query.where(Enrolment.id.in_(only))))


def spread_of(programme: Programme) -> Effect:
    """How points are spread, as they were released and as they are now, of those who may be sent any."""
    maximum = money(programme.points * 100)
    query = _people(programme, Enrolment.id, LedgerTotal.points, LedgerTotal.released_points)
    rows = db.session.execute(query.where(_KIND.not_in([Waiting.TEST_USER, Waiting.NOT_JOINED, Waiting.AWAY]))).all()
    return effect(
        {number: Outcome(points=released, maximum=maximum) for number, _now, released in rows},
        {number: Outcome(points=now, maximum=maximum) for number, now, _released in rows},
    )


def next_release_of(programme: Programme) -> tuple[datetime, int] | None:
    """When the clock releases points next, and somebody whose points it are."""
    query = _people(programme, LedgerTotal.releases_at, Enrolment.id).where(LedgerTotal.releases_at.is_not(None))
    row = db.session.execute(query.order_by(LedgerTotal.releases_at, Enrolment.id).limit(1)).first()
    return (row[0], row[1]) if row else None


def last_releases(programme: Programme) -> list[tuple[Release, Person | None]]:
    """The newest releases, with who did them; nobody: the clock."""
    query = select(Release, Person).outerjoin(Person, Person.id == Release.released_by)
    query = query.where(Release.programme_id == programme.id).order_by(Release.id.desc())
    return [(row, person) for row, person in db.session.execute(query.limit(SHOWN))]


def _people(programme: Programme, *columns: Any) -> Select[Any]:
    """Everybody who takes part in the programme, with their totals as far as there are any."""
    there = (Member.person_id == Enrolment.person_id) & (Member.course_id == programme.course_id)
    query: Select[Any] = (
        select(*columns)
        .select_from(Enrolment)
        .join(Programme, Programme.id == Enrolment.programme_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Member, there)
        .outerjoin(LedgerTotal, LedgerTotal.enrolment_id == Enrolment.id)
        .where(Enrolment.programme_id == programme.id)
    )
    return query
