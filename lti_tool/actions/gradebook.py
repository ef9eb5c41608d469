"""What the gradebook is asked for, in the transaction that decided it: columns, scores on their way, a comparison.

`gradebook_columns` finds or makes columns, `scores` sends, `comparing` reads back.
"""

from datetime import datetime

from sqlalchemy import update

from lti_tool.mentoring.column_plan import PlannedColumn, planned
from lti_tool.mentoring.words import N_
from lti_tool.store import outbox, rest
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.gradebook import Column, Score, columns_of, has_posts, lock_scores, part_column
from lti_tool.store.people import Course
from lti_tool.store.programme import Programme, settings_of

COLUMN_KIND = "column"
SCORES_KIND = "scores"
COMPARE_KIND = "compare"
IN_FLIGHT = 8  # requests at a time; a Canvas throttles more and is no faster

NO_GRADEBOOK = N_(
    "This LMS shares no gradebook with the tool. Ask its administrator to switch on Assignment and Grade Services."
)


def plan_of(programme: Programme) -> tuple[PlannedColumn, ...]:
    """The columns that the programme's settings ask for."""
    return planned(settings_of(programme), programme.key)


def ask_for_column(programme: Programme, *, now: datetime) -> None:
    """Have the worker find or make the programme's columns, inside the caller's transaction; none if ungraded.

    One that the LMS has lost stays lost until staff decide.
    """
    course = db.session.get_one(Course, programme.course_id)
    is_possible = course.line_items_url is not None or programme.bound_line_item_url is not None
    asked = [_asked(programme, plan, is_possible=is_possible) for plan in plan_of(programme)]
    if not any(one.state == "waiting" for one in asked):
        return
    outbox.enqueue(
        kind=COLUMN_KIND,
        key=str(programme.id),
        lane=outbox.lms_lane(course.registration_id),
        registration_id=course.registration_id,
        payload={"programme_id": programme.id},
        now=now,
        is_awaited=True,
    )


def _asked(programme: Programme, plan: PlannedColumn, *, is_possible: bool) -> Column:
    column = part_column(programme.id, plan.part)
    if column is None:
        column = Column(programme_id=programme.id, part=plan.part.value, state="none", maximum=plan.maximum)
        db.session.add(column)
    if column.state in {"ready", "lost"}:
        return column
    column.state, column.problem = ("waiting", None) if is_possible else ("none", NO_GRADEBOOK)
    if not has_posts(programme.id, plan.part):
        column.maximum = plan.maximum
    return column


def ask_to_send(programme: Programme, *, now: datetime, is_urgent: bool = False) -> None:
    """Have the worker send what the LMS does not have yet, inside the caller's transaction; nothing where ungraded."""
    _ask(SCORES_KIND, programme, now=now, is_urgent=is_urgent)


def ask_to_compare(programme: Programme, *, now: datetime, is_urgent: bool = False) -> None:
    """Have the worker read the gradebook back, inside the caller's transaction; nothing where ungraded."""
    _ask(COMPARE_KIND, programme, now=now, is_urgent=is_urgent)


def _ask(kind: str, programme: Programme, *, now: datetime, is_urgent: bool) -> None:
    """Sending and comparing share a lane, so that nothing is read while it is being changed by us."""
    if not programme.is_graded:
        return
    course = db.session.get_one(Course, programme.course_id)
    outbox.enqueue(
        kind=kind,
        key=str(programme.id),
        lane=outbox.lms_lane(course.registration_id),
        registration_id=course.registration_id,
        payload={"programme_id": programme.id},
        now=now,
        is_urgent=is_urgent,
        is_awaited=is_urgent,
    )


def try_again(programme_id: int, *, now: datetime) -> None:
    """Somebody pressed the button: refused scores and refused columns are tried once more; not what counts no more."""
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        ask_for_column(programme, now=now)
        again = (Score.programme_id == programme_id) & Score.state.in_(("refused", "held")) & Score.void.is_(None)
        lock_scores(again)
        session.execute(update(Score).where(again).values(state="waiting", problem=None))
        ask_to_send(programme, now=now, is_urgent=True)
        rest.end_rest(session.get_one(Course, programme.course_id).registration_id)


def compare_now(programme_id: int, *, now: datetime) -> None:
    """Somebody pressed the button."""
    with transaction() as session:
        ask_to_compare(session.get_one(Programme, programme_id), now=now, is_urgent=True)


def give_up_column(programme_id: int, *, problem: str) -> None:
    """The columns could not be made; staff read why, and may try again."""
    with transaction():
        for column in columns_of(programme_id):
            if column.state == "waiting":
                column.state, column.line_item_url, column.problem = "refused", None, problem


def give_up_scores(programme_id: int, *, problem: str, part: str | None = None) -> None:
    """The waiting scores, of one column or of all, could not be sent; staff read why, and may try again."""
    waiting = (Score.programme_id == programme_id) & (Score.state == "waiting")
    if part is not None:
        waiting &= Score.part == part
    with transaction() as session:
        lock_scores(waiting)
        session.execute(update(Score).where(waiting).values(state="refused", problem=problem))
