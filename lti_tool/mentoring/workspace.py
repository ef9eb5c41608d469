"""What comes next for one person in one pair, and what else waits for them there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from lti_tool.mentoring.checkins import CheckInSlot, is_open
from lti_tool.mentoring.words import Sentence


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that waits for a person in a pair, with its reason in words.

    Shape: `place` names the kind of page where it is done, `number` what of it; `due_at` None: whenever they like.
    """

    kind: str
    reason: Sentence
    place: str
    due_at: datetime | None = None
    number: int | None = None


def in_order(found: Iterable[Due]) -> list[Due]:
    """Return what waits, the soonest first; what has no date comes last, in the order given."""
    return sorted(found, key=lambda due: due.due_at or datetime.max.replace(tzinfo=UTC))
