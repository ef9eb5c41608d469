"""Scores on their way: what the LMS does not have yet is sent, as often as it takes.

Three promises: a score is sent with a timestamp later than any before it; a post whose answer was lost is settled by
reading the LMS's results before another is made; a value that somebody else put into the LMS is never overwritten.
Source: AGS 2.0; Moodle compares timestamps in whole seconds and answers 409 to an equal one.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Protocol

from sqlalchemy import update

from lti_tool.actions.edge import Edge
from lti_tool.actions.gradebook import IN_FLIGHT
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ScoreIsStale, ServiceFault
from lti_tool.lti.gradebook import RESULT_SCOPE, Result, ScoreToSend, read_results, send_score
from lti_tool.mentoring.words import N_
from lti_tool.store.db import carried, db, transaction
from lti_tool.store.gradebook import Score, column_of, scores_to_change, scores_with_people, waiting_scores
from lti_tool.store.people import Course, Person
from lti_tool.store.programme import Programme

BATCH = 200  # scores decided in one transaction
LOOK_SECONDS = 1.0  # without an answer, before the lease is renewed all the same
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


class StillOurs(Protocol):
    """Keeps the lease of this work; False when another worker has it by now."""

    def __call__(self, *, has_progressed: bool) -> bool:
        """`has_progressed` says that the LMS took something since the last call."""


def send_scores(programme_id: int, *, edge: Edge, still_ours: StillOurs) -> None:
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
            while waiting := waiting_scores(programme_id):
                read_at = edge.clock()
                results = read_results(connector, url) if can_read else {}
                if can_read:
                    _compared(programme_id, read_at)
                batches = _Batches(programme_id, waiting, results, read_at)
                if not _send_all(batches, connector, url, still_ours):
                    return
    except PlatformRefused as refusal:
        if refusal.fault is not ServiceFault.NOT_FOUND:
            raise
        _lose_column(programme_id, refusal.explanation)


class _Batches:
    """The scores that wait, each of them once: what changes meanwhile waits until the results were read again."""

    def __init__(self, programme_id: int, waiting: list[int], results: Mapping[str, Result], read_at: datetime) -> None:
        """`read_at` is when the results were read: whoever grades in the LMS after that is later than our scores."""
        self.programme_id = programme_id
        self._left, self._results, self._read_at = waiting, results, read_at

    def next(self) -> list[Post]:
        """The next posts; empty at the end."""
        posts: list[Post] = []
        while self._left and not posts:
            some, self._left = self._left[:BATCH], self._left[BATCH:]
            posts = _decide(self.programme_id, some, self._results, self._read_at)
        return posts


def _send_all(batches: _Batches, connector: Connector, url: str, still_ours: StillOurs) -> bool:
    """Keep the LMS busy until nothing is left; False when the lease is lost.

    The next scores are decided and the last answers written down while others are on their way.
    Raises: PlatformUnavailable when some got no clear answer, or the LMS must be left in peace.
    """
    patience = _Patience()
    send = carried(_sender(connector, url, patience))
    faults: list[PlatformUnavailable] = []
    on_their_way: set[Future[Post]] = set()
    has_progressed, is_ours = False, True
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        while is_ours := still_ours(has_progressed=has_progressed):
            if len(on_their_way) <= BATCH / 2 and not patience.is_over:
                on_their_way |= {pool.submit(send, post) for post in batches.next()}
            if not on_their_way:
                break
            arrived = _arrived(on_their_way)
            _record(batches.programme_id, arrived)
            has_progressed = any(post.outcome is None for post in arrived)
            faults += [fault for post in arrived if (fault := _passing(post.outcome))]
        _record(batches.programme_id, [future.result() for future in on_their_way if not future.cancel()])
    if faults:
        raise max(faults, key=lambda fault: fault.retry_after_seconds or 0)
    return is_ours


class _Patience:
    """Whether the LMS may be asked on: not once it throttles, nor after as many faults in a row as are in flight."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self.is_over = False

    def learn(self, fault: PlatformUnavailable | None) -> None:
        """What became of one more post."""
        self._in_a_row = self._in_a_row + 1 if fault else 0
        throttles = fault is not None and (fault.status in {403, 429} or fault.retry_after_seconds is not None)
        self.is_over = self.is_over or throttles or self._in_a_row >= IN_FLIGHT


def _sender(connector: Connector, url: str, patience: _Patience) -> Callable[[Post], Post]:
    """Sends a post and answers what became of it, as long as there is patience with the LMS."""

    def send(post: Post) -> Post:
        if patience.is_over:
            return replace(post, outcome=PlatformUnavailable())
        try:
            send_score(connector, url, post.to_send)
        except PlatformUnavailable as fault:
            patience.learn(fault)
            return replace(post, outcome=fault)
        except PlatformRefused as refusal:
            return replace(post, outcome=refusal)
        patience.learn(None)
        return post

    return send


def _arrived(on_their_way: set[Future[Post]]) -> list[Post]:
    """The posts that were answered, taken off; waits until there are some worth writing down, or a second is over."""
    enough = min(len(on_their_way), BATCH // 4)
    with suppress(TimeoutError):  # a slow LMS must not cost the lease
        list(islice(as_completed(on_their_way, LOOK_SECONDS), enough))
    finished = {future for future in on_their_way if future.done()}
    on_their_way -= finished
    return [future.result() for future in finished]


def _passing(outcome: Exception | None) -> PlatformUnavailable | None:
    """Why this post is to be tried again; a stale one was graded meanwhile, or the clocks differ: look anew."""
    if isinstance(outcome, ScoreIsStale):
        return PlatformUnavailable(status=outcome.status)
    return outcome if isinstance(outcome, PlatformUnavailable) else None


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


def _decide(programme_id: int, score_ids: list[int], results: Mapping[str, Result], read_at: datetime) -> list[Post]:
    """What to send of these; the rest of them is settled: taken already, changed in the LMS, or not sendable."""
    posts = []
    with transaction() as session:
        programme = session.get_one(Programme, programme_id)
        for score, person, is_there in scores_with_people(score_ids, programme.course_id):
            _settle(score, _points_there(results.get(person.subject), programme.points), is_there=is_there)
            if score.state == "waiting":
                posts.append(_post(score, person, programme.points, read_at))
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


def _post(score: Score, person: Person, maximum: int, read_at: datetime) -> Post:
    score.sent_at = max(read_at, score.sent_at + TICK) if score.sent_at else read_at
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
