"""The least costly way to make room, when one pair of a proved assignment is to change.

Where nobody could do better, every way a place could change hands costs something or nothing. The cheapest chain
of such changes from a given mentor is a shortest path, found from the kept prices without solving anything again.
Source: Dijkstra's method on reduced costs.
"""

from collections.abc import Iterator, Mapping, Sequence
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
        came = np.full(self.nobody + 1, -1, dtype=np.int64)
        who = np.full(self.nobody + 1, -1, dtype=np.int64)
        waiting = distance.copy()
        for node, cost in starts.items():
            distance[node] = waiting[node] = cost
        while True:
            node = int(waiting.argmin())
            if waiting[node] >= _FAR:
                return None
            if node in ends:
                return int(distance[node]), self._moves(node, came.tolist(), who.tolist())
            for lengths, rows in self._ways_from(node, without):
                closer = (lengths < _FAR) & (distance[node] + lengths < distance)
                distance[closer] = waiting[closer] = distance[node] + lengths[closer]
                came[closer], who[closer] = node, rows[closer]
            waiting[node] = _FAR

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

    def _ways_from(self, node: int, without: int) -> Iterator[tuple[IntArray, IntArray]]:
        """Return what each way from here costs, and who would move; -1 where nobody does."""
        if node == self.unused:
            yield self._back_into_use(), np.full(self.nobody + 1, -1)
            return
        rows = [row for row in (self._alone if node == self.nobody else self._holders[node]) if row != without]
        if rows:
            yield self._by_moving(node, np.array(rows, dtype=np.int64))
        if node != self.nobody and self._idle(node) < _FAR:
            lengths = np.full(self.nobody + 1, _FAR, dtype=np.int64)
            lengths[self.unused] = self._idle(node)
            yield lengths, np.full(self.nobody + 1, -1)

    def _by_moving(self, node: int, rows: IntArray) -> tuple[IntArray, IntArray]:
        """Return what it costs to move one of these mentees, the cheapest for each way."""
        cells = np.concatenate([self._market.table.block(row, row + 1) for row in rows.tolist()])
        left = cells - self._price
        own = np.zeros(len(rows), dtype=np.int64) if node == self.nobody else left[:, node]
        costs = np.where(cells >= self._floor, own[:, None] - left, _FAR)
        lengths, who = np.full((2, self.nobody + 1), _FAR, dtype=np.int64)
        who[:] = -1
        first = costs.argmin(axis=0)
        lengths[: self.unused], who[: self.unused] = costs[first, np.arange(self.unused)], rows[first]
        if node != self.nobody:
            lengths[self.nobody], who[self.nobody] = own.min(), rows[own.argmin()]
        return lengths, who

    def _back_into_use(self) -> IntArray:
        used = np.array([bool(held) for held in self._holders], dtype=np.bool_)
        lengths = np.full(self.nobody + 1, _FAR, dtype=np.int64)
        lengths[: self.unused] = np.where(used, self._price - self._per_pair, _FAR)
        return lengths

    def _moves(self, node: int, came: Sequence[int], who: Sequence[int]) -> list[Move]:
        moves = []
        while came[node] >= 0:
            before = came[node]
            if who[node] >= 0:
                from_mentor = before if before < self.unused else None
                moves.append(Move(who[node], from_mentor, node if node < self.unused else None))
            node = before
        return moves
