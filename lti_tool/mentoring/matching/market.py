"""What an assignment is asked for: who scores how much with whom, and how many each of them takes.

Scores are whole numbers of any sign and size that the solver can bear (`widest_range`). A table of scores need not be
in memory: it is only ever asked for some of its rows at a time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np

from lti_tool.mentoring.matching.facts import BoolArray, IntArray

# The score of a forbidden pair: far below any other, far above where 64 bits end.
FORBIDDEN = -(1 << 62)
SOLVER_LIMIT = 1 << 61


class Objective(StrEnum):
    """What is best, once as many mentees as possible are matched."""

    FAIR = "fair"  # the worst pair as good as possible, then the total
    TOTAL = "total"  # the highest total
    STABLE = "stable"  # nobody prefers each other to what they have; not even as many matched as possible


class Table(Protocol):
    """Scores, rows mentees and columns mentors; `FORBIDDEN` where two may not be paired."""

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors."""
        ...

    def block(self, first: int, last: int) -> IntArray:
        """Return the rows from `first` up to, not including, `last`; not to be written to."""
        ...

    def at(self, rows: IntArray, columns: IntArray) -> IntArray:
        """Return the scores of single pairs."""
        ...


@dataclass(frozen=True, slots=True)
class Dense:
    """A table in memory."""

    cells: IntArray

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors."""
        return self.cells.shape[0], self.cells.shape[1]

    def block(self, first: int, last: int) -> IntArray:
        """Return some rows, without copying them."""
        return self.cells[first:last]

    def at(self, rows: IntArray, columns: IntArray) -> IntArray:
        """Return the scores of single pairs."""
        return np.asarray(self.cells[rows, columns])


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The whole question.

    Shape: one entry per mentor in `capacities` (mentees at most), `minimums` (mentees at least, as far as possible)
        and `loads` (mentees by locked pairs, who do not count in the other two); one per mentee in `demands` (how many
        different mentors) and `is_served` (has a locked mentor already, so that another is not one more match).
    """

    table: Table
    capacities: IntArray
    demands: IntArray
    minimums: IntArray
    loads: IntArray
    is_served: BoolArray

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors."""
        return self.table.shape

    @property
    def counts_only_pairs(self) -> bool:
        """Whether every pair counts alike: one more pair is one more mentee, and nobody must get somebody."""
        return not (self.minimums.any() or (self.demands > np.where(self.is_served, 0, 1)).any())

    @property
    def most_places(self) -> int:
        """More pairs than this there cannot be."""
        return min(int(self.demands.sum()), int(self.capacities.sum()))


def market(
    scores: IntArray,
    eligible: BoolArray,
    capacities: IntArray,
    *,
    demands: IntArray | None = None,
    minimums: IntArray | None = None,
) -> Market:
    """Return the question for a table in memory, without locked pairs.

    Raises: ValueError for negative numbers of people.
    """
    rows, columns = scores.shape
    wanted = np.ones(rows, dtype=np.int64) if demands is None else demands
    least = np.zeros(columns, dtype=np.int64) if minimums is None else minimums
    if (capacities < 0).any() or (wanted < 0).any() or (least < 0).any():
        raise ValueError("nobody takes fewer than no people")
    capacities = np.minimum(capacities, rows)
    return Market(
        table=Dense(np.where(eligible, scores, FORBIDDEN)),
        capacities=capacities,
        demands=np.minimum(wanted, columns),
        minimums=np.minimum(least, capacities),
        loads=np.zeros(columns, dtype=np.int64),
        is_served=np.zeros(rows, dtype=np.bool_),
    )


@dataclass(frozen=True, slots=True)
class Locked:
    """Pairs that stay whatever else happens.

    Shape: positions of mentees and mentors, and the scores of these pairs.
    """

    rows: IntArray
    columns: IntArray
    scores: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def without_locked(whole: Market, pairs: Iterable[tuple[int, int]]) -> tuple[Market, Locked]:
    """Return what is left to decide when these pairs are settled.

    Raises: ValueError when one of them is forbidden, or more than somebody takes.
    """
    wanted = sorted(set(pairs))
    if not wanted:
        nobody = np.zeros(0, dtype=np.int64)
        return whole, Locked(nobody, nobody, nobody)
    rows, columns = (np.array(side, dtype=np.int64) for side in zip(*wanted, strict=True))
    cells = whole.table.block(0, whole.shape[0]).copy()
    scores = cells[rows, columns]
    demands = whole.demands - np.bincount(rows, minlength=whole.shape[0])
    load = np.bincount(columns, minlength=whole.shape[1])
    if (scores == FORBIDDEN).any() or (demands < 0).any() or (load > whole.capacities).any():
        raise ValueError("locked pairs break a rule")
    cells[rows, columns] = FORBIDDEN
    is_served = whole.is_served.copy()
    is_served[rows] = True
    left = Market(
        table=Dense(cells),
        capacities=whole.capacities - load,
        demands=demands,
        minimums=np.maximum(whole.minimums - load, 0),
        loads=whole.loads + load,
        is_served=is_served,
    )
    return left, Locked(rows, columns, scores)


def widest_range(whole: Market) -> int:
    """Return how far apart the highest and the lowest score may be for the solver to stay exact."""
    nodes = sum(whole.shape) + 3
    factor = 1 if whole.counts_only_pairs else 4 * (whole.most_places + 1)
    return SOLVER_LIMIT // (nodes * factor * 4)
