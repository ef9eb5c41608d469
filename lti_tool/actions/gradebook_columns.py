"""Columns in the LMS: found or made by the worker, made anew or chosen by staff where the LMS has lost one.

Nothing in the LMS is ever deleted or renamed. A column that is used already, by this programme or another, is never
taken a second time.
"""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime

from sqlalchemy import update

from lti_tool.actions import audit
from lti_tool.actions.edge import Edge
from lti_tool.actions.gradebook import ask_for_column, ask_to_send, plan_of
from lti_tool.lti.claims import GradebookEndpoint
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.lti.line_items import LineItem, find_or_create_line_item, read_line_items
from lti_tool.mentoring.column_plan import PlannedColumn
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import (
    Column,
    Score,
    columns_of,
    has_posts,
    line_items_in_use,
    lock_scores,
    part_column,
)
from lti_tool.store.people import Course
from lti_tool.store.programme import Programme

LARGEST = 100_000  # points that a column may have and still be taken at its word
NOTHING_THERE = {
    "sent_points": None,
    "sent_comment": None,
    "tried_points": None,
    "confirmed_at": None,
    "there_points": None,
    "differs_since": None,
    "cleared_said_at": None,
}


def make_column(programme_id: int, *, edge: Edge, now: datetime, still_ours: Callable[[], bool]) -> None:
    """Find the programme's columns in the LMS, or make them; the LMS's own one for the link becomes the first.

    `still_ours` keeps the lease; whoever has lost it makes no more, since another worker does.
    Raises: PlatformUnavailable
    """
    programme = db.session.get_one(Programme, programme_id)
    course = db.session.get_one(Course, programme.course_id)
    wanted = {column.part for column in columns_of(programme_id) if column.state == "waiting"}
    for number, plan in enumerate(plan_of(programme)):
        if plan.part in wanted and still_ours():
            _make(programme, course, plan, is_first=number == 0, edge=edge, now=now)


def _make(
    programme: Programme, course: Course, plan: PlannedColumn, *, is_first: bool, edge: Edge, now: datetime
) -> None:
    programme_id, part = programme.id, plan.part.value
    try:
        url, maximum = _found(programme, course, plan, is_first=is_first, edge=edge)
    except PlatformRefused as refusal:
        _refuse(programme_id, part, refusal.explanation)
        return
    _settle(programme_id, part, url, maximum, now=now)


def _found(
    programme: Programme, course: Course, plan: PlannedColumn, *, is_first: bool, edge: Edge
) -> tuple[str, float | None]:
    """The address of the column, and its maximum where that is known."""
    taken = {column.line_item_url for column in columns_of_all(programme.id) if column.part != plan.part}
    if is_first and programme.bound_line_item_url and programme.bound_line_item_url not in taken:
        return programme.bound_line_item_url, None
    with closing(edge.connector(course.registration_id)) as connector:
        item = _line_item(connector, programme, course, plan, is_first=is_first)
    return item.url, item.score_maximum


def columns_of_all(programme_id: int) -> list[Column]:
    """Every column that the programme has or had."""
    return list(db.session.scalars(db.select(Column).filter_by(programme_id=programme_id)))


def _line_item(
    connector: Connector, programme: Programme, course: Course, plan: PlannedColumn, *, is_first: bool
) -> LineItem:
    if connector.quirks.one_column_per_link and not is_first:
        raise PlatformRefused(ServiceFault.ONE_COLUMN)
    return find_or_create_line_item(
        connector,
        endpoint_of(course),
        label=plan.label,
        score_maximum=plan.maximum,
        resource_id=plan.resource_id,
        tag=plan.tag,
        resource_link_id=programme.resource_link_id,
    )


def endpoint_of(course: Course) -> GradebookEndpoint:
    """The course's gradebook, as its launches name it."""
    return GradebookEndpoint(
        line_items_url=course.line_items_url, line_item_url=None, scopes=frozenset(course.gradebook_scopes)
    )


def _settle(programme_id: int, part: str, url: str, maximum: float | None, *, now: datetime) -> None:
    with transaction() as session:
        column = part_column(programme_id, part)
        if column:
            _is_at(column, url, maximum)
            ask_to_send(session.get_one(Programme, programme_id), now=now)


def _is_at(column: Column, url: str, maximum: float | None) -> None:
    """The column is there; what is sent has its maximum, as long as nothing was sent with another."""
    if (
        maximum
        and 1 <= maximum <= LARGEST
        and maximum == int(maximum)
        and not has_posts(column.programme_id, column.part)
    ):
        column.maximum = int(maximum)
    column.state, column.line_item_url, column.problem, column.compare_problem = "ready", url, None, None


def _refuse(programme_id: int, part: str, problem: str) -> None:
    with transaction():
        column = part_column(programme_id, part)
        if column and column.state != "ready":
            column.state, column.line_item_url, column.problem = "refused", None, problem


def lose_column(programme_id: int, part: str, problem: str) -> None:
    """Somebody deleted the column in the LMS, and every grade with it. Staff decide whether there is to be another.

    A value that staff chose to keep stays theirs; what was to be emptied by hand is gone.
    """
    with transaction() as session:
        column, programme = part_column(programme_id, part), session.get_one(Programme, programme_id)
        if column is None:
            return
        if programme.bound_line_item_url == column.line_item_url:
            programme.bound_line_item_url = None
        column.state, column.line_item_url, column.problem = "lost", None, problem
        theirs = (Score.programme_id == programme_id) & (Score.part == part)
        is_kept = (Score.state == "frozen") & Score.decided_by.is_not(None)
        is_to_clear = (Score.state == "frozen") & Score.decided_by.is_(None)
        is_nothing = (Score.state == "sent") & Score.sent_points.is_(None)
        gone = {"state": "sent", "problem": None, **NOTHING_THERE}
        unsent = {"state": "waiting", "problem": None, "decided_by": None, **NOTHING_THERE}
        lock_scores(theirs)
        session.execute(update(Score).where(theirs, is_to_clear).values(**gone))
        session.execute(update(Score).where(theirs, ~is_kept, ~is_nothing).values(**unsent))
        session.execute(update(Score).where(theirs, is_kept).values(**NOTHING_THERE))


def recreate_column(programme_id: int, part: str, *, by: int, now: datetime) -> bool:
    """Staff want another column in place of the one that is gone; whether one was gone."""
    with transaction() as session:
        programme, column = session.get_one(Programme, programme_id), part_column(programme_id, part)
        if column is None or column.state != "lost":
            return False
        column.state, column.problem = "none", None
        ask_for_column(programme, now=now)
        audit.record("gradebook.recreate", now=now, by=by, programme_id=programme_id, after={"part": part})
    return True


def columns_to_choose(course: Course, *, edge: Edge) -> list[LineItem]:
    """The columns that the LMS lets the tool see and that no programme of the course uses.

    Raises: LtiError
    """
    registration_id, endpoint, used = course.registration_id, endpoint_of(course), line_items_in_use(course.id)
    with closing(edge.connector(registration_id)) as connector:
        items = read_line_items(connector, endpoint)
    return [item for item in items if item.url not in used]


def map_column(programme_id: int, part: str, url: str, *, edge: Edge, by: int, now: datetime) -> bool:
    """Staff chose another column of the LMS in place of the one that is gone; whether it could be taken.

    Raises: LtiError
    """
    programme = db.session.get_one(Programme, programme_id)
    course = db.session.get_one(Course, programme.course_id)
    item = next((one for one in columns_to_choose(course, edge=edge) if one.url == url), None)
    if item is None:
        return False
    with transaction() as session:
        column = part_column(programme_id, part)
        if column is None or column.state != "lost" or url in line_items_in_use(course.id):
            return False
        _is_at(column, url, item.score_maximum)
        ask_to_send(session.get_one(Programme, programme_id), now=now, is_urgent=True)
        after = {"part": part, "column": item.label}
        audit.record("gradebook.map", now=now, by=by, programme_id=programme_id, after=after)
    return True
