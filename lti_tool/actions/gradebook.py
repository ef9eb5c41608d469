"""The column and the scores: asked for in the transaction that decided them, sent by the worker until the LMS has them.

Three promises: a score is sent with a timestamp later than any before it; a post whose answer was lost is settled by
reading the LMS's results before another is made; a value that somebody else put into the LMS is never overwritten.
Source: AGS 2.0; Moodle compares timestamps in whole seconds and answers 409 to an equal one.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from lti_tool.actions.edge import Edge
from lti_tool.lti.claims import GradebookEndpoint
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ScoreIsStale
from lti_tool.lti.gradebook import (
    RESULT_SCOPE,
    Result,
    ScoreToSend,
    find_or_create_line_item,
    read_results,
    send_score,
)
from lti_tool.mentoring.words import N_
from lti_tool.store import outbox
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score, column_of, waiting_scores
from lti_tool.store.people import Course, Person, find_member
from lti_tool.store.programme import Programme

COLUMN_KIND = "column"
SCORES_KIND = "scores"
BATCH = 200  # scores decided in one transaction
IN_FLIGHT = 8  # requests at a time; a Canvas throttles more and is no faster
TICK = timedelta(seconds=1)  # Moodle keeps whole seconds
TOLERANCE = Decimal("0.011")  # an LMS may round the second decimal

NO_GRADEBOOK = N_(
    "This LMS shares no gradebook with the tool. Ask its administrator to switch on Assignment and Grade Services."
)
NOT_ACTIVE = N_("This person is no longer active in the course. The score is kept here and is not sent.")
CHANGED_THERE = N_("Somebody changed this grade in the LMS. The grade there stays; the score here is not sent over it.")


def ask_for_column(programme: Programme, *, now: datetime) -> None:
    """Have the worker find or make the programme's column, inside the caller's transaction."""
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
        lane=f"{COLUMN_KIND}:{programme.id}",
        registration_id=course.registration_id,
        payload={"programme_id": programme.id},
        now=now,
    )


def ask_to_send(programme: Programme, *, now: datetime) -> None:
    """Have the worker send what the LMS does not have yet, inside the caller's transaction."""
    course = db.session.get_one(Course, programme.course_id)
    outbox.enqueue(
        kind=SCORES_KIND,
        key=str(programme.id),
        lane=f"{SCORES_KIND}:{course.registration_id}",
        registration_id=course.registration_id,
        payload={"programme_id": programme.id},
        now=now,
    )


def try_again(programme_id: int, *, now: datetime) -> None:
    """Somebody pressed the button: refused scores and a refused column are tried once more."""
    with transaction() as session:
        programme = session.get_one(Programme, programme_id)
        ask_for_column(programme, now=now)
        for score in session.scalars(db.select(Score).filter_by(programme_id=programme_id)):
            if score.state in {"refused", "held"}:
                score.state, score.problem = "waiting", None
        ask_to_send(programme, now=now)


def make_column(programme_id: int, *, edge: Edge, now: datetime) -> None:
    """Find the programme's column in the LMS, or make it; the LMS's own column for the link comes first.

    Raises: PlatformUnavailable
    """
    programme = db.session.get_one(Programme, programme_id)
    course = db.session.get_one(Course, programme.course_id)
    column = column_of(programme_id)
    if column is None or column.state == "ready":
        return
    try:
        url = programme.bound_line_item_url or _line_item_url(programme, course, edge)
    except PlatformRefused as refusal:
        _settle_column(programme_id, state="refused", url=None, problem=refusal.explanation)
        return
    _settle_column(programme_id, state="ready", url=url, problem=None)
    with transaction():
        ask_to_send(db.session.get_one(Programme, programme_id), now=now)


def _line_item_url(programme: Programme, course: Course, edge: Edge) -> str:
    item = find_or_create_line_item(
        edge.connector(course.registration_id),
        GradebookEndpoint(
            line_items_url=course.line_items_url, line_item_url=None, scopes=frozenset(course.gradebook_scopes)
        ),
        label=programme.title,
        score_maximum=programme.points,
        resource_id=programme.key,
        tag="participation",
    )
    return item.url


def _settle_column(programme_id: int, *, state: str, url: str | None, problem: str | None) -> None:
    with transaction():
        column = column_of(programme_id)
        if column:
            column.state, column.line_item_url, column.problem = state, url, problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One score on its way, and what became of it."""

    score_id: int
    to_send: ScoreToSend
    points: Decimal
    outcome: Exception | None = None


def send_scores(programme_id: int, *, edge: Edge, still_ours: Callable[[], bool]) -> None:
    """Send every waiting score of the programme; what cannot be sent now stays queued.

    Raises: PlatformUnavailable when some must be tried again; those that were taken stay taken.
    """
    column = column_of(programme_id)
    if column is None or column.state != "ready" or column.line_item_url is None:
        return  # the column's own row asks again when it is ready
    programme = db.session.get_one(Programme, programme_id)
    course = db.session.get_one(Course, programme.course_id)
    url, maximum, scopes = column.line_item_url, column.maximum, course.gradebook_scopes
    connector = edge.connector(course.registration_id)
    results = read_results(connector, url) if RESULT_SCOPE in scopes else {}
    _compared(programme_id, edge.clock())
    while still_ours():
        posts = _decide(programme_id, course.id, maximum, results, edge.clock())
        if not posts:
            if not waiting_scores(programme_id, limit=1):
                return
            continue
        sent = _send(connector, url, posts)
        _record(sent)
        for fault in (post.outcome for post in sent):
            if isinstance(fault, PlatformUnavailable | ScoreIsStale):
                raise fault if isinstance(fault, PlatformUnavailable) else PlatformUnavailable(status=409)


def _compared(programme_id: int, now: datetime) -> None:
    with transaction():
        column = column_of(programme_id)
        if column:
            column.compared_at = now


def _decide(
    programme_id: int, course_id: int, maximum: int, results: Mapping[str, Result], now: datetime
) -> list[Post]:
    """What to send of a batch; the rest of it is settled: taken already, changed in the LMS, or not sendable."""
    with transaction():
        posts = []
        for score, person in waiting_scores(programme_id, limit=BATCH):
            member = find_member(course_id, person.id)
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


def _send(connector: Connector, url: str, posts: list[Post]) -> list[Post]:
    def send(post: Post) -> Post:
        try:
            send_score(connector, url, post.to_send)
        except (PlatformRefused, PlatformUnavailable) as fault:
            return Post(score_id=post.score_id, to_send=post.to_send, points=post.points, outcome=fault)
        return post

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        return list(pool.map(send, posts))


def _record(posts: list[Post]) -> None:
    with transaction() as session:
        for post in posts:
            score = session.get_one(Score, post.score_id, with_for_update=True)
            if post.outcome is None:
                _mark_taken(score, post.points)
                score.sent_comment = post.to_send.comment or score.sent_comment
            elif isinstance(post.outcome, PlatformRefused) and not isinstance(post.outcome, ScoreIsStale):
                score.tried_points = None
                score.state, score.problem = "refused", post.outcome.explanation
