"""A few good candidates for each mentee, so that the solver need not look at every pair.

Half of a mentee's candidates are their best, the other half those who suit them better than they suit others: where all
want the same few mentors, the first half alone would leave everybody else out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, Table

BLOCK_CELLS = 1 << 18


@dataclass(frozen=True, slots=True)
class Edges:
    """Possible pairs with their scores, sorted by mentee, then mentor, each once."""

    rows: IntArray
    columns: IntArray
    scores: IntArray

    def joined(self, other: "Edges") -> "Edges":
        """Return these and the others."""
        rows, columns = np.concatenate([self.rows, other.rows]), np.concatenate([self.columns, other.columns])
        scores = np.concatenate([self.scores, other.scores])
        width = int(columns.max(initial=0)) + 1
        _, first = np.unique(rows * width + columns, return_index=True)
        return Edges(rows[first], columns[first], scores[first])

    def at_least(self, floor: int) -> "Edges":
        """Return those that reach a floor."""
        kept = self.scores >= floor
        return Edges(self.rows[kept], self.columns[kept], self.scores[kept])


def together(parts: Sequence[Edges]) -> Edges:
    """Return several lists as one."""
    rows, columns, scores = zip(*[(part.rows, part.columns, part.scores) for part in (NONE, *parts)], strict=True)
    return Edges(np.concatenate(rows), np.concatenate(columns), np.concatenate(scores))


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Every mentee's candidates, each one's best score (`FORBIDDEN` without any), and the lowest score of all."""

    edges: Edges
    best: IntArray
    lowest: int


def blocks(shape: tuple[int, int], size: int = BLOCK_CELLS) -> list[tuple[int, int]]:
    """Return where to cut a table so that a part has about that many cells."""
    step = max(1, size // max(1, shape[1]))
    return [(first, min(first + step, shape[0])) for first in range(0, shape[0], step)]


def shortlist(table: Table, size: int) -> Shortlist:
    """Return that many candidates for each mentee, or all where there are not so many mentors."""
    parts: list[Edges] = []
    best = [np.zeros(0, dtype=np.int64)]
    popular: IntArray | None = None
    lowest = -FORBIDDEN
    has_all = table.shape[1] <= size
    for first, last in blocks(table.shape):
        cells = table.block(first, last)
        best.append(cells.max(axis=1, initial=FORBIDDEN))
        lowest = min(lowest, int(np.where(cells == FORBIDDEN, -FORBIDDEN, cells).min(initial=-FORBIDDEN)))
        if popular is None:
            popular = _popularity(cells)
        rows, columns = np.nonzero(cells != FORBIDDEN) if has_all else _chosen(cells, size, popular)
        parts.append(Edges(rows + first, columns, cells[rows, columns]))
    return Shortlist(together(parts), np.concatenate(best), lowest)


def everything(table: Table) -> Edges:
    """Return every allowed pair."""
    return shortlist(table, table.shape[1]).edges


def _popularity(cells: IntArray) -> IntArray:
    """Return each mentor's mean score, as the first mentees see it."""
    allowed = cells != FORBIDDEN
    total = np.where(allowed, cells, 0).sum(axis=0)
    return np.asarray(total // np.maximum(allowed.sum(axis=0), 1), dtype=np.int64)


def _chosen(cells: IntArray, size: int, popular: IntArray) -> tuple[IntArray, IntArray]:
    half = size // 2
    best = np.argpartition(cells, -half, axis=1)[:, -half:]
    special = np.argpartition(cells - popular[None, :], half - size, axis=1)[:, half - size :]
    columns = np.sort(np.concatenate([best, special], axis=1), axis=1)
    is_new = np.ones(columns.shape, dtype=np.bool_)
    is_new[:, 1:] = columns[:, 1:] != columns[:, :-1]
    is_new &= np.take_along_axis(cells, columns, axis=1) != FORBIDDEN
    rows, places = np.nonzero(is_new)
    return rows, columns[rows, places]


NONE = Edges(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
