"""Ways along which places change hands where more counts than the number of pairs: second mentors, minimum loads."""

import numpy as np

from lti_tool.mentoring.matching.largest import Largest, positions, to_bits


def serve(pairs: Largest, start: int) -> None:
    """Find a first mentor for a mentee, if need be the place of somebody who has another one."""
    search = _Search(pairs)
    search.enter(start, released=None)
    column = search.run(pairs.free, may_open=False)
    if column is None:
        column = search.give_up_a_second()
    if column is not None:
        search.shift(column)


def fill_a_minimum(pairs: Largest) -> bool:
    """Move a place from a mentor with more than the minimum to one with less; False when there is no way."""
    wanting = to_bits(np.array([len(held) < least for held, least in zip(pairs.holders, pairs.minimum, strict=True)]))
    if not wanting:
        return False
    search = _Search(pairs)
    for column, held in enumerate(pairs.holders):
        if len(held) > pairs.minimum[column]:
            search.leave(column)
    reached = search.run(wanting, may_open=True)
    if reached is None:
        return False
    search.shift(reached)
    return True


class _Search:
    """One search for a path along which places change hands."""

    def __init__(self, pairs: Largest) -> None:
        self._pairs = pairs
        self.seen = 0
        self._waiting: list[int] = []
        self._released: dict[int, int | None] = {}  # which mentor a mentee on the way gives up
        self._reached_by: dict[int, int] = {}  # by which mentee a mentor was reached
        self._instead_of: dict[int, int] = {}  # whose place in the set a mentee takes who gives up none
        self._opened: set[bool] = set()

    def enter(self, row: int, released: int | None) -> None:
        """Let a mentee look for another mentor, giving up the one named."""
        if row not in self._released:
            self._released[row] = released
            self._waiting.append(row)

    def leave(self, column: int) -> None:
        """Let every mentee of a mentor look for another one."""
        self.seen |= 1 << column
        for row in sorted(self._pairs.holders[column]):
            self.enter(row, released=column)

    def run(self, goal: int, *, may_open: bool) -> int | None:
        """Return the first mentor of the goal that is reached, or None when none is."""
        pairs = self._pairs
        while self._waiting:
            row = self._waiting.pop()
            reach = pairs.friends(row) & ~pairs.own[row] & ~self.seen
            hit = reach & goal
            if hit:
                column = (hit & -hit).bit_length() - 1
                self._reached_by[column] = row
                return column
            for column in positions(reach):
                self._reached_by[column] = row
                self.leave(column)
            if may_open and self._released[row] is not None:
                self._open_for_others(row)
        return None

    def give_up_a_second(self) -> int | None:
        """Let somebody on the way who has another mentor give one up; return which, or None when there is nobody."""
        pairs = self._pairs
        for row, released in self._released.items():
            if released is not None and not pairs.is_first(row, pairs.degree[row]):
                pairs.give(row, released)
                return released
        return None

    def _open_for_others(self, row: int) -> None:
        """Let a mentee give up a place altogether, so that another one, who counts as much, may take it."""
        pairs = self._pairs
        is_first = pairs.is_first(row, pairs.degree[row])
        if is_first in self._opened:
            return
        self._opened.add(is_first)
        for other in pairs.open_rows():
            if pairs.is_first(other, pairs.degree[other] + 1) == is_first and other not in self._released:
                self._instead_of[other] = row
                self.enter(other, released=None)

    def shift(self, column: int) -> None:
        """Move every place along the path that ends at this mentor."""
        pairs = self._pairs
        while True:
            row = self._reached_by[column]
            pairs.take(row, column)
            released = self._released[row]
            if released is None:
                if row not in self._instead_of:
                    return
                row = self._instead_of[row]
                released = self._released[row]
            if released is None:
                return
            pairs.give(row, released)
            if released not in self._reached_by:
                return
            column = released
