"""The proof that an assignment is the best there is.

Give every mentor's place a price, and every mentee what is left of their best pair after paying. If for every allowed
pair price and remainder together reach at least the pair's worth, then no assignment can be worth more than all prices
and remainders together; an assignment that is worth just that much is therefore the best. Checking this needs no trust
in the solver: it is one comparison per pair and one sum.

Source: duality of the transportation problem; the prices are the smallest that fit, found as longest paths.
"""

from dataclasses import dataclass

import numpy as np

from lti_tool.mentoring.matching.facts import BoolArray, IntArray

# Worth of a forbidden pair: far below anything, far above where 64 bits end.
_FORBIDDEN = -(1 << 60)


@dataclass(frozen=True, slots=True)
class Prices:
    """What a place at each mentor costs, and what each mentee has left."""

    mentors: IntArray
    mentees: IntArray


def worth(scores: IntArray, allowed: BoolArray, capacities: IntArray) -> IntArray:
    """Return what each pair is worth: its score, and for being a pair at all more than all scores together."""
    pairs_at_most = min(scores.shape[0], int(capacities.sum()))
    bonus = 1 + pairs_at_most * int(scores.max(initial=0))
    return np.where(allowed, scores + bonus, _FORBIDDEN)


def prices(worths: IntArray, rows: IntArray, columns: IntArray) -> Prices:
    """Return the smallest prices at which nobody would rather have another mentor.

    Shape: `rows` and `columns` name the matched pairs. When the pairs are not the best, no such prices exist and what
        is returned does not prove anything.
    """
    is_alone = np.ones(worths.shape[0], dtype=np.bool_)
    is_alone[rows] = False
    mentors = worths[is_alone].max(axis=0, initial=0)
    if len(rows):
        mentors = _raised(mentors, *_steps(worths, rows, columns))
    mentees = (worths - mentors[None, :]).max(axis=1, initial=0)
    return Prices(mentors=mentors, mentees=mentees)


def is_proof(found: Prices, worths: IntArray, rows: IntArray, columns: IntArray, capacities: IntArray) -> bool:
    """Tell whether the prices prove that no assignment is worth more than these pairs."""
    return bool(
        (found.mentors >= 0).all()
        and (found.mentees >= 0).all()
        and (found.mentees[:, None] + found.mentors[None, :] >= worths).all()
        and found.mentees.sum() + (found.mentors * capacities).sum() == worths[rows, columns].sum()
    )


def _steps(worths: IntArray, rows: IntArray, columns: IntArray) -> tuple[IntArray, IntArray]:
    """Return how much more another mentor must cost than one's own, so that none of one's mentees wants to change.

    Shape: mentors who have mentees, and a matrix of these × all mentors.
    """
    order = np.argsort(columns, kind="stable")
    gains = worths[rows[order]] - worths[rows[order], columns[order]][:, None]
    own, starts = np.unique(columns[order], return_index=True)
    return own, np.maximum.reduceat(gains, starts, axis=0)


def _raised(mentors: IntArray, own: IntArray, steps: IntArray) -> IntArray:
    """Raise prices until all steps are kept; no chain of steps is longer than there are mentors."""
    for _ in range(len(mentors) + 1):
        raised = np.maximum(mentors, (steps + mentors[own][:, None]).max(axis=0))
        if (raised == mentors).all():
            break
        mentors = raised
    return mentors
