"""Promises of pairs, triads, circles and skill swaps among equals."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.mentoring.matching.circles import circles
from lti_tool.mentoring.matching.market import FORBIDDEN
from lti_tool.mentoring.matching.peers import (
    ALL_PAIRS_UP_TO,
    mutual_scores,
    peer_pairs,
    reasons_among_equals,
    symmetric,
)
from lti_tool.mentoring.matching.swaps import role_cards, swap_pairs
from tests.mentoring.people import QUESTIONNAIRE, crowd, either, plan


@st.composite
def graphs(draw, people=8):
    count = draw(st.integers(0, people))
    values = st.one_of(st.integers(0, 9), st.integers(0, 9), st.just(FORBIDDEN))
    given_cells = draw(st.lists(values, min_size=count * count, max_size=count * count))
    return symmetric(np.array(given_cells, dtype=np.int64).reshape(count, count))


def best_pairs(cells):
    """Return the most pairs and their highest total, by trying all."""

    @cache
    def best(left):
        if not left:
            return (0, 0)
        first = (left & -left).bit_length() - 1
        rest = left & ~(1 << first)
        found = best(rest)
        for other in range(len(cells)):
            if rest >> other & 1 and cells[first, other] > FORBIDDEN:
                pairs, total = best(rest & ~(1 << other))
                found = max(found, (pairs + 1, total + int(cells[first, other])))
        return found

    return best((1 << len(cells)) - 1)


@settings(max_examples=1000)
@given(graphs(), st.integers(0, 3))
def test_peers_are_paired_as_well_as_can_be(cells, seed):
    found = peer_pairs(cells, seed=seed)

    assert (len(found.pairs), found.total) == best_pairs(cells)
    assert found.is_exact
    assert found.bound >= found.total
    together = [person for pair in found.pairs for person in pair]
    everybody = [*together, *found.alone, *([] if found.odd is None else [found.odd])]
    assert sorted(everybody) == list(range(len(cells)))
    assert all(cells[pair] > FORBIDDEN for pair in found.pairs)


@settings(max_examples=300)
@given(graphs())
def test_the_odd_one_out_joins_the_pair_where_the_worst_of_three_is_best(cells):
    found = peer_pairs(cells)

    left = [*found.alone, *([] if found.odd is None else [found.odd])]
    worst = [
        min(cells[a, b], cells[one, a], cells[one, b])
        for one in left
        for a, b in found.pairs
        if min(cells[one, a], cells[one, b]) > FORBIDDEN
    ]
    if found.odd is None:
        assert worst == []
    else:
        a, b = found.joins
        assert min(cells[a, b], cells[found.odd, a], cells[found.odd, b]) == max(worst)


def test_in_a_crowd_the_bound_is_close():
    rng = np.random.default_rng(1)
    people = ALL_PAIRS_UP_TO + 50
    cells = symmetric(rng.integers(0, 1_000_000, (people, people)))

    found = peer_pairs(cells)

    assert len(found.pairs) == people // 2
    assert not found.is_exact
    assert found.total <= found.bound <= found.total * 1.01


def test_the_seed_decides_between_equal_pairs():
    cells = symmetric(np.full((6, 6), 5))

    assert len({peer_pairs(cells, seed=seed).pairs for seed in range(8)}) > 1
    assert peer_pairs(cells, seed=3) == peer_pairs(cells, seed=3)


def test_both_directions_count_and_either_forbids():
    cells = symmetric(np.array([[9, 4], [6, 9]]))

    assert cells.tolist() == [[FORBIDDEN, 5], [5, FORBIDDEN]]
    assert symmetric(np.array([[0, FORBIDDEN], [6, 0]])).max() == FORBIDDEN


def test_candidates_are_scored_from_both_sides():
    people = [either(1), either(2, please_not=frozenset({1})), either(3)]

    cells = mutual_scores(people, plan())

    assert cells[0, 1] == cells[1, 0] == FORBIDDEN
    assert cells[0, 2] == cells[2, 0] > 0


@settings(max_examples=150)
@given(st.integers(0, 20), st.sampled_from([3, 4]), st.integers(0, 3))
def test_circles_have_their_size_and_hold_everybody(people, size, seed):
    rng = np.random.default_rng(seed)
    cells = symmetric(rng.integers(0, 1000, (people, people)))

    found = circles(cells, size=size, seed=seed)

    members = [one for circle in found.circles for one in circle]
    assert sorted([*members, *found.alone]) == list(range(people))
    assert all(len(circle) in {3, 4} or people == 5 for circle in found.circles)
    assert found.total <= found.bound
    assert bool(found.alone) == (0 < people < 3)


def test_friends_end_up_in_one_triad():
    cells = np.full((9, 9), 1)
    for first in (0, 3, 6):
        cells[first : first + 3, first : first + 3] = 100

    assert circles(symmetric(cells)).circles == ((0, 1, 2), (3, 4, 5), (6, 7, 8))


def test_no_circle_holds_two_who_must_not_meet():
    rng = np.random.default_rng(4)
    given_cells = rng.integers(0, 1000, (30, 30))
    given_cells[rng.random((30, 30)) < 0.1] = FORBIDDEN
    cells = symmetric(given_cells)

    for circle in circles(cells, size=4).circles:
        assert all(cells[a, b] > FORBIDDEN for a in circle for b in circle if a != b)


def test_nobody_is_left_the_only_one_with_a_situation_where_a_rule_says_so():
    rng = np.random.default_rng(5)
    cells = symmetric(rng.integers(0, 1000, (12, 12)))
    few = {0, 1, 2, 3}

    found = circles(cells, rule=lambda circle: len(few & set(circle)) != 1)

    assert all(len(few & set(circle)) != 1 for circle in found.circles)


def test_three_hundred_people_are_put_into_triads():
    rng = np.random.default_rng(6)
    cells = symmetric(rng.integers(0, 1000, (300, 300)))

    found = circles(cells)

    assert (len(found.circles), found.alone) == (100, ())
    assert found.total > 0.7 * found.bound


@pytest.mark.parametrize(("people", "size"), [(9, 2), (9, 5), (301, 3)])
def test_other_sizes_and_larger_crowds_are_refused(people, size):
    with pytest.raises(ValueError, match="circles"):
        circles(np.zeros((people, people), dtype=int), size=size)


def test_in_a_skill_swap_each_helps_the_other():
    dana = either(1, answers={"help_wanted": ["writing"], "help_offered": ["exams"]})
    bob = either(2, answers={"help_wanted": ["exams"], "help_offered": ["writing"]})
    noor = either(3, answers={"help_wanted": ["planning"], "help_offered": ["writing", "exams"]})

    found, cards = swap_pairs([dana, bob, noor], plan())

    assert found.pairs == ((0, 1),)
    first, second = cards[0]
    assert (first.helper_id, first.helped_id, first.topics) == (2, 1, ("Writing",))
    assert (second.helper_id, second.helped_id, second.topics) == (1, 2, ("Exam preparation",))


def test_what_may_not_be_shown_is_named_among_equals_neither_in_reasons_nor_on_cards():
    hidden = tuple(replace(question, may_be_shown=False) for question in QUESTIONNAIRE.questions)
    secret = plan(questionnaire=replace(QUESTIONNAIRE, questions=hidden))
    dana = either(1, answers={"help_wanted": ["writing"], "help_offered": ["exams"]})
    bob = either(2, answers={"help_wanted": ["exams"], "help_offered": ["writing"]})

    said = reasons_among_equals(dana, bob, secret)
    cards = role_cards(dana, bob, secret)

    assert said == ((), None, None)
    assert [card.topics for card in cards] == [(), ()]
    assert reasons_among_equals(dana, bob, plan())[0]


@settings(max_examples=40)
@given(st.integers(0, 1000))
def test_equals_read_the_same_reasons_whoever_is_named_first(seed):
    one, other = crowd(2, seed)
    mine, yours = (reasons_among_equals(a, b, plan())[0] for a, b in ((one, other), (other, one)))

    assert {reason.text for reason in mine} == {reason.text for reason in yours}


def test_a_class_of_peers_is_paired():
    people = [one for one in crowd(120, 2) if "help_wanted" in one.answers and "help_offered" in one.answers]

    found, cards = swap_pairs(people, plan())

    assert len(cards) == len(found.pairs) > 0
    assert all(card.topics for both in cards for card in both)
