"""How a whole class stands, from what its ledgers came to when they were last counted; nobody is counted for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy import Row as Answer

from lti_tool.mentoring.scheme_effect import BUCKETS
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.excuses import in_section
from lti_tool.store.participation import Excuse, LedgerTotal
from lti_tool.store.people import Member, Person, named
from lti_tool.store.programme import Programme
from lti_tool.store.staff_tasks import not_heard_from

PAGE = 40  # people on one page of the class
ORDERS = ("name", "fewest", "most", "reachable")
SHOWS = ("none", "zero", "effort", "decided", "waiting", "unread", "gone")

_waits = exists().where(Excuse.enrolment_id == Enrolment.id, Excuse.state == "asked", Excuse.undone_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which people of the class a list shows, and in which order."""

    words: str = ""
    role: str = ""
    section: str = ""
    show: str = ""
    from_points: Decimal | None = None
    to_points: Decimal | None = None
    order: str = ORDERS[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What of a class asks for somebody's eye.

    Shape: `buckets` are people by tenths of the maximum, the last with the maximum in it.
    """

    people: int
    buckets: tuple[int, ...]
    none: int  # without points yet
    zero: int
    effort: int  # people with anything earned by trying
    decided: int  # people with anything decided by hand
    unread: int  # people with something handed in that staff have not read
    waiting: int  # people whose excuse waits
    silent: int  # people of whom nothing is heard, as staff's list of tasks says
    gone: int  # no longer in the course


def counts_of(programme: Programme, maximum: Decimal, *, section: str = "") -> Counts:
    """How a class, or one section of it, stands, in one statement."""
    points, here = LedgerTotal.points, _is_here()
    edges = [maximum * step / BUCKETS for step in range(BUCKETS)]
    inside = [_between(points, low, high) for low, high in zip(edges, [*edges[1:], None], strict=True)]
    wanted = {
        "none": points.is_(None),
        "zero": points == 0,
        "effort": LedgerTotal.efforts > 0,
        "decided": LedgerTotal.decided > 0,
        "unread": LedgerTotal.unread > 0,
        "waiting": _waits,
        "silent": Enrolment.id.in_(not_heard_from(programme.id)),
    }
    columns = [_sum(here), _sum(~here), *(_sum(and_(here, one)) for one in (*inside, *wanted.values()))]
    query = _class(programme, *columns)
    query = query.where(in_section(section)) if section else query
    people, gone, *rest = (int(one or 0) for one in db.session.execute(query).one())
    named_counts = dict(zip(wanted, rest[BUCKETS:], strict=True))
    return Counts(people=people, gone=gone, buckets=tuple(rest[:BUCKETS]), **named_counts)


def class_page(
    programme: Programme, wanted: Wanted, *, page: int
) -> tuple[list[Answer[Person, Enrolment, LedgerTotal | None, bool, list[Any]]], int]:
    """One page of the class, and how many people the list has."""
    where = _where(wanted)
    total = db.session.scalar(_class(programme, func.count()).where(*where)) or 0
    query = _class(programme, Person, Enrolment, LedgerTotal, _waits.label("waits"), Member.section_ids).where(*where)
    rows = db.session.execute(query.order_by(*_order(wanted.order)).limit(PAGE).offset(PAGE * (page - 1)))
    return list(rows), total


def people_of(programme: Programme, enrolment_ids: Sequence[int]) -> list[Answer[Person, Enrolment]]:
    """Who these enrolments of a programme are, by name."""
    query = _class(programme, Person, Enrolment).where(Enrolment.id.in_(enrolment_ids), _is_here())
    return list(db.session.execute(query.order_by(*_order("name"))))


def _class(programme: Programme, *columns: Any) -> Select[Any]:
    there = (Member.person_id == Enrolment.person_id) & (Member.course_id == programme.course_id)
    query: Select[Any] = select(*columns)
    return (
        query.select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Member, there)
        .outerjoin(LedgerTotal, LedgerTotal.enrolment_id == Enrolment.id)
        .where(Enrolment.programme_id == programme.id, Enrolment.state != "draft", ~Person.is_test_user)
    )


def _is_here() -> ColumnElement[bool]:
    return and_(Member.is_active, Enrolment.state == "joined")


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    points = LedgerTotal.points
    shows = {
        "none": points.is_(None),
        "zero": points == 0,
        "effort": LedgerTotal.efforts > 0,
        "decided": LedgerTotal.decided > 0,
        "waiting": _waits,
        "unread": LedgerTotal.unread > 0,
    }
    found = [~_is_here() if wanted.show == "gone" else _is_here(), *named(wanted.words)]
    found += [shows[wanted.show]] if wanted.show in shows else []
    found += [Enrolment.role == wanted.role] if wanted.role else []
    found += [in_section(wanted.section)] if wanted.section else []
    found += [points >= wanted.from_points] if wanted.from_points is not None else []
    return found + ([points <= wanted.to_points] if wanted.to_points is not None else [])


def _order(order: str) -> tuple[Any, ...]:
    by_name = (func.lower(Person.name), Person.id)
    nothing_first = case((LedgerTotal.points.is_(None), 0), else_=1)
    orders: dict[str, tuple[Any, ...]] = {
        "fewest": (nothing_first, LedgerTotal.points),
        "most": (nothing_first.desc(), LedgerTotal.points.desc()),
        "reachable": (case((LedgerTotal.reachable.is_(None), 1), else_=0), LedgerTotal.reachable),
    }
    return (*orders.get(order, ()), *by_name)


def _between(points: Any, low: Decimal, high: Decimal | None) -> ColumnElement[bool]:
    return and_(points >= low, points < high) if high is not None else points >= low


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
