"""Promises about a meeting, whatever its members do in whatever order: no path leads where no rule leads."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lti_tool.mentoring.meeting_reports import (
    DISPUTE_DAYS,
    confirm,
    decide,
    dispute,
    final_at,
    log_outside,
    settle,
    take_back,
)
from lti_tool.mentoring.meetings import (
    EARLY,
    PLANNED,
    REPORTED,
    Meeting,
    MeetingState,
    Plan,
    Report,
    Ruling,
    accept,
    cancel,
    decline,
    is_asked,
    may_report,
    miss,
    move,
    propose,
)
from lti_tool.mentoring.rules import RuleBroken

NOON = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
BOB, DANA, GWEN, CHARLIE = 1, 2, 3, 9
PAIR, TRIAD = frozenset({BOB, DANA}), frozenset({BOB, DANA, GWEN})
WHO = st.sampled_from([BOB, DANA, GWEN, CHARLIE])
HOURS = st.integers(min_value=-30, max_value=200)
LENGTHS = st.sampled_from([5, 15, 30, 60])


def said(by: int, at: datetime, *, minutes: int = 30, present: frozenset[int] = PAIR) -> Report:
    return Report(by=by, at=at, held_on=at.date(), minutes=minutes, present=present)


def planned(*, hours: float = 24, members: frozenset[int] = PAIR) -> Meeting:
    return propose(members, BOB, Plan(starts_at=NOON + timedelta(hours=hours), minutes=30), NOON)


def held(members: frozenset[int] = PAIR, **changes: object) -> Meeting:
    meeting = accept(planned(members=members), DANA, NOON)
    report = replace(said(BOB, NOON + timedelta(hours=25), present=members), **changes)  # type: ignore[arg-type]  # fields by name
    return confirm(meeting, report)


class MeetingLife(RuleBasedStateMachine):
    """Three members and a stranger do anything at any time; staff decide when they like."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.meeting: Meeting | None = None
        self.before: Meeting | None = None
        self.decided: Ruling | None = None

    @initialize(members=st.sampled_from([PAIR, TRIAD]), hours=st.integers(min_value=1, max_value=100))
    def begin(self, members: frozenset[int], hours: int) -> None:
        self.meeting = propose(members, BOB, Plan(starts_at=NOON + timedelta(hours=hours), minutes=30), NOON)

    def attempt(self, step, by: int | None = None) -> None:  # type: ignore[no-untyped-def]  # any step of the machine
        assert self.meeting
        self.before = self.meeting
        try:
            self.meeting = step(self.meeting)
        except RuleBroken:
            return
        assert by is None or by in self.meeting.members, "a stranger changed a meeting"
        self.check_step()

    def check_step(self) -> None:
        """What one step may do, whoever takes it."""
        assert self.before
        assert self.meeting
        assert self.meeting.members == self.before.members
        assert self.meeting.version in (self.before.version, self.before.version + 1)
        changed = self.meeting.plan != self.before.plan
        assert not changed or self.meeting.version > self.before.version
        if self.before.state in {MeetingState.DECLINED, MeetingState.CANCELLED}:
            assert self.meeting == self.before, "what was called off came back"

    @rule(hours=st.floats(min_value=0, max_value=72))
    def time_passes(self, hours: float) -> None:
        self.now += timedelta(hours=hours)

    @rule(by=WHO)
    def somebody_accepts(self, by: int) -> None:
        self.attempt(lambda one: accept(one, by, self.now), by)

    @rule(by=WHO)
    def somebody_declines(self, by: int) -> None:
        self.attempt(lambda one: decline(one, by), by)

    @rule(by=WHO)
    def somebody_cancels(self, by: int) -> None:
        self.attempt(lambda one: cancel(one, by), by)

    @rule(by=WHO, hours=HOURS, minutes=LENGTHS)
    def somebody_moves(self, by: int, hours: int, minutes: int) -> None:
        plan = Plan(starts_at=self.now + timedelta(hours=hours), minutes=minutes)
        self.attempt(lambda one: move(one, by, plan, self.now), by)
        assert self.meeting
        if self.meeting.plan == plan and self.meeting is not self.before:
            assert plan.starts_at > self.now, "a meeting was moved into the past"
            assert self.meeting.coming == {by}, "an answer to the time before was counted"

    @rule(by=WHO)
    def somebody_says_it_was_not(self, by: int) -> None:
        self.attempt(lambda one: miss(one, by, self.now), by)

    @rule(by=WHO, minutes=LENGTHS, present=st.frozensets(WHO))
    def somebody_confirms(self, by: int, minutes: int, present: frozenset[int]) -> None:
        report = said(by, self.now, minutes=minutes, present=present)
        self.attempt(lambda one: confirm(one, report), by)

    @rule(by=WHO)
    def somebody_disputes(self, by: int) -> None:
        self.attempt(lambda one: dispute(one, by, self.now), by)

    @rule(by=WHO)
    def somebody_settles(self, by: int) -> None:
        self.attempt(lambda one: settle(one, by), by)

    @rule(by=WHO)
    def somebody_takes_back(self, by: int) -> None:
        self.attempt(lambda one: take_back(one, by), by)

    @rule(ruling=st.sampled_from(list(Ruling)))
    def staff_decide(self, ruling: Ruling) -> None:
        self.attempt(lambda one: decide(one, ruling))
        assert self.meeting
        assert self.before
        if self.meeting is not self.before:
            self.decided = ruling

    @invariant()
    def the_meeting_is_one_that_can_be(self) -> None:
        one = self.meeting
        if one is None:
            return
        assert one.coming <= one.members
        assert one.not_coming <= one.members
        assert not one.coming & one.not_coming
        assert (one.report is not None) == (one.state in REPORTED) == bool(one.agreeing)
        assert (one.disputed_by is not None) == (one.disputed_at is not None)
        assert one.state is not MeetingState.DISPUTED or one.disputed_by not in {None} | one.confirmed_by
        assert one.ruling is self.decided, "what staff decided was undone"
        assert one.state is not MeetingState.DISMISSED or one.ruling is Ruling.DOES_NOT_COUNT
        assert one.state is not MeetingState.AGREED or len(one.coming) > 1
        assert one.state not in PLANNED or len(one.members - one.not_coming) > 1
        if one.report:
            assert one.report.present <= one.members
            assert len(one.report.present) > 1
            assert len(one.confirmed_by) == len(one.agreeing)
            assert one.plan
            assert one.report.at >= one.plan.starts_at, "a meeting was confirmed before it began"
            assert one.report.at + EARLY >= one.plan.starts_at + timedelta(minutes=one.report.minutes)


TestMeetingLife = MeetingLife.TestCase


def test_a_yes_beside_the_proposers_makes_a_meeting_agreed():
    proposed = planned()

    agreed = accept(proposed, DANA, NOON)

    assert is_asked(proposed, DANA)
    assert agreed.state is MeetingState.AGREED
    assert not is_asked(agreed, DANA)


def test_another_time_is_a_proposal_of_whoever_names_it():
    later = Plan(starts_at=NOON + timedelta(days=3), minutes=45)

    moved = move(accept(planned(), DANA, NOON), DANA, later, NOON)

    assert (moved.state, moved.plan, moved.version) == (MeetingState.PROPOSED, later, 2)
    assert is_asked(moved, BOB)
    assert not is_asked(moved, DANA)


def test_a_meeting_of_three_goes_on_without_one_of_them():
    proposed = planned(members=TRIAD)

    two = accept(decline(proposed, GWEN), DANA, NOON)

    assert two.state is MeetingState.AGREED
    assert decline(two, DANA).state is MeetingState.DECLINED


def test_a_time_in_the_past_is_refused():
    with pytest.raises(RuleBroken, match="over"):
        planned(hours=-1)


def test_a_meeting_that_is_still_to_come_is_not_confirmed():
    agreed = accept(planned(), DANA, NOON)

    with pytest.raises(RuleBroken, match="can be confirmed from"):
        confirm(agreed, said(BOB, NOON))
    assert not may_report(agreed, NOON)
    assert may_report(agreed, NOON + timedelta(hours=24, minutes=15))


def test_a_day_that_is_still_to_come_is_not_logged():
    tomorrow = replace(said(BOB, NOON), held_on=date(2026, 9, 15))

    with pytest.raises(RuleBroken, match="still to come"):
        log_outside(PAIR, tomorrow, date(2026, 9, 14))


def test_one_side_is_enough_and_the_other_has_five_days():
    meeting = held()
    assert meeting.report
    last_moment = final_at(meeting.report.at)

    assert last_moment - meeting.report.at == timedelta(days=DISPUTE_DAYS)
    assert dispute(meeting, DANA, last_moment).state is MeetingState.DISPUTED
    with pytest.raises(RuleBroken, match="five days"):
        dispute(meeting, DANA, last_moment + timedelta(seconds=1))


def test_whoever_confirmed_a_meeting_does_not_dispute_it():
    both = confirm(held(), said(DANA, NOON + timedelta(hours=26)))

    for member in PAIR:
        with pytest.raises(RuleBroken, match="confirmed"):
            dispute(both, member, NOON + timedelta(hours=27))


def test_where_two_say_different_minutes_the_least_counts():
    meeting = confirm(held(minutes=60), said(DANA, NOON + timedelta(hours=26), minutes=45))

    assert meeting.minutes == 45


def test_who_agrees_after_the_five_days_makes_no_meeting_shorter():
    meeting = held(minutes=60)
    assert meeting.report
    too_late = final_at(meeting.report.at) + timedelta(seconds=1)

    assert confirm(meeting, said(DANA, too_late, minutes=5)).minutes == 60
    assert confirm(meeting, said(DANA, final_at(meeting.report.at), minutes=5)).minutes == 5


def test_what_staff_decided_is_not_disputed_and_not_taken_back():
    meeting = decide(dispute(held(), DANA, NOON + timedelta(hours=26)), Ruling.COUNTS)

    for step in (
        lambda: dispute(meeting, DANA, NOON + timedelta(hours=27)),
        lambda: take_back(meeting, BOB),
        lambda: confirm(meeting, said(DANA, NOON + timedelta(hours=27), minutes=5)),
    ):
        with pytest.raises(RuleBroken):
            step()


def test_a_dispute_ends_by_the_word_of_either_side():
    disputed = dispute(held(), DANA, NOON + timedelta(hours=26))

    assert settle(disputed, DANA).state is MeetingState.HELD
    assert take_back(disputed, BOB).state is MeetingState.MISSED
    with pytest.raises(RuleBroken):
        settle(disputed, BOB)


def test_somebody_who_was_not_there_confirms_nothing():
    agreed = accept(planned(members=TRIAD), DANA, NOON)

    with pytest.raises(RuleBroken, match="who was there"):
        confirm(agreed, said(GWEN, NOON + timedelta(hours=25), present=PAIR))


def test_nobody_meets_alone():
    with pytest.raises(RuleBroken, match="who was there"):
        held(present=frozenset({BOB}))
