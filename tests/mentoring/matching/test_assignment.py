"""Promises of the assignment, against trying everything, against another solver, and against a checker of its own."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from lti_tool.mentoring.matching.assignment import TooWide, assign
from lti_tool.mentoring.matching.checker import Question, blocking, bound, problems
from lti_tool.mentoring.matching.flow import Places, Problem, SolverFailed, cheapest_pairs
from lti_tool.mentoring.matching.market import FORBIDDEN, Objective, market
from lti_tool.mentoring.matching.price_search import prices_among_all
from lti_tool.mentoring.matching.prices import chosen, look_at_all
from lti_tool.mentoring.matching.stable import blocking_pairs
from lti_tool.mentoring.matching.ties import ties
from tests.mentoring.matching.brute import best_rank, cases, rank

SEVERAL_LISTS = st.sampled_from([2, 4, 32])


def pairs_of(result):
    return list(zip(result.rows.tolist(), result.columns.tolist(), strict=True))


def asked(case):
    whole = case.market
    return Question(
        scores=case.scores,
        allowed=case.eligible,
        capacities=whole.capacities.tolist(),
        demands=whole.demands.tolist(),
        minimums=whole.minimums.tolist(),
        locked=case.locked,
    )


def claim(result, objective):
    prices = {
        "coverage": result.proof.coverage,
        "worst": result.proof.worst or [0] * len(result.proof.mentors),
        "mentors": result.proof.mentors,
        "per_pair": result.proof.per_pair,
        "bonus": result.proof.bonus,
    }
    return {
        "objective": objective.value,
        "matched": result.matched,
        "worst": result.worst,
        "total": result.total,
        "bound": result.bound,
        "prices": prices,
    }


@settings(max_examples=1000)
@given(cases(), SEVERAL_LISTS)
def test_fair_pairs_are_the_best_of_all_there_are(case, candidates):
    result = assign(case.market, locked=case.locked, candidates=candidates)

    assert rank(case, pairs_of(result)) == best_rank(case)
    assert (result.matched, result.worst or 0, result.total) == tuple(best_rank(case)[place] for place in (0, 3, 4))


@settings(max_examples=1000)
@given(cases(is_plain=True), SEVERAL_LISTS)
def test_one_mentor_each_is_the_best_of_all_there_are(case, candidates):
    result = assign(case.market, locked=case.locked, candidates=candidates)

    assert rank(case, pairs_of(result)) == best_rank(case)


@settings(max_examples=600)
@given(cases(), SEVERAL_LISTS)
def test_the_highest_total_is_the_highest_there_is(case, candidates):
    result = assign(case.market, objective=Objective.TOTAL, locked=case.locked, candidates=candidates)

    found, best = rank(case, pairs_of(result)), best_rank(case, is_fair=False)
    assert (*found[:3], *found[4:]) == (*best[:3], *best[4:])


@settings(max_examples=500)
@given(cases(has_locks=False), st.booleans())
def test_prices_among_all_pairs_prove_what_candidate_lists_prove(case, is_fair):
    objective = Objective.FAIR if is_fair else Objective.TOTAL
    result = assign(case.market, objective=objective)
    floor = result.worst if is_fair and result.worst is not None else FORBIDDEN + 1
    best = chosen(case.market, result.rows, result.columns, result.scores)

    prices = prices_among_all(case.market, best, floor, result.proof.bonus, is_free=False)

    assert prices is not None
    assert look_at_all(case.market, best, prices, floor, per_mentee=16).is_proof


@settings(max_examples=600)
@given(cases(), SEVERAL_LISTS, st.sampled_from(Objective))
def test_the_independent_checker_accepts_every_result(case, candidates, objective):
    result = assign(case.market, objective=objective, locked=case.locked, candidates=candidates)

    assert problems(asked(case), pairs_of(result), claim(result, objective)) == []
    assert result.bound == result.total or objective is Objective.STABLE


@settings(max_examples=400)
@given(cases(), st.data())
def test_the_independent_checker_refuses_other_pairs_that_are_not_as_good(case, data):
    result = assign(case.market, locked=case.locked)
    shape = case.scores.shape
    drawn = st.tuples(st.integers(0, shape[0] - 1), st.integers(0, shape[1] - 1))
    pairs = sorted(data.draw(st.sets(drawn, max_size=len(result.rows) + 1)) | set(case.locked))
    given_scores = [int(case.scores[pair]) for pair in pairs]
    whole = asked(case)
    other = claim(result, Objective.FAIR) | {
        "matched": len({row for row, _ in pairs}),
        "worst": min(given_scores, default=None),
        "total": sum(given_scores),
        "bound": data.draw(st.sampled_from([sum(given_scores), result.bound])),
    }
    keeps_rules = (
        all(case.eligible[pair] for pair in pairs)
        and (np.bincount([row for row, _ in pairs], minlength=shape[0]) <= whole.demands).all()
        and (np.bincount([column for _, column in pairs], minlength=shape[1]) <= whole.capacities).all()
    )
    assume(not keeps_rules or rank(case, pairs)[:5] != best_rank(case)[:5])

    assert problems(whole, pairs, other)


@settings(max_examples=500)
@given(cases(), st.data())
def test_no_prices_make_a_wrong_bound(case, data):
    price = st.integers(-2000, 2000)
    mentors = data.draw(st.lists(price, min_size=case.scores.shape[1], max_size=case.scores.shape[1]))
    bonus, per_pair = data.draw(st.integers(0, 100)), data.draw(price)
    found = rank(case, pairs_of(assign(case.market, objective=Objective.TOTAL, locked=case.locked)))

    most = bound(asked(case), case.eligible, case.scores, mentors, bonus, per_pair)

    assert most + per_pair * found[1] >= found[4] + bonus * (found[0] + found[2])


@settings(max_examples=500)
@given(cases(), st.integers(0, 3))
def test_stable_pairs_leave_no_two_who_prefer_each_other(case, seed):
    chance = ties(seed, range(case.scores.shape[0]), range(case.scores.shape[1]))

    result = assign(case.market, objective=Objective.STABLE, locked=case.locked, chance=chance)

    assert not unhappy(case, pairs_of(result))
    assert blocking(asked(case), pairs_of(result)) == []
    best = best_total_of_any(case)
    assert result.bound >= result.total
    assert best is None or best == result.bound


def unhappy(case, pairs):
    """Return the pairs who would leave somebody they may leave, or use a free place, for each other."""
    found = []
    for row, column in np.argwhere(case.eligible).tolist():
        mine = [case.scores[pair] for pair in pairs if pair[0] == row and pair not in case.locked]
        theirs = [case.scores[pair] for pair in pairs if pair[1] == column and pair not in case.locked]
        has_time = (
            sum(pair[0] == row for pair in pairs) < case.demands[row]
            or min(mine, default=1e9) < (case.scores[row, column])
        )
        has_room = (
            sum(pair[1] == column for pair in pairs) < min(case.capacities[column], case.scores.shape[0])
            or min(theirs, default=1e9) < (case.scores[row, column])
        )
        if (row, column) not in pairs and has_time and has_room:
            found.append((row, column))
    return found


def best_total_of_any(case):
    """Return the highest total of any pairs that keep the rules, by another solver, where that one can tell."""
    if (case.demands > 1).any() or case.locked:
        return None
    slots = np.repeat(np.arange(case.scores.shape[1]), np.minimum(case.capacities, case.scores.shape[0]))
    gains = np.where(case.eligible, np.maximum(case.scores, 0), 0)[:, slots]
    rows, columns = linear_sum_assignment(gains, maximize=True)
    return int(gains[rows, columns].sum())


@settings(max_examples=500)
@given(cases(), st.sampled_from(Objective))
def test_blocking_pairs_are_counted_alike_by_engine_and_checker(case, objective):
    assume(not case.locked)
    result = assign(case.market, objective=objective)

    rows, columns = blocking_pairs(case.market, result.rows, result.columns, result.scores)

    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == blocking(asked(case), pairs_of(result))
    assert blocking(asked(case), pairs_of(result)) == sorted(unhappy(case, pairs_of(result)))


@given(cases(has_locks=False), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing_that_counts(case, chance):
    rows, columns = list(range(case.scores.shape[0])), list(range(case.scores.shape[1]))
    chance.shuffle(rows)
    chance.shuffle(columns)
    other = replace(
        case,
        scores=case.scores[rows][:, columns],
        eligible=case.eligible[rows][:, columns],
        capacities=case.capacities[columns],
        demands=case.demands[rows],
        minimums=case.minimums[columns],
    )
    by_id = ties(3, range(len(rows)), range(len(columns)))

    def shuffled_chance(some_rows, some_columns):
        return by_id(np.array(rows)[some_rows], np.array(columns)[some_columns])

    plain, shuffled = assign(case.market, chance=by_id), assign(other.market, chance=shuffled_chance)

    back = sorted((rows[row], columns[column]) for row, column in pairs_of(shuffled))
    assert back == pairs_of(plain)


@given(cases(), st.integers(1, 50))
def test_scaling_all_scores_changes_no_pair(case, factor):
    larger = replace(case, scores=case.scores * factor)

    chance = ties(0, range(case.scores.shape[0]), range(case.scores.shape[1]))
    plain, scaled = (assign(one.market, locked=one.locked, chance=chance) for one in (case, larger))

    assert pairs_of(plain) == pairs_of(scaled)
    assert scaled.total == plain.total * factor


@given(cases(columns=4), st.data())
def test_one_more_mentor_never_lowers_coverage(case, data):
    rows = case.scores.shape[0]
    new = st.lists(st.integers(-5, 5), min_size=rows, max_size=rows)
    more = replace(
        case,
        scores=np.column_stack([case.scores, data.draw(new)]),
        eligible=np.column_stack([case.eligible, np.array(data.draw(new)) > 0]),
        capacities=np.append(case.capacities, data.draw(st.integers(0, 2))),
        minimums=np.append(case.minimums, 0),
    )

    assert assign(more.market, locked=case.locked).matched >= assign(case.market, locked=case.locked).matched


@given(cases(), st.integers(0, 5))
def test_of_equally_good_pairs_the_seed_decides_and_always_the_same(case, seed):
    chance = ties(seed, range(case.scores.shape[0]), range(case.scores.shape[1]))

    once, again = (assign(case.market, locked=case.locked, chance=chance) for _ in range(2))
    other_lists = assign(case.market, locked=case.locked, chance=chance, candidates=2)

    assert pairs_of(once) == pairs_of(again) == pairs_of(other_lists)


def test_a_mentee_who_wants_two_mentors_gets_two_different_ones():
    scores = np.array([[9, 5]])

    result = assign(market(scores, scores > 0, np.array([2, 2]), demands=np.array([2])))

    assert pairs_of(result) == [(0, 0), (0, 1)]


def test_everybody_gets_somebody_where_a_minimum_says_so():
    scores = np.array([[9, 1], [9, 1]])

    alone = assign(market(scores, scores > 0, np.array([2, 2])), objective=Objective.TOTAL)
    shared = assign(market(scores, scores > 0, np.array([2, 2]), minimums=np.array([1, 1])), objective=Objective.TOTAL)

    assert sorted(alone.columns) == [0, 0]
    assert sorted(shared.columns) == [0, 1]


def test_the_worst_pair_comes_before_the_total():
    scores = np.array([[100, 60], [50, 1]])

    result = assign(market(scores, scores > 0, np.array([1, 1])))

    assert (result.worst, result.total) == (50, 110)


def test_more_mentees_come_before_a_better_worst_pair():
    scores, eligible = np.array([[100, 1], [100, 0]]), np.array([[True, True], [True, False]])

    result = assign(market(scores, eligible, np.array([1, 1])))

    assert (result.matched, result.worst) == (2, 1)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
@pytest.mark.parametrize("objective", Objective)
def test_nobody_on_one_side_gives_no_pairs(shape, objective):
    whole = market(np.zeros(shape, dtype=int), np.zeros(shape, dtype=bool), np.ones(shape[1], dtype=int))

    result = assign(whole, objective=objective)

    assert (len(result.rows), result.total, result.worst) == (0, 0, None)


def test_everybody_forbidden_and_nobody_with_room_give_no_pairs():
    scores, anybody = np.full((2, 2), 7), np.ones((2, 2), dtype=bool)

    assert assign(market(scores, ~anybody, np.array([1, 1]))).matched == 0
    assert assign(market(scores, anybody, np.array([0, 0]))).matched == 0


def test_a_boundless_capacity_is_no_burden():
    assert assign(market(np.full((3, 1), 7), np.ones((3, 1), dtype=bool), np.array([10**9]))).matched == 3


def test_equal_pairs_are_spread_over_the_mentors():
    result = assign(market(np.full((4, 4), 7), np.ones((4, 4), dtype=bool), np.full(4, 4)))

    assert sorted(result.columns) == [0, 1, 2, 3]


def test_negative_numbers_of_people_are_refused():
    with pytest.raises(ValueError, match="fewer"):
        market(np.array([[1]]), np.array([[True]]), np.array([-1]))


def test_scores_too_far_apart_for_exact_arithmetic_are_refused():
    with pytest.raises(TooWide):
        assign(market(np.array([[0, 1 << 60]]), np.ones((1, 2), dtype=bool), np.array([1, 1])))


@pytest.mark.parametrize("locked", [[(0, 1)], [(0, 0), (1, 0)]])
def test_locked_pairs_that_break_a_rule_are_refused(locked):
    eligible = np.array([[True, False], [True, True]])

    with pytest.raises(ValueError, match="locked"):
        assign(market(np.ones((2, 2), dtype=int), eligible, np.array([1, 1])), locked=locked)


def test_the_solver_refuses_what_cannot_be():
    nothing, one = np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
    problem = Problem(
        shape=(1, 1),
        rows=nothing,
        columns=nothing,
        costs=nothing,
        mentees=Places(one, one + 1, one),
        mentors=Places(one, one + 1, one),
    )

    with pytest.raises(SolverFailed):
        cheapest_pairs(problem, 1)


@pytest.mark.parametrize("kind", ["random", "popular", "ties", "product"])
def test_a_class_of_hundreds_is_matched_with_proof(kind):
    rng = np.random.default_rng(5)
    scores = {
        "random": rng.integers(0, 1_000_000, (400, 200)),
        "popular": rng.integers(0, 100_000, (400, 200)) + rng.integers(0, 900_000, 200)[None, :],
        "ties": rng.integers(0, 4, (400, 200)) * 250_000,
        "product": rng.integers(0, 1000, 400)[:, None] * rng.integers(0, 1000, 200)[None, :],
    }[kind]
    eligible = rng.random((400, 200)) < 0.8
    whole = market(scores, eligible, rng.integers(1, 4, 200))

    result = assign(whole, objective=Objective.TOTAL)

    slots = np.repeat(np.arange(200), whole.capacities)
    cost = np.where(eligible, -scores, 10**12)[:, slots]
    rows, columns = linear_sum_assignment(cost)
    taken = cost[rows, columns]
    assert (result.matched, result.total) == (int((taken < 10**12).sum()), -int(taken[taken < 10**12].sum()))


def test_every_kind_of_tampering_is_noticed():
    scores = np.array([[9, 7, 1], [8, 6, 2], [7, 3, 2]])
    whole = market(scores, scores > 0, np.array([1, 1, 1]))
    result = assign(whole)
    question = Question(
        scores=scores, allowed=scores > 0, capacities=[1] * 3, demands=[1] * 3, minimums=[0] * 3, locked=[]
    )
    honest = claim(result, Objective.FAIR)

    def noticed(pairs=None, **changes):
        return problems(question, pairs or pairs_of(result), copy.deepcopy(honest) | changes)

    assert not noticed()
    assert noticed(pairs=[(0, 0), (1, 2), (2, 1)], worst=2, total=14, bound=14)
    assert noticed(total=result.total + 1, bound=result.bound + 1)
    assert noticed(worst=result.worst + 1)
    assert noticed(matched=2)
    assert noticed(bound=result.bound + 1)
    assert noticed(prices=honest["prices"] | {"mentors": [price - 1 for price in honest["prices"]["mentors"]]})
    assert noticed(prices=honest["prices"] | {"worst": [5, 5, 5]})
    assert noticed(prices=honest["prices"] | {"coverage": [5, 5, 5]})
    assert problems(replace(question, scores=scores + 1), pairs_of(result), honest)
    assert problems(replace(question, locked=[(0, 0), (2, 1)]), pairs_of(result), honest)
