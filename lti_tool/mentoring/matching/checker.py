"""Checks a certificate, without trusting whoever wrote it: no solver, nothing of the engine, one look at every pair.

Prices for the mentors' places give a bound: each mentee takes what is left of the best scores after paying, each place
earns its price. Whatever the prices are, no pairs are worth more. Pairs that reach the bound are the best.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked.

    Shape: `scores` mentees × mentors in whole numbers, `allowed` likewise; `locked` mentee and mentor pairs.
    """

    scores: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    capacities: Sequence[int]
    demands: Sequence[int]
    minimums: Sequence[int]
    locked: Sequence[tuple[int, int]]


def problems(asked: Question, pairs: Sequence[tuple[int, int]], claim: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a certificate; nothing when it holds.

    Shape: `claim` has `objective`, `matched`, `worst`, `total`, `bound` and `prices` (`coverage`, `worst`, `mentors`,
        `per_pair`, `bonus`).
    """
    given = [int(asked.scores[pair]) for pair in pairs]
    per_mentee = np.bincount([row for row, _ in pairs], minlength=len(asked.demands))
    per_mentor = np.bincount([column for _, column in pairs], minlength=len(asked.capacities))
    filled = int(np.minimum(per_mentor, asked.minimums).sum())
    places = int((per_mentee > 0).sum()) + filled
    found = {
        "a pair is listed twice": len(set(pairs)) < len(pairs),
        "a forbidden pair": not all(asked.allowed[pair] for pair in pairs),
        "a locked pair is missing": not set(asked.locked) <= set(pairs),
        "too many mentors for a mentee": bool((per_mentee > asked.demands).any()),
        "too many mentees for a mentor": bool((per_mentor > asked.capacities).any()),
        "the number matched": claim["matched"] != int((per_mentee > 0).sum()),
        "the worst pair": claim["worst"] != min(given, default=None),
        "the total": claim["total"] != sum(given),
    }
    wrong = [text for text, is_wrong in found.items() if is_wrong]
    return wrong or _unproved(asked, pairs, claim, places)


def _unproved(asked: Question, pairs: Sequence[tuple[int, int]], claim: Mapping[str, Any], places: int) -> list[str]:
    """Return which of the claims the prices do not prove."""
    prices, worst, ones = claim["prices"], claim["worst"], np.ones_like(asked.scores)
    is_stable, is_fair = claim["objective"] == "stable", claim["objective"] == "fair" and bool(pairs)
    allowed = asked.allowed & (asked.scores >= worst) if is_fair else asked.allowed
    bonus, per_pair = (0, 0) if is_stable else (prices["bonus"], prices["per_pair"])
    total = bound(asked, allowed, asked.scores, prices["mentors"], bonus, per_pair)
    if not is_stable:
        total += per_pair * len(pairs) - bonus * places
    found = {"the bound": claim["bound"] != total}
    if is_stable:
        found["two who prefer each other"] = bool(blocking(asked, pairs))
    else:
        most = bound(asked, asked.allowed, ones, prices["coverage"], 1, 0)
        found["as many as possible"] = most != len(pairs) + places
        found["the highest total"] = claim["bound"] != claim["total"]
    if is_fair and worst not in [int(asked.scores[pair]) for pair in asked.locked]:
        more = bound(asked, asked.allowed & (asked.scores > worst), ones, prices["worst"], 1, 0)
        found["no better worst pair"] = more >= len(pairs) + places
    return [text for text, is_wrong in found.items() if is_wrong]


def bound(
    asked: Question,
    allowed: NDArray[np.bool_],
    scores: NDArray[np.int64],
    prices: Sequence[int],
    bonus: int,
    per_pair: int,
) -> int:
    """Return what no pairs can be worth more than: scores, and a bonus for a first mentor and for a minimum place."""
    most, least, demands = list(asked.capacities), list(asked.minimums), list(asked.demands)
    has_one, allowed, total = set(), allowed.copy(), 0
    for row, column in asked.locked:
        total += int(scores[row, column]) + bonus * ((row not in has_one) + (least[column] > 0)) - per_pair
        has_one.add(row)
        demands[row], most[column], least[column] = demands[row] - 1, most[column] - 1, max(least[column] - 1, 0)
        allowed[row, column] = False
    for row, wanted in enumerate(demands):
        left = np.sort((scores[row] - np.array(prices, dtype=np.int64))[allowed[row]])[::-1][:wanted].tolist()
        first = 0 if row in has_one else bonus
        total += max([0, *(sum(left[:number]) + first for number in range(1, len(left) + 1))])
    for price, size, minimum in zip(prices, most, least, strict=True):
        total += max(number * (price - per_pair) + bonus * min(number, minimum) for number in (0, minimum, size))
    return total


def blocking(asked: Question, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the mentees and mentors who would both give up a partner, or a free place, for each other."""
    lowest = np.iinfo(np.int64).min
    of_mentee: list[list[int]] = [[] for _ in asked.demands]
    of_mentor: list[list[int]] = [[] for _ in asked.capacities]
    for row, column in set(pairs) - set(asked.locked):
        of_mentee[row].append(int(asked.scores[row, column]))
        of_mentor[column].append(int(asked.scores[row, column]))
    locked_rows, locked_columns = ([pair[side] for pair in asked.locked] for side in (0, 1))
    demands = [wanted - locked_rows.count(row) for row, wanted in enumerate(asked.demands)]
    room = [most - locked_columns.count(column) for column, most in enumerate(asked.capacities)]

    def least(given: list[int], places: int) -> int:
        return lowest if len(given) < places else min(given, default=np.iinfo(np.int64).max)

    mentees = np.array([least(*both) for both in zip(of_mentee, demands, strict=True)], dtype=np.int64)
    mentors = np.array([least(*both) for both in zip(of_mentor, room, strict=True)], dtype=np.int64)
    wanted = asked.allowed & (asked.scores > mentees[:, None]) & (asked.scores > mentors[None, :])
    rows, columns = np.nonzero(wanted)
    return sorted(set(zip(rows.tolist(), columns.tolist(), strict=True)) - set(pairs))
