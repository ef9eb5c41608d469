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

from lti_tool.actions.cells import mark_taken
from lti_tool.actions.comparing import Place, StillOurs, compare, places_of, settle
from lti_tool.actions.edge import Edge
from lti_tool.actions.gradebook import IN_FLIGHT, plan_of
from lti_tool.actions.gradebook_columns import lose_column
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ScoreIsStale, ServiceFault
from lti_tool.lti.gradebook import Result, ScoreToSend, read_results, send_score
from lti_tool.store.db import carried, db, transaction
from lti_tool.store.gradebook import Score, scores_to_change, scores_with_people, waiting_scores
from lti_tool.store.people import Course, Person
from lti_tool.store.programme import Programme

BATCH = 200  # scores decided in one transaction
LOOK_SECONDS = 1.0  # without an answer, before the lease is renewed all the same
TICK = timedelta(seconds=1)  # Moodle keeps whole seconds
FINE = Decimal("0.0001")  # of a score in a column of another scale than ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One score on its way, and what became of it."""

    score_id: int
    to_send: ScoreToSend
    points: Decimal
    of: int  # the maximum of those points, which the column's may differ from
    outcome: Exception | None = None


def send_scores(programme_id: int, *, edge: Edge, still_ours: StillOurs) -> None:
    """Send every waiting score of the programme, column by column; what cannot be sent now stays queued.

    Raises: PlatformUnavailable when some must be tried again, PlatformRefused when trying again cannot help; scores
        that were taken stay taken.
    """
    programme = db.session.get_one(Programme, programme_id)
    course = db.session.get_one(Course, programme.course_id)
    if not programme.is_graded or not any(waiting_scores(programme_id, plan.part) for plan in plan_of(programme)):
        return  # it was graded, or something waited, when this was queued
    with closing(edge.connector(course.registration_id)) as connector:
        for place in places_of(programme, course, connector.quirks):  # another column's own row asks when it is ready
            if not _send_column(place, connector, edge, still_ours):
                return


def _send_column(place: Place, connector: Connector, edge: Edge, still_ours: StillOurs) -> bool:
    """Send what waits for one column; False when the lease is lost."""
    not_found: set[int] = set()
    try:
        while waiting := waiting_scores(place.programme_id, place.part):
            read_at = edge.clock()
            results = read_results(connector, place.url) if place.can_read else None
            compare(place, results, read_at)
            batches = _Batches(place, waiting, results, read_at, not_found)
            if not _send_all(batches, connector, place.url, still_ours):
                return False
    except PlatformRefused as refusal:
        if refusal.fault is not ServiceFault.NOT_FOUND:
            raise
        lose_column(place.programme_id, place.part, refusal.explanation)
    return True


class _Batches:
    """The scores that wait, each of them once: what changes meanwhile waits until the results were read again."""

    def __init__(
        self,
        place: Place,
        waiting: list[int],
        results: Mapping[str, Result] | None,
        read_at: datetime,
        not_found: set[int],
    ) -> None:
        """`read_at` is when the results were read: whoever grades in the LMS after that is later than our scores.

        `not_found` collects the scores for which the LMS said that there is no such column: the next reading shows
        whether it is the column that is gone, or the person.
        """
        self.place = place
        self.not_found = not_found
        self._left, self._results, self._read_at = waiting, results, read_at

    def next(self) -> list[Post]:
        """The next posts; empty at the end."""
        posts: list[Post] = []
        while self._left and not posts:
            some, self._left = self._left[:BATCH], self._left[BATCH:]
            posts = _decide(self.place, some, self._results, self._read_at)
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
            _record(batches, arrived)
            has_progressed = any(post.outcome is None for post in arrived)
            faults += [fault for post in arrived if (fault := _passing(post.outcome))]
        _record(batches, [future.result() for future in on_their_way if not future.cancel()])
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


def _decide(place: Place, score_ids: list[int], results: Mapping[str, Result] | None, read_at: datetime) -> list[Post]:
    """What to send of these; the rest of them is settled: taken already, changed in the LMS, or not sendable."""
    posts = []
    with transaction() as session:
        here = _as_it_is_now(place, session.get_one(Programme, place.programme_id))
        for score, person, is_there in scores_with_people(score_ids, place.course_id):
            if score.state == "waiting":
                settle(score, person, here, results, is_there=is_there, read_at=read_at)
            if score.state == "waiting":
                posts.append(_post(score, person, here, read_at))
    return posts


def _as_it_is_now(place: Place, programme: Programme) -> Place:
    """The place with the points that the settings give it now; they may have changed since the work began."""
    points = {plan.part.value: plan.maximum for plan in plan_of(programme)}
    return replace(place, points=points.get(place.part, place.points))


def _post(score: Score, person: Person, place: Place, read_at: datetime) -> Post:
    score.sent_at = max(read_at, score.sent_at + TICK) if score.sent_at else read_at
    score.tried_points = score.points
    return Post(
        score_id=score.id,
        points=score.points,
        of=place.points,
        to_send=ScoreToSend(
            user_id=person.subject,
            points=_scaled(score.points, place),
            maximum=place.maximum,
            timestamp=score.sent_at,
            comment=_comment(score, place),
            is_overriding=score.decided_by is not None,
        ),
    )


def _scaled(points: Decimal, place: Place) -> float:
    """The points in the column's own scale, which never changes once something was sent to it."""
    if place.points == place.maximum:
        return float(points)
    return float((points * place.maximum / place.points).quantize(FINE))


def _comment(score: Score, place: Place) -> str | None:
    """What is sent beside the points: only what is new, unless a score without it would remove it."""
    if not place.may_comment or not score.comment:
        return None
    is_new = score.comment != score.sent_comment
    return score.comment if is_new or place.quirks.missing_comment_clears else None


def _record(batches: _Batches, posts: list[Post]) -> None:
    """Write down what became of these posts."""
    by_score = {post.score_id: post for post in posts}
    with transaction() as session:
        here = _as_it_is_now(batches.place, session.get_one(Programme, batches.place.programme_id))
        for score in scores_to_change(by_score):
            post = by_score[score.id]
            if post.outcome is None:
                mark_taken(score, post.points * here.points / post.of)
                score.sent_comment = post.to_send.comment or score.sent_comment
            elif isinstance(post.outcome, PlatformRefused) and not isinstance(post.outcome, ScoreIsStale):
                score.tried_points = None
                if score.points == post.points and not _is_doubted(score, post.outcome, batches):
                    score.state, score.problem = "refused", post.outcome.explanation  # else a newer value waits already


def _is_doubted(score: Score, refusal: PlatformRefused, batches: _Batches) -> bool:
    """Whether the whole column may be gone, so that the next reading decides."""
    is_new = refusal.fault is ServiceFault.NOT_FOUND and batches.place.can_read and score.id not in batches.not_found
    if is_new:
        batches.not_found.add(score.id)
    return is_new
