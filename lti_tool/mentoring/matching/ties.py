"""Chance that is the same every time: numbers made of a seed and of who the people are.

What they decide does not depend on the order of the input, on the machine or on the version of a library.
Source: the mixing function of SplitMix64 (Steele, Lea and Flood, 2014).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.matching.facts import IntArray

_64_BITS = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Ties:
    """A number from 0 to 2**32 - 1 for each pair, which follows from a seed and two ids."""

    by_row: NDArray[np.uint64]
    by_column: NDArray[np.uint64]

    def __call__(self, rows: IntArray, columns: IntArray) -> IntArray:
        """Return the numbers of some pairs, given as positions in the two lists of ids."""
        both = _mixed(self.by_row[rows] + self.by_column[columns])
        return np.asarray(both >> np.uint64(32), dtype=np.int64)


def ties(seed: int, rows: Sequence[int], columns: Sequence[int]) -> Ties:
    """Return the numbers of all pairs of these ids."""
    start = _mixed(np.array([seed & _64_BITS], dtype=np.uint64))
    return Ties(_mixed(_ids(rows) ^ start), _mixed(_ids(columns)))


def by_chance(seed: int, ids: Sequence[int]) -> list[int]:
    """Return the ids in an order that only the seed and the ids decide."""
    numbers = ties(seed, ids, [0])(np.arange(len(ids)), np.zeros(len(ids), dtype=np.int64)).tolist()
    return [id_ for _, id_ in sorted(zip(numbers, ids, strict=True))]


def _ids(ids: Sequence[int]) -> NDArray[np.uint64]:
    return np.array([id_ & _64_BITS for id_ in ids], dtype=np.uint64)


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
