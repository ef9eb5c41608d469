"""Promises of goals: words are in force only when two people meant them, and no word anybody wrote is lost."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lti_tool.mentoring import goals
from lti_tool.mentoring.confidence import BOTTOM, LEFT, RIGHT, TOP, Reading, is_asked, lines, parse_confidence
from lti_tool.mentoring.goal_form import last_day, parse_goal
from lti_tool.mentoring.goals import CLOSED, MOST_GOALS, ChangeState, Goal, GoalState, GoalTerms, Step
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken

BOB, DANA, ERIN = 1, 2, 3
PEOPLE = st.sampled_from([BOB, DANA, ERIN])
TODAY = date(2026, 9, 14)
LATEST = TODAY + timedelta(days=84)


def terms(outcome: str = "Pass the midterm", **changes: Any) -> GoalTerms:
    values: dict[str, Any] = {"measure": "60 points", "by_on": LATEST, "milestones": ("Chapter 1",)} | changes
    return GoalTerms(outcome=outcome, **values)


@dataclass
class Written:
    """What somebody suggested, and what became of it."""

    terms: GoalTerms
    by: int
    state: ChangeState = ChangeState.OPEN
    answered_by: int = 0


class PairAtAGoal(RuleBasedStateMachine):
    """Three people, each with a page that may be old, press any button of a goal at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.goal = goals.begin(terms(), by=BOB, live_goals=0)
        self.written = [Written(terms=terms(), by=BOB)]
        self.read: dict[int, Goal] = dict.fromkeys((BOB, DANA, ERIN), self.goal)

    @rule(who=PEOPLE)
    def open_the_page(self, who: int) -> None:
        self.read[who] = self.goal

    @rule(who=PEOPLE, outcome=st.sampled_from(["Pass the midterm", "Pass with 70", "Write every day"]))
    def suggest(self, who: int, outcome: str) -> None:
        before = self.goal
        step = self.attempt(who, lambda seen: goals.suggest(self.goal, terms(outcome), by=who, seen=seen))
        if step and step.goal is not before and step.settled is not ChangeState.AGREED:
            self.written.append(Written(terms=terms(outcome), by=who))

    @rule(who=PEOPLE)
    def accept(self, who: int) -> None:
        self.attempt(who, lambda seen: goals.accept(self.goal, by=who, seen=seen))

    @rule(who=PEOPLE)
    def decline(self, who: int) -> None:
        self.attempt(who, lambda seen: goals.decline(self.goal, by=who, seen=seen))

    @rule(who=PEOPLE)
    def take_back(self, who: int) -> None:
        self.attempt(who, lambda seen: goals.take_back(self.goal, by=who, seen=seen))

    @rule(who=PEOPLE, how=st.sampled_from(sorted(CLOSED)))
    def close(self, who: int, how: GoalState) -> None:
        self.attempt(who, lambda seen: goals.close(self.goal, how, seen=seen))

    @rule(who=PEOPLE, live=st.integers(0, MOST_GOALS))
    @precondition(lambda self: self.goal.state in CLOSED)
    def reopen(self, who: int, live: int) -> None:
        self.attempt(who, lambda seen: goals.reopen(self.goal, seen=seen, live_goals=live))

    def attempt(self, who: int, ask: Any) -> Step | None:
        """One person's click, with the page they have in front of them."""
        before, seen = self.goal, self.read[who].version
        try:
            step: Step = ask(seen)
        except ChangedMeanwhile as meanwhile:
            assert seen != before.version
            shown = meanwhile.current
            assert shown is before
            return None
        except RuleBroken:
            return None
        if step.settled:
            waiting = next(one for one in self.written if one.state is ChangeState.OPEN)
            waiting.state, waiting.answered_by = step.settled, who
        self.goal = step.goal
        assert (step.goal is before) == (step.goal.version == before.version)
        return step

    @invariant()
    def its_parts_fit_its_state(self) -> None:
        state, has_terms, has_open = self.goal.state, self.goal.terms is not None, self.goal.suggestion is not None
        allowed = {
            GoalState.PROPOSED: [(False, True)],
            GoalState.AGREED: [(True, False), (True, True)],
            GoalState.REACHED: [(True, False)],
            GoalState.SET_ASIDE: [(True, False)],
            GoalState.DROPPED: [(False, False)],
        }
        assert (has_terms, has_open) in allowed[state]

    @invariant()
    def every_word_is_kept_and_at_most_one_suggestion_waits(self) -> None:
        waiting = [one for one in self.written if one.state is ChangeState.OPEN]
        assert len(waiting) == (1 if self.goal.suggestion else 0)
        if self.goal.suggestion:
            assert (waiting[0].terms, waiting[0].by) == (self.goal.suggestion.terms, self.goal.suggestion.by)

    @invariant()
    def what_is_in_force_was_meant_by_two(self) -> None:
        agreed = [one for one in self.written if one.state is ChangeState.AGREED]
        assert all(one.by != one.answered_by for one in agreed)
        assert self.goal.terms == (agreed[-1].terms if agreed else None)

    @invariant()
    def only_its_writer_takes_a_suggestion_back_and_only_others_answer_it(self) -> None:
        for one in self.written:
            if one.state is not ChangeState.OPEN:
                assert (one.by == one.answered_by) == (one.state is ChangeState.TAKEN_BACK)


TestPairAtAGoal = PairAtAGoal.TestCase


def test_agreeing_to_words_that_were_changed_meanwhile_agrees_to_nothing() -> None:
    seen_by_dana = goals.begin(terms(), by=BOB, live_goals=0)
    now = goals.suggest(seen_by_dana, terms("Pass with 70"), by=BOB, seen=1).goal

    with pytest.raises(ChangedMeanwhile):
        goals.accept(now, by=DANA, seen=seen_by_dana.version)


def test_two_who_suggest_the_same_at_once_have_agreed() -> None:
    first = goals.begin(terms(), by=BOB, live_goals=0)

    step = goals.suggest(first, terms(), by=DANA, seen=0)

    assert (step.goal.state, step.settled) == (GoalState.AGREED, ChangeState.AGREED)


def test_a_form_that_is_sent_twice_suggests_once() -> None:
    agreed = Goal(state=GoalState.AGREED, version=2, terms=terms())
    once = goals.suggest(agreed, terms("Pass with 70"), by=BOB, seen=2).goal

    twice = goals.suggest(once, terms("Pass with 70"), by=BOB, seen=2)

    assert twice == Step(goal=once)


def test_nobody_works_on_more_goals_than_can_be_kept_in_mind() -> None:
    closed = Goal(state=GoalState.REACHED, version=4, terms=terms())

    with pytest.raises(RuleBroken, match="goals already"):
        goals.begin(terms(), by=BOB, live_goals=MOST_GOALS)
    with pytest.raises(RuleBroken, match="goals already"):
        goals.reopen(closed, seen=4, live_goals=MOST_GOALS)


def form(**changes: str) -> dict[str, str]:
    return {"outcome": "Pass", "measure": "60 points", "by_on": "2026-11-30", "milestone-2": " Read  on "} | changes


def test_a_form_becomes_a_goal_without_its_empty_lines() -> None:
    found, problems = parse_goal(form(**{"milestone-4": "Read on"}), today=TODAY, latest=LATEST)

    assert problems == {}
    assert found == GoalTerms(outcome="Pass", measure="60 points", by_on=date(2026, 11, 30), milestones=("Read on",))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": " "}, "outcome"),
        ({"outcome": "x" * 201}, "outcome"),
        ({"measure": ""}, "measure"),
        ({"measure": "a\x00"}, "measure"),
        ({"by_on": ""}, "by_on"),
        ({"by_on": "soon"}, "by_on"),
        ({"by_on": "2026-02-30"}, "by_on"),
        ({"by_on": "2026-09-13"}, "by_on"),
        ({"by_on": "2026-12-08"}, "by_on"),
        ({"milestone-2": ""}, "milestone-1"),
        ({"milestone-5": "x" * 121}, "milestone-5"),
    ],
)
def test_a_goal_that_is_not_one_is_said_beside_its_field(changes: dict[str, str], field: str) -> None:
    found, problems = parse_goal(form(**changes), today=TODAY, latest=LATEST)

    assert found is None
    assert list(problems) == [field]


def test_a_day_that_is_over_may_stay_where_it_stands_already() -> None:
    found, _problems = parse_goal(form(by_on="2026-09-01"), today=TODAY, latest=LATEST, kept=date(2026, 9, 1))

    assert found


def test_a_goal_may_always_take_two_weeks_however_late_it_is() -> None:
    assert last_day(LATEST, TODAY) == LATEST
    assert last_day(TODAY, TODAY) == TODAY + timedelta(days=14)
    assert last_day(None, TODAY) > TODAY


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("10", 10), ("11", None), ("-1", None), ("", None), ("٣", None)])
def test_confidence_is_a_number_from_0_to_10(text: str, value: int | None) -> None:
    found, problem = parse_confidence({"confidence": text})

    assert found == value
    assert (problem is None) == (value is not None)


@pytest.mark.parametrize(
    ("given_on", "day", "asked"),
    [
        ([], 0, True),
        ([0], 0, False),
        ([0], 41, False),
        ([0], 42, True),
        ([43], 83, False),
        ([43], 84, True),
        ([90], 200, False),
    ],
)
def test_confidence_is_asked_at_the_start_in_the_middle_and_at_the_end(
    given_on: list[int], day: int, asked: bool
) -> None:
    days = [TODAY + timedelta(days=one) for one in given_on]

    assert is_asked(days, agreed_on=TODAY, by_on=LATEST, today=TODAY + timedelta(days=day)) == asked


def test_the_drawing_has_a_line_per_person_inside_its_frame() -> None:
    readings = [
        Reading(who=DANA, on=TODAY + timedelta(days=10), value=10),
        Reading(who=DANA, on=TODAY, value=0),
        Reading(who=BOB, on=TODAY + timedelta(days=5), value=5),
    ]

    found = lines(readings)

    assert {one.who: one.places for one in found} == {
        DANA: ((LEFT, BOTTOM), (RIGHT, TOP)),
        BOB: (((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2),),
    }
    assert lines([]) == ()
