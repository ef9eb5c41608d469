"""Scores on their way: what the LMS does not have yet is sent, as often as it takes.

Three promises: a score is sent with a timestamp later than any before it; a post whose answer was lost is settled by
reading the LMS's results before another is made; a value that somebody else put into the LMS is never overwritten.
Source: AGS 2.0; Moodle compares timestamps in whole seconds and answers 409 to an equal one.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Event

from sqlalchemy import update

from lti_tool.actions.edge import Edge
from lti_tool.actions.gradebook import IN_FLIGHT
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ScoreIsStale, ServiceFault
from lti_tool.lti.gradebook import RESULT_SCOPE, Result, ScoreToSend, read_results, send_score
from lti_tool.mentoring.words import N_
from lti_tool.store.db import carried, db, transaction
from lti_tool.store.gradebook import Score, column_of, waiting_scores
from lti_tool.store.people import Course, Person, find_member
from lti_tool.store.programme import Programme

BATCH = 200  # scores decided in one transaction
TICK = timedelta(seconds=1)  # Moodle keeps whole seconds
TOLERANCE = Decimal("0.011")  # an LMS may round the second decimal

NOT_ACTIVE = N_("This person is no longer active in the course. The score is kept here and is not sent.")
CHANGED_THERE = N_("Somebody changed this grade in the LMS. The grade there stays; the score here is not sent over it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One score on its way, and what became of it."""

    score_id: int
    to_send: ScoreToSend
    points: Decimal  # of the maximum that is sent along
    outcome: Exception | None = None


def send_scores(programme_id: int, *, edge: Edge, still_ours: Callable[[], bool]) -> None:
    """Send every waiting score of the programme; what cannot be sent now stays queued.

    Raises: PlatformUnavailable when some must be tried again, PlatformRefused when trying again cannot help; scores
        that were taken stay taken.
    """
    column = column_of(programme_id)
    if column is None or column.state != "ready" or column.line_item_url is None:
        return  # the column's own row asks again when it is ready
    programme = db.session.get_one(Programme, programme_id)
    if not programme.is_graded:
        return  # it was graded when this was queued
    course = db.session.get_one(Course, programme.course_id)
    url, can_read = column.line_item_url, RESULT_SCOPE in course.gradebook_scopes
    try:
        with closing(edge.connector(course.registration_id)) as connector:
            results = dict(read_results(connector, url)) if can_read else {}
            if can_read:
                _compared(programme_id, edge.clock())
            _send_all(programme_id, connector, url, results, edge.clock, still_ours)
    except PlatformRefused as refusal:
        if refusal.fault is not ServiceFault.NOT_FOUND:
            raise
        _lose_column(programme_id, refusal.explanation)


def _send_all(
    programme_id: int,
    connector: Connector,
    url: str,
    results: dict[str, Result],
    clock: Callable[[], datetime],
    still_ours: Callable[[], bool],
) -> None:
    """Batch after batch, until nothing waits, the lease is lost or the LMS must be left in peace."""
    while still_ours():
        posts = _decide(programme_id, results, clock())
        if not posts:
            if not waiting_scores(programme_id, limit=1):
                return
            continue
        sent = _send(connector, url, posts, still_ours)
        _record(programme_id, sent)
        for post in sent:
            results.pop(post.to_send.user_id, None)  # read before this post, so it says nothing any more
        _stop_at_fault([post.outcome for post in sent])


def _stop_at_fault(outcomes: list[Exception | None]) -> None:
    for fault in outcomes:
        if isinstance(fault, PlatformUnavailable):
            raise fault
        if isinstance(fault, ScoreIsStale):  # somebody graded meanwhile, or the clocks differ: look at the results anew
            raise PlatformUnavailable(status=fault.status)


def _lose_column(programme_id: int, problem: str) -> None:
    """Somebody deleted the column in the LMS, and every grade with it. Staff decide whether there is to be another."""
    with transaction() as session:
        column, programme = column_of(programme_id), session.get_one(Programme, programme_id)
        if column is None:
            return
        if programme.bound_line_item_url == column.line_item_url:
            programme.bound_line_item_url = None
        column.state, column.line_item_url, column.problem = "refused", None, problem
        unsent = {"sent_points": None, "sent_comment": None, "tried_points": None, "state": "waiting", "problem": None}
        session.execute(update(Score).where(Score.programme_id == programme_id).values(**unsent))


def _compared(programme_id: int, now: datetime) -> None:
    with transaction():
        column = column_of(programme_id)
        if column:
            column.compared_at = now


def _decide(programme_id: int, results: dict[str, Result], now: datetime) -> list[Post]:
    """What to send of a batch; the rest of it is settled: taken already, changed in the LMS, or not sendable."""
    with transaction() as session:
        programme = session.get_one(Programme, programme_id)
        maximum = programme.points
        posts = []
        for score, person in waiting_scores(programme_id, limit=BATCH, to_change=True):
            member = find_member(programme.course_id, person.id)
            there = _points_there(results.get(person.subject), maximum)
            if member is None or not member.is_active or person.is_test_user:
                score.state, score.problem = "held", NOT_ACTIVE
            elif _was_taken(score, there):
                _mark_taken(score, score.tried_points)
            elif _was_changed_there(score, there):
                score.state, score.problem = "differs", CHANGED_THERE
            if score.state == "waiting":
                posts.append(_post(score, person, maximum, now))
    return posts


def _points_there(result: Result | None, maximum: int) -> Decimal | None:
    if result is None or result.score is None:
        return None
    return Decimal(str(result.score)) / Decimal(str(result.maximum)) * maximum


def _was_taken(score: Score, there: Decimal | None) -> bool:
    """An earlier post, whose answer was lost, did arrive."""
    return score.tried_points is not None and there is not None and _same(score.tried_points, there)


def _was_changed_there(score: Score, there: Decimal | None) -> bool:
    """The LMS has a value that is none of ours."""
    ours = [points for points in (score.sent_points, score.tried_points) if points is not None]
    return there is not None and not any(_same(points, there) for points in ours)


def _same(ours: Decimal, there: Decimal) -> bool:
    return abs(ours - there) <= TOLERANCE


def _mark_taken(score: Score, points: Decimal | None) -> None:
    score.sent_points, score.tried_points = points, None
    if score.points == points:
        score.state, score.problem = "sent", None


def _post(score: Score, person: Person, maximum: int, now: datetime) -> Post:
    score.sent_at = max(now, score.sent_at + TICK) if score.sent_at else now
    score.tried_points = score.points
    comment = score.comment if score.comment != score.sent_comment else None
    return Post(
        score_id=score.id,
        points=score.points,
        to_send=ScoreToSend(
            user_id=person.subject,
            points=float(score.points),
            maximum=maximum,
            timestamp=score.sent_at,
            comment=comment,
        ),
    )


def _send(connector: Connector, url: str, posts: list[Post], still_ours: Callable[[], bool]) -> list[Post]:
    """The posts with what became of each; after the first that found the LMS out of order no more are sent."""
    is_over = Event()

    def send(post: Post) -> Post:
        if is_over.is_set():
            return replace(post, outcome=PlatformUnavailable())
        try:
            send_score(connector, url, post.to_send)
        except (PlatformRefused, PlatformUnavailable) as fault:
            if isinstance(fault, PlatformUnavailable):
                is_over.set()
            return replace(post, outcome=fault)
        return post

    sent = []
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        for post in pool.map(carried(send), posts):
            sent.append(post)
            if len(sent) % IN_FLIGHT == 0 and not still_ours():
                is_over.set()
    return sent


def _record(programme_id: int, posts: list[Post]) -> None:
    with transaction() as session:
        maximum = session.get_one(Programme, programme_id).points
        for post in posts:
            score = session.get_one(Score, post.score_id, with_for_update=True)
            if post.outcome is None:
                _mark_taken(score, post.points * maximum / Decimal(post.to_send.maximum))
                score.sent_comment = post.to_send.comment or score.sent_comment
            elif isinstance(post.outcome, PlatformRefused) and not isinstance(post.outcome, ScoreIsStale):
                score.tried_points = None
                if score.points == post.points:  # else a newer value waits already
                    score.state, score.problem = "refused", post.outcome.explanation
