"""Which pairs are looked at: some mentees with every mentor, or single pairs. Comparisons are written once for both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.matching.facts import IntArray

Floats = NDArray[Any]

# Larger products are shared out among threads, which costs far more than it saves while others work on the machine.
# Source: OpenBLAS, interface/gemm.c: one thread up to 65,536 × 4 multiplications.
_AT_ONCE = 1 << 18


@dataclass(frozen=True, slots=True)
class Cells:
    """An amount for each of some pairs, sorted by mentee, then mentor, each once."""

    rows: IntArray
    columns: IntArray
    amounts: IntArray


def cells(amounts: Mapping[tuple[int, int], int]) -> Cells:
    """Return amounts by pair as cells."""
    keys = np.array(sorted(amounts), dtype=np.int64).reshape(len(amounts), 2)
    values = np.array([amounts[key] for key in sorted(amounts)], dtype=np.int64)
    return Cells(keys[:, 0], keys[:, 1], values)


class View(Protocol):
    """Some pairs."""

    def dot(self, mentees: Floats, mentors: Floats) -> Floats:
        """Return the sum of products of the two people's rows, for each pair."""
        ...

    def mentees(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the mentees' values, so that they combine with the mentors'."""
        ...

    def mentors(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the mentors' values, so that they combine with the mentees'."""
        ...

    def remembered(self, key: object, compute: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Return what was computed before under this key, else compute it."""
        ...

    def zeros(self, columns: int) -> NDArray[Any]:
        """Return a 0 for each pair in view, with that many mentors."""
        ...

    def add(self, cells: "Cells", target: NDArray[Any]) -> None:
        """Add the amounts of single cells to what is held for the pairs in view."""
        ...


class _Memory:
    """What was computed once for these pairs."""

    def __init__(self) -> None:
        self._memory: dict[object, NDArray[Any]] = {}

    def remembered(self, key: object, compute: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Return what was computed before under this key, else compute it."""
        if key not in self._memory:
            self._memory[key] = compute()
        return self._memory[key]


class Block(_Memory):
    """Some mentees, one after another, with every mentor."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__()
        self.rows = slice(first, last)

    def dot(self, mentees: Floats, mentors: Floats) -> Floats:
        """Return the sum of products: a matrix."""
        rows, columns = mentees[self.rows], mentors.T
        found = np.empty((len(rows), columns.shape[1]), dtype=np.result_type(rows, columns))
        wide = max(1, _AT_ONCE // max(1, rows.shape[1]))
        high = max(1, wide // max(1, columns.shape[1]))
        for left in range(0, columns.shape[1], wide):
            for top in range(0, len(rows), high):
                part = found[top : top + high, left : left + wide]
                np.matmul(rows[top : top + high], columns[:, left : left + wide], out=part)
        return found

    def mentees(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the mentees' values as a column."""
        return values[self.rows, None]

    def mentors(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the mentors' values as a row."""
        return values[None]

    def zeros(self, columns: int) -> NDArray[Any]:
        """Return a matrix of small zeros."""
        return np.zeros((self.rows.stop - self.rows.start, columns), dtype=np.int8)

    def add(self, cells: Cells, target: NDArray[Any]) -> None:
        """Add to the cells that are in these rows."""
        first, last = np.searchsorted(cells.rows, [self.rows.start, self.rows.stop])
        rows = cells.rows[first:last] - self.rows.start
        target[rows, cells.columns[first:last]] += cells.amounts[first:last].astype(target.dtype)


class Pairs(_Memory):
    """Single pairs."""

    def __init__(self, rows: IntArray, columns: IntArray) -> None:
        super().__init__()
        self.rows, self.columns = rows, columns

    def dot(self, mentees: Floats, mentors: Floats) -> Floats:
        """Return the sum of products: a number per pair."""
        return np.asarray(np.einsum("nf,nf->n", mentees[self.rows], mentors[self.columns]))

    def mentees(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the values of each pair's mentee."""
        return values[self.rows]

    def mentors(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the values of each pair's mentor."""
        return values[self.columns]

    def zeros(self, columns: int) -> NDArray[Any]:  # noqa: ARG002 - a view of single pairs has one column of them
        """Return a small zero per pair."""
        return np.zeros(len(self.rows), dtype=np.int8)

    def add(self, cells: Cells, target: NDArray[Any]) -> None:
        """Add to the pairs that are among the cells."""
        if not len(cells.rows):
            return
        numbers, wanted = cells.rows << 32 | cells.columns, self.rows << 32 | self.columns
        place = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
        target += np.where(numbers[place] == wanted, cells.amounts[place], 0).astype(target.dtype)
