"""Reflections: their windows, their states and the rubric."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lti_tool.mentoring import reflections
from lti_tool.mentoring.checkins import DEFAULT_RHYTHM, local_midnight
from lti_tool.mentoring.reflections import Criterion, Stage, State, parse_marks, reflection_windows, score
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Kind, SchemePreset
from tests.mentoring.people import at, settings

markings = st.fixed_dictionaries({one.value: st.sampled_from(reflections.MARKS) for one in Criterion})


@given(days=st.integers(0, 200), late=st.integers(0, 200))
def test_the_three_reflections_come_in_their_order_whatever_the_dates(days, late):
    of = settings(starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 5) + timedelta(days=days))

    windows = reflection_windows(of, at("2026-10-05") + timedelta(days=late), DEFAULT_RHYTHM)

    opened = [windows[stage].opens_at for stage in Stage]
    assert opened == sorted(opened)
    assert all(window.due_at and window.due_at >= window.opens_at for window in windows.values())


@pytest.mark.parametrize("on", [date(2026, 10, 20), date(2026, 11, 27), date(2026, 12, 20)])
def test_a_reflection_is_due_on_the_day_that_staff_chose_and_opens_in_time_to_write_it(on):
    usual = settings(participation=SchemePreset.DEFAULT, time_zone="Europe/Berlin", ends_on=date(2026, 12, 27))
    scheme = scheme_for(usual)
    items = tuple(replace(one, due_on=on) if one.kind is Kind.REFLECTION_MIDDLE else one for one in scheme.items)
    own = replace(usual, own_scheme=replace(scheme, items=items))

    before, after = (reflection_windows(one, at("2026-10-05"), DEFAULT_RHYTHM) for one in (usual, own))

    chosen = after[Stage.MIDDLE]
    assert chosen.due_at == local_midnight(on + timedelta(days=1), "Europe/Berlin")
    assert chosen.opens_at <= min(before[Stage.MIDDLE].opens_at, chosen.due_at - timedelta(days=10))
    assert {**after, Stage.MIDDLE: None} == {**before, Stage.MIDDLE: None}


@given(readings=st.lists(markings, max_size=3))
def test_the_score_is_the_rounded_mean_of_all_marks(readings):
    found = score(readings)

    marks = [mark for reading in readings for mark in reading.values()]
    if not marks:
        assert found is None
    else:
        assert found is not None
        assert 0 <= found <= 4
        assert -1 / 2 <= found - sum(marks) / len(marks) <= 1 / 2


def test_half_a_point_is_rounded_up():
    assert score([{"specific": 2, "honest": 2, "linked": 1, "next_step": 1}]) == 2
    assert score([{"specific": 4, "honest": 4, "linked": 4, "next_step": 2}]) == 4


def test_two_readers_who_differ_much_are_noticed():
    high, low = dict.fromkeys(Criterion, 4), dict.fromkeys(Criterion, 2)

    assert reflections.are_far_apart([high, low])
    assert not reflections.are_far_apart([high, high | {"specific": 1}])
    assert not reflections.are_far_apart([low])


def test_marks_are_taken_only_where_every_criterion_has_one_of_the_four():
    marks, problems = parse_marks({"specific": "4", "honest": "3", "linked": ""})

    assert marks == {"specific": 4}
    assert set(problems) == {"honest", "linked", "next_step"}


class Reflecting(RuleBasedStateMachine):
    """A writer and two readers, who all do what they like."""

    @initialize()
    def begin(self) -> None:
        self.state = State.DRAFT
        self.text = ""
        self.read_text: str | None = None  # what stood there when somebody first read it

    @rule(text=st.sampled_from(["", " ", "One thing.", "Another thing."]))
    def write(self, text: str) -> None:
        try:
            self.state = reflections.saved(self.state)
        except RuleBroken:
            return
        self.text = text

    @rule()
    def hand_in(self) -> None:
        try:
            self.state = reflections.handed_in(self.state, self.text)
        except RuleBroken:
            return

    @rule()
    def mark(self) -> None:
        try:
            self.state = reflections.read(self.state)
        except RuleBroken:
            assert self.state is State.DRAFT
            return
        self.read_text = self.text if self.read_text is None else self.read_text

    @rule()
    def give_back(self) -> None:
        try:
            self.state = reflections.returned(self.state)
        except RuleBroken:
            assert self.read_text is None
            return

    @invariant()
    def what_was_read_is_what_stands_there(self) -> None:
        if getattr(self, "read_text", None) is not None:
            assert self.text == self.read_text
            assert self.text.strip()

    @invariant()
    def only_what_was_read_is_returned(self) -> None:
        if getattr(self, "state", None) is State.RETURNED:
            assert self.read_text is not None


TestReflecting = Reflecting.TestCase


@pytest.mark.parametrize("text", ["x" * 6001, "a\x00b", "a\u202eb"])
def test_a_text_that_cannot_be_kept_is_refused_with_a_reason(text):
    assert reflections.wrong_with(text)


def test_an_ordinary_text_is_taken():
    assert reflections.wrong_with("Ein Wort\nund noch eines") is None
