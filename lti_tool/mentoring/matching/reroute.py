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
        distance = np.full(self.nobody + 1, _FAR, dtype=np.int64)
        came: dict[int, tuple[int, int | None]] = {}
        is_done = np.zeros(len(distance), dtype=np.bool_)
        for node, cost in starts.items():
            distance[node] = cost
        while True:
            node = int(np.where(is_done, _FAR, distance).argmin())
            if is_done[node] or distance[node] >= _FAR:
                return None
            if node in ends:
                return int(distance[node]), self._moves(node, came)
            is_done[node] = True
            for row, lengths in self._ways_from(node, without):
                closer = (distance[node] + lengths < distance) & ~is_done
                distance = np.where(closer, distance[node] + lengths, distance)
                came |= dict.fromkeys(np.nonzero(closer)[0].tolist(), (node, row))

    def left(self, row: int) -> IntArray:
        """Return what each mentor would leave a mentee at the kept prices; `FORBIDDEN` where they may not be paired."""
        cells = self._market.table.block(row, row + 1)[0]
        return np.where(cells >= self._floor, cells - self._price, FORBIDDEN)

    def _ways_from(self, node: int, without: int) -> list[tuple[int | None, IntArray]]:
        """Return who could move away from here, and what each way costs."""
        if node == self.unused:
            return [(None, self._back_into_use())]
        rows = self._alone if node == self.nobody else self._holders[node]
        ways: list[tuple[int | None, IntArray]] = []
        for row in rows:
            if row != without:
                left = self.left(row)
                own = 0 if node == self.nobody else int(left[node])
                lengths = np.full(self.nobody + 1, _FAR, dtype=np.int64)
                lengths[: self.unused] = np.where(left > FORBIDDEN, own - left, _FAR)
                lengths[self.nobody] = own if node != self.nobody else _FAR
                ways.append((row, lengths))
        if node != self.nobody and len(self._holders[node]) < self._market.capacities[node]:
            lengths = np.full(self.nobody + 1, _FAR, dtype=np.int64)
            lengths[self.unused] = self._per_pair - self._price[node]
            ways.append((None, lengths))
        return ways

    def _back_into_use(self) -> IntArray:
        used = np.array([bool(held) for held in self._holders], dtype=np.bool_)
        lengths = np.full(self.nobody + 1, _FAR, dtype=np.int64)
        lengths[: self.unused] = np.where(used, self._price - self._per_pair, _FAR)
        return lengths

    def _moves(self, node: int, came: Mapping[int, tuple[int, int | None]]) -> list[Move]:
        moves = []
        while node in came:
            before, row = came[node]
            if row is not None:
                from_mentor = before if before < self.unused else None
                moves.append(Move(row, from_mentor, node if node < self.unused else None))
            node = before
        return moves
