"""Triads and circles of three or four, for up to three hundred people, by construction and swaps.

A circle is worth, for each person in it, how well the others suit them on average. Circles begin with people who suit
each other least; the others join in rounds, one a circle, each round the best assignment; then any two people of
different circles change places as long as that helps. A bound tells how much better any circles could be.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lti_tool.mentoring.matching.assignment import assign
from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, market
from lti_tool.mentoring.matching.ties import by_chance

PEOPLE_AT_MOST = 300
_NO = -(1 << 40)
# With how many others at least everybody is; the bound counts the best of them.
_OTHERS = 2

Rule = Callable[[Sequence[int]], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circles:
    """Circles of people, as positions.

    Units: `total` and `bound` in millionths, the sum over people of how well each suits the others in their circle.
    """

    circles: tuple[tuple[int, ...], ...]
    alone: tuple[int, ...]
    total: int
    bound: int


def circles(cells: IntArray, *, size: int = 3, seed: int = 0, rule: Rule | None = None) -> Circles:
    """Return circles of three, some of four; or of four, some of three; where the number allows it.

    Shape: `cells` people × people, as `peers.mutual_scores` gives them; `rule` may refuse a circle, for example one
        that leaves somebody the only one with a situation.
    Raises: ValueError for other sizes, or for too many people.
    """
    if size not in {3, 4} or len(cells) > PEOPLE_AT_MOST:
        raise ValueError("circles are of three or four, of up to three hundred people")
    count = _how_many(len(cells), size)
    if not count:
        return Circles(circles=(), alone=tuple(range(len(cells))), total=0, bound=0)
    made = _Made(np.where(cells > FORBIDDEN, cells, _NO), rule or (lambda _circle: True))
    made.build(by_chance(seed, range(len(cells))), count)
    made.improve()
    return made.result(cells)


def _how_many(people: int, size: int) -> int:
    """Return how many circles there are to be: of three and four people only, but for very few people."""
    fours = -(-people // 4)
    return fours if size == 4 and people >= 3 * fours else people // size


class _Made:
    """Circles in the making."""

    def __init__(self, cells: IntArray, rule: Rule) -> None:
        self._cells, self._rule = cells, rule
        self._of: list[list[int]] = cells.tolist()
        self._circles: list[list[int]] = []

    def build(self, order: Sequence[int], count: int) -> None:
        """Begin circles with people who suit each other least, then let the others join, one a circle at a time."""
        nearest, begun = np.full(len(order), _NO), [order[0]]
        while len(begun) < count:
            nearest = np.maximum(nearest, self._cells[:, begun[-1]])
            nearest[begun] = -_NO
            begun.append(int(nearest.argmin()))
        self._circles = [[one] for one in begun]
        waiting = sorted(set(order) - set(begun))
        before = len(waiting) + 1
        while len(waiting) < before:
            before, waiting = len(waiting), self._join(waiting)

    def _join(self, waiting: list[int]) -> list[int]:
        """Let at most one of those who wait join each circle, so that they suit it best; return who still waits."""
        if not waiting:
            return []
        sums = np.stack([self._cells[np.ix_(waiting, circle)].sum(axis=1) for circle in self._circles], axis=1)
        best = assign(market(sums, sums > _NO // 2, np.ones(len(self._circles), dtype=np.int64)))
        for row, column in zip(best.rows.tolist(), best.columns.tolist(), strict=True):
            self._circles[column].append(waiting[row])
        return [one for number, one in enumerate(waiting) if number not in set(best.rows.tolist())]

    def worth(self, circle: Sequence[int]) -> int:
        """Return what a circle is worth: for each person the mean of the others."""
        inside = sum(self._of[one][other] for one in circle for other in circle if one != other)
        alone = 0 if len(circle) > 2 else _NO
        return inside // max(1, len(circle) - 1) + alone + (0 if self._rule(circle) else _NO)

    def improve(self) -> None:
        """Let two people change places as long as it helps."""
        worths = [self.worth(circle) for circle in self._circles]
        is_better = True
        while is_better:
            is_better = False
            for a, b in combinations(range(len(self._circles)), 2):
                is_better |= self._improve_two(a, b, worths)

    def _improve_two(self, a: int, b: int, worths: list[int]) -> bool:
        first, second = self._circles[a], self._circles[b]
        for i in range(len(first)):
            for j in range(len(second)):
                one, other = [*first], [*second]
                one[i], other[j] = second[j], first[i]
                new = self.worth(one), self.worth(other)
                if sum(new) > worths[a] + worths[b]:
                    self._circles[a], self._circles[b] = one, other
                    worths[a], worths[b] = new
                    return True
        return False

    def result(self, cells: IntArray) -> Circles:
        """Return the circles that keep all rules, and the bound."""
        kept = [tuple(sorted(circle)) for circle in self._circles if self.worth(circle) > _NO // 8]
        inside = {one for circle in kept for one in circle}
        best = np.sort(np.where(cells > FORBIDDEN, cells, 0), axis=1)[:, ::-1][:, :_OTHERS]
        return Circles(
            circles=tuple(sorted(kept)),
            alone=tuple(one for one in range(len(cells)) if one not in inside),
            total=sum(self.worth(circle) for circle in kept),
            bound=int(best.mean(axis=1).sum()),
        )
