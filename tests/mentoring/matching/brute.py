"""The best there is, found by trying everything: an oracle that shares nothing with the engine.

All choices of one mentee after another are tried at once for every way the mentors' places may be taken so far.
"""

import itertools
from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from lti_tool.mentoring.matching.market import Market, market

_WEIGHT = 1 << 24
_NEVER = -(1 << 62)


@dataclass(frozen=True, kw_only=True)
class Case:
    scores: np.ndarray
    eligible: np.ndarray
    capacities: np.ndarray
    demands: np.ndarray
    minimums: np.ndarray
    locked: list = field(default_factory=list)

    @property
    def market(self) -> Market:
        return market(self.scores, self.eligible, self.capacities, demands=self.demands, minimums=self.minimums)


def rank(case, pairs):
    """Return how good some pairs are: mentees, pairs, minimum places, the worst, the total, evenness."""
    given = [int(case.scores[pair]) for pair in pairs]
    load = np.bincount([column for _, column in pairs], minlength=case.scores.shape[1])
    filled = int(np.minimum(load, np.minimum(case.minimums, case.capacities)).sum())
    return (
        len({row for row, _ in pairs}),
        len(pairs),
        filled,
        min(given, default=0),
        sum(given),
        -int((load**2).sum()),
    )


def best_rank(case, *, is_fair=True):
    """Return the rank of the best pairs; without fairness the worst pair is left out of it."""
    most = _best_above(case, None)
    if not is_fair or not most[1]:
        return (*most[:3], 0, *most[3:])
    for floor in sorted({int(score) for score in case.scores[case.eligible]}, reverse=True):
        found = _best_above(case, floor)
        if found[:3] == most[:3]:
            return (*found[:3], floor, *found[3:])
    raise AssertionError("the lowest floor allows everything")


def _best_above(case, floor):
    """Return mentees, pairs, minimum places, total and evenness of the best pairs, none of them below a floor."""
    rows, columns = case.scores.shape
    sizes = np.minimum(case.capacities, rows)
    value = np.full(sizes + 1, _NEVER)
    value[(0,) * columns] = 0
    for row in range(rows):
        value = _with_one_more(value, row, case, floor)
    loads = np.indices(sizes + 1)
    filled = np.minimum(loads, np.minimum(case.minimums, sizes).reshape(-1, *[1] * columns)).sum(axis=0)
    spread = (loads**2).sum(axis=0)
    best = (_NEVER, _NEVER)
    for state in zip(*np.nonzero(value > _NEVER // 2), strict=True):
        best = max(best, (int(value[state]) + int(filled[state]) * _WEIGHT, -int(spread[state])))
    places, total = divmod(best[0] + _WEIGHT // 2, _WEIGHT)
    both, filled_places = divmod(places, 1 << 8)
    mentees, pairs = divmod(both, 1 << 8)
    return mentees, pairs, filled_places, total - _WEIGHT // 2, best[1]


def _with_one_more(value, row, case, floor):
    allowed = [column for column in range(case.scores.shape[1]) if case.eligible[row, column]]
    settled = {column for where, column in case.locked if where == row}
    after = np.full_like(value, _NEVER)
    for count in range(int(case.demands[row]) + 1):
        for taken in itertools.combinations(allowed, count):
            given = [int(case.scores[row, column]) for column in taken]
            if not settled <= set(taken) or (floor is not None and min(given, default=floor) < floor):
                continue
            worth = ((bool(count) << 16) + (count << 8)) * _WEIGHT + sum(given)
            _moved(value, taken, worth, after)
    return after


def _moved(value, taken, worth, after):
    came = tuple(slice(None, -1) if column in taken else slice(None) for column in range(value.ndim))
    goes = tuple(slice(1, None) if column in taken else slice(None) for column in range(value.ndim))
    after[goes] = np.maximum(after[goes], value[came] + worth)


@st.composite
def cases(draw, rows=7, columns=5, *, is_plain=False, has_locks=True):
    """Return small questions with ties, forbidden pairs, capacities, locked pairs, and more than one mentor each."""
    shape = (draw(st.integers(1, rows)), draw(st.integers(1, columns)))
    size = shape[0] * shape[1]
    highest = draw(st.sampled_from([1, 3, 1000]))
    lowest = draw(st.sampled_from([0, 0, -highest]))
    scores = draw(st.lists(st.integers(lowest, highest), min_size=size, max_size=size))
    eligible = draw(st.lists(st.sampled_from([True, True, True, False]), min_size=size, max_size=size))
    demand = st.just(1) if is_plain else st.sampled_from([1, 1, 1, 2])
    least = st.just(0) if is_plain else st.sampled_from([0, 0, 0, 1, 2])
    case = Case(
        scores=np.array(scores).reshape(shape),
        eligible=np.array(eligible).reshape(shape),
        capacities=np.array(draw(st.lists(st.integers(0, 3), min_size=shape[1], max_size=shape[1]))),
        demands=np.minimum(draw(st.lists(demand, min_size=shape[0], max_size=shape[0])), shape[1]),
        minimums=np.array(draw(st.lists(least, min_size=shape[1], max_size=shape[1]))),
    )
    for pair in draw(st.lists(st.sampled_from(list(np.ndindex(shape))), max_size=3, unique=True)) if has_locks else ():
        if _may_be_locked(case, pair):
            case.locked.append(pair)
    return case


def _may_be_locked(case, pair):
    row, column = pair
    of_mentee = sum(where == row for where, _ in case.locked)
    of_mentor = sum(where == column for _, where in case.locked)
    room = min(case.capacities[column], case.scores.shape[0])
    return case.eligible[pair] and of_mentee < case.demands[row] and of_mentor < room
