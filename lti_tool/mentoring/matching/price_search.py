"""Prices among all pairs at once, where candidate lists would have to grow many times.

The same longest ways as in `prices`, one mentor at a time and the cheapest first: where all want the same mentors, in
the same order, a price then hardly ever has to be raised twice, while rounds over all ways would need one for each step
of that order.
"""

import numpy as np

from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, Market
from lti_tool.mentoring.matching.prices import Chosen, Prices, first_bonus, place_bonus

_DONE = 1 << 61
_STEPS_A_NODE = 30
_KEPT_CELLS = 4_000_000


def prices_among_all(market: Market, pairs: Chosen, floor: int, bonus: int, *, is_free: bool) -> Prices | None:
    """Return the prices among all pairs above a floor, or None when they are not found soon."""
    search = _Search(market, pairs, floor, bonus, is_free=is_free)
    if not search.settle():
        return None
    value, columns = search.value, market.shape[1]
    per_pair = 0 if is_free else int(value[columns + 1] - value[columns])
    return Prices(value[:columns] - value[columns], per_pair, bonus, value)


class _Search:
    """Longest ways on the go: nodes are mentors, then the mentees who want more, then unused places."""

    def __init__(self, market: Market, pairs: Chosen, floor: int, bonus: int, *, is_free: bool) -> None:
        self._market, self._pairs, self._floor = market, pairs, floor
        self.more = market.shape[1]
        self.unused = self.more if is_free else self.more + 1
        self.value = np.zeros(self.more + 2, dtype=np.int64)
        self._waiting = self.value.copy()
        self._holders: list[list[tuple[int, int]]] = [[] for _ in range(self.more)]
        for row, column, score in zip(pairs.rows.tolist(), pairs.columns.tolist(), pairs.scores.tolist(), strict=True):
            self._holders[column].append((row, score))
        self._rows: dict[int, IntArray] = {}  # what was looked up before, as far as it needs little memory
        self._first = first_bonus(market, pairs.degree + 1, bonus)
        self._last = first_bonus(market, pairs.degree, bonus)
        self._next_place = np.where(pairs.load < market.capacities, place_bonus(market, pairs.load + 1, bonus), -_DONE)
        self._last_place = np.where(pairs.load > 0, -place_bonus(market, pairs.load, bonus), -_DONE)

    def settle(self) -> bool:
        """Raise prices until none is too low; False when that does not end soon."""
        for _ in range(_STEPS_A_NODE * len(self.value)):
            node = int(self._waiting.argmin())
            if self._waiting[node] >= _DONE:
                return True
            self._waiting[node] = _DONE
            if node < self.more:
                self._leave(node)
            if node == self.more:
                self._join()
            if node == self.unused:
                self._raise(self.value[node] + self._last_place)
        return False

    def _leave(self, column: int) -> None:
        """One of the mentor's mentees goes elsewhere, or nowhere; or one place more is used."""
        price = int(self.value[column])
        for row, score in self._holders[column]:
            self._raise(self._elsewhere(row) + (price - score))
            self._raise_one(self.more, price - score - int(self._last[row]))
        self._raise_one(self.unused, price + int(self._next_place[column]))

    def _join(self) -> None:
        """A mentee who wants one more mentor gets one."""
        for row in np.nonzero(self._pairs.degree < self._market.demands)[0].tolist():
            self._raise(self._elsewhere(row) + (int(self.value[self.more]) + int(self._first[row])))

    def _elsewhere(self, row: int) -> IntArray:
        """Return what every other mentor would be worth to a mentee; far below anything where there may be no pair."""
        kept = self._rows.get(row)
        if kept is None:
            kept = self._looked_up(row)
            if len(self._rows) * self.more < _KEPT_CELLS:
                self._rows[row] = kept
        return kept

    def _looked_up(self, row: int) -> IntArray:
        cells = self._market.table.block(row, row + 1)[0]
        cells = np.where(cells >= self._floor, cells, FORBIDDEN)
        own = self._pairs.own[row]
        cells[own[own >= 0]] = FORBIDDEN
        return cells

    def _raise(self, values: IntArray) -> None:
        which = np.nonzero(values > self.value[: self.more])[0]
        self.value[which] = self._waiting[which] = values[which]

    def _raise_one(self, node: int, value: int) -> None:
        if value > self.value[node]:
            self.value[node] = self._waiting[node] = value
