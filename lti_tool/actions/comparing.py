"""The gradebook read back: what was sent is confirmed, and what somebody changed there is shown to staff.

A reading counts only when it was complete; `mentoring/gradebook_cells` says what follows from it for each cell.
"""

from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from lti_tool.actions.cells import NOT_SHOWN, apply
from lti_tool.actions.edge import Edge
from lti_tool.actions.gradebook import ask_to_send, plan_of
from lti_tool.actions.gradebook_columns import endpoint_of, lose_column
from lti_tool.lti.claims import GradebookEndpoint
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import LtiError, PlatformRefused, PlatformUnavailable, ScoresNotTaken, ServiceFault
from lti_tool.lti.gradebook import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, RESULT_SCOPE, Result, read_results
from lti_tool.lti.line_items import has_line_items
from lti_tool.lti.quirks import Quirks
from lti_tool.mentoring.gradebook_cells import LANDS, SETTLES, Cell, ScoreState, Seen, Verdict, tolerance, verdict
from lti_tool.mentoring.words import N_
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score, columns_of, part_column, scores_to_compare, scores_with_people
from lti_tool.store.people import Course, Person
from lti_tool.store.programme import Programme

CHUNK = 500  # cells changed in one transaction
MOST = Decimal("999999.99")
LOOKS = frozenset({LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE})

NO_ANSWER = N_("The LMS did not answer when its gradebook was read. Nothing was lost; the tool tries again by itself.")


WEB_PAGE = N_(
    "The LMS answered with a web page when its gradebook was read: mostly a sign-in page, a page about maintenance, or "
    "a firewall in between. Nothing was lost; the tool tries again by itself. If it stays so, tell the person who "
    "looks after this tool."
)


class StillOurs(Protocol):
    """Keeps the lease of this work; False when another worker has it by now."""

    def __call__(self, *, has_progressed: bool = False, gives_way: bool = False) -> bool:
        """`has_progressed` says that the LMS took something since the last call; `gives_way` that others may go first
        after a while."""


class LeaseLost(Exception):
    """Another worker has this work by now, or will have it."""


def read_column(place: "Place", connector: Connector, still_ours: StillOurs) -> Mapping[str, Result] | None:
    """The column as the LMS shows it, however many pages that takes; None where it lets nobody read.

    Raises: LtiError, LeaseLost.
    """

    def keep() -> None:
        if not still_ours():
            raise LeaseLost

    return read_results(connector, place.url, after_page=keep) if place.can_read else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A column in the LMS, and in which scale it and we count.

    Shape: `look_scopes` are what the LMS lets one look at the column itself with; none: it lets nobody.
    Units: points is the part's maximum here, maximum the column's there.
    """

    programme_id: int
    course_id: int
    part: str
    url: str
    maximum: int
    points: int
    can_read: bool
    look_scopes: frozenset[str]
    endpoint: GradebookEndpoint
    may_comment: bool
    quirks: Quirks

    @property
    def can_be_looked_at(self) -> bool:
        """Whether one can see that the column is there, by its results or by itself."""
        return self.can_read or bool(self.look_scopes)

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
        look_scopes=LOOKS & set(course.gradebook_scopes),
        endpoint=endpoint_of(course),
        # Where every comment stays for good, one for each small step would bury what a teacher writes there.
        may_comment=not (quirks.comments_pile_up and programme.release == "at_once"),
        quirks=quirks,
    )


def compare_scores(programme_id: int, *, edge: Edge, still_ours: StillOurs) -> None:
    """Read every column of the programme back; what has to be sent (again) is asked for.

    Where the LMS lets nobody read, who has left the course or come back is settled all the same. One column that cannot
    be read keeps no other from it.
    Raises: PlatformUnavailable, PlatformRefused; the column's page then says why.
    """
    programme = db.session.get_one(Programme, programme_id)
    course = db.session.get_one(Course, programme.course_id)
    faults: list[LtiError] = []
    with closing(edge.connector(course.registration_id)) as connector, suppress(LeaseLost):
        places = places_of(programme, course, connector.quirks)
        for place in places:
            try:
                _compare_one(place, connector, edge, still_ours)
            except (PlatformRefused, PlatformUnavailable) as fault:
                if not may_be_one_columns(fault):
                    raise
                faults.append(fault)
    if not faults or len(faults) < len(places):
        _ask_for_what_waits(programme_id, now=edge.clock())
    if faults:
        raise next((fault for fault in faults if isinstance(fault, PlatformUnavailable)), faults[0])


def may_be_one_columns(fault: PlatformRefused | PlatformUnavailable) -> bool:
    """Whether the LMS may do better for another column: it answers, and does not ask to be left in peace."""
    if isinstance(fault, PlatformRefused | ScoresNotTaken):
        return True
    return fault.status is not None and fault.status not in {403, 429} and fault.retry_after_seconds is None


def _compare_one(place: Place, connector: Connector, edge: Edge, still_ours: StillOurs) -> None:
    """Read one column back."""
    read_at = edge.clock()
    try:
        results = read_column(place, connector, still_ours)
    except LtiError as fault:
        if is_of_a_lost_column(fault, place, connector):
            lose_column(place.programme_id, place.part, ServiceFault.NOT_FOUND.explanation)
            return
        _note(place, _words(fault))
        raise
    compare(place, results, read_at)


def is_of_a_lost_column(fault: LtiError, place: Place, connector: Connector) -> bool:
    """Whether the LMS has this column no more, and still the course's gradebook.

    Else the whole course may be concluded, and everything in it stands there as it was.

    Raises: PlatformUnavailable.
    """
    is_not_found = isinstance(fault, PlatformRefused) and fault.fault is ServiceFault.NOT_FOUND
    return is_not_found and has_line_items(connector, place.endpoint)


def _words(fault: LtiError) -> str:
    """What staff read of a gradebook that could not be read back."""
    if not isinstance(fault, PlatformRefused | PlatformUnavailable):
        return NO_ANSWER
    return WEB_PAGE if fault.fault is ServiceFault.WEB_PAGE else fault.explanation or NO_ANSWER


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
) -> Verdict:
    """Bring one locked score to what the reading says of it; without a reading nothing is known of the LMS."""
    found = _verdict(score, person.subject, place, results, is_there=is_there, read_at=read_at)
    apply(score, found, _there(place, results, person.subject), read_at)
    return found


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
        is_settled=_is_older(score, SETTLES, read_at),
        is_landed=_is_older(score, LANDS, read_at),
        omits_zeros=place.quirks.omits_zeros,
        tolerance=tolerance(place.points, place.maximum),
    )
    return verdict(_cell(score, place), seen)


def _is_older(score: Any, than: timedelta, read_at: datetime) -> bool:
    """Whether the last post is; also where there is none, and one far ahead, since our clock was set back then."""
    is_told = score.sent_points is not None or score.tried_points is not None
    return not is_told or score.sent_at is None or abs(read_at - score.sent_at) >= than


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
