"""Promises of changes to pairs: “why not X?”, late joiners, drop-outs and re-matches."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.assignment import assign
from lti_tool.mentoring.matching.eligibility import BlockingRule
from lti_tool.mentoring.matching.market import FORBIDDEN, Dense, Objective, market
from lti_tool.mentoring.matching.prepared import LockedWrong, prepare
from lti_tool.mentoring.matching.propose import propose, solve
from lti_tool.mentoring.matching.repair import repair
from lti_tool.mentoring.matching.reroute import Routes
from lti_tool.mentoring.matching.why_not import for_student, why_not
from tests.mentoring.people import crowd, mentee, mentor, plan


def with_cells(cells, capacities=None, **changes):
    """Return prepared people whose scores are these; ids are 1, 2 ... for mentees and 101, 102 ... for mentors."""
    rows, columns = cells.shape
    people = [mentee(row + 1) for row in range(rows)] + [
        mentor(column + 101, capacity=1 if capacities is None else int(capacities[column])) for column in range(columns)
    ]
    ready = prepare(people, plan(**changes))
    fake = _Scores(ready.scores, cells)
    return replace(ready, scores=fake, market=replace(ready.market, table=Dense(cells)))


class _Scores:
    """Scores as a test wants them, from no questions."""

    asked = ()

    def __init__(self, real, cells):
        self.real, self.cells, self.shape = real, np.where(cells == FORBIDDEN, 0, cells), cells.shape

    def block(self, first, last):
        return self.cells[first:last]

    def scores_of(self, rows, columns):
        return self.cells[rows, columns]

    def parts(self, *_pairs):
        return {}


@st.composite
def cells(draw, rows=6, columns=4):
    shape = (draw(st.integers(1, rows)), draw(st.integers(1, columns)))
    values = st.one_of(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.just(FORBIDDEN))
    return np.array(draw(st.lists(values, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))).reshape(shape)


@settings(max_examples=600)
@given(cells(), st.data(), st.sampled_from(["fair", "total"]))
def test_the_change_told_is_that_of_a_full_new_solution(scores, data, objective):
    capacities = np.array(data.draw(st.lists(st.integers(0, 3), min_size=scores.shape[1], max_size=scores.shape[1])))
    ready = with_cells(scores, capacities, objective=objective)
    found = solve(ready)
    row, column = data.draw(st.sampled_from(list(np.ndindex(scores.shape))))
    assume(scores[row, column] > FORBIDDEN and capacities[column])

    answer = why_not(ready, found, row + 1, column + 101)

    floor = found.worst if objective == "fair" and found.worst is not None else 0
    above = np.where(
        (scores >= floor) | (np.indices(scores.shape) == [[[row]], [[column]]]).all(axis=0), scores, FORBIDDEN
    )
    whole = market(above, above > FORBIDDEN, ready.market.capacities)
    again = assign(whole, objective=Objective.TOTAL, locked=[(row, column)])
    if again.matched == found.matched:
        assert found.total + answer.total_change_ppm == again.total
    assert answer.total_change_ppm == sum(one.change_ppm for one in answer.moved)
    assert answer.rules == ()


@settings(max_examples=300)
@given(cells(), st.data())
def test_a_forced_chain_leaves_pairs_that_keep_all_rules(scores, data):
    capacities = np.array(data.draw(st.lists(st.integers(0, 3), min_size=scores.shape[1], max_size=scores.shape[1])))
    ready = with_cells(scores, capacities, objective="total")
    found = solve(ready)
    row, column = data.draw(st.sampled_from(list(np.ndindex(scores.shape))))
    assume(scores[row, column] > FORBIDDEN and capacities[column])

    answer = why_not(ready, found, row + 1, column + 101)

    after = {row + 1: column + 101 for row, column in zip(found.rows, found.columns, strict=True)}
    for one in answer.moved:
        assert after.get(one.mentee_id) == one.from_mentor_id
        after[one.mentee_id] = one.to_mentor_id
    after = {who: to for who, to in after.items() if to is not None}
    load = np.bincount([to - 101 for to in after.values()], minlength=len(capacities))
    assert after[row + 1] == column + 101
    assert (load <= ready.market.capacities).all()
    assert all(scores[who - 1, to - 101] > FORBIDDEN for who, to in after.items())


@settings(max_examples=400)
@given(cells(), st.data())
def test_who_joins_late_is_placed_as_well_as_if_all_were_matched_anew(scores, data):
    capacities = np.array(data.draw(st.lists(st.integers(0, 3), min_size=scores.shape[1], max_size=scores.shape[1])))
    late = data.draw(st.integers(0, scores.shape[0] - 1))
    whole = market(scores, scores > FORBIDDEN, capacities)
    before = assign(
        replace(whole, demands=np.where(np.arange(scores.shape[0]) == late, 0, 1)), objective=Objective.TOTAL
    )

    moves = Routes(whole, before, FORBIDDEN + 1).join(late)

    again = assign(whole, objective=Objective.TOTAL)
    mentor_of = dict(zip(before.rows.tolist(), before.columns.tolist(), strict=True))
    for move in moves:
        assert mentor_of.get(move.row) == move.before
        mentor_of[move.row] = move.after
    assert bool(moves) == (again.matched > before.matched)
    if moves:
        assert (len(mentor_of), sum(int(scores[pair]) for pair in mentor_of.items())) == (again.matched, again.total)
        assert (np.bincount(list(mentor_of.values()), minlength=len(capacities)) <= whole.capacities).all()


def test_a_rule_that_forbids_the_pair_is_named_and_nothing_else():
    ready = prepare([mentee(1, please_not=frozenset({2})), mentor(2), mentor(3)], plan())

    answer = why_not(ready, solve(ready), 1, 2)

    assert (answer.rules, answer.moved) == ((BlockingRule.PLEASE_NOT,), ())
    assert "wish" not in for_student(answer).text


def test_a_student_reads_only_about_the_two_of_them():
    little_time = prepare([mentee(1), mentor(2, answers={"availability": ["sun-20"]}), mentor(3)], plan())
    better_off = with_cells(np.array([[9, 1]]))

    told = why_not(little_time, solve(little_time), 1, 2)
    fine = why_not(better_off, solve(better_off), 1, 102)

    assert for_student(told).text == "You have too little free time in common."
    assert "at least as well" in for_student(fine).text
    assert [one.mentee_id for one in fine.losers] == [1]


def test_who_moves_and_who_loses_is_told():
    ready = with_cells(np.array([[9, 5], [8, 3]]), objective="total")

    answer = why_not(ready, solve(ready), 1, 101)

    assert answer.total_change_ppm == -1
    assert [(one.mentee_id, one.from_mentor_id, one.to_mentor_id, one.change_ppm) for one in answer.moved] == [
        (1, 102, 101, 4),
        (2, 101, 102, -5),
    ]


def test_where_mentees_want_two_mentors_everything_is_solved_again():
    people = [mentee(1, mentors_wanted=2), mentor(2), mentor(3), mentor(4)]
    ready = prepare(people, plan())
    found = solve(ready)
    left = ({2, 3, 4} - {ready.mentors[column].id for column in found.columns}).pop()

    assert {one.to_mentor_id for one in why_not(ready, found, 1, left).moved} <= {left, 2, 3, 4}
    with pytest.raises(ValueError, match="one mentor"):
        Routes(ready.market, found, 0)


def best_with(scores, capacities, running, changes):
    """Return the most pairs and the highest total when at most that many running pairs are given up, by trying all."""
    best = (-1, -1)
    for choice in itertools.product(*[[None, *np.nonzero(row > FORBIDDEN)[0]] for row in scores]):
        pairs = [(row, int(column)) for row, column in enumerate(choice) if column is not None]
        load = np.bincount([column for _, column in pairs], minlength=scores.shape[1])
        if (load <= capacities).all() and len(set(running) - set(pairs)) <= changes:
            best = max(best, (len(pairs), sum(int(scores[pair]) for pair in pairs)))
    return best


@settings(max_examples=300)
@given(cells(rows=5, columns=3), st.data(), st.integers(0, 2))
def test_a_late_joiner_is_placed_with_no_more_changes_than_allowed_and_none_is_better(scores, data, changes):
    capacities = np.array(data.draw(st.lists(st.integers(0, 2), min_size=scores.shape[1], max_size=scores.shape[1])))
    ready = with_cells(scores, capacities)
    possible = [pair for pair in np.ndindex(scores.shape) if scores[pair] > FORBIDDEN]
    running = []
    for row, column in data.draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []:
        load = sum(other == column for _, other in running)
        if row not in {one for one, _ in running} and load < ready.market.capacities[column]:
            running.append((row, column))

    outcomes = repair(ready, [(row + 1, column + 101) for row, column in running], changes=changes)

    assert len(outcomes) == changes + 1
    for allowed, outcome in enumerate(outcomes):
        expected = best_with(scores, ready.market.capacities, running, allowed)
        assert (len(outcome.pairs), outcome.total_ppm) == expected
        assert len(outcome.changed) <= allowed
        assert outcome.is_proved
        stays = {(row + 1, column + 101) for row, column in running} - set(outcome.changed)
        assert stays <= set(outcome.pairs)
        assert outcome.gain_ppm == outcome.total_ppm - outcomes[0].total_ppm


def test_without_permission_no_running_pair_changes():
    people = crowd(60, 4)
    first = propose(people, plan())
    running = {(pair.mentee_id, pair.mentor_id) for pair in first.pairs}
    sides = {one.id: EnrolmentRole.MENTEE for one in people} | dict.fromkeys(first.mentors, EnrolmentRole.MENTOR)
    later = [replace(one, role=sides[one.id]) for one in people] + [mentee(900), mentor(901, capacity=2)]

    outcome = repair(prepare(later, plan()), running)[0]

    assert running <= set(outcome.pairs)
    assert outcome.changed == ()
    assert any(901 in pair for pair in outcome.new)


def test_when_somebody_leaves_only_their_partners_are_matched_again():
    people = [mentor(1, capacity=2), mentor(2, capacity=2), mentee(3), mentee(4)]

    outcome = repair(prepare(people[1:], plan()), [(3, 1), (4, 2)])[0]

    assert outcome.pairs == ((3, 2), (4, 2))
    assert outcome.new == ((3, 2),)


def test_more_running_pairs_than_a_mentor_takes_are_refused():
    with pytest.raises(LockedWrong):
        repair(prepare([mentor(1), mentee(2), mentee(3)], plan()), [(2, 1), (3, 1)])
