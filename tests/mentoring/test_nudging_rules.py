"""The nudge ladder: nobody at night, nobody twice a week, nobody while away, and staff last."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lti_tool.mentoring.nudging import (
    DAY,
    LADDER,
    ONE_WEEK,
    Quiet,
    Rung,
    Wait,
    WaitKind,
    may_write,
    next_step,
    parse_away,
    staff_reason,
)
from tests.mentoring.people import at

BEGAN = at("2026-10-05T08:00")
QUIET = Quiet(from_hour=21, until_hour=8)
ZONES = ("Europe/London", "Asia/Kathmandu", "America/New_York")


@given(
    moment=st.datetimes(at("2026-10-01").replace(tzinfo=None), at("2026-11-10").replace(tzinfo=None)),
    zone=st.sampled_from(ZONES),
)
def test_quiet_hours_are_those_of_the_clock_on_the_persons_wall(moment, zone):
    now = moment.replace(tzinfo=ZoneInfo("UTC"))
    hour = now.astimezone(ZoneInfo(zone)).hour

    assert QUIET.holds(now, zone) == (hour >= 21 or hour < 8)
    assert Quiet(from_hour=13, until_hour=15).holds(now, zone) == (13 <= hour < 15)
    assert not Quiet(from_hour=6, until_hour=6).holds(now, zone)
    over_at = QUIET.over_at(now, zone)
    assert not QUIET.holds(over_at, zone)
    assert (over_at == now) is not QUIET.holds(now, zone)
    assert over_at - now < timedelta(hours=12)


def test_a_partner_who_never_appears_is_reminded_then_told_of_then_known_to_staff_on_day_seven():
    wait, taken = Wait(kind=WaitKind.HELLO, since=BEGAN), {}

    steps = []
    for hour in range(24 * 10):
        now = BEGAN + timedelta(hours=hour)
        rung = next_step(wait, taken, now, away_until=None)
        if rung:
            taken[rung] = now
            steps.append(((now - BEGAN).days, rung))

    assert steps == [(3, Rung.SELF), (5, Rung.PARTNER), (7, Rung.STAFF)]
    assert staff_reason(wait, BEGAN + 7 * DAY).values == {"days": 7}


def test_what_only_the_tool_waits_for_never_reaches_anybody_else():
    for kind in (WaitKind.CHECK_IN, WaitKind.REFLECTION):
        assert [rung for rung, _days in LADDER[kind]] == [Rung.SELF]


def test_after_a_time_away_the_ladder_begins_when_the_person_is_back():
    wait = Wait(kind=WaitKind.HELLO, since=BEGAN)
    back = BEGAN + 10 * DAY

    assert next_step(wait, {}, back - timedelta(seconds=1), away_until=back) is None
    assert next_step(wait, {}, back, away_until=back) is None
    assert next_step(wait, {}, back + 3 * DAY, away_until=back) is Rung.SELF


class Term(RuleBasedStateMachine):
    """Hours of a term pass; a person is away, gives a sign of life or does not, and the clock takes steps."""

    @initialize(zone=st.sampled_from(ZONES), kind=st.sampled_from(WaitKind))
    def begin(self, zone: str, kind: WaitKind) -> None:
        self.zone, self.now, self.away_until = zone, BEGAN, None
        self.wait, self.taken = Wait(kind=kind, since=BEGAN), {}
        self.written = []  # to this person

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        for _hour in range(hours):
            self.now += timedelta(hours=1)
            self.tick()

    def tick(self) -> None:
        rung = next_step(self.wait, self.taken, self.now, away_until=self.away_until)
        if rung is None or (rung is Rung.SELF and QUIET.holds(self.now, self.zone)):
            return
        assert not self.away_until or self.now >= self.away_until
        self.taken[rung] = self.now
        if rung is Rung.SELF and may_write(self.written[-1] if self.written else None, self.now):
            self.written.append(self.now)

    @rule()
    def sign_of_life(self) -> None:
        self.wait, self.taken = Wait(kind=self.wait.kind, since=self.now), {}

    @precondition(lambda self: self.away_until is None or self.now >= self.away_until)
    @rule(days=st.integers(1, 21))
    def goes_away(self, days: int) -> None:
        self.away_until = self.now + days * DAY

    @invariant()
    def steps_are_taken_in_their_order(self) -> None:
        if hasattr(self, "taken"):
            order = [rung for rung, _days in LADDER[self.wait.kind]]
            assert list(self.taken) == order[: len(self.taken)]
            moments = list(self.taken.values())
            assert all(later - earlier >= DAY for earlier, later in pairwise(moments))

    @invariant()
    def nobody_is_written_to_at_night_or_twice_a_week(self) -> None:
        if hasattr(self, "written"):
            assert not any(QUIET.holds(moment, self.zone) for moment in self.written)
            gaps = pairwise(self.written)
            assert all(later - earlier >= ONE_WEEK for earlier, later in gaps)


Term.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestTerm = Term.TestCase


def test_being_away_is_taken_for_up_to_three_weeks_with_a_reason():
    away, problems = parse_away({"back_on": "2026-10-12", "reason": "exams", "words": " Two exams "}, date(2026, 10, 5))

    assert problems == {}
    assert away
    assert (away.back_on, away.reason, away.words) == (date(2026, 10, 12), "exams", "Two exams")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("back_on", "2026-10-05"),
        ("back_on", "2026-10-27"),
        ("back_on", "soon"),
        ("back_on", ""),
        ("reason", "because"),
        ("words", "x" * 301),
        ("words", "a\x00"),
    ],
)
def test_being_away_without_end_or_reason_is_asked_again(field, value):
    form = {"back_on": "2026-10-12", "reason": "ill", "words": ""} | {field: value}

    away, problems = parse_away(form, date(2026, 10, 5))

    assert away is None
    assert set(problems) == {field}
