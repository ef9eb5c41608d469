"""A registration with everything that came through it: how much there is, and its removal.

What belongs to a registration is read off the foreign keys, so that a table added later cannot be forgotten.
"""

from collections import deque
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ForeignKey, Select, Table, delete, func, or_, select

from lti_tool.store.db import Row, db
from lti_tool.store.matching import RUNNING, Pair
from lti_tool.store.people import Course, Person
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme

ROOT = Registration.__tablename__


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """What would go with a registration."""

    courses: int
    programmes: int
    people: int
    pairs: int  # running


def belongings(registration_id: int) -> Belongings:
    """How much came through this registration."""
    courses = select(Course.id).filter_by(registration_id=registration_id)
    programmes = select(Programme.id).where(Programme.course_id.in_(courses))
    people = select(Person.id).filter_by(registration_id=registration_id)
    pairs = select(Pair.id).where(Pair.programme_id.in_(programmes), Pair.state.in_(RUNNING))

    def count(query: Select[int]) -> int:
        return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0

    return Belongings(courses=count(courses), programmes=count(programmes), people=count(people), pairs=count(pairs))


def delete_registration(registration_id: int) -> None:
    """Remove the registration and every row that leads to it, inside the caller's transaction."""
    distances = _distances()
    session = db.session()
    for table in reversed(Row.metadata.sorted_tables):
        if table.name != ROOT and table.name in distances:
            session.execute(delete(table).where(_belongs(table, registration_id, distances)))
    session.execute(delete(Registration).where(Registration.id == registration_id))


def _distances() -> dict[str, int]:
    """How many foreign keys lead from each table to the registration; tables from which none does are left out."""
    found = {ROOT: 0}
    ahead = deque([ROOT])
    while ahead:
        near = ahead.popleft()
        for table in Row.metadata.tables.values():
            if table.name not in found and any(key.column.table.name == near for key in table.foreign_keys):
                found[table.name] = found[near] + 1
                ahead.append(table.name)
    return found


def _belongs(table: Table, registration_id: int, distances: dict[str, int]) -> ColumnElement[bool]:
    """Which rows of the table lead to the registration: by the shortest way that every row has, else by any."""
    keys = [key for key in table.foreign_keys if distances.get(key.column.table.name, 99) < distances[table.name]]
    always = sorted((key for key in keys if not key.parent.nullable), key=lambda key: key.parent.name)
    ways = always[:1] if always else _leading(table, distances)
    return or_(*(_leads(key, registration_id, distances) for key in ways))


def _leading(table: Table, distances: dict[str, int]) -> list[ForeignKey]:
    return [key for key in table.foreign_keys if key.column.table.name in distances and key.column.table is not table]


def _leads(key: ForeignKey, registration_id: int, distances: dict[str, int]) -> ColumnElement[bool]:
    parent = key.column.table
    if parent.name == ROOT:
        return key.parent == registration_id
    return key.parent.in_(select(key.column).where(_belongs(parent, registration_id, distances)))
