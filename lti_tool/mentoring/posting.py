"""What a gradebook may be told of a ledger.

Nothing negative is sent by itself: a zero needs the end of the programme and the instructor's release. A score that has
to be taken back is cleared by hand, since no LMS does it dependably.
Source: product sections 6.2 (6), 6.5 (9, 14, 16, 17) and 6.6.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from lti_tool.mentoring.ledgers import ALL_EXCUSED, NOT_COMPLETE, NOTHING_COUNTS
from lti_tool.mentoring.words import N_, Sentence


class Postable(Protocol):
    """What a ledger comes to, with or without its entries."""

    @property
    def points(self) -> Decimal | None: ...
    @property
    def why_not_postable(self) -> Sentence | None: ...


class Posting(StrEnum):
    """What to do about somebody's cell in the gradebook."""

    NOTHING = "nothing"
    COLLECTING = "collecting"  # activity in progress, grading pending, no score
    SCORE = "score"  # fully graded
    CLEAR_BY_HAND = "clear_by_hand"  # staff empty the cell in the LMS; nothing is sent to it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is sent, or done instead, and why; `points` is set for a score alone."""

    posting: Posting
    reason: Sentence
    points: Decimal | None = None


_NOT_RELEASED = Sentence(N_("Points are sent once staff release them."))
_ZERO_WAITS = Sentence(N_("Nothing is earned so far. A zero is sent only after the end, when staff release it."))
_SENT = Sentence(N_("These points are sent to the gradebook."))
_CLEAR = Sentence(
    N_(
        "Nothing counts any more, but points were sent before. An LMS keeps them until somebody empties the cell in "
        "its gradebook by hand. Nothing more is sent for this person until then."
    )
)


def posting_of(ledger: Postable, *, is_released: bool, is_closed: bool, was_posted: bool) -> Said:
    """Return what the gradebook is to be told now.

    Shape: `is_closed` says that the programme is over; `was_posted` that a score stands there already.
    """
    if ledger.why_not_postable in (ALL_EXCUSED, NOTHING_COUNTS) and was_posted:
        return Said(posting=Posting.CLEAR_BY_HAND, reason=_CLEAR)
    if ledger.why_not_postable == NOT_COMPLETE:
        return Said(posting=Posting.COLLECTING, reason=NOT_COMPLETE)
    if ledger.why_not_postable is not None:
        return Said(posting=Posting.NOTHING, reason=ledger.why_not_postable)
    if not is_released:
        return Said(posting=Posting.COLLECTING, reason=_NOT_RELEASED)
    if not ledger.points and not is_closed:
        return Said(posting=Posting.COLLECTING, reason=_ZERO_WAITS)
    return Said(posting=Posting.SCORE, reason=_SENT, points=ledger.points)
