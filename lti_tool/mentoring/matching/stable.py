"""Stable pairs: no mentee and mentor who both prefer each other to what they have.

Both sides prefer by the same scores, so taking the best pair that is still possible, again and again, is stable. It
tends to leave a bad last pair, which is why it is not what the tool proposes by itself.
"""

import numpy as np

from lti_tool.mentoring.matching.even import Chance
from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, Market
from lti_tool.mentoring.matching.shortlist import blocks, everything


def stable_pairs(market: Market, chance: Chance) -> tuple[IntArray, IntArray]:
    """Return stable pairs, sorted by mentee, then mentor; of equal scores chance prefers the smaller number."""
    edges = everything(market.table)
    order = np.lexsort((edges.columns, edges.rows, chance(edges.rows, edges.columns), -edges.scores))
    demand, room = market.demands.tolist(), market.capacities.tolist()
    taken = []
    for row, column in zip(edges.rows[order].tolist(), edges.columns[order].tolist(), strict=True):
        if demand[row] and room[column]:
            demand[row] -= 1
            room[column] -= 1
            taken.append((row, column))
    pairs = np.array(sorted(taken), dtype=np.int64).reshape(len(taken), 2)
    return pairs[:, 0], pairs[:, 1]


def blocking_pairs(market: Market, rows: IntArray, columns: IntArray, scores: IntArray) -> tuple[IntArray, IntArray]:
    """Return the mentees and mentors who would both rather have each other, pair by pair."""
    worst_of_mentee = _worst(market.shape[0], rows, scores, market.demands)
    worst_of_mentor = _worst(market.shape[1], columns, scores, market.capacities)
    found_rows, found_columns = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for first, last in blocks(market.shape):
        cells = market.table.block(first, last)
        wanted = (cells > worst_of_mentee[first:last, None]) & (cells > worst_of_mentor[None, :])
        inside = (rows >= first) & (rows < last)
        wanted[rows[inside] - first, columns[inside]] = False
        block_rows, block_columns = np.nonzero(wanted)
        found_rows.append(block_rows + first)
        found_columns.append(block_columns)
    return np.concatenate(found_rows), np.concatenate(found_columns)


def _worst(people: int, whose: IntArray, scores: IntArray, most: IntArray) -> IntArray:
    """Return the score each person would give up for another partner: none where there is room."""
    worst = np.full(people, np.iinfo(np.int64).max)
    np.minimum.at(worst, whose, scores)
    return np.where(np.bincount(whose, minlength=people) < most, FORBIDDEN, worst)
