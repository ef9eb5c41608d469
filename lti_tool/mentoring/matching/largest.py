"""The largest set of pairs: most mentees matched, then most pairs, then most minimum places filled.

A set grows along augmenting paths: a mentee takes a mentor, whose mentee takes another one, and so on until one has
room. When no path is left, the set is the largest there is, and the mentors that the search has seen prove it
(`scarcity`). Growing keeps whoever is matched matched, so the three aims never get in each other's way.

Shape: sets of mentors are the bits of whole numbers, so that one operation looks at all mentors of a mentee.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from lti_tool.mentoring.matching.facts import BoolArray, IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, Market


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
        self.free = _to_bits(market.capacities > 0)
        self._friends: dict[int, int] = {}
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
            bits = self._friends[row] = _to_bits(self.market.table.block(row, row + 1)[0] >= self.floor)
        return bits

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

    def grow(self) -> None:
        """Make it the largest."""
        hopeless = 0
        opened = self.open_rows()
        for row in [row for row in opened if not self.degree[row] and not self._is_served[row]]:
            hopeless = self._augment(row, hopeless) if self.market.counts_only_pairs else self._serve(row)
        for row in opened:
            while self.degree[row] < self._demand[row]:
                before, hopeless = self.degree[row], self._augment(row, hopeless)
                if self.degree[row] == before:
                    break
        if any(self.minimum):
            while self._fill_a_minimum():
                continue

    def take(self, row: int, column: int) -> None:
        """Put one pair in."""
        self.own[row] |= 1 << column
        self.degree[row] += 1
        self.holders[column].add(row)
        if len(self.holders[column]) >= self.capacity[column]:
            self.free &= ~(1 << column)

    def give(self, row: int, column: int) -> None:
        """Take one pair out."""
        self.own[row] &= ~(1 << column)
        self.degree[row] -= 1
        self.holders[column].discard(row)
        self.free |= 1 << column

    def _augment(self, start: int, hopeless: int) -> int:
        """Find one mentor more for a mentee, moving others if need be; return the mentors from whom no way leads on."""
        search = _Search(self, hopeless)
        search.enter(start, released=None)
        column = search.run(self.free, may_open=False)
        if column is None:
            return search.seen
        search.shift(column)
        return hopeless

    def _serve(self, start: int) -> int:
        """Find a first mentor for a mentee, if need be the place of somebody who has another one; return none seen."""
        search = _Search(self, 0)
        search.enter(start, released=None)
        column = search.run(self.free, may_open=False)
        if column is None:
            column = search.give_up_a_second()
        if column is not None:
            search.shift(column)
        return 0

    def _fill_a_minimum(self) -> bool:
        """Move a place from a mentor with more than the minimum to one with less; False when there is no way."""
        wanting = _to_bits(
            np.array([len(held) < least for held, least in zip(self.holders, self.minimum, strict=True)])
        )
        if not wanting:
            return False
        search = _Search(self, 0)
        for column, held in enumerate(self.holders):
            if len(held) > self.minimum[column]:
                search.leave(column)
        reached = search.run(wanting, may_open=True)
        if reached is None:
            return False
        search.shift(reached)
        return True


class _Search:
    """One search for a path along which places change hands."""

    def __init__(self, pairs: Largest, seen: int) -> None:
        self._pairs = pairs
        self.seen = seen
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
            for column in bits(reach):
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


def scarcity(pairs: Largest) -> list[int]:
    """Return a price for each mentor that proves the set to be the largest, for the checker of `proof`.

    Every pair is worth 1, and 1 more when it is a mentee's first or fills a minimum place. The prices are the smallest
    that fit, found along the ways places could change hands.
    """
    columns = len(pairs.holders)
    below = _Prices(pairs)
    for column in range(columns):
        held = len(pairs.holders[column])
        below.start(column, -1 if pairs.minimum[column] and held <= pairs.minimum[column] else 0)
    for row in pairs.open_rows():
        first = 1 if pairs.is_first(row, pairs.degree[row] + 1) else 0
        below.raise_to(pairs.friends(row) & ~pairs.own[row], 1 + first)
    below.settle()
    return below.price


class _Prices:
    """Prices that only rise, until nobody's place is worth more to somebody else."""

    def __init__(self, pairs: Largest) -> None:
        self._pairs = pairs
        self.price = [-1] * len(pairs.holders)
        self._at_least = dict.fromkeys((0, 1, 2), 0)
        self._waiting: list[int] = []

    def start(self, column: int, price: int) -> None:
        self.price[column] = price
        if price >= 0:
            self._at_least[0] |= 1 << column
            self._waiting.append(column)

    def raise_to(self, columns: int, price: int) -> None:
        for column in bits(columns & ~self._at_least[price]):
            self.price[column] = price
            for level in range(price + 1):
                self._at_least[level] |= 1 << column
            self._waiting.append(column)

    def settle(self) -> None:
        everybody = (1 << len(self.price)) - 1
        while self._waiting:
            column = self._waiting.pop()
            price = self.price[column]
            if self._at_least[price] == everybody:
                continue
            for row in self._pairs.holders[column]:
                self.raise_to(self._pairs.friends(row) & ~self._pairs.own[row], price)


def bits(number: int) -> Iterator[int]:
    """Return the positions of the bits of a whole number, from the lowest."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _to_bits(flags: BoolArray) -> int:
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")
