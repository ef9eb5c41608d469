"""What comes next for one person in one pair."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lti_tool.mentoring.checkins import CheckInSlot, is_open


class StepKind(StrEnum):
    """What a person can do now: send a check-in, wait for the next one, or look back."""

    CHECK_IN = "check_in"
    WAIT = "wait"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The next step; `number` and `opens_at` say which check-in, and are None when all are sent."""

    kind: StepKind
    number: int | None = None
    opens_at: datetime | None = None


def next_step(slots: Sequence[CheckInSlot], done_numbers: Collection[int], now: datetime) -> NextStep:
    """Return the earliest check-in that was not sent: to send when it is open, to wait for otherwise."""
    left = [slot for slot in slots if slot.number not in done_numbers]
    if not left:
        return NextStep(kind=StepKind.FINISHED)
    slot = min(left, key=lambda slot: (slot.opens_at, slot.number))
    kind = StepKind.CHECK_IN if is_open(slot, now) else StepKind.WAIT
    return NextStep(kind=kind, number=slot.number, opens_at=slot.opens_at)
