"""The threads of one worker process: what each works on, how many may wait for LMSs that fail, and how they stop."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from lti_tool.store import outbox, rest
from lti_tool.store.outbox import OutboxRow

SLICE = timedelta(seconds=10)  # of an LMS's lane, before long work lets something else go first


class Crew:
    """The threads that share a process; one that is not told otherwise is a single thread that never stops."""

    def __init__(self, threads: int = 1, stopping: threading.Event | None = None) -> None:
        """`stopping` is set when the process is to end."""
        self.stopping = stopping or threading.Event()
        self._most_doubtful = max(1, threads // 2)
        self._lock = threading.Lock()
        self._at_work: dict[int, Turn] = {}

    @contextmanager
    def turn(self, *, clock: Callable[[], datetime], lease_seconds: int) -> Iterator["Turn | None"]:
        """The next row that is due, for as long as it is worked on; None when nothing is due, or the process ends."""
        found = self._next(clock, lease_seconds)
        try:
            yield found
        finally:
            if found:
                with self._lock:
                    self._at_work.pop(found.row.id, None)

    def _next(self, clock: Callable[[], datetime], lease_seconds: int) -> "Turn | None":
        with self._lock:
            if self.stopping.is_set():
                return None
            doubtful = sum(one.is_doubtful for one in self._at_work.values())
            row = outbox.claim(now=clock(), lease_seconds=lease_seconds, may_probe=doubtful < self._most_doubtful)
            if row is None:
                return None
            is_doubtful = row.registration_id is not None and rest.is_doubtful(row.registration_id)
            found = Turn(row, crew=self, clock=clock, lease_seconds=lease_seconds, is_doubtful=is_doubtful)
            self._at_work[row.id] = found
            return found

    def turn_of(self, row: OutboxRow) -> "Turn":
        """The turn in which this row is worked on."""
        return self._at_work[row.id]

    def hand_back(self, *, now: datetime) -> int:
        """Whatever is still worked on goes to another worker at once: this process ends now. How many rows."""
        with self._lock:
            for one in self._at_work.values():
                outbox.hand_back(one.row, now=now)
            return len(self._at_work)


class Turn:
    """One row in one thread's hands."""

    def __init__(
        self, row: OutboxRow, *, crew: Crew, clock: Callable[[], datetime], lease_seconds: int, is_doubtful: bool
    ) -> None:
        """`is_doubtful` says that the last answer of the row's LMS was a fault."""
        self.row, self.is_doubtful = row, is_doubtful
        self.is_cut_short = self.has_progressed = self.has_heard = False
        self._crew, self._clock = crew, clock
        self._lease = timedelta(seconds=lease_seconds)
        self._slice_began_at = clock()

    def heard(self) -> None:
        """The row's LMS has answered."""
        self.has_heard = True

    def goes_on(self, *, has_progressed: bool = False, gives_way: bool = False) -> bool:
        """Keep the lease for longer; False when the row was lost, the process ends, or others are to go first.

        What cannot give way counts for nothing: else a long reading would leave no time for what it was read for.
        """
        now = self._clock()
        self._slice_began_at = self._slice_began_at if gives_way else now
        self.has_progressed = self.has_progressed or has_progressed
        if not outbox.renew(self.row, until=now + self._lease, has_progressed=has_progressed):
            return False
        has_had_enough = gives_way and now - self._slice_began_at >= SLICE and outbox.others_wait(self.row, now=now)
        self.is_cut_short = self.is_cut_short or has_had_enough or self._crew.stopping.is_set()
        return not self.is_cut_short
