"""Of all equally good sets of pairs the most even one, and of these the one that chance prefers.

Prices tell which sets are equally good: those made of pairs that leave a mentee as much as the pair they have, for
whoever must have one, at whoever must give one. So the last choice is made among these alone, and cannot cost anything.
"""

from collections.abc import Callable

import numpy as np

from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.flow import Places, Problem, cheapest_pairs
from lti_tool.mentoring.matching.market import SOLVER_LIMIT, Market
from lti_tool.mentoring.matching.prices import Chosen, Prices, first_bonus
from lti_tool.mentoring.matching.shortlist import Edges

# A number for each of some pairs, given as mentees and mentors; of two equally good sets the smaller sum wins.
Chance = Callable[[IntArray, IntArray], IntArray]

_TIE_LIMIT = 1 << 20


def most_even(
    market: Market, pairs: Chosen, found: Prices, as_good: Edges, chance: Chance
) -> tuple[IntArray, IntArray]:
    """Return the most even of the equally good sets, sorted by mentee, then mentor."""
    if not len(as_good.rows):
        return pairs.rows, pairs.columns
    left = pairs.scores - found.mentors[pairs.columns]
    threshold = _threshold(market, pairs, found, left)
    is_fixed = left > threshold[pairs.rows]
    rows = np.concatenate([pairs.rows[~is_fixed], as_good.rows])
    columns = np.concatenate([pairs.columns[~is_fixed], as_good.columns])
    fixed_rows, fixed_columns = pairs.rows[is_fixed], pairs.columns[is_fixed]
    open_pairs = len(pairs.rows) - len(fixed_rows)
    must, may = _mentee_places(market, pairs, found, left, threshold)
    taken = np.bincount(fixed_rows, minlength=market.shape[0])
    unit, reward, tie_range = _sizes(market, open_pairs)
    everybody = np.arange(market.shape[0])
    problem = Problem(
        shape=market.shape,
        rows=rows,
        columns=columns,
        costs=chance(rows, columns) % tie_range,
        mentees=Places(
            np.concatenate([everybody, everybody]),
            np.concatenate([must - np.minimum(taken, must), may - np.maximum(taken - must, 0)]),
            np.repeat(np.array([-reward, 0], dtype=np.int64), market.shape[0]),
        ),
        mentors=_mentor_places(market, found, np.bincount(fixed_columns, minlength=market.shape[1]), unit, reward),
    )
    best = cheapest_pairs(problem, open_pairs)
    rows = np.concatenate([fixed_rows, rows[best]])
    columns = np.concatenate([fixed_columns, columns[best]])
    order = np.lexsort((columns, rows))
    return rows[order], columns[order]


def _threshold(market: Market, pairs: Chosen, found: Prices, left: IntArray) -> IntArray:
    """Return what a mentee's pair has to leave them at least; more than that, and no equally good set is without it."""
    least = np.full(market.shape[0], np.iinfo(np.int64).max)
    np.minimum.at(least, pairs.rows, left)
    one_more = -first_bonus(market, pairs.degree + 1, found.bonus)
    return np.asarray(np.where(pairs.degree < market.demands, np.minimum(least, one_more), least), dtype=np.int64)


def _mentee_places(
    market: Market, pairs: Chosen, found: Prices, left: IntArray, threshold: IntArray
) -> tuple[IntArray, IntArray]:
    """Return how many mentors each mentee must have, and how many more they may have."""
    order = np.lexsort((-left, pairs.rows))
    rows = pairs.rows[order]
    starts = np.cumsum(pairs.degree) - pairs.degree
    number = np.arange(len(rows)) - starts[rows] + 1
    first = np.where((number == 1) & ~market.is_served[rows], found.bonus, 0)
    must = np.bincount(rows[left[order] + first > 0], minlength=market.shape[0])
    may = np.where(threshold >= 0, market.demands, np.minimum(market.demands, np.maximum(pairs.degree, 1)))
    return must, np.maximum(may - must, 0)


def _mentor_places(market: Market, found: Prices, taken: IntArray, unit: int, reward: int) -> Places:
    """Return a place for each mentee a mentor may still have, each dearer than the one before."""
    of = np.repeat(np.arange(market.shape[1]), market.capacities)
    number = np.arange(len(of)) - np.repeat(np.cumsum(market.capacities) - market.capacities, market.capacities) + 1
    worth = found.mentors[of] - found.per_pair + np.where(number <= market.minimums[of], found.bonus, 0)
    kept = (worth >= 0) & (number > taken[of])
    costs = (market.loads[of] + number - 1) * unit - np.where(worth > 0, reward, 0)
    return Places(of[kept], np.ones(int(kept.sum()), dtype=np.int64), costs[kept])


def _sizes(market: Market, pairs: int) -> tuple[int, int, int]:
    """Return what one step of unevenness costs, what a place that must be filled is worth, and the range of ties."""
    most = pairs * int((market.capacities + market.loads).max(initial=1)) + 1
    tie_range = max(1, min(_TIE_LIMIT, SOLVER_LIMIT // (sum(market.shape) + 3) // most // (pairs + 1)))
    unit = pairs * tie_range + 1
    return unit, most * unit, tie_range


def no_chance(rows: IntArray, _columns: IntArray) -> IntArray:
    """Return the same number for every pair."""
    return np.zeros_like(rows)
