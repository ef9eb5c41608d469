"""The gradebook read back: what was sent is confirmed, and what somebody changed there is shown to staff.

A reading counts only when it was complete; `mentoring/gradebook_cells` says what follows from it for each cell.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from lti_tool.actions.cells import NOT_SHOWN, apply
from lti_tool.actions.edge import Edge
from lti_tool.actions.gradebook import ask_to_send, plan_of
from lti_tool.actions.gradebook_columns import lose_column
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import LtiError, PlatformRefused, ServiceFault
from lti_tool.lti.gradebook import RESULT_SCOPE, Result, read_results
from lti_tool.lti.quirks import Quirks
from lti_tool.mentoring.gradebook_cells import SETTLES, Cell, ScoreState, Seen, Verdict, tolerance, verdict
from lti_tool.mentoring.words import N_
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score, columns_of, part_column, scores_to_compare, scores_with_people
from lti_tool.store.people import Course, Person
from lti_tool.store.programme import Programme

CHUNK = 500  # cells changed in one transaction
MOST = Decimal("999999.99")

NO_ANSWER = N_("The LMS did not answer when its gradebook was read. Nothing was lost; the tool tries again by itself.")


class StillOurs(Protocol):
    """Keeps the lease of this work; False when another worker has it by now."""

    def __call__(self, *, has_progressed: bool) -> bool:
        """`has_progressed` says that the LMS took something since the last call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A column in the LMS, and in which scale it and we count.

    Units: points is the part's maximum here, maximum the column's there.
    """

    programme_id: int
    course_id: int
    part: str
    url: str
    maximum: int
    points: int
    can_read: bool
    may_comment: bool
    quirks: Quirks

    def there(self, result: Result | None) -> Decimal | None:
        """What the LMS shows, in our points, as far as a row can hold it."""
        if result is None or result.score is None:
            return None
        points = Decimal(str(result.score)) / Decimal(str(result.maximum)) * self.points
        return max(-MOST, min(points, MOST))


def places_of(programme: Programme, course: Course, quirks: Quirks) -> list[Place]:
    """Where the programme's scores go, as far as the columns are there."""
    columns = {column.part: column for column in columns_of(programme.id)}
    return [
        _place(programme, course, column, plan.maximum, quirks)
        for plan in plan_of(programme)
        if (column := columns.get(plan.part)) and column.state == "ready"
    ]


def _place(programme: Programme, course: Course, column: Column, points: int, quirks: Quirks) -> Place:
    return Place(
        programme_id=programme.id,
        course_id=course.id,
        part=column.part,
        url=column.line_item_url or "",
        maximum=column.maximum,
        points=points,
        can_read=RESULT_SCOPE in course.gradebook_scopes,
        # Where every comment stays for good, one for each small step would bury what a teacher writes there.
        may_comment=not (quirks.comments_pile_up and programme.release == "at_once"),
        quirks=quirks,
    )


def compare_scores(programme_id: int, *, edge: Edge, still_ours: StillOurs) -> None:
    """Read every column of the programme back; what has to be sent (again) is asked for.

    Where the LMS lets nobody read, who has left the course or come back is settled all the same.
    Raises: PlatformUnavailable, PlatformRefused; the column's page then says why.
    """
    programme = db.session.get_one(Programme, programme_id)
    course = db.session.get_one(Course, programme.course_id)
    with closing(edge.connector(course.registration_id)) as connector:
        for place in places_of(programme, course, connector.quirks):
            if not _compare_one(place, connector, edge, still_ours):
                return  # another worker reads it anew
    _ask_for_what_waits(programme_id, now=edge.clock())


def _compare_one(place: Place, connector: Connector, edge: Edge, still_ours: StillOurs) -> bool:
    """Read one column back; False when the lease is lost."""
    read_at = edge.clock()
    try:
        results = read_results(connector, place.url) if place.can_read else None
    except LtiError as fault:
        if isinstance(fault, PlatformRefused) and fault.fault is ServiceFault.NOT_FOUND:
            lose_column(place.programme_id, place.part, fault.explanation)
            return True
        _note(place, fault.explanation if isinstance(fault, PlatformRefused) else NO_ANSWER)
        raise
    is_ours = still_ours(has_progressed=False)
    if is_ours:
        compare(place, results, read_at)
    return is_ours


def _note(place: Place, problem: str) -> None:
    with transaction():
        column = part_column(place.programme_id, place.part)
        if column:
            column.compare_problem = problem


def _ask_for_what_waits(programme_id: int, *, now: datetime) -> None:
    waiting = db.select(Score.id).filter_by(programme_id=programme_id, state="waiting").limit(1)
    with transaction() as session:
        if session.scalar(waiting) is not None:
            ask_to_send(session.get_one(Programme, programme_id), now=now)


def compare(place: Place, results: Mapping[str, Result] | None, read_at: datetime) -> None:
    """Settle every score of the column that does not wait to be sent, by a complete reading or by none."""
    concerned = [
        row.id
        for row in scores_to_compare(place.programme_id, place.part, place.course_id)
        if _verdict(row, row.subject, place, results, is_there=row.is_there, read_at=read_at) is not Verdict.LEAVE
    ]
    for start in range(0, len(concerned), CHUNK):
        with transaction():
            for score, person, is_there in scores_with_people(concerned[start : start + CHUNK], place.course_id):
                settle(score, person, place, results, is_there=is_there, read_at=read_at)
    if results is None:
        return
    with transaction():
        column = part_column(place.programme_id, place.part)
        if column:
            column.compared_at, column.compare_problem = read_at, None


def settle(
    score: Score,
    person: Person,
    place: Place,
    results: Mapping[str, Result] | None,
    *,
    is_there: bool,
    read_at: datetime,
) -> None:
    """Bring one locked score to what the reading says of it; without a reading nothing is known of the LMS."""
    found = _verdict(score, person.subject, place, results, is_there=is_there, read_at=read_at)
    apply(score, found, _there(place, results, person.subject), read_at)


def _there(place: Place, results: Mapping[str, Result] | None, subject: str) -> Decimal | None:
    return place.there(results.get(subject)) if results is not None else None


def _verdict(
    score: Any,
    subject: str,
    place: Place,
    results: Mapping[str, Result] | None,
    *,
    is_there: bool,
    read_at: datetime,
) -> Verdict:
    seen = Seen(
        points=_there(place, results, subject),
        is_known=results is not None,
        is_active=is_there,
        is_settled=score.sent_at is None or read_at - score.sent_at >= SETTLES,
        omits_zeros=place.quirks.omits_zeros,
        tolerance=tolerance(place.points, place.maximum),
    )
    return verdict(_cell(score, place), seen)


def _cell(score: Any, place: Place) -> Cell:
    """What the tool knows; `score` is a row of the session or a plain one."""
    return Cell(
        state=ScoreState(score.state),
        points=score.points,
        sent=score.sent_points,
        tried=score.tried_points,
        there=score.there_points,
        is_confirmed=score.confirmed_at is not None,
        is_decided=score.decided_by is not None,
        is_said_cleared=score.cleared_said_at is not None,
        was_missed=score.problem == NOT_SHOWN,
        has_new_comment=place.may_comment and bool(score.comment) and score.comment != score.sent_comment,
    )
