"""The gradebook column: asked for in the transaction that decided it, found or made by the worker.

Scores are asked for here too; `scores` sends them.
"""

from contextlib import closing
from datetime import datetime

from sqlalchemy import update

from lti_tool.actions.edge import Edge
from lti_tool.lti.claims import GradebookEndpoint
from lti_tool.lti.errors import PlatformRefused
from lti_tool.lti.gradebook import find_or_create_line_item
from lti_tool.mentoring.words import N_
from lti_tool.store import outbox, rest
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score, column_of
from lti_tool.store.people import Course
from lti_tool.store.programme import Programme

COLUMN_KIND = "column"
SCORES_KIND = "scores"
IN_FLIGHT = 8  # requests at a time; a Canvas throttles more and is no faster

NO_GRADEBOOK = N_(
    "This LMS shares no gradebook with the tool. Ask its administrator to switch on Assignment and Grade Services."
)


def ask_for_column(programme: Programme, *, now: datetime) -> None:
    """Have the worker find or make the programme's column, inside the caller's transaction; none if ungraded."""
    if not programme.is_graded:
        return
    course = db.session.get_one(Course, programme.course_id)
    column = column_of(programme.id)
    if column is None:
        column = Column(programme_id=programme.id, state="none", maximum=programme.points)
        db.session.add(column)
    if column.state == "ready":
        return
    if course.line_items_url is None and programme.bound_line_item_url is None:
        column.state, column.problem = "none", NO_GRADEBOOK
        return
    column.state, column.problem, column.maximum = "waiting", None, programme.points
    outbox.enqueue(
        kind=COLUMN_KIND,
        key=str(programme.id),
        lane=outbox.lms_lane(course.registration_id),
        registration_id=course.registration_id,
        payload={"programme_id": programme.id},
        now=now,
        is_awaited=True,
    )


def ask_to_send(programme: Programme, *, now: datetime, is_urgent: bool = False) -> None:
    """Have the worker send what the LMS does not have yet, inside the caller's transaction; nothing where ungraded."""
    if not programme.is_graded:
        return
    course = db.session.get_one(Course, programme.course_id)
    outbox.enqueue(
        kind=SCORES_KIND,
        key=str(programme.id),
        lane=outbox.lms_lane(course.registration_id),
        registration_id=course.registration_id,
        payload={"programme_id": programme.id},
        now=now,
        is_urgent=is_urgent,
        is_awaited=is_urgent,
    )


def try_again(programme_id: int, *, now: datetime) -> None:
    """Somebody pressed the button: refused scores and a refused column are tried once more."""
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=True)
        ask_for_column(programme, now=now)
        again = (Score.programme_id == programme_id) & Score.state.in_(("refused", "held"))
        session.execute(update(Score).where(again).values(state="waiting", problem=None))
        ask_to_send(programme, now=now, is_urgent=True)
        rest.end_rest(session.get_one(Course, programme.course_id).registration_id)


def make_column(programme_id: int, *, edge: Edge, now: datetime) -> None:
    """Find the programme's column in the LMS, or make it; the LMS's own column for the link comes first.

    Raises: PlatformUnavailable
    """
    programme = db.session.get_one(Programme, programme_id)
    course = db.session.get_one(Course, programme.course_id)
    column = column_of(programme_id)
    if column is None or column.state == "ready" or not programme.is_graded:
        return
    try:
        url = programme.bound_line_item_url or _line_item_url(programme, course, edge)
    except PlatformRefused as refusal:
        give_up_column(programme_id, problem=refusal.explanation)
        return
    _settle_column(programme_id, url, now=now)


def _line_item_url(programme: Programme, course: Course, edge: Edge) -> str:
    endpoint = GradebookEndpoint(
        line_items_url=course.line_items_url, line_item_url=None, scopes=frozenset(course.gradebook_scopes)
    )
    with closing(edge.connector(course.registration_id)) as connector:
        item = find_or_create_line_item(
            connector,
            endpoint,
            label=programme.column_label or programme.title,
            score_maximum=programme.points,
            resource_id=programme.key,
            tag="participation",
            resource_link_id=programme.resource_link_id,
        )
    return item.url


def _settle_column(programme_id: int, url: str, *, now: datetime) -> None:
    with transaction() as session:
        column = column_of(programme_id)
        if column:
            column.state, column.line_item_url, column.problem = "ready", url, None
            ask_to_send(session.get_one(Programme, programme_id), now=now)


def give_up_column(programme_id: int, *, problem: str) -> None:
    """The column could not be made; staff read why, and may try again."""
    with transaction():
        column = column_of(programme_id)
        if column and column.state != "ready":
            column.state, column.line_item_url, column.problem = "refused", None, problem


def give_up_scores(programme_id: int, *, problem: str) -> None:
    """The waiting scores could not be sent; staff read why, and may try again."""
    waiting = (Score.programme_id == programme_id) & (Score.state == "waiting")
    with transaction() as session:
        session.execute(update(Score).where(waiting).values(state="refused", problem=problem))
