"""How evenly the pairs of a proposal are good, before it is published.

Every measure is a plain function of scores and pairs. Groups of fewer than five people are not compared: a difference
between them would say something about single people. Source: product section 5.6.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev, stdev

import numpy as np

from lti_tool.mentoring.matching.assignment import Assignment, assign
from lti_tool.mentoring.matching.compatibility import questions_of
from lti_tool.mentoring.matching.features import keys_of
from lti_tool.mentoring.matching.market import Objective
from lti_tool.mentoring.matching.prepared import Prepared
from lti_tool.mentoring.matching.shortlist import blocks
from lti_tool.mentoring.matching.stable import blocking_pairs
from lti_tool.mentoring.questionnaire import Comparer

SMALLEST_GROUP = 5
TOP_CHOICE_PART = 600_000
_TWO_SIDED_95 = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupGap:
    """How one group compares with everybody else; the interval is of the difference in mean score.

    Units: scores in millionths, coverage from 0 to 1.
    """

    group: str
    size: int
    coverage: float
    mean_ppm: float
    mean_gap_ppm: float
    low_ppm: float
    high_ppm: float
    coverage_gap: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """The report.

    Shape: people as ids. `swaps` are pairs of mentees who would both be better off with each other's mentor; `blocking`
        mentees and mentors who would both rather have each other. Shares are from 0 to 1, None where nobody counts.
    """

    matched: int
    mentees: int
    unmatched: tuple[int, ...]
    worst: tuple[int, int] | None
    worst_ppm: int | None
    bottom_tenth_ppm: float | None
    bottom_tenth: tuple[int, ...]
    spread_ppm: float | None
    gini: float | None
    top_choice_share: float | None
    swaps: tuple[tuple[int, int], ...]
    blocking: tuple[tuple[int, int], ...]
    loads: tuple[int, ...]
    load_gini: float | None
    price_share: float
    mean_regret_ppm: float | None
    largest_regret_ppm: int | None
    regrets: Mapping[int, int]

    @property
    def coverage(self) -> float | None:
        """The share of mentees who have a mentor."""
        return self.matched / self.mentees if self.mentees else None


def fairness(ready: Prepared, found: Assignment) -> Fairness:
    """Return the report on an assignment of prepared candidates."""
    scores = found.scores.tolist()
    by_score = np.argsort(found.scores, kind="stable")
    lowest = by_score[: max(1, math.ceil(len(scores) / 10))] if scores else by_score
    worst = int(by_score[0]) if scores else None
    loads = np.bincount(found.columns, minlength=len(ready.mentors)).tolist()
    regrets = _regrets(ready, found)
    return Fairness(
        matched=found.matched,
        mentees=len(ready.mentees),
        unmatched=tuple(one.id for row, one in enumerate(ready.mentees) if row not in set(found.rows.tolist())),
        worst=None if worst is None else _ids(ready, found, worst),
        worst_ppm=found.worst,
        bottom_tenth_ppm=fmean(found.scores[lowest].tolist()) if scores else None,
        bottom_tenth=tuple(ready.mentees[row].id for row in found.rows[lowest].tolist()),
        spread_ppm=pstdev(scores) if scores else None,
        gini=gini(scores),
        top_choice_share=_top_choice_share(ready, found),
        swaps=_swaps(ready, found),
        blocking=_blocking(ready, found),
        loads=tuple(loads),
        load_gini=gini(loads),
        price_share=price_of_fairness(ready, found),
        mean_regret_ppm=fmean(regrets.values()) if regrets else None,
        largest_regret_ppm=max(regrets.values(), default=None),
        regrets=regrets,
    )


def _ids(ready: Prepared, found: Assignment, number: int) -> tuple[int, int]:
    return ready.mentees[int(found.rows[number])].id, ready.mentors[int(found.columns[number])].id


def gini(values: Sequence[float]) -> float | None:
    """Return how unequal values are: 0 when all are alike, near 1 when one has everything; None for no values."""
    whole = sum(values)
    if not values or whole <= 0:
        return 0.0 if values else None
    ordered = sorted(values)
    weighted = sum(place * value for place, value in enumerate(ordered, start=1))
    return 2 * weighted / (len(values) * whole) - (len(values) + 1) / len(values)


def price_of_fairness(ready: Prepared, found: Assignment) -> float:
    """Return which share of the best total this assignment gives up; 0 when there is none to give up."""
    best = assign(ready.market, objective=Objective.TOTAL, locked=ready.locked)
    return (best.total - found.total) / best.total if best.total > 0 else 0.0


def _regrets(ready: Prepared, found: Assignment) -> dict[int, int]:
    """Return for each matched mentee how much better their best possible mentor would suit them."""
    given: dict[int, int] = {}
    for row, score in zip(found.rows.tolist(), found.scores.tolist(), strict=True):
        given[row] = max(given.get(row, 0), score)
    best = np.concatenate(
        [np.zeros(0, dtype=np.int64), *(_best(ready, first, last) for first, last in blocks(ready.market.shape))]
    )
    return {ready.mentees[row].id: max(0, int(best[row]) - score) for row, score in given.items()}


def _best(ready: Prepared, first: int, last: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.asarray(ready.market.table.block(first, last).max(axis=1, initial=0), dtype=np.int64)


def _top_choice_share(ready: Prepared, found: Assignment) -> float | None:
    """Return the share of matched mentees whose most important criterion is met."""
    parts = ready.scores.parts(found.rows, found.columns)
    asked = [one.question for one in ready.scores.asked]
    met = []
    for criterion in ready.plan.questionnaire.questions:
        if criterion.comparer is not Comparer.TOP_CRITERION:
            continue
        for number, row in enumerate(found.rows.tolist()):
            questions = [
                question for key in keys_of(ready.mentees[row], criterion.key) for question in questions_of(key, asked)
            ]
            reached = [int(parts[one.key][0][number]) for one in questions if parts[one.key][1][number]]
            if reached:
                met.append(fmean(reached) >= TOP_CHOICE_PART)
    return sum(met) / len(met) if met else None


def _swaps(ready: Prepared, found: Assignment) -> tuple[tuple[int, int], ...]:
    """Return the mentees who would both be better off with each other's mentor."""
    swaps = []
    held = set(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
    for number, row in enumerate(found.rows.tolist()):
        mine = ready.market.table.block(row, row + 1)[0]
        others = found.rows[number + 1 :]
        theirs = ready.market.table.at(others, np.full(len(others), found.columns[number]))
        better = (mine[found.columns[number + 1 :]] > found.scores[number]) & (theirs > found.scores[number + 1 :])
        for place in np.nonzero(better)[0].tolist():
            other = int(others[place])
            if not {(row, int(found.columns[number + 1 + place])), (other, int(found.columns[number]))} & held:
                swaps.append((ready.mentees[row].id, ready.mentees[other].id))
    return tuple(swaps)


def _blocking(ready: Prepared, found: Assignment) -> tuple[tuple[int, int], ...]:
    rows, columns = blocking_pairs(ready.market, found.rows, found.columns, found.scores)
    return tuple(
        (ready.mentees[row].id, ready.mentors[column].id)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    )


def group_gaps(ready: Prepared, found: Assignment, groups: Mapping[str, frozenset[int]]) -> list[GroupGap]:
    """Return how each group of mentees compares with all others; nothing where either side is smaller than five.

    Shape: `groups` holds ids by a group's name.
    """
    given: dict[int, int] = {}
    for row, score in zip(found.rows.tolist(), found.scores.tolist(), strict=True):
        given[ready.mentees[row].id] = max(given.get(ready.mentees[row].id, 0), score)
    everybody = {one.id for one in ready.mentees}
    gaps = [_gap(name, people & everybody, everybody - people, given) for name, people in sorted(groups.items())]
    return [gap for gap in gaps if gap is not None]


def _gap(name: str, people: frozenset[int], others: set[int], given: Mapping[int, int]) -> GroupGap | None:
    mine, theirs = ([given[one] for one in sorted(side) if one in given] for side in (people, others))
    if min(len(people), len(others), len(mine), len(theirs)) < SMALLEST_GROUP:
        return None
    gap = fmean(mine) - fmean(theirs)
    margin = _TWO_SIDED_95 * math.sqrt(stdev(mine) ** 2 / len(mine) + stdev(theirs) ** 2 / len(theirs))
    return GroupGap(
        group=name,
        size=len(people),
        coverage=len(mine) / len(people),
        mean_ppm=fmean(mine),
        mean_gap_ppm=gap,
        low_ppm=gap - margin,
        high_ppm=gap + margin,
        coverage_gap=len(mine) / len(people) - len(theirs) / len(others),
    )
