"""The worst pair as good as possible: the highest floor above which as many can be matched as without one.

A floor that is too high leaves a largest set that is smaller than it should be. Its prices prove that, and they tell
which lower score is the first that could help: so the search goes down in few steps, with halving in between.
"""

from dataclasses import dataclass
from itertools import count

import numpy as np

from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.largest import Largest
from lti_tool.mentoring.matching.market import FORBIDDEN
from lti_tool.mentoring.matching.scarcity import scarcity
from lti_tool.mentoring.matching.shortlist import BLOCK_CELLS


@dataclass(frozen=True, slots=True)
class BestFloor:
    """The score of the worst pair at best, pairs that reach it, and prices that prove that none reach more.

    Shape: `proof` is None when nothing needs to be proved, since a locked pair is the worst.
    """

    floor: int
    pairs: Largest
    proof: list[int] | None


def best_floor(widest: Largest, highest: int, *, ceiling: int | None) -> BestFloor:
    """Return the best floor for as many pairs as the largest set has.

    Shape: no floor above `highest` is possible; `ceiling` is the worst locked pair, above which a floor is of no use.
    """
    target = widest.value()
    best, low = widest, _worst(widest)
    nearly = widest
    high = max(highest if ceiling is None else min(highest, ceiling), low)
    proof: list[int] | None = None
    for number in count():
        if low >= high:
            break
        trial = (low + high + 1) // 2 if number % 3 == 2 else high
        found = _above(nearly, trial)
        if found.value() == target:
            best, low = found, min(_worst(found), high)
            nearly = found
        else:
            proof, nearly = scarcity(found), found  # all of its pairs are above any lower floor, too
            high = max(low, _first_that_could_help(found, proof))
    if ceiling is not None and low >= ceiling:
        return BestFloor(ceiling, best, None)
    return BestFloor(low, best, proof if proof is not None else scarcity(_above(best, low + 1)))


def _above(pairs: Largest, floor: int) -> Largest:
    """Return the largest set above a floor, starting from those of the pairs that are."""
    rows, columns = pairs.pairs()
    kept = pairs.market.table.at(rows, columns) >= floor
    found = Largest(pairs.market, floor)
    found.add(rows[kept].tolist(), columns[kept].tolist())
    found.grow()
    return found


def _worst(pairs: Largest) -> int:
    return int(pairs.market.table.at(*pairs.pairs()).min(initial=-FORBIDDEN))


def _first_that_could_help(pairs: Largest, prices: list[int]) -> int:
    """Return the highest score below the floor of a pair that could make the set larger."""
    price, limit = np.array(prices, dtype=np.int64), _limits(pairs, prices)
    rows = np.nonzero(1 - price.min(initial=0) > limit)[0]
    step = max(1, BLOCK_CELLS // max(1, len(price)))
    found = FORBIDDEN
    for first in range(0, len(rows), step):
        some = rows[first : first + step]
        cells = _rows(pairs, some)
        helps = (cells < pairs.floor) & (1 - price[None, :] > limit[some, None])
        found = max(found, int(cells.max(initial=FORBIDDEN, where=helps)))
    return found


def _rows(pairs: Largest, rows: IntArray) -> IntArray:
    block = pairs.market.table.block
    return np.concatenate([block(row, row + 1) for row in rows.tolist()])


def _limits(pairs: Largest, prices: list[int]) -> IntArray:
    """Return for each mentee what another mentor would have to leave them, when every pair is worth 1."""
    limit = np.full(len(pairs.own), 1 << 40)
    for column, held in enumerate(pairs.holders):
        for row in held:
            limit[row] = min(limit[row], 1 - prices[column])
    for row in pairs.open_rows():
        limit[row] = min(limit[row], -int(pairs.is_first(row, pairs.degree[row] + 1)))
    return limit
