"""Scores on their way: what the LMS does not have yet is sent, as often as it takes.

Three promises: a score is sent with a timestamp later than any before it; a post whose answer was lost is settled by
reading the LMS's results before another is made; a value that somebody else put into the LMS is never overwritten.
Source: AGS 2.0; Moodle compares timestamps in whole seconds and answers 409 to an equal one.
"""

from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from threading import Event

from sqlalchemy import update

from lti_tool.actions.edge import Edge
from lti_tool.actions.gradebook import IN_FLIGHT
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ScoreIsStale, ServiceFault
from lti_tool.lti.gradebook import RESULT_SCOPE, Result, ScoreToSend, read_results, send_score
from lti_tool.mentoring.words import N_
from lti_tool.store.db import carried, db, transaction
from lti_tool.store.gradebook import Score, column_of, scores_to_change, waiting_scores
from lti_tool.store.people import Course, Person
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
    """Keep the LMS busy until nothing waits, the lease is lost or the LMS must be left in peace.

    The next scores are decided and the last answers written down while others are on their way.
    """
    send = carried(_sender(connector, url))
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        on_their_way: dict[Future[Post], int] = {}  # and the id of the score
        fault = None
        while still_ours() and fault is None:
            if len(on_their_way) <= BATCH / 2:
                for post in _decide(programme_id, results, clock(), besides=on_their_way.values()):
                    on_their_way[pool.submit(send, post)] = post.score_id
            if not on_their_way:
                return
            arrived = _arrived(on_their_way)
            _record(programme_id, arrived)
            for post in arrived:
                results.pop(post.to_send.user_id, None)  # read before this post, so it says nothing any more
            fault = _fault_of(arrived)
        left = [future.result() for future in on_their_way if not future.cancel()]
        _record(programme_id, left)  # what is with the LMS already counts
        if fault:
            raise fault


def _sender(connector: Connector, url: str) -> Callable[[Post], Post]:
    """Sends a post and answers what became of it; after one found the LMS out of order no more are sent."""
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

    return send


def _arrived(on_their_way: dict[Future[Post], int]) -> list[Post]:
    """The posts that were answered, taken off; waits until there are some worth writing down."""
    enough = min(len(on_their_way), BATCH // 4)
    list(islice(as_completed(on_their_way), enough))
    finished = [future for future in on_their_way if future.done()]
    for future in finished:
        del on_their_way[future]
    return [future.result() for future in finished]


def _fault_of(posts: list[Post]) -> PlatformUnavailable | None:
    """Why no more is to be sent now."""
    for post in posts:
        if isinstance(post.outcome, PlatformUnavailable):
            return post.outcome
        if isinstance(post.outcome, ScoreIsStale):  # somebody graded meanwhile, or the clocks differ: look anew
            return PlatformUnavailable(status=post.outcome.status)
    return None


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


def _decide(programme_id: int, results: dict[str, Result], now: datetime, *, besides: Collection[int]) -> list[Post]:
    """What to send next; scores that need not be sent are settled on the way: taken already, or changed in the LMS."""
    while True:
        with transaction() as session:
            programme = session.get_one(Programme, programme_id)
            waiting = waiting_scores(programme_id, programme.course_id, limit=BATCH, besides=besides)
            for score, person, is_there in waiting:
                _settle(score, _points_there(results.get(person.subject), programme.points), is_there=is_there)
            posts = [
                _post(score, person, programme.points, now) for score, person, _ in waiting if score.state == "waiting"
            ]
        if posts or not waiting:
            return posts


def _settle(score: Score, there: Decimal | None, *, is_there: bool) -> None:
    """Whether it is to be sent at all."""
    if not is_there:
        score.state, score.problem = "held", NOT_ACTIVE
    elif _was_taken(score, there):
        _mark_taken(score, score.tried_points)
    elif _was_changed_there(score, there):
        score.state, score.problem = "differs", CHANGED_THERE


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


def _record(programme_id: int, posts: list[Post]) -> None:
    """Write down what became of these posts."""
    by_score = {post.score_id: post for post in posts}
    with transaction() as session:
        maximum = session.get_one(Programme, programme_id).points
        for score in scores_to_change(by_score):
            post = by_score[score.id]
            if post.outcome is None:
                _mark_taken(score, post.points * maximum / Decimal(post.to_send.maximum))
                score.sent_comment = post.to_send.comment or score.sent_comment
            elif isinstance(post.outcome, PlatformRefused) and not isinstance(post.outcome, ScoreIsStale):
                score.tried_points = None
                if score.points == post.points:  # else a newer value waits already
                    score.state, score.problem = "refused", post.outcome.explanation
