"""Promises of the assignment, against another solver and against trying everything."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from lti_tool.mentoring.matching.assignment import assign, verify
from lti_tool.mentoring.matching.flow import SolverFailed, cheapest_pairs, most_pairs
from lti_tool.mentoring.matching.prices import Prices

FORBIDDEN = 10**12


@st.composite
def cases(draw, rows=8, columns=6, highest=1_000_000):
    shape = (draw(st.integers(1, rows)), draw(st.integers(1, columns)))
    size = shape[0] * shape[1]
    scores = draw(st.lists(st.integers(0, highest), min_size=size, max_size=size))
    eligible = draw(st.lists(st.sampled_from([True, True, True, False]), min_size=size, max_size=size))
    capacities = draw(st.lists(st.integers(0, 3), min_size=shape[1], max_size=shape[1]))
    return np.array(scores).reshape(shape), np.array(eligible).reshape(shape), np.array(capacities)


def best_by_scipy(scores, allowed, capacities):
    """Return how many pairs are possible, and the highest total with that many."""
    slots = np.repeat(np.arange(len(capacities)), capacities)
    cost = np.where(allowed, -scores, FORBIDDEN)[:, slots]
    rows, columns = linear_sum_assignment(cost)
    given = [cost[pair] for pair in zip(rows, columns, strict=True) if cost[pair] < FORBIDDEN]
    return len(given), -int(sum(given))


@given(cases())
def test_number_floor_and_total_equal_those_of_another_solver(case):
    scores, eligible, capacities = case
    most, _ = best_by_scipy(scores, eligible, capacities)
    floors = [
        floor
        for floor in np.unique(scores)
        if best_by_scipy(scores, eligible & (scores >= floor), capacities)[0] == most
    ]
    floor = int(max(floors)) if most else 0
    _, total = best_by_scipy(scores, eligible & (scores >= floor), capacities)

    result = assign(scores, eligible, capacities)

    assert (len(result.rows), result.worst, result.total) == (most, floor, total)


@given(cases(rows=4, columns=3, highest=3), st.data())
def test_of_equally_good_assignments_the_most_even_and_then_the_drawn_one_wins(case, data):
    scores, eligible, capacities = case
    ties = np.array(data.draw(st.lists(st.integers(0, 9), min_size=scores.size, max_size=scores.size))).reshape(
        scores.shape
    )

    def rank(pairs):
        given = [scores[pair] for pair in pairs]
        load = np.bincount([column for _, column in pairs], minlength=scores.shape[1])
        return (
            len(pairs),
            min(given, default=0),
            sum(given),
            -int((load**2).sum()),
            -sum(ties[pair] for pair in pairs),
        )

    result = assign(scores, eligible, capacities, ties=ties)

    everything = all_assignments(scores, eligible, capacities)
    assert rank(list(zip(result.rows, result.columns, strict=True))) == max(map(rank, everything))


def all_assignments(scores, eligible, capacities):
    choices = [[None, *np.nonzero(row)[0]] for row in eligible]
    for columns in itertools.product(*choices):
        pairs = [(row, column) for row, column in enumerate(columns) if column is not None]
        if (np.bincount([column for _, column in pairs], minlength=scores.shape[1]) <= capacities).all():
            yield pairs


@given(cases())
def test_the_proof_holds_and_fails_for_anything_else(case):
    scores, eligible, capacities = case

    result = assign(scores, eligible, capacities)

    assert verify(result, scores, eligible, capacities)
    if len(result.rows):
        less = replace(result, rows=result.rows[1:], columns=result.columns[1:])
        assert not verify(less, scores, eligible, capacities)
        assert not verify(replace(result, total=result.total + 1), scores, eligible, capacities)


def test_a_worse_assignment_is_not_proved_whatever_its_prices():
    scores, eligible, capacities = np.array([[9, 1], [1, 9]]), np.ones((2, 2), dtype=bool), np.array([1, 1])
    worse = replace(assign(scores, eligible, capacities), columns=np.array([1, 0]), total=2, worst=1)

    for mentors, mentees in itertools.product(itertools.product(range(12), repeat=2), repeat=2):
        claim = replace(worse, prices=Prices(mentors=np.array(mentors), mentees=np.array(mentees)))
        assert not verify(claim, scores, eligible, capacities)


def test_an_assignment_that_breaks_a_rule_is_not_proved():
    scores, capacities = np.array([[5], [5]]), np.array([1])
    result = assign(scores, np.ones((2, 1), dtype=bool), capacities)
    both = replace(result, rows=np.array([0, 1]), columns=np.array([0, 0]), total=10, worst=5)
    twice = replace(result, rows=np.array([0, 0]), columns=np.array([0, 0]), total=10, worst=5)

    assert not verify(both, scores, np.ones((2, 1), dtype=bool), capacities)
    assert not verify(twice, scores, np.ones((2, 1), dtype=bool), np.array([2]))
    assert not verify(result, scores, np.zeros((2, 1), dtype=bool), capacities)


def test_the_worst_pair_comes_before_the_total():
    scores = np.array([[100, 60], [50, 1]])

    result = assign(scores, np.ones((2, 2), dtype=bool), np.array([1, 1]))

    assert (result.worst, result.total) == (50, 110)


def test_more_mentees_come_before_a_better_worst_pair():
    scores, eligible = np.array([[100, 1], [100, 0]]), np.array([[True, True], [True, False]])

    result = assign(scores, eligible, np.array([1, 1]))

    assert (len(result.rows), result.worst) == (2, 1)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_nobody_on_one_side_gives_no_pairs(shape):
    result = assign(np.zeros(shape, dtype=int), np.zeros(shape, dtype=bool), np.ones(shape[1], dtype=int))

    assert (len(result.rows), result.total, result.worst) == (0, 0, 0)


def test_everybody_forbidden_and_nobody_with_room_give_no_pairs():
    scores, anybody = np.full((2, 2), 7), np.ones((2, 2), dtype=bool)

    assert len(assign(scores, ~anybody, np.array([1, 1])).rows) == 0
    assert len(assign(scores, anybody, np.array([0, 0])).rows) == 0


def test_a_boundless_capacity_is_no_burden():
    result = assign(np.full((3, 1), 7), np.ones((3, 1), dtype=bool), np.array([10**9]))

    assert len(result.rows) == 3


def test_equal_pairs_are_spread_over_the_mentors():
    result = assign(np.full((4, 4), 7), np.ones((4, 4), dtype=bool), np.full(4, 4))

    assert sorted(result.columns) == [0, 1, 2, 3]


def test_negative_numbers_are_refused():
    with pytest.raises(ValueError, match="negative"):
        assign(np.array([[-1]]), np.array([[True]]), np.array([1]))
    with pytest.raises(ValueError, match="negative"):
        assign(np.array([[1]]), np.array([[True]]), np.array([-1]))


def test_the_solver_refuses_what_cannot_be():
    from lti_tool.mentoring.matching.flow import Problem

    nothing, one = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
    problem = Problem(
        rows=nothing, columns=nothing, costs=nothing, row_costs=one, places=one, place_sizes=one + 1, place_costs=one
    )

    assert most_pairs(np.zeros((1, 1), dtype=bool), np.array([1])) == 0
    with pytest.raises(SolverFailed):
        cheapest_pairs(problem, 1, 1)


@pytest.mark.parametrize("kind", ["random", "popular", "ties", "product"])
def test_a_thousand_people_are_matched_with_proof(kind):
    rng = np.random.default_rng(5)
    scores = {
        "random": rng.integers(0, 1_000_000, (660, 340)),
        "popular": rng.integers(0, 100_000, (660, 340)) + rng.integers(0, 900_000, 340)[None, :],
        "ties": rng.integers(0, 4, (660, 340)) * 250_000,
        "product": rng.integers(0, 1000, 660)[:, None] * rng.integers(0, 1000, 340)[None, :],
    }[kind]
    eligible = rng.random((660, 340)) < 0.8
    capacities = rng.integers(1, 4, 340)

    result = assign(scores, eligible, capacities, ties=rng.integers(0, 1 << 32, (660, 340)))

    most, _ = best_by_scipy(scores, eligible, capacities)
    assert len(result.rows) == most
