"""What a gradebook may be told of a ledger.

Nothing negative is sent by itself: a zero needs the instructor's release, and the end of the programme or, where points
were sent before, a decision of staff. A score that has to be taken back is cleared by hand, since no LMS does it
dependably.
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
    @property
    def has_begun(self) -> bool: ...
    @property
    def is_by_staff(self) -> bool: ...


class Posting(StrEnum):
    """What to do about somebody's cell in the gradebook."""

    NOTHING = "nothing"
    COLLECTING = "collecting"  # activity in progress, grading pending, no score
    SCORE = "score"  # fully graded
    CLEAR_BY_HAND = "clear_by_hand"  # staff empty the cell in the LMS; nothing is sent to it any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is sent, or done instead, and why.

    Shape: `points` is set for a score alone; `needs_staff` says that neither the clock nor a change by itself sends it.
    """

    posting: Posting
    reason: Sentence
    points: Decimal | None = None
    needs_staff: bool = False


NOT_YET = Said(
    posting=Posting.COLLECTING, reason=Sentence(N_("Points are sent once staff release them, or the clock does."))
)
ZERO_WAITS = Sentence(N_("Nothing is earned so far. A zero is sent only after the end, when staff release it."))
NO_POINTS = (ALL_EXCUSED, NOTHING_COUNTS, NOT_COMPLETE)
_SENT = Sentence(N_("These points are sent to the gradebook."))
_CLEAR = Sentence(
    N_(
        "There are no points any more, but some were sent before. An LMS keeps them until somebody empties the cell in "
        "its gradebook by hand. Nothing more is sent for this person until then."
    )
)


def posting_of(ledger: Postable, *, is_released: bool, is_closed: bool, was_posted: bool) -> Said:
    """Return what the gradebook is to be told now.

    Shape: `is_closed` says that the programme is over; `was_posted` that a score stands there already.
    """
    why_not = ledger.why_not_postable
    if why_not in NO_POINTS and was_posted:
        return Said(posting=Posting.CLEAR_BY_HAND, reason=_CLEAR)
    if why_not is not None:
        is_collecting = ledger.has_begun and why_not in (NOTHING_COUNTS, NOT_COMPLETE)
        return Said(posting=Posting.COLLECTING if is_collecting else Posting.NOTHING, reason=why_not)
    if not is_released:
        return NOT_YET
    if ledger.points:
        return Said(posting=Posting.SCORE, reason=_SENT, points=ledger.points)
    if is_closed or (was_posted and ledger.is_by_staff):
        return Said(posting=Posting.SCORE, reason=_SENT, points=ledger.points, needs_staff=True)
    return Said(posting=Posting.COLLECTING if ledger.has_begun else Posting.NOTHING, reason=ZERO_WAITS)
