"""The least costly way to make room, when one pair of a proved assignment is to change.

Where nobody could do better, every way a place could change hands costs something or nothing. The cheapest chain
of such changes from a given mentor is a shortest path, found from the kept prices without solving anything again.
Source: Dijkstra's method on reduced costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lti_tool.mentoring.matching.assignment import Assignment
from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, Market

_FAR = 1 << 61


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody who gets another mentor: positions, None for no mentor."""

    row: int
    before: int | None
    after: int | None


class Routes:
    """A proved assignment in which each mentee has one mentor at most, ready for changes.

    Shape: nodes are mentors, then unused places, then mentees without a mentor. Pairs below `floor` are left out.
    """

    def __init__(self, market: Market, found: Assignment, floor: int) -> None:
        if not market.counts_only_pairs:
            raise ValueError("only where each mentee wants one mentor and nobody must get somebody")
        self._market, self._floor = market, floor
        self._price: IntArray = np.array(found.proof.mentors, dtype=np.int64)
        self._per_pair = found.proof.per_pair
        self._holders: list[list[int]] = [[] for _ in self._price]
        self.mentor_of: dict[int, int] = {}
        for row, column in zip(found.rows.tolist(), found.columns.tolist(), strict=True):
            self._holders[column].append(row)
            self.mentor_of[row] = column
        self._alone = [row for row in range(market.shape[0]) if row not in self.mentor_of and market.demands[row]]
        self.unused = len(self._price)
        self.nobody = self.unused + 1

    def cheapest(self, starts: Mapping[int, int], ends: set[int], *, without: int) -> tuple[int, list[Move]] | None:
        """Return what the cheapest chain costs, and its moves; None when there is none.

        Shape: `starts` says what it costs to put one mentee more with a mentor; the mentee `without` takes no part.
        """
        way = _Way(self.nobody + 1, starts)
        while True:
            node = way.nearest()
            if way.waiting[node] >= _FAR:
                return None
            if node in ends:
                return int(way.distance[node]), self._moves(node, way)
            way.waiting[node] = _FAR
            self._go_on(way, node, without)

    def join(self, row: int) -> list[Move]:
        """Return the moves by which somebody without a mentor gets one at the highest total; none where nobody can.

        Shape: the newcomer is the first to move. A free place is taken before anybody's is.
        """
        left = self.left(row)
        starts = {int(column): -int(left[column]) for column in np.nonzero(left > FORBIDDEN)[0]}
        chain = self.cheapest(starts, {self.unused}, without=row)
        if chain is None:
            return []
        cost, moves = chain
        first = moves[-1].before if moves else None
        if first is None:
            first = min(starts, key=lambda column: (starts[column] != cost - self._idle(column), column))
        return [Move(row, None, first), *reversed(moves)]

    def _idle(self, column: int) -> int:
        """Return what one more place at a mentor who has room costs."""
        has_room = len(self._holders[column]) < self._market.capacities[column]
        return self._per_pair - int(self._price[column]) if has_room else _FAR

    def left(self, row: int) -> IntArray:
        """Return what each mentor would leave a mentee at the kept prices; `FORBIDDEN` where they may not be paired."""
        cells = self._market.table.block(row, row + 1)[0]
        return np.where(cells >= self._floor, cells - self._price, FORBIDDEN)

    def _go_on(self, way: "_Way", node: int, without: int) -> None:
        """Look where places could go from here."""
        distance = int(way.distance[node])
        if node == self.unused:
            used = np.array([bool(held) for held in self._holders], dtype=np.bool_)
            way.reach(np.where(used, self._price + (distance - self._per_pair), _FAR), node, -1)
            return
        for row in self._alone if node == self.nobody else self._holders[node]:
            if row == without:
                continue
            cells = self._market.table.block(row, row + 1)[0]
            own = 0 if node == self.nobody else int(cells[node] - self._price[node])
            lengths = self._price - cells
            lengths += distance + own
            if self._floor > FORBIDDEN + 1:
                lengths[cells < self._floor] = _FAR
            way.reach(lengths, node, row)
            if node != self.nobody:
                way.reach_one(self.nobody, distance + own, node, row)
        if node != self.nobody and self._idle(node) < _FAR:
            way.reach_one(self.unused, distance + self._idle(node), node, -1)

    def _moves(self, node: int, way: "_Way") -> list[Move]:
        moves = []
        while way.came[node] >= 0:
            before, row = int(way.came[node]), int(way.who[node])
            if row >= 0:
                from_mentor = before if before < self.unused else None
                moves.append(Move(row, from_mentor, node if node < self.unused else None))
            node = before
        return moves


class _Way:
    """How far it is to each node as far as is known, and by which way."""

    def __init__(self, nodes: int, starts: Mapping[int, int]) -> None:
        self.distance = np.full(nodes, _FAR, dtype=np.int64)
        for node, cost in starts.items():
            self.distance[node] = cost
        self.waiting = self.distance.copy()
        self.came = np.full(nodes, -1, dtype=np.int64)
        self.who = np.full(nodes, -1, dtype=np.int64)

    def nearest(self) -> int:
        """Return the nearest node from which nobody has gone on."""
        return int(self.waiting.argmin())

    def reach(self, lengths: IntArray, came: int, who: int) -> None:
        """Note the mentors to whom this way is shorter; what is longer than `_FAR` is no way."""
        which = np.nonzero(lengths < self.distance[: len(lengths)])[0]
        self.distance[which] = self.waiting[which] = lengths[which]
        self.came[which], self.who[which] = came, who

    def reach_one(self, node: int, length: int, came: int, who: int) -> None:
        """Note a way to one node, if it is shorter."""
        if length < self.distance[node]:
            self.distance[node] = self.waiting[node] = length
            self.came[node], self.who[node] = came, who
