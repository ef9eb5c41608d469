"""Scores and hard rules together, as the table an assignment looks at."""

from dataclasses import dataclass

import numpy as np

from lti_tool.mentoring.matching.compatibility import Compatibility
from lti_tool.mentoring.matching.eligibility import Eligibility
from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, Dense, Table
from lti_tool.mentoring.matching.shortlist import blocks
from lti_tool.mentoring.matching.views import Block, Pairs, View

# Up to this many pairs are kept in memory; more are scored again whenever they are looked at.
_KEPT = 100_000_000
# As many pairs as fit, with what is computed of them on the way, into a processor's cache.
SCORED_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores that are worked out when they are asked for; `FORBIDDEN` where a rule forbids the pair."""

    scores: Compatibility
    rules: Eligibility
    minimum: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        """How many mentees and mentors."""
        return self.scores.shape

    def block(self, first: int, last: int) -> IntArray:
        """Return some rows."""
        return self._in(Block(first, last))

    def at(self, rows: IntArray, columns: IntArray) -> IntArray:
        """Return the scores of single pairs."""
        return self._in(Pairs(rows, columns))

    def _in(self, view: View) -> IntArray:
        scores = self.scores.scores_in(view)
        is_allowed = self.rules.allowed_in(view)
        if self.minimum:
            is_allowed &= scores >= self.minimum
        return np.where(is_allowed, scores, FORBIDDEN)


def table(scored: Scored) -> Table:
    """Return the table, in memory where it fits."""
    rows, columns = scored.shape
    if rows * columns > _KEPT:
        return scored
    cells = np.empty(scored.shape, dtype=np.int64)
    for first, last in blocks(scored.shape, SCORED_AT_ONCE):
        cells[first:last] = scored.block(first, last)
    return Dense(cells)
