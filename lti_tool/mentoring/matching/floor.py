"""The worst pair as good as possible: the highest floor above which as many can be matched as without one.

Floors are tried by halving, and each trial starts from the pairs that are already above it. A floor that is too high
leaves a largest set that is smaller than it should be, and its prices prove that no higher worst pair exists.
"""

from dataclasses import dataclass
from itertools import count

import numpy as np

from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.largest import Largest, scarcity
from lti_tool.mentoring.matching.market import FORBIDDEN


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
    high = max(highest if ceiling is None else min(highest, ceiling), low)
    too_high: Largest | None = None
    for number in count():
        if low >= high:
            break
        trial = (high, low + 1)[number] if number < 2 else (low + high + 1) // 2  # the bounds are often the answer
        found = _above(best, trial)
        if found.value() == target:
            best, low = found, min(_worst(found), high)
        else:
            too_high, high = found, trial - 1
    if ceiling is not None and low >= ceiling:
        return BestFloor(ceiling, best, None)
    if too_high is None or too_high.floor != low + 1:
        too_high = _above(best, low + 1)
    return BestFloor(low, best, scarcity(too_high))


def _above(pairs: Largest, floor: int) -> Largest:
    """Return the largest set above a floor, starting from those of the pairs that are."""
    rows, columns = pairs.pairs()
    kept = _scores(pairs, rows, columns) >= floor
    found = Largest(pairs.market, floor)
    found.add(rows[kept].tolist(), columns[kept].tolist())
    found.grow()
    return found


def _worst(pairs: Largest) -> int:
    rows, columns = pairs.pairs()
    return int(_scores(pairs, rows, columns).min(initial=-FORBIDDEN))


def _scores(pairs: Largest, rows: IntArray, columns: IntArray) -> IntArray:
    """Return the scores of some pairs, reading only the rows they are in."""
    table = pairs.market.table
    given = [table.block(row, row + 1)[0, column] for row, column in zip(rows.tolist(), columns.tolist(), strict=True)]
    return np.array(given, dtype=np.int64)
