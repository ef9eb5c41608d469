"""Promises of the fairness report, on cases worked out by hand."""

import numpy as np
import pytest

from lti_tool.mentoring.matching.assignment import assign
from lti_tool.mentoring.matching.fairness import SMALLEST_GROUP, fairness, gini, group_gaps
from lti_tool.mentoring.matching.market import Objective
from lti_tool.mentoring.matching.prepared import prepare
from lti_tool.mentoring.matching.propose import solve
from lti_tool.mentoring.questionnaire import Audience, Comparer, Option, Question, QuestionKind, Questionnaire
from tests.mentoring.matching.test_changes import with_cells
from tests.mentoring.people import QUESTIONNAIRE, mentee, mentor, plan


def report(scores, capacities=None, **changes):
    ready = with_cells(np.array(scores), capacities, **changes)
    return fairness(ready, solve(ready))


def test_a_small_case_worked_out_by_hand():
    # Fair pairs: mentee 1 with mentor 102 (60), mentee 2 with mentor 101 (50); the best total would be 100 + 1.
    found = report([[100, 60], [50, 1]])

    assert (found.matched, found.mentees, found.coverage, found.unmatched) == (2, 2, 1.0, ())
    assert (found.worst, found.worst_ppm) == ((2, 101), 50)
    assert (found.bottom_tenth, found.bottom_tenth_ppm) == ((2,), 50)
    assert found.spread_ppm == 5
    assert found.gini == pytest.approx(5 / 110)
    assert found.loads == (1, 1)
    assert found.load_gini == 0
    assert found.price_share == 0
    assert found.blocking == ((1, 101),)
    assert found.regrets == {1: 40, 2: 0}
    assert (found.mean_regret_ppm, found.largest_regret_ppm) == (20, 40)
    assert found.swaps == ()


def test_the_price_of_fairness_is_what_the_best_total_has_more():
    found = report([[100, 50], [40, 1]])

    assert found.worst_ppm == 40
    assert found.price_share == pytest.approx((101 - 90) / 101)


def test_two_who_would_both_gain_by_changing_places_are_found():
    ready = with_cells(np.array([[1, 9], [9, 1]]))
    found = assign(ready.market, locked=[(0, 0), (1, 1)])

    assert fairness(ready, found).swaps == ((1, 2),)


@pytest.mark.parametrize("objective", ["fair", "total"])
def test_the_engines_own_pairs_leave_nobody_to_change_places(objective):
    rng = np.random.default_rng(2)

    assert report(rng.integers(0, 9, (8, 6)), [2] * 6, objective=objective).swaps == ()


def test_without_anybody_there_is_nothing_to_report():
    ready = with_cells(np.zeros((1, 1), dtype=int), [0])

    found = fairness(ready, solve(ready))

    assert (found.worst, found.gini, found.spread_ppm, found.mean_regret_ppm) == (None, None, None, None)
    assert (found.coverage, found.unmatched) == (0, (1,))


@pytest.mark.parametrize(
    ("values", "expected"), [([5, 5, 5], 0), ([0, 0, 1], 2 / 3), ([1, 3], 0.25), ([], None), ([0, 0], 0)]
)
def test_gini_is_as_the_books_have_it(values, expected):
    assert gini(values) == (None if expected is None else pytest.approx(expected))


def test_groups_smaller_than_five_are_hidden():
    scores = np.array([[100]] * 4 + [[200]] * 6)
    ready = with_cells(scores, [10])
    found = solve(ready)
    four, five = frozenset(range(1, 5)), frozenset(range(1, 6))

    assert group_gaps(ready, found, {"four": four}) == []
    assert group_gaps(ready, found, {"the other six": frozenset(range(5, 11))}) == []
    (gap,) = group_gaps(ready, found, {"five": five})
    assert SMALLEST_GROUP == 5
    assert (gap.size, gap.mean_ppm, gap.mean_gap_ppm, gap.coverage, gap.coverage_gap) == (5, 120, -80, 1, 0)
    assert gap.low_ppm == pytest.approx(-80 - 1.96 * (2000 / 5) ** 0.5)


def test_a_group_of_whom_hardly_anybody_is_matched_is_hidden_too():
    ready = with_cells(np.full((10, 1), 7), [6])

    assert group_gaps(ready, solve(ready), {"five": frozenset(range(1, 6))}) == []


def test_whose_most_important_criterion_is_met_is_counted():
    criterion = Question(
        key="matters_most",
        wording="Which matters most?",
        kind=QuestionKind.SINGLE,
        options=(Option(key="languages", label="Language"), Option(key="help_wanted", label="Help")),
        asked_of=frozenset(),
        seen_by=frozenset({Audience.SELF}),
        comparer=Comparer.TOP_CRITERION,
    )
    asked = plan(questionnaire=Questionnaire(questions=(*QUESTIONNAIRE.questions, criterion)))
    people = [
        mentee(1, answers={"matters_most": "languages"}),
        mentee(2, answers={"matters_most": "help_wanted", "help_wanted": ["planning", "writing"]}),
        mentor(3, capacity=2, answers={"help_offered": ["writing"]}),
    ]
    ready = prepare(people, asked)

    assert fairness(ready, solve(ready)).top_choice_share == 0.5
    assert Objective(ready.plan.objective) is Objective.FAIR
