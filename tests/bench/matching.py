"""Matching a thousand people: scores and proven pairs beside a bare assignment of the same matrix by scipy.

scipy is given a column for each place of a mentor and the finished scores; forbidden pairs cost more than everything
else together, so that it also matches as many mentees as possible.
"""

import time

import numpy as np
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]  # scipy carries no types

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.assignment import Assignment, assign
from lti_tool.mentoring.matching.compatibility import compatibility
from lti_tool.mentoring.matching.eligibility import eligibility
from lti_tool.mentoring.matching.facts import PPM, BoolArray, Candidate, IntArray
from lti_tool.mentoring.matching.market import market
from lti_tool.mentoring.matching.ties import ties
from tests.bench.figures import Bar, Figure
from tests.bench.place import Place
from tests.mentoring.people import crowd, plan

SECTION = "Matching"
PEOPLE = 1000


def measure(place: Place) -> list[Figure]:
    """The figures about matching."""
    everybody = crowd(3 * PEOPLE, 1)
    mentors = [one for one in everybody if one.role is EnrolmentRole.MENTOR][: PEOPLE // 3]
    mentees = [one for one in everybody if one.role is EnrolmentRole.MENTEE][: PEOPLE - len(mentors)]
    rounds = [_round(mentees, mentors) for _ in range(place.size(5, 2) + 1)][1:]  # the first loads the solvers
    return [
        Figure(
            section=SECTION,
            what=f"{what} of {PEOPLE:,} people",
            unit="ms",
            peer="bare linear_sum_assignment",
            rounds=tuple((1000 * ours[place_], 1000 * theirs) for ours, theirs in rounds),
            bar=bar,
        )
        for place_, what, bar in (
            (0, "scores", None),
            (1, "proven assignment", None),
            (2, "scores + proven assignment", Bar(name="M1", value=4)),
        )
    ]


def _round(mentees: list[Candidate], mentors: list[Candidate]) -> tuple[tuple[float, float, float], float]:
    """Seconds: of our scores, of our assignment, of both; and of scipy's assignment."""
    began = time.perf_counter()
    allowed = eligibility(mentees, mentors, plan()).allowed
    scores = compatibility(mentees, mentors, plan()).scores()
    scored = time.perf_counter()
    capacities = np.array([one.capacity for one in mentors], dtype=np.int64)
    chance = ties(0, [one.id for one in mentees], [one.id for one in mentors])
    ours = assign(market(scores, allowed, capacities), chance=chance)
    assigned = time.perf_counter()
    theirs = _bare(scores, allowed, capacities, ours)
    return (scored - began, assigned - scored, assigned - began), theirs


def _bare(scores: IntArray, allowed: BoolArray, capacities: IntArray, ours: Assignment) -> float:
    forbidden = -float(PPM) * len(scores)
    gains = np.repeat(np.where(allowed, scores.astype(float), forbidden), capacities, axis=1)
    began = time.perf_counter()
    rows, columns = linear_sum_assignment(gains, maximize=True)
    seconds = time.perf_counter() - began
    matched = int((gains[rows, columns] >= 0).sum())
    if matched != len(ours.rows):
        raise RuntimeError(f"scipy matched {matched} mentees, the product {len(ours.rows)}")
    return seconds
