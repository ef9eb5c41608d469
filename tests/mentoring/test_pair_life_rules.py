"""Promises about a pair's life: no sequence of steps brings it where it must not be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lti_tool.mentoring.pair_life import (
    LONGEST_PAUSE_DAYS,
    EndReason,
    Life,
    PairState,
    allow_contact,
    by_date,
    end,
    may_stay_in_touch,
    pause,
    resume,
    stop_contact,
    why_closed,
)
from lti_tool.mentoring.rules import RuleBroken
from tests.mentoring.people import at

NOW = at("2026-10-05T12:00")
TODAY = date(2026, 10, 5)
RUNNING = Life(state=PairState.ACTIVE)


class PairLife(RuleBasedStateMachine):
    """Members, staff and the clock act on one pair in any order."""

    @initialize()
    def published(self):
        self.life, self.now, self.before = RUNNING, NOW, RUNNING
        self.reports = 0

    @property
    def today(self):
        return self.now.date()

    def attempt(self, step):
        self.before = self.life
        try:
            self.life = step()
        except RuleBroken:
            self.refused = True
        else:
            self.refused = False

    @rule(days=st.integers(0, 60))
    def time_passes(self, days):
        self.now += timedelta(days=days)

    @rule(days=st.one_of(st.none(), st.integers(-5, 60)))
    def somebody_pauses(self, days):
        day = None if days is None else self.today + timedelta(days=days)
        self.attempt(lambda: pause(self.life, self.now, today=self.today, resumes_on=day))
        is_possible = days is None or 0 < days <= LONGEST_PAUSE_DAYS
        free = self.before.is_running and self.before.contact_stopped_at is None
        assert self.refused is not (is_possible and free)

    @rule()
    def somebody_resumes(self):
        self.attempt(lambda: resume(self.life))
        assert self.refused is not (self.before.is_running and self.before.contact_stopped_at is None)

    @rule()
    def a_safety_report_comes(self):
        self.attempt(lambda: stop_contact(self.life, self.now))
        assert self.life.contact_stopped_at is not None
        self.reports += 1

    @rule()
    def staff_allow_contact(self):
        self.attempt(lambda: allow_contact(self.life))
        assert self.life.contact_stopped_at is None
        self.reports = 0

    @rule(why=st.sampled_from(EndReason))
    def it_ends(self, why):
        self.attempt(lambda: end(self.life, self.now, why))
        assert self.life.state is PairState.ENDED

    @rule(is_over=st.booleans())
    def the_clock_looks(self, is_over):
        self.attempt(lambda: by_date(self.life, self.now, today=self.today, is_over=is_over))
        assert not is_over or not self.life.is_running
        again = by_date(self.life, self.now, today=self.today, is_over=is_over)
        assert again == self.life

    @invariant()
    def nothing_impossible_is_reached(self):
        life = self.life
        assert life.state is not PairState.PROPOSED
        held = life.paused_at is not None or life.contact_stopped_at is not None
        assert life.state is PairState.ENDED or (life.state is PairState.PAUSED) == held
        assert (life.state is PairState.ENDED) == (life.ended_at is not None) == (life.end_reason is not None)
        assert life.resumes_on is None or life.paused_at is not None
        assert (why_closed(life) is None) == (life.state is PairState.ACTIVE)

    @invariant()
    def only_staff_bring_contact_back(self):
        assert (self.life.contact_stopped_at is not None) == (self.reports > 0)
        assert not (self.reports and may_stay_in_touch(self.life))

    @precondition(lambda self: self.before.state is PairState.ENDED and self.before.end_reason != "completed")
    @invariant()
    def an_end_before_the_programmes_is_final(self):
        assert self.life.ended_at == self.before.ended_at
        assert self.life.end_reason == self.before.end_reason


TestPairLife = PairLife.TestCase


def test_a_pause_ends_on_its_day_and_not_before():
    paused = pause(RUNNING, NOW, today=TODAY, resumes_on=TODAY + timedelta(days=7))

    before, then = (by_date(paused, NOW, today=TODAY + timedelta(days=days), is_over=False).state for days in (6, 7))

    assert (before, then) == (PairState.PAUSED, PairState.ACTIVE)


def test_a_pause_that_somebody_asked_for_outlasts_a_stop_of_contact():
    paused = pause(RUNNING, NOW, today=TODAY, resumes_on=None)

    assert allow_contact(stop_contact(paused, NOW)).state is PairState.PAUSED
    assert allow_contact(stop_contact(RUNNING, NOW)).state is PairState.ACTIVE


def test_a_stop_of_contact_reads_like_any_other_pause():
    stopped, paused = stop_contact(RUNNING, NOW), pause(RUNNING, NOW, today=TODAY, resumes_on=None)

    assert why_closed(stopped) == why_closed(paused)


@given(st.sampled_from(EndReason))
def test_staying_in_touch_is_asked_after_every_end_but_one_for_safety(why):
    assert may_stay_in_touch(end(RUNNING, NOW, why)) is (why is not EndReason.SAFETY)
    assert not may_stay_in_touch(end(stop_contact(RUNNING, NOW), NOW, why))


def test_a_pair_that_was_never_published_has_no_life_yet():
    proposed = Life(state=PairState.PROPOSED)

    for step in (
        lambda: pause(proposed, NOW, today=TODAY, resumes_on=None),
        lambda: resume(proposed),
        lambda: stop_contact(proposed, NOW),
        lambda: allow_contact(proposed),
        lambda: end(proposed, NOW, EndReason.STAFF),
    ):
        with pytest.raises(RuleBroken):
            step()
    assert by_date(proposed, NOW, today=TODAY, is_over=True) == proposed
