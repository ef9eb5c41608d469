"""Scores in flight: several requests at once, what became of each, and when an LMS is asked no more."""

from collections.abc import Callable
from concurrent.futures import Future, as_completed
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from lti_tool.actions.gradebook import IN_FLIGHT
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ScoreIsStale
from lti_tool.lti.gradebook import ScoreToSend, send_score

ENOUGH = 50  # answers worth writing down at once
LOOK_SECONDS = 1.0  # without an answer, before the lease is renewed all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One score on its way, and what became of it."""

    score_id: int
    to_send: ScoreToSend
    points: Decimal
    of: int  # the maximum of those points, which the column's may differ from
    outcome: Exception | None = None


class Patience:
    """Whether the LMS may be asked on: not once it throttles, nor after as many faults in a row as are in flight."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self.is_over = False

    def learn(self, fault: PlatformUnavailable | None) -> None:
        """What became of one more post."""
        self._in_a_row = self._in_a_row + 1 if fault else 0
        throttles = fault is not None and (fault.status in {403, 429} or fault.retry_after_seconds is not None)
        self.is_over = self.is_over or throttles or self._in_a_row >= IN_FLIGHT


def sender(connector: Connector, url: str, patience: Patience) -> Callable[[Post], Post]:
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


def answered(on_their_way: set[Future[Post]]) -> list[Post]:
    """The posts that were answered, taken off; waits until there are some worth writing down, or a second is over."""
    enough = min(len(on_their_way), ENOUGH)
    with suppress(TimeoutError):  # a slow LMS must not cost the lease
        list(islice(as_completed(on_their_way, LOOK_SECONDS), enough))
    finished = {future for future in on_their_way if future.done()}
    on_their_way -= finished
    return [future.result() for future in finished]


def passing(outcome: Exception | None) -> PlatformUnavailable | None:
    """Why this post is to be tried again; a stale one was graded meanwhile, or the clocks differ: look anew."""
    if isinstance(outcome, ScoreIsStale):
        return PlatformUnavailable(status=outcome.status)
    return outcome if isinstance(outcome, PlatformUnavailable) else None
