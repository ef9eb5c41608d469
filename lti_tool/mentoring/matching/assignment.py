"""The best pairs, given the scores and what is allowed.

In this order: (1) as many mentees matched as possible, (2) the worst pair as good as possible, (3) the highest total,
(4) mentees spread evenly over mentors, (5) chance that only the seed decides. Steps 1 to 3 are proved afterwards by
prices, not taken from the solver on trust; steps 4 and 5 only choose among the assignments the prices leave equal.
"""

from dataclasses import dataclass

import numpy as np

from lti_tool.mentoring.matching.facts import BoolArray, IntArray
from lti_tool.mentoring.matching.flow import Problem, cheapest_pairs, most_pairs
from lti_tool.mentoring.matching.prices import Prices, is_proof, prices, worth

_SOLVER_LIMIT = 1 << 61
_TIE_LIMIT = 1 << 20


class NotOptimal(RuntimeError):
    """An assignment could not be proved to be the best, so it must not be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who is matched with whom, and the prices that prove the choice.

    Shape: `rows` and `columns` are positions of mentees and mentors, pair by pair, sorted by mentee; `worst` is 0
        without pairs.
    """

    rows: IntArray
    columns: IntArray
    total: int
    worst: int
    prices: Prices


def assign(scores: IntArray, eligible: BoolArray, capacities: IntArray, *, ties: IntArray | None = None) -> Assignment:
    """Return the best assignment.

    Shape: `scores`, `eligible` and `ties` are mentees × mentors; of two equally good assignments the one with the
        smaller sum of ties wins.
    Raises: ValueError for negative scores or capacities; NotOptimal when the result cannot be proved.
    """
    if (scores < 0).any() or (capacities < 0).any():
        raise ValueError("scores and capacities are never negative")
    capacities = np.minimum(capacities, scores.shape[0])
    pairs = most_pairs(eligible, capacities)
    floor = _best_floor(scores, eligible, capacities, pairs)
    allowed = eligible & (scores >= floor)
    rows, columns = _best_total(scores, allowed, capacities, pairs)
    found = prices(worth(scores, allowed, capacities), rows, columns)
    chance = np.zeros_like(scores) if ties is None else ties
    rows, columns = _most_even(worth(scores, allowed, capacities), capacities, found, pairs, chance)
    given = scores[rows, columns]
    result = Assignment(
        rows=rows, columns=columns, total=int(given.sum()), worst=int(given.min(initial=_none(given))), prices=found
    )
    if not verify(result, scores, eligible, capacities):
        raise NotOptimal("the prices do not prove the assignment")
    return result


def verify(assignment: Assignment, scores: IntArray, eligible: BoolArray, capacities: IntArray) -> bool:
    """Tell whether the assignment keeps all rules and is proved the best: in number, and in total above its floor.

    Shape: looks at every pair of the matrix and uses no solver.
    """
    rows, columns = assignment.rows, assignment.columns
    capacities = np.minimum(capacities, scores.shape[0])
    load = np.bincount(columns, minlength=len(capacities))
    if len(np.unique(rows)) < len(rows) or (load > capacities).any() or not eligible[rows, columns].all():
        return False
    given = scores[rows, columns]
    if (assignment.total, assignment.worst) != (int(given.sum()), int(given.min(initial=_none(given)))):
        return False
    count_worths = worth(np.zeros_like(scores), eligible, capacities)
    allowed = eligible & (scores >= assignment.worst)
    return is_proof(prices(count_worths, rows, columns), count_worths, rows, columns, capacities) and is_proof(
        assignment.prices, worth(scores, allowed, capacities), rows, columns, capacities
    )


def _none(given: IntArray) -> int:
    """Return what the smallest of the scores is compared with: nothing smaller than them, or 0 without any."""
    return int(given[0]) if len(given) else 0


def _best_floor(scores: IntArray, eligible: BoolArray, capacities: IntArray, pairs: int) -> int:
    """Return the highest score such that as many pairs remain possible when all below it are forbidden."""
    steps = np.unique(scores[eligible])
    low, high = 0, len(steps)
    while high - low > 1:
        middle = (low + high) // 2
        if most_pairs(eligible & (scores >= steps[middle]), capacities) == pairs:
            low = middle
        else:
            high = middle
    return int(steps[low]) if pairs else 0


def _best_total(scores: IntArray, allowed: BoolArray, capacities: IntArray, pairs: int) -> tuple[IntArray, IntArray]:
    rows, columns = np.nonzero(allowed)
    problem = Problem(
        rows=rows,
        columns=columns,
        costs=-scores[rows, columns],
        row_costs=np.zeros(scores.shape[0], dtype=np.int64),
        places=np.arange(scores.shape[1]),
        place_sizes=capacities,
        place_costs=np.zeros(scores.shape[1], dtype=np.int64),
    )
    chosen = cheapest_pairs(problem, scores.shape[1], pairs)
    return rows[chosen], columns[chosen]


def _most_even(
    worths: IntArray, capacities: IntArray, found: Prices, pairs: int, chance: IntArray
) -> tuple[IntArray, IntArray]:
    """Return, among all assignments of the same worth, the most even one, and of these the one chance prefers.

    An assignment is of the same worth just when it uses only pairs that leave nothing over (worth = price +
    remainder), matches every mentee with a remainder and fills every mentor with a price. The last two are forced by a
    reward that outweighs everything else.
    """
    rows, columns = np.nonzero(found.mentees[:, None] + found.mentors[None, :] == worths)
    most = pairs * int(capacities.max(initial=1)) + 1
    tie_range = max(1, min(_TIE_LIMIT, _SOLVER_LIMIT // (sum(worths.shape) + 3) // most // (pairs + 1)))
    unit = pairs * tie_range + 1
    reward = most * unit
    places = np.repeat(np.arange(len(capacities)), capacities)
    nth = np.arange(len(places)) - np.repeat(np.cumsum(capacities) - capacities, capacities)
    problem = Problem(
        rows=rows,
        columns=columns,
        costs=chance[rows, columns] % tie_range,
        row_costs=np.where(found.mentees > 0, -reward, 0),
        places=places,
        place_sizes=np.ones(len(places), dtype=np.int64),
        place_costs=nth * unit - np.where(found.mentors[places] > 0, reward, 0),
    )
    chosen = cheapest_pairs(problem, len(capacities), pairs)
    return rows[chosen], columns[chosen]
