"""Failures on request: what a test switches on to see how a tool bears a bad day of its LMS."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

AREAS = ("token", "nrps", "ags", "scores", "jwks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the next requests to one area meet: a status instead of an answer, or a stored score and no answer."""

    area: str
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = "A fault was asked for."
    loses_answer: bool = False


@dataclass(slots=True)
class Faults:
    """The failures still to come, first in first out for each area."""

    queue: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault, *, count: int = 1) -> None:
        """Let the next `count` requests to the fault's area fail."""
        with self.lock:
            self.queue.extend([fault] * count)

    def clear(self) -> None:
        """Let everything work again."""
        with self.lock:
            self.queue.clear()

    def take(self, areas: tuple[str, ...]) -> Fault | None:
        """Answer the failure that this request meets, used up by it."""
        with self.lock:
            fault = next((fault for fault in self.queue if fault.area in areas), None)
            if fault:
                self.queue.remove(fault)
            return fault
