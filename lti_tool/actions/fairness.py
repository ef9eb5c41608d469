"""The fairness report as a scenario keeps it: the measures as JSON, long lists cut to what a page shows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from lti_tool.mentoring.matching.assignment import Assignment
from lti_tool.mentoring.matching.fairness import Fairness, fairness, group_gaps
from lti_tool.mentoring.matching.prepared import Prepared

NAMED_AT_MOST = 50
STEPS_PPM = (0, 50_000, 100_000, 200_000, 300_000, 1_000_000)  # of the histogram of regret


def reckoned(ready: Prepared, found: Assignment, groups: Mapping[str, frozenset[int]]) -> dict[str, Any]:
    """The report on an assignment; groups of fewer than five people are not in it."""
    report = fairness(ready, found)
    return {
        "matched": report.matched,
        "mentees": report.mentees,
        "worst": list(report.worst or ()),
        "worst_ppm": report.worst_ppm,
        "bottom_tenth_ppm": report.bottom_tenth_ppm,
        "bottom_tenth": list(report.bottom_tenth[:NAMED_AT_MOST]),
        "spread_ppm": report.spread_ppm,
        "gini": report.gini,
        "top_choice_share": report.top_choice_share,
        "swaps": len(report.swaps),
        "blocking": len(report.blocking),
        "blocking_first": [list(pair) for pair in report.blocking[:NAMED_AT_MOST]],
        "loads": [list(one) for one in sorted(Counter(report.loads).items())],
        "load_gini": report.load_gini,
        "price_share": report.price_share,
        "mean_regret_ppm": report.mean_regret_ppm,
        "largest_regret_ppm": report.largest_regret_ppm,
        "regrets": _histogram(report),
        "groups": [asdict(gap) for gap in group_gaps(ready, found, groups)],
    }


def _histogram(report: Fairness) -> list[list[int]]:
    """How many give up how much: from, to, people; the first step holds those who give up nothing."""
    values = list(report.regrets.values())
    nothing = [0, 0, sum(value == 0 for value in values)]
    steps = [
        [low // 10_000, high // 10_000, sum(low < value <= high for value in values)]
        for low, high in pairwise(STEPS_PPM)
    ]
    return [nothing, *steps]
