"""The proof that pairs are the best there are.

Give every mentor's place a price. Then each mentee takes whichever mentors leave them most after paying, and the places
earn their prices; no pairs can be worth more than all this together. Pairs that are worth just as much are the best.
Any prices give such a bound, so checking them needs no trust in the solver: one subtraction per pair, and a sum.

Source: duality of the transportation problem. The prices are the smallest at which nobody's place is worth more to
somebody else, found as longest paths along the ways places could change hands.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lti_tool.mentoring.matching.facts import BoolArray, IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, Market
from lti_tool.mentoring.matching.shortlist import NONE, Edges, blocks, together

_NO_LIMIT = 1 << 61


@dataclass(frozen=True, slots=True)
class Prices:
    """What a place at each mentor costs, and what every pair costs besides.

    Shape: `bonus` is what a mentee's first mentor, and a minimum place, are worth more than their score. `ways` is how
        long the longest way to each mentor was, from which a search among more possible pairs can go on.
    """

    mentors: IntArray
    per_pair: int
    bonus: int
    ways: IntArray


@dataclass(frozen=True, slots=True)
class Chosen:
    """Pairs, and what follows from them.

    Shape: `own` and `gains` have a row per mentee, a column per mentor they may have at most; -1 where there is none.
    """

    rows: IntArray
    columns: IntArray
    scores: IntArray
    degree: IntArray
    load: IntArray
    own: IntArray
    gains: IntArray


def chosen(market: Market, rows: IntArray, columns: IntArray, scores: IntArray) -> Chosen:
    """Return the pairs with what follows; sorted by mentee."""
    degree = np.bincount(rows, minlength=market.shape[0])
    starts = np.cumsum(degree) - degree
    place = np.arange(len(rows)) - starts[rows]
    own = np.full((market.shape[0], max(1, int(market.demands.max(initial=1)))), -1, dtype=np.int64)
    gains = np.zeros_like(own)
    own[rows, place], gains[rows, place] = columns, scores
    load = np.bincount(columns, minlength=market.shape[1])
    return Chosen(rows, columns, scores, degree, load, own, gains)


def first_bonus(market: Market, number: IntArray, bonus: int) -> IntArray:
    """Return what a mentee's mentor of that number is worth besides the score."""
    return np.asarray(np.where((number == 1) & ~market.is_served, bonus, 0), dtype=np.int64)


def place_bonus(market: Market, number: IntArray, bonus: int) -> IntArray:
    """Return what a mentor's mentee of that number is worth besides the score."""
    return np.asarray(np.where(number <= market.minimums, bonus, 0), dtype=np.int64)


def prices(
    market: Market, edges: Edges, pairs: Chosen, bonus: int, *, is_free: bool, known: Prices | None = None
) -> Prices | None:
    """Return the prices among these possible pairs, or None when the chosen ones are not the best of them.

    Shape: `is_free` when the number of pairs is not settled, so that pairs cost nothing besides; `known` are the prices
        of the same chosen pairs among fewer possible ones.
    """
    columns = market.shape[1]
    tails, heads, gains = (np.concatenate(part) for part in zip(*_ways(market, edges, pairs, bonus), strict=True))
    if is_free:
        heads, tails = np.where(heads == columns + 1, columns, heads), np.where(tails == columns + 1, columns, tails)
    value = _longest(tails, heads, gains, np.zeros(columns + 2, dtype=np.int64) if known is None else known.ways)
    if value is None:
        return None
    per_pair = 0 if is_free else int(value[columns + 1] - value[columns])
    return Prices(value[:columns] - value[columns], per_pair, bonus, value)


def _ways(market: Market, edges: Edges, pairs: Chosen, bonus: int) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    """Return how a place may change hands: from, to, and what is gained.

    Shape: from and to are mentors, or their number for the mentees who want more, or one more for unused places.
    """
    columns = market.shape[1]
    is_new = ~(pairs.own[edges.rows] == edges.columns[:, None]).any(axis=1)
    rows, heads, scores = edges.rows[is_new], edges.columns[is_new], edges.scores[is_new]
    for slot in range(pairs.own.shape[1]):
        own = pairs.own[rows, slot]
        has = own >= 0
        yield own[has], heads[has], scores[has] - pairs.gains[rows[has], slot]
    more = pairs.degree[rows] < market.demands[rows]
    first = first_bonus(market, pairs.degree + 1, bonus)
    yield np.full(int(more.sum()), columns), heads[more], scores[more] + first[rows[more]]
    last = first_bonus(market, pairs.degree, bonus)
    yield pairs.columns, np.full(len(pairs.columns), columns), -pairs.scores - last[pairs.rows]
    room = np.nonzero(pairs.load < market.capacities)[0]
    yield room, np.full(len(room), columns + 1), place_bonus(market, pairs.load + 1, bonus)[room]
    used = np.nonzero(pairs.load > 0)[0]
    yield np.full(len(used), columns + 1), used, -place_bonus(market, pairs.load, bonus)[used]


def _longest(tails: IntArray, heads: IntArray, gains: IntArray, known: IntArray) -> IntArray | None:
    """Return the longest way to each node from anywhere; None when one goes round in circles and gains."""
    order = np.argsort(heads, kind="stable")
    tails, heads, gains = tails[order], heads[order], gains[order]
    ends, starts = np.unique(heads, return_index=True)
    value = known.copy()
    if not len(ends):
        return value
    for _ in range(len(value) + 1):
        raised = np.maximum(value[ends], np.maximum.reduceat(value[tails] + gains, starts))
        if (raised == value[ends]).all():
            return value
        value[ends] = raised
    return None


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at every pair found: pairs that would improve on the chosen ones, and those as good as them."""

    better: Edges
    as_good: Edges

    @property
    def is_proof(self) -> bool:
        """Whether nothing is better, so that the prices prove the pairs."""
        return not len(self.better.rows)


def limits(market: Market, pairs: Chosen, found: Prices) -> IntArray:
    """Return for each mentee how much another mentor would have to leave them to be of use."""
    paid = np.append(found.mentors, 0)[pairs.own]
    left = np.where(pairs.own >= 0, pairs.gains - paid, _NO_LIMIT).min(axis=1)
    more = np.where(pairs.degree < market.demands, -first_bonus(market, pairs.degree + 1, found.bonus), _NO_LIMIT)
    return np.asarray(np.minimum(left, more), dtype=np.int64)


def look_at_all(market: Market, pairs: Chosen, found: Prices, floor: int, *, per_mentee: int) -> Looked:
    """Compare every pair of the table with the chosen ones, at these prices.

    Shape: of the better pairs at most `per_mentee` for each mentee; the chosen ones are among the ones as good only
        where another one could take their place.
    """
    limit = limits(market, pairs, found)
    better, as_good = [NONE], [NONE]
    for first, last in blocks(market.shape):
        cells = market.table.block(first, last)
        left = np.where(cells >= floor, cells - found.mentors[None, :], FORBIDDEN) - limit[first:last, None]
        held = pairs.own[first:last]
        row, slot = np.nonzero(held >= 0)
        left[row, held[row, slot]] = -_NO_LIMIT
        better.append(_picked(left > 0, left, cells, first, per_mentee))
        as_good.append(_edges(left == 0, cells, first))
    return Looked(together(better), together(as_good))


def _picked(is_better: BoolArray, left: IntArray, cells: IntArray, first: int, per_mentee: int) -> Edges:
    if not is_better.any():
        return NONE
    if is_better.sum(axis=1).max() > per_mentee:
        least = np.partition(left, -per_mentee, axis=1)[:, -per_mentee]
        is_better &= left >= least[:, None]
    return _edges(is_better, cells, first)


def _edges(which: BoolArray, cells: IntArray, first: int) -> Edges:
    rows, columns = np.nonzero(which)
    return Edges(rows + first, columns, cells[rows, columns])
