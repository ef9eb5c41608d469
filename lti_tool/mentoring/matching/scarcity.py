"""Why no more can be matched: prices that prove a set of pairs to be the largest."""

from lti_tool.mentoring.matching.largest import Largest, positions


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
        for column in positions(columns & ~self._at_least[price]):
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
