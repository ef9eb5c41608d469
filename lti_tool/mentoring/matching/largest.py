"""The largest set of pairs: most mentees matched, then most pairs, then most minimum places filled.

A set grows along augmenting paths: a mentee takes a mentor, whose mentee takes another one, and so on until one has
room. When no path is left, the set is the largest there is, and the mentors that the search has seen prove it
(`scarcity`). Growing keeps whoever is matched matched, so the three aims never get in each other's way.

Shape: sets of mentors are the bits of whole numbers, so that one operation looks at all mentors of a mentee.
"""

from collections.abc import Iterable, Iterator
from itertools import count

import numpy as np

from lti_tool.mentoring.matching.facts import BoolArray, IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, Market

_ROWS_AT_ONCE = 32


class Largest:
    """A set of pairs, none of them below a floor, that grows until it is the largest."""

    def __init__(self, market: Market, floor: int = FORBIDDEN + 1) -> None:
        self.market = market
        self.floor = floor
        rows, columns = market.shape
        self.capacity: list[int] = market.capacities.tolist()
        self.minimum: list[int] = market.minimums.tolist()
        self.own = [0] * rows
        self.degree = [0] * rows
        self.holders: list[set[int]] = [set() for _ in range(columns)]
        self.free = to_bits(market.capacities > 0)
        self._friends: dict[int, int] = {}
        self._ways: dict[int, int] = {}
        self._demand: list[int] = market.demands.tolist()
        self._is_served: list[bool] = market.is_served.tolist()

    def add(self, rows: Iterable[int], columns: Iterable[int]) -> None:
        """Put pairs in; they must be allowed, above the floor, and not too many for anybody."""
        for row, column in zip(rows, columns, strict=True):
            self.take(row, column)

    def friends(self, row: int) -> int:
        """Return the mentors this mentee may have, at or above the floor."""
        bits = self._friends.get(row)
        if bits is None:
            first = row - row % _ROWS_AT_ONCE
            block = self.market.table.block(first, min(first + _ROWS_AT_ONCE, self.market.shape[0]))
            packed = np.packbits(block >= self.floor, axis=1, bitorder="little")
            for number, line in enumerate(packed):
                self._friends[first + number] = int.from_bytes(line.tobytes(), "little")
            bits = self._friends[row]
        return bits

    def ways_on(self, column: int) -> int:
        """Return the mentors whom one of this mentor's mentees could have instead."""
        ways = self._ways.get(column)
        if ways is None:
            ways = 0
            for row in self.holders[column]:
                ways |= self.friends(row) & ~self.own[row]
            self._ways[column] = ways
        return ways

    def is_first(self, row: int, number: int) -> bool:
        """Tell whether this many mentors make one more mentee matched than one fewer."""
        return number == 1 and not self._is_served[row]

    def open_rows(self) -> list[int]:
        """Return the mentees who could take one more mentor."""
        return [row for row, count in enumerate(self.degree) if count < self._demand[row]]

    def value(self) -> tuple[int, int, int]:
        """Return how many mentees are matched who were not served, how many pairs and minimum places there are."""
        matched = sum(count > 0 and not served for count, served in zip(self.degree, self._is_served, strict=True))
        filled = sum(min(len(held), least) for held, least in zip(self.holders, self.minimum, strict=True))
        return matched, sum(self.degree), filled

    def pairs(self) -> tuple[IntArray, IntArray]:
        """Return the pairs, sorted by mentee, then mentor."""
        found = sorted((row, column) for column, held in enumerate(self.holders) for row in held)
        both = np.array(found, dtype=np.int64).reshape(len(found), 2)
        return both[:, 0], both[:, 1]

    def take(self, row: int, column: int) -> None:
        """Put one pair in."""
        self._forget_ways(row)
        self.own[row] |= 1 << column
        self.degree[row] += 1
        self.holders[column].add(row)
        self._ways.pop(column, None)
        if len(self.holders[column]) >= self.capacity[column]:
            self.free &= ~(1 << column)

    def give(self, row: int, column: int) -> None:
        """Take one pair out."""
        self._forget_ways(row)
        self.own[row] &= ~(1 << column)
        self.degree[row] -= 1
        self.holders[column].discard(row)
        self.free |= 1 << column

    def _forget_ways(self, row: int) -> None:
        for column in positions(self.own[row]):
            self._ways.pop(column, None)

    def grow(self) -> None:
        """Make it the largest."""
        from lti_tool.mentoring.matching.search import fill_a_minimum, serve  # noqa: PLC0415  # they search in sets like this

        opened = self.open_rows()
        if not self.market.counts_only_pairs:
            for row in [row for row in opened if not self.degree[row] and not self._is_served[row]]:
                serve(self, row)
        hopeless = 0
        for row in opened:
            while self.degree[row] < self._demand[row]:
                seen = self._augment(row, hopeless)
                if seen is not None:
                    hopeless = seen
                    break
        while any(self.minimum) and fill_a_minimum(self):
            continue

    def _augment(self, start: int, hopeless: int) -> int | None:
        """Find one mentor more for a mentee, moving others if need be; else return the mentors without a way on."""
        seen = hopeless
        reach = self.friends(start) & ~self.own[start] & ~seen
        came_from: dict[int, int] = {}
        waiting: list[int] = []  # first come, first served, so that paths are short
        column = -1
        for number in count():
            hit = reach & self.free
            if hit:
                break
            seen |= reach
            for other in positions(reach):
                came_from[other] = column
                waiting.append(other)
            if number >= len(waiting):
                return seen
            column = waiting[number]
            reach = self.ways_on(column) & ~seen
        path = [(hit & -hit).bit_length() - 1]
        while column >= 0:
            path.append(column)
            column = came_from[column]
        self._shift(start, path[::-1])
        return None

    def _shift(self, start: int, path: list[int]) -> None:
        """Move every mentee along a path of mentors, from the last one, who has room, to the first."""
        while len(path) > 1:
            column = path.pop()
            bit = 1 << column
            row = min(one for one in self.holders[path[-1]] if self.friends(one) & ~self.own[one] & bit)
            self.give(row, path[-1])
            self.take(row, column)
        self.take(start, path[0])


def positions(number: int) -> Iterator[int]:
    """Return the positions of the bits of a whole number, from the lowest."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def to_bits(flags: BoolArray) -> int:
    """Return flags as the bits of a whole number."""
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")
