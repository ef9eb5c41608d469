"""Where everybody's points stand, counted, searched and paged in the database.

`mentoring/gradebook_states.state_of` is the rule; `_state` below says the same to the database, and a test keeps them
equal.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, or_, select, union_all

from lti_tool.mentoring.columns import Part
from lti_tool.mentoring.gradebook_states import OUTDATED_WORDS, State
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Column, Score, is_there
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.people import PAGE, Member, Person, named
from lti_tool.store.programme import Programme

_RANK = {state.value: rank for rank, state in enumerate(State)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One person's points for one column: what the ledger says, what was released, and what the LMS has."""

    person: Person
    part: Part
    state: State
    points: Decimal | None  # of the whole ledger
    score: Score | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of them: all states, and everybody, where nothing is named."""

    state: State | None = None
    words: str = ""


def standing_counts(programme: Programme, parts: Collection[Part]) -> dict[State, int]:
    """How many stand in each state, in the states' order; over all columns."""
    if not parts:
        return {}
    each = _selected(programme, parts, _state().label("state")).subquery()
    query = select(each.c.state, func.count()).group_by(each.c.state)
    found: dict[str, int] = dict(db.session.execute(query).all())
    return {state: found[state.value] for state in State if state.value in found}


def standing_page(
    programme: Programme, parts: Collection[Part], wanted: Wanted, *, page: int
) -> tuple[list[Standing], int]:
    """One page of them, those that need somebody first, then by name; and how many there are in all."""
    if not parts:
        return [], 0
    where = named(wanted.words)
    if wanted.state is not None:
        where.append(_state() == wanted.state.value)
    each = _selected(programme, parts, Enrolment.id).where(*where).subquery()
    total = db.session.scalar(select(func.count()).select_from(each)) or 0
    query = _selected(programme, parts, *_whole()).where(*where)
    ordered = query.order_by(
        case(_RANK, value=_state()), func.lower(Person.name), Enrolment.id, literal_column("part.part")
    )
    rows = db.session.execute(ordered.limit(PAGE).offset(PAGE * (page - 1)))
    return [_standing(row) for row in rows], total


def standings_of(programme: Programme, parts: Collection[Part], person_id: int) -> list[Standing]:
    """One person's, column by column; none where they do not take part."""
    if not parts:
        return []
    query = _selected(programme, parts, *_whole()).where(Enrolment.person_id == person_id)
    found = {row.part: row for row in map(_standing, db.session.execute(query))}
    return [found[part] for part in parts if part in found]


def _standing(row: Any) -> Standing:
    return Standing(person=row.Person, part=Part(row.part), state=State(row.state), points=row.points, score=row.Score)


def _whole() -> tuple[Any, ...]:
    return Person, Score, _state().label("state"), LedgerTotal.points.label("points")


def _selected(programme: Programme, parts: Collection[Part], *columns: Any) -> Select[Any]:
    """Everybody who takes part or has a score, once for each column."""
    part = union_all(*(select(literal(one.value).label("part")) for one in parts)).subquery("part")
    ours = (Score.programme_id == programme.id) & (Score.person_id == Enrolment.person_id)
    return (
        select(*columns, part.c.part)
        .select_from(Enrolment)
        .join(part, literal(value=True))
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Member, (Member.person_id == Person.id) & (Member.course_id == programme.course_id))
        .outerjoin(LedgerTotal, LedgerTotal.enrolment_id == Enrolment.id)
        .outerjoin(Score, ours & (Score.part == part.c.part))
        .outerjoin(Column, (Column.programme_id == programme.id) & (Column.part == part.c.part))
        .where(Enrolment.programme_id == programme.id, or_(Enrolment.state == "joined", Score.id.is_not(None)))
    )


def _state() -> ColumnElement[str]:
    known = or_(Score.id.is_not(None), LedgerTotal.id.is_not(None))
    is_new = or_(LedgerTotal.released_points.is_(None), LedgerTotal.points != LedgerTotal.released_points)
    is_unreleased = or_(Score.sent_points.is_(None), is_new)
    return case(
        (and_(is_there().is_(False), known), State.HELD.value),
        (Score.state.in_(("differs", "refused", "frozen", "held")), Score.state),
        (and_(Score.state == "waiting", Column.state.is_distinct_from("ready")), State.NO_COLUMN.value),
        (Score.state == "waiting", State.RELEASED.value),
        (and_(Score.sent_points.is_not(None), Score.problem.in_(OUTDATED_WORDS)), State.OUTDATED.value),
        (and_(LedgerTotal.has_news, LedgerTotal.standing == "score", is_unreleased), State.READY.value),
        (and_(Score.sent_points.is_not(None), Score.confirmed_at.is_not(None)), State.CONFIRMED.value),
        (Score.sent_points.is_not(None), State.SENT.value),
        (LedgerTotal.standing.in_(("collecting", "score")), State.COLLECTING.value),
        else_=State.NOT_STARTED.value,
    )
