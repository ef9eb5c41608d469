"""Scores on their way: what the LMS does not have yet is sent, as often as it takes.

Three promises: a score is sent with a timestamp later than any before it; a post whose answer was lost is settled by
reading the LMS's results before another is made; a value that somebody else put into the LMS is never overwritten.
Source: AGS 2.0; Moodle compares timestamps in whole seconds and answers 409 to an equal one.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from lti_tool.actions.cells import mark_taken
from lti_tool.actions.comparing import (
    LeaseLost,
    Place,
    StillOurs,
    compare,
    is_of_a_lost_column,
    may_be_one_columns,
    places_of,
    read_column,
    settle,
)
from lti_tool.actions.edge import Edge
from lti_tool.actions.gradebook import IN_FLIGHT, give_up_scores, plan_of
from lti_tool.actions.gradebook_columns import lose_column
from lti_tool.actions.score_flights import Patience, Post, answered, passing, sender
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import (
    LtiError,
    PlatformRefused,
    PlatformUnavailable,
    ScoreIsStale,
    ScoresNotTaken,
    ServiceFault,
)
from lti_tool.lti.gradebook import Result, ScoreToSend
from lti_tool.lti.line_items import is_gone
from lti_tool.mentoring.columns import Part, every_maximum
from lti_tool.mentoring.gradebook_cells import Verdict
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.store.db import carried, db, transaction
from lti_tool.store.gradebook import Score, scores_to_change, scores_with_people, waiting_scores
from lti_tool.store.people import Course, Person
from lti_tool.store.programme import Programme, settings_of

BATCH = 200  # scores decided in one transaction
TICK = timedelta(seconds=1)  # Moodle keeps whole seconds
FRESH = timedelta(seconds=60)  # how long what the LMS showed is sent upon, at least
READINGS_APART = 4  # times as long as a reading takes
CENT = Decimal("0.01")  # what is kept of points
FINE = Decimal("0.0001")  # of a score in a column of another scale than ours


def send_scores(programme_id: int, *, edge: Edge, still_ours: StillOurs) -> None:
    """Send every waiting score of the programme, column by column; what cannot be sent now stays queued.

    A column that is refused, or where some scores are left for later, stops no other one.
    Raises: PlatformUnavailable when some must be tried again, PlatformRefused when trying again cannot help; scores
        that were taken stay taken.
    """
    programme = db.session.get_one(Programme, programme_id)
    course = db.session.get_one(Course, programme.course_id)
    if not programme.is_graded or not any(waiting_scores(programme_id, plan.part) for plan in plan_of(programme)):
        return  # it was graded, or something waited, when this was queued
    with closing(edge.connector(course.registration_id)) as connector, suppress(LeaseLost):
        places = places_of(programme, course, connector.quirks)  # another column's own row asks when it is ready
        faults = [fault for place in places if (fault := _fault_of_column(place, connector, edge, still_ours))]
        left = [fault for fault in faults if isinstance(fault, PlatformUnavailable)]
        if left:
            raise next((fault for fault in left if not isinstance(fault, ScoresNotTaken)), left[0])
        if faults and len(faults) == len(places):
            raise faults[0]


def _fault_of_column(place: Place, connector: Connector, edge: Edge, still_ours: StillOurs) -> LtiError | None:
    """Send what waits for one column; what keeps some of it, or all of it, from being taken, where others may go on.

    Raises: PlatformUnavailable where the LMS does not answer at all, or wants to be left in peace; LeaseLost.
    """
    try:
        _send_column(place, connector, edge, still_ours)
    except PlatformUnavailable as fault:
        if not may_be_one_columns(fault):
            raise
        return fault
    except PlatformRefused as refusal:
        if is_of_a_lost_column(refusal, place, connector):
            lose_column(place.programme_id, place.part, refusal.explanation)
            return None
        give_up_scores(place.programme_id, part=place.part, problem=refusal.explanation)
        return refusal
    return None


def _send_column(place: Place, connector: Connector, edge: Edge, still_ours: StillOurs) -> None:
    """Send what waits for one column, and read it again wherever that takes long."""
    not_found: set[int] = set()
    not_yet: set[int] = set()
    while waiting := [one for one in waiting_scores(place.programme_id, place.part) if one not in not_yet]:
        read_at = edge.clock()
        results = read_column(place, connector, still_ours)
        fresh_for = max(FRESH, READINGS_APART * (edge.clock() - read_at))
        compare(place, results, read_at)
        reading = _Reading(results=results, read_at=read_at, fresh_until=read_at + fresh_for)
        batches = _Batches(place, waiting, reading, edge.clock, not_found=not_found, not_yet=not_yet)
        _send_all(batches, connector, place.url, still_ours)
        if not_found and not place.can_read and place.look_scopes and is_gone(connector, place.url, place.look_scopes):
            raise PlatformRefused(ServiceFault.NOT_FOUND)
    if not_yet:
        raise ScoresNotTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What the LMS showed. Whoever grades there after `read_at` is later than our scores; where an LMS looks at no
    times, their grade is safe only if the column is read again before long."""

    results: Mapping[str, Result] | None
    read_at: datetime
    fresh_until: datetime


class _Batches:
    """The scores that wait, each of them once: what changes meanwhile waits until the results were read again."""

    def __init__(
        self,
        place: Place,
        waiting: list[int],
        reading: _Reading,
        clock: Callable[[], datetime],
        *,
        not_found: set[int],
        not_yet: set[int],
    ) -> None:
        """`not_found` collects the scores for which the LMS said that there is no such column: the next reading shows
        whether it is the column that is gone, or the person. `not_yet` collects those that may not be sent now.
        """
        self.place, self.is_read = place, reading.results is not None
        self.not_found = not_found
        self._not_yet, self._left, self._reading, self.clock = not_yet, waiting, reading, clock
        self._has_begun = False

    def next(self) -> list[Post]:
        """The next posts; empty at the end, or when what the LMS showed is too long ago."""
        posts: list[Post] = []
        while self._left and not posts:
            if self._has_begun and self.is_read and self.clock() > self._reading.fresh_until:
                return []
            self._has_begun = True
            some, self._left = self._left[:BATCH], self._left[BATCH:]
            posts = _decide(self.place, some, self._reading, self._not_yet)
        return posts


def _send_all(batches: _Batches, connector: Connector, url: str, still_ours: StillOurs) -> None:
    """Keep the LMS busy until nothing is left.

    The next scores are decided and the last answers written down while others are on their way.
    Raises: LeaseLost; PlatformUnavailable when some got no clear answer, or the LMS must be left in peace.
    """
    patience = Patience()
    send = carried(sender(connector, url, patience))
    left: list[Post] = []
    on_their_way: set[Future[Post]] = set()
    has_progressed, is_ours = False, True
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        while is_ours := still_ours(has_progressed=has_progressed, gives_way=True):
            if len(on_their_way) <= BATCH / 2 and not patience.is_over:
                on_their_way |= {pool.submit(send, post) for post in batches.next()}
            if not on_their_way:
                break
            arrived = answered(on_their_way)
            _record(batches, arrived)
            has_progressed = any(post.outcome is None for post in arrived)
            left += [post for post in arrived if passing(post.outcome)]
        _record(batches, [future.result() for future in on_their_way if not future.cancel()])
    if left:
        _leave(left, is_answering=batches.is_read and not patience.is_over)
    if not is_ours:
        raise LeaseLost


def _leave(left: list[Post], *, is_answering: bool) -> None:
    """These are tried again later. Where the LMS answers all the same, it is about these people alone.

    Raises: ScoresNotTaken, PlatformUnavailable.
    """
    faults = [fault for post in left if (fault := passing(post.outcome))]
    if not is_answering:
        raise max(faults, key=lambda fault: (fault.retry_after_seconds or 0, fault.fault is not None))
    if all(isinstance(post.outcome, ScoreIsStale) for post in left):
        raise ScoresNotTaken(ServiceFault.STALE, status=faults[0].status)
    came = {fault.fault for fault in faults}
    only = came.pop() if len(came) == 1 else None
    raise ScoresNotTaken(only or ServiceFault.SCORE_FAILS, status=faults[0].status)


def _decide(place: Place, score_ids: list[int], reading: _Reading, not_yet: set[int]) -> list[Post]:
    """What to send of these; the rest of them is settled: taken already, changed in the LMS, or not sendable."""
    posts = []
    results, read_at = reading.results, reading.read_at
    with transaction() as session:
        here = _as_it_is_now(place, session.get_one(Programme, place.programme_id))
        for score, person, is_there in scores_with_people(score_ids, place.course_id):
            if score.state != "waiting":
                continue
            found = settle(score, person, here, results, is_there=is_there, read_at=read_at)
            if found is Verdict.NOT_YET:
                not_yet.add(score.id)
            elif score.state == "waiting":
                posts.append(_post(score, person, here, read_at))
    return posts


def _as_it_is_now(place: Place, programme: Programme) -> Place:
    """The place with the points that the settings give it now; they may have changed since the work began."""
    points = every_maximum(scheme_for(settings_of(programme)))
    return replace(place, points=points.get(Part(place.part), place.points))


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
    """Write down what became of these posts; an answer to an older post than the last one says nothing any more."""
    by_score = {post.score_id: post for post in posts}
    with transaction() as session:
        here = _as_it_is_now(batches.place, session.get_one(Programme, batches.place.programme_id))
        for score in scores_to_change(by_score):
            post = by_score[score.id]
            if score.sent_at != post.to_send.timestamp:
                continue
            # It was on its way until now, perhaps long after its own time: from now on the LMS may take a while to show
            # it. The next one is still no later than the reading that it rests on.
            score.sent_at = max(score.sent_at, batches.clock() - TICK)
            if post.outcome is None:
                mark_taken(score, (post.points * here.points / post.of).quantize(CENT, ROUND_HALF_UP))
                score.sent_comment = post.to_send.comment or score.sent_comment
            elif isinstance(post.outcome, PlatformRefused) and not isinstance(post.outcome, ScoreIsStale):
                score.tried_points = None
                is_final = score.points == post.points and score.state == "waiting"  # else a newer one waits already
                if is_final and not _is_doubted(score, post.outcome, batches):
                    score.state, score.problem = "refused", _words(post.outcome, batches)


def _words(refusal: PlatformRefused, batches: _Batches) -> str:
    """What staff read; where the column was looked at and is there, what cannot be found is the person."""
    is_there = refusal.fault is ServiceFault.NOT_FOUND and batches.place.can_be_looked_at
    return ServiceFault.PERSON_NOT_GRADABLE.explanation if is_there else refusal.explanation


def _is_doubted(score: Score, refusal: PlatformRefused, batches: _Batches) -> bool:
    """Whether the whole column may be gone, so that the next look at it decides."""
    is_not_found = refusal.fault is ServiceFault.NOT_FOUND and batches.place.can_be_looked_at
    is_new = is_not_found and score.id not in batches.not_found
    if is_new:
        batches.not_found.add(score.id)
    return is_new
