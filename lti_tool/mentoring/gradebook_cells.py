"""One cell of the LMS's gradebook compared with what the tool believes of it: what follows from what is seen there.

Nothing that somebody else put into the LMS is ever taken for ours, and nothing is sent twice because an LMS is slow to
show it, shows no zeros, or lists only some people.
Source: product sections 6.5 (9, 10, 15 to 17) and 6.6; AGS 2.0 section 3.4; how LMSs show results: lti/quirks.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

SETTLES = timedelta(minutes=1)  # after a post an LMS may go on showing what stood there before
LANDS = timedelta(seconds=20)  # after which a post without an answer has arrived, or never will
_CENT = Decimal("0.0055")  # half of the last decimal that is kept, and a little for what floats lose


class ScoreState(StrEnum):
    """What is being done about somebody's score."""

    WAITING = "waiting"  # to be sent
    SENT = "sent"  # taken by the LMS; without sent points: nothing is there, and nothing is to be sent
    REFUSED = "refused"
    DIFFERS = "differs"  # somebody changed it in the LMS, and staff have not decided
    HELD = "held"  # not active in the course
    FROZEN = "frozen"  # staff keep the LMS's value, or have to empty the cell there


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What the tool knows of a cell.

    Shape: `points` are released, `sent` what the LMS last took, `tried` a post without an answer, `there` what the LMS
        was last seen to have instead of ours. `is_decided` says that staff decided about `there`: to keep it where the
        cell is frozen, to write over it elsewhere.
    """

    state: ScoreState
    points: Decimal
    sent: Decimal | None = None
    tried: Decimal | None = None
    there: Decimal | None = None
    is_confirmed: bool = False  # the LMS has shown what it last took
    is_decided: bool = False
    is_said_cleared: bool = False  # staff say that they emptied it
    was_missed: bool = False  # it was sent once more already, since the LMS showed nothing
    has_new_comment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the LMS shows of a cell, in our points; `is_known` is False where it lets nobody read.

    Shape: `is_settled` says that our last post is old enough to be shown, `is_landed` that it is old enough to have
        arrived.
    """

    points: Decimal | None
    is_known: bool = True
    is_active: bool = True  # the person, in the course
    is_settled: bool = True
    is_landed: bool = True
    omits_zeros: bool = False  # the LMS
    tolerance: Decimal = 2 * _CENT


class Verdict(StrEnum):
    """What follows."""

    LEAVE = "leave"  # as it is; a score that waits is sent
    NOT_YET = "not_yet"  # a score that waits goes on waiting: what was sent last may still have to show
    HOLD = "hold"
    RESUME = "resume"  # send it: active again, or the LMS has our own earlier value again
    TRIED_ARRIVED = "tried_arrived"  # a post whose answer was lost
    AGREES = "agrees"  # the LMS has the released points, whoever wrote them
    CONFIRM = "confirm"
    CHANGED = "changed"  # the LMS has a value that is none of ours
    EMPTIED = "emptied"  # the LMS had our value and has none now
    NOT_TAKEN_OVER = "not_taken_over"  # staff decided for ours, and the LMS goes on showing its own
    SEND_AGAIN = "send_again"  # taken, and never seen there
    OTHER_THERE = "other_there"  # it differed before, and now in another way
    CLEARED = "cleared"
    NOT_CLEARED = "not_cleared"


def tolerance(maximum: int, column_maximum: int) -> Decimal:
    """Return how far apart two equal values may seem: both sides keep two decimals, each of its own scale."""
    return _CENT + _CENT * maximum / column_maximum


def verdict(cell: Cell, seen: Seen) -> Verdict:
    """Return what follows for this cell from what is seen."""
    if cell.state is ScoreState.WAITING:
        return _of_waiting(cell, seen)
    if cell.state is ScoreState.HELD:
        return Verdict.RESUME if seen.is_active else Verdict.LEAVE
    if cell.state is ScoreState.REFUSED and not seen.is_active:
        return Verdict.HOLD
    if not seen.is_known or not seen.is_active:
        return Verdict.LEAVE
    return _JUDGED[cell.state](cell, seen)


def _of_waiting(cell: Cell, seen: Seen) -> Verdict:
    if not seen.is_active:
        return Verdict.HOLD
    if not seen.is_known:
        return Verdict.LEAVE
    if _same(cell.tried, seen):
        return Verdict.TRIED_ARRIVED
    if cell.tried is not None and cell.tried != cell.points and not seen.is_landed:
        return Verdict.NOT_YET
    if _same(cell.points, seen) and not cell.has_new_comment:
        return Verdict.AGREES
    return _of_unsent(cell, seen)


def _of_unsent(cell: Cell, seen: Seen) -> Verdict:
    """What a score is that is to be sent over what is seen there."""
    if seen.points is None:
        return Verdict.EMPTIED if _was_emptied(cell) else Verdict.LEAVE
    is_allowed = cell.is_decided and _same(cell.there, seen)
    is_ours = _same(cell.sent, seen) or _same(cell.points, seen)
    if is_ours or is_allowed:
        return Verdict.LEAVE
    return Verdict.CHANGED if seen.is_settled else Verdict.NOT_YET


def _was_emptied(cell: Cell) -> bool:
    """Whether a value that was seen there is gone, and nobody decided about that; a zero may just not be shown."""
    is_decided = cell.is_decided and cell.there is None
    return cell.is_confirmed and bool(cell.sent) and not is_decided


def _of_sent(cell: Cell, seen: Seen) -> Verdict:
    if seen.points is None:
        return _of_missing(cell, seen)
    if _same(cell.sent, seen):
        return Verdict.LEAVE if cell.is_confirmed else Verdict.CONFIRM
    if not seen.is_settled:
        return Verdict.LEAVE
    if cell.is_decided and _same(cell.there, seen):
        return Verdict.NOT_TAKEN_OVER
    return Verdict.CHANGED


def _of_missing(cell: Cell, seen: Seen) -> Verdict:
    """What a sent score is whose cell shows nothing."""
    if cell.sent is None or not seen.is_settled:
        return Verdict.LEAVE
    if not cell.sent:
        return Verdict.CONFIRM if seen.omits_zeros and not cell.is_confirmed else Verdict.LEAVE
    if cell.is_confirmed:
        return Verdict.EMPTIED
    return Verdict.LEAVE if cell.was_missed else Verdict.SEND_AGAIN


def _of_differing(cell: Cell, seen: Seen) -> Verdict:
    if _same(cell.points, seen):
        return Verdict.AGREES
    if _same(cell.sent, seen):
        return Verdict.RESUME
    return Verdict.LEAVE if _is_as_before(cell, seen) else Verdict.OTHER_THERE


def _of_frozen(cell: Cell, seen: Seen) -> Verdict:
    """A value that is kept is only watched; one that has to go is gone once staff said so and nothing is seen."""
    if cell.is_decided or not cell.is_said_cleared:
        return Verdict.LEAVE if _is_as_before(cell, seen) else Verdict.OTHER_THERE
    return Verdict.CLEARED if seen.points is None else Verdict.NOT_CLEARED


def _of_refused(cell: Cell, seen: Seen) -> Verdict:
    if _same(cell.tried, seen):
        return Verdict.TRIED_ARRIVED
    return Verdict.AGREES if _same(cell.points, seen) else Verdict.LEAVE


_JUDGED = {
    ScoreState.SENT: _of_sent,
    ScoreState.DIFFERS: _of_differing,
    ScoreState.FROZEN: _of_frozen,
    ScoreState.REFUSED: _of_refused,
}


def _same(ours: Decimal | None, seen: Seen) -> bool:
    return ours is not None and seen.points is not None and abs(ours - seen.points) <= seen.tolerance


def _is_as_before(cell: Cell, seen: Seen) -> bool:
    return _same(cell.there, seen) or (cell.there is None and seen.points is None)
