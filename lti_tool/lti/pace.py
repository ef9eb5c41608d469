"""How fast one LMS is asked: never more requests at once than it bears, and slower as it says that its patience ends.

Canvas keeps a leaky bucket for each client id. A request is refused while the bucket is full; else it reserves a part
of it in advance, gets that back at its end and pays what it cost. Each answer says how much is left
(`X-Rate-Limit-Remaining`), so that a client who listens is hardly ever refused.
Source: canvas-lms `doc/api/throttling.md`, `app/middleware/request_throttle.rb`, whose defaults these are.
"""

import threading
import time
from collections.abc import Callable, Mapping

AT_ONCE = 8  # requests; more only earn throttling from a Canvas
RESERVED = 50.0  # of the bucket, by a request on its way
LEAK_PER_SECOND = 10.0
MARGIN = 10.0  # of the bucket, left for what other programs ask under the same client id
CALM = 50  # answers with room in the bucket, before more requests at once are tried again
LONGEST_PAUSE_SECONDS = 3.0  # a longer one is not waited for here: the work is put off
MOST_TRIES = 8  # of a request that the LMS refuses for being too fast


class Pace:
    """Lets requests to one LMS begin; threads share it."""

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[threading.Condition, float | None], object] = threading.Condition.wait,
    ) -> None:
        """Nothing is known of the LMS yet: as many at once as any LMS bears."""
        self._most = self._allowed = at_once
        self._on_their_way = self._calm = 0
        self._not_before = 0.0
        self._changed = threading.Condition()
        self._clock, self._wait = clock, wait

    def enter(self) -> None:
        """Wait until one more request may begin."""
        with self._changed:
            while (pause := self._not_before - self._clock()) > 0 or self._on_their_way >= self._allowed:
                self._wait(self._changed, pause if pause > 0 else None)
            self._on_their_way += 1

    def leave(self, headers: Mapping[str, str]) -> None:
        """The request is over; `headers` are its answer's, or empty where none came."""
        with self._changed:
            self._on_their_way -= 1
            left = _number(headers, "X-Rate-Limit-Remaining")
            if left is not None:
                self._learn(left)
            self._changed.notify_all()

    def refused(self, headers: Mapping[str, str], tries: int) -> bool:
        """Whether a request that was too fast is worth another try: after a pause, or when another one has ended."""
        asked = _number(headers, "Retry-After")
        is_told = asked is not None or "X-Rate-Limit-Remaining" in headers
        if not is_told or (asked or 0) > LONGEST_PAUSE_SECONDS or tries >= MOST_TRIES:
            return False
        with self._changed:
            self._calm = 0
            self._allowed = max(1, min(self._allowed, self._on_their_way) - 1)
            if asked is None and not self._on_their_way:
                asked = min(MARGIN / LEAK_PER_SECOND * 2 ** (tries - 1) / 2, LONGEST_PAUSE_SECONDS)
            self._not_before = max(self._not_before, self._clock() + (asked or 0))
        return True

    def _learn(self, left: float) -> None:
        """As many more may begin as the bucket has room for; where there is none, it first leaks a little.

        The LMS had not seen yet what began since it answered: one more than before is let through only where there is
        room for three, and has been room for a while.
        """
        more = int((left - MARGIN) // RESERVED) + 1 if left >= MARGIN else 0
        self._calm = self._calm + 1 if more else 0
        growth = 1 if more > 2 and self._calm >= CALM else 0
        self._allowed = max(1, min(self._on_their_way + more, self._most, self._allowed + growth))
        if not more and not self._on_their_way:
            self._not_before = self._clock() + min((MARGIN - left) / LEAK_PER_SECOND, LONGEST_PAUSE_SECONDS)


def _number(headers: Mapping[str, str], name: str) -> float | None:
    """A plain number of a header, zero or more."""
    said = headers.get(name, "").strip()
    return float(said[:12]) if said.isascii() and said.replace(".", "", 1).isdigit() else None
