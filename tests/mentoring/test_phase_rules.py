"""Promises of the phases: no way through them is illegal, none loses a pair, and the clock only does what is due."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lti_tool.mentoring.phases import (
    ALLOWED,
    Standing,
    due_step,
    next_by_date,
    published,
    step,
    steps_from,
    why_not_propose,
)
from lti_tool.mentoring.programme import CLOSING_DAYS, Phase, default_settings
from lti_tool.mentoring.rules import RuleBroken

TODAY = date(2026, 10, 5)
SETTINGS = default_settings("", TODAY, "UTC")
WITH_PAIRS = {Phase.RUNNING, Phase.CLOSING}
BEFORE_PAIRS = {Phase.SET_UP, Phase.SIGN_UP, Phase.MATCHING}


class AnyTerm(RuleBasedStateMachine):
    """People join, staff click on anything at any time, days go by."""

    def __init__(self) -> None:
        super().__init__()
        self.phase, self.pairs, self.joined = Phase.SET_UP, 0, 0
        self.most_pairs = 0
        self.today, self.settings = TODAY, SETTINGS

    @property
    def standing(self) -> Standing:
        return Standing(phase=self.phase, has_pairs=self.pairs > 0, has_begun=self.joined > 0)

    @rule(to=st.sampled_from(list(Phase)))
    def click(self, to: Phase) -> None:
        if to in {one.to for one in steps_from(self.standing)}:
            self.phase = step(self.standing, to)
            return
        with pytest.raises(RuleBroken) as broken:
            step(self.standing, to)
        assert broken.value.sentence.text.endswith(".")

    @rule()
    @precondition(lambda self: ALLOWED[self.phase].joining)
    def join(self) -> None:
        self.joined += 1

    @rule(count=st.integers(0, 3))
    def publish(self, count: int) -> None:
        try:
            self.phase = published(self.standing)
        except RuleBroken:
            assert why_not_propose(self.phase)
            return
        self.pairs += max(count, 1)

    @rule(days=st.integers(0, 60))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)
        for _phase in Phase:
            due = due_step(self.standing, self.settings, begun_on=TODAY, today=self.today)
            if due is None:
                return
            assert due is not Phase.RUNNING
            self.phase = due
        raise AssertionError("the calendar never comes to rest")

    @rule(
        days=st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(1, 90)),
        moves=st.booleans(),
    )
    def save(self, days: tuple[int, int, int, int], moves: bool) -> None:
        start = TODAY + timedelta(days=days[0])
        closes = start + timedelta(days=days[1])
        matching = closes + timedelta(days=days[2])
        ends = matching + timedelta(days=days[3])
        self.settings = replace(
            SETTINGS,
            starts_on=start,
            sign_up_closes_on=closes,
            matching_on=matching,
            ends_on=ends,
            moves_by_date=moves,
        )

    @invariant()
    def the_phase_fits_the_pairs(self) -> None:
        assert self.pairs or self.phase not in WITH_PAIRS
        assert not self.pairs or self.phase not in BEFORE_PAIRS

    @invariant()
    def no_pair_ever_vanishes(self) -> None:
        assert self.pairs >= self.most_pairs
        self.most_pairs = self.pairs

    @invariant()
    def there_is_always_a_way_on(self) -> None:
        assert steps_from(self.standing) or ALLOWED[self.phase].proposing


TestAnyTerm = AnyTerm.TestCase


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_has_a_way_on_and_names_what_it_does(phase):
    for standing in (Standing(phase=phase, has_pairs=has, has_begun=has) for has in (True, False)):
        for one in steps_from(standing):
            assert one.effect.endswith(".")
            assert step(standing, one.to) is one.to


def test_a_term_goes_by_the_calendar():
    standing = Standing(phase=Phase.SIGN_UP, has_pairs=False, has_begun=True)
    running, closing = (
        replace(standing, phase=Phase.RUNNING, has_pairs=True),
        replace(standing, phase=Phase.CLOSING, has_pairs=True),
    )

    def coming(standing):
        return next_by_date(standing, SETTINGS, begun_on=TODAY)

    assert coming(standing) == (Phase.MATCHING, TODAY + timedelta(days=15))
    assert coming(running) == (Phase.CLOSING, SETTINGS.ends_on)
    assert coming(closing) == (Phase.CLOSED, SETTINGS.ends_on + timedelta(days=CLOSING_DAYS))


def test_sign_up_opens_by_itself_only_on_a_day_that_somebody_chose():
    standing = Standing(phase=Phase.SET_UP, has_pairs=False, has_begun=False)
    chosen = replace(SETTINGS, starts_on=TODAY + timedelta(days=3))

    untouched = due_step(standing, SETTINGS, begun_on=TODAY, today=TODAY + timedelta(days=30))
    early = due_step(standing, chosen, begun_on=TODAY, today=TODAY + timedelta(days=2))
    then = due_step(standing, chosen, begun_on=TODAY, today=TODAY + timedelta(days=3))

    assert (untouched, early, then) == (None, None, Phase.SIGN_UP)


def test_without_the_calendar_nothing_moves():
    by_hand = replace(SETTINGS, moves_by_date=False)

    for phase in Phase:
        standing = Standing(phase=phase, has_pairs=phase in WITH_PAIRS, has_begun=True)
        assert due_step(standing, by_hand, begun_on=TODAY, today=date(2090, 1, 1)) is None


def test_pairs_at_work_are_the_reason_why_a_programme_cannot_go_back():
    running = Standing(phase=Phase.RUNNING, has_pairs=True, has_begun=True)

    with pytest.raises(RuleBroken, match="Pairs are published"):
        step(running, Phase.SIGN_UP)
