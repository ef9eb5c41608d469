"""Where a due date moves, who gives way, and what an excuse keeps: the corners of product section 6.4."""

from dataclasses import replace
from datetime import UTC, date, timedelta
from decimal import Decimal

import pytest

from lti_tool.mentoring.due_dates import calendar_of
from lti_tool.mentoring.efforts import effort_times
from lti_tool.mentoring.evidence import ExcuseReason, ExcuseState, HandedIn, SentCheckIn, SideFrom
from lti_tool.mentoring.excuses import Bulk, Given, Whom, keys_given
from lti_tool.mentoring.ledgers import ALL_EXCUSED, RULE, Standing
from lti_tool.mentoring.participation import ledger
from lti_tool.mentoring.releases import changes_at, due_by, releases_at
from lti_tool.mentoring.scheme_presets import scheme_of
from lti_tool.mentoring.schemes import Item, Kind, SchemePreset, Side
from lti_tool.mentoring.successive import Stop
from tests.mentoring.grading import (
    BEGIN,
    BOB,
    CALENDAR,
    DEFAULT,
    PROGRAMME,
    alone,
    at_the_end,
    day,
    decided,
    entries,
    entry,
    everything,
    evidence,
    excused,
    full_track,
    met,
    stretch,
    track,
    tried,
)
from tests.mentoring.people import settings

TICK = timedelta(microseconds=1)

# While the clock stands


@pytest.mark.parametrize("paused", [stretch(1, 0, 30), stretch(1, 0, stops=(Stop(from_at=day(30)),))])
def test_no_check_in_is_missed_while_the_clock_stands_still(paused):
    waiting = evidence(track(paused, sent=(1, 2)))

    before, long_after = (ledger(waiting, DEFAULT, day(on)) for on in (29, 80))

    # The third was open since day 28, and the clock stands from day 30 on; nothing of it is due before it goes on.
    assert [one.standing for one in entries(long_after, Kind.CHECK_IN)][2:] == [Standing.NOT_DUE] * 4
    assert [one.due_at for one in entries(long_after, Kind.CHECK_IN)][2:] == [None] * 4
    assert "stands still" in entry(long_after, "check_in:3").reason.text
    assert entry(before, "check_in:2").earned == entry(long_after, "check_in:2").earned == 5


def test_a_check_in_that_was_open_when_the_clock_stopped_has_its_remaining_days_afterwards():
    found_again = evidence(track(stretch(1, 0, 30), stretch(2, 40), sent=(1, 2)))
    went_on = evidence(track(stretch(1, 0, stops=(Stop(from_at=day(30), until_at=day(45)),)), sent=(1, 2)))

    for one in (found_again, went_on):
        third = entry(ledger(one, DEFAULT, day(46)), "check_in:3")
        assert (third.opens_at, third.due_at, third.standing) == (day(28), day(48), Standing.NOT_DUE)


def test_what_was_missed_before_the_clock_stopped_stays_missed_and_says_so():
    missed = ledger(evidence(track(stretch(1, 0, 30), sent=(1,))), DEFAULT, day(60))

    second = entry(missed, "check_in:2")

    assert (second.standing, second.earned, second.due_at) == (Standing.COUNTED, 0, day(19))
    assert "was due" in second.reason.text


def test_days_in_which_the_clock_stood_are_no_days_late():
    # The second was due on day 19, a day before the clock stopped; it was sent half a day after it went on.
    stopped = track(stretch(1, 0, stops=(Stop(from_at=day(20), until_at=day(45)),)), sent=(1,))
    sent = (*stopped.check_ins, SentCheckIn(number=2, at=day(45.5)))

    found = ledger(evidence(replace(stopped, check_ins=sent)), DEFAULT, day(60))
    still = ledger(evidence(stopped), DEFAULT, day(44))

    assert entry(found, "check_in:2").earned == 5  # a day and a half late, within the grace
    assert entry(still, "check_in:2").open == 5


# What an excuse keeps


def test_the_next_meeting_does_not_use_up_an_excuse():
    found = ledger(evidence(track(meetings=(met(30),)), excuses=excused("meeting:1")), DEFAULT, day(40))

    assert [one.standing for one in entries(found, Kind.MEETING)][:2] == [Standing.EXCUSED, Standing.COUNTED]
    assert [one.earned for one in entries(found, Kind.MEETING)][:2] == [0, Decimal("7.50")]


def test_an_effort_does_not_use_up_the_excuse_from_the_agreement():
    trying = track(attempts=tried(10, 13), alone=alone(14))

    found = ledger(evidence(trying, excuses=excused("agreement")), DEFAULT, day(40))

    assert entry(found, "agreement").standing is Standing.EXCUSED
    assert entry(found, "meeting:1").is_effort


def test_an_agreement_that_is_worth_nothing_takes_no_effort():
    items = tuple(replace(one, mentor=Decimal(0)) if one.kind is Kind.AGREEMENT else one for one in DEFAULT.items)
    trying = track(attempts=tried(10, 13, who=BOB), alone=alone(14))

    found = ledger(evidence(trying, who=BOB, side=Side.MENTOR), replace(DEFAULT, items=items), day(40))

    assert [one.key for one in found.efforts] == ["meeting:1"]


def test_the_effort_for_an_agreement_stays_when_the_new_side_has_none():
    items = tuple(replace(one, mentor=Decimal(0)) if one.kind is Kind.AGREEMENT else one for one in DEFAULT.items)
    sides = (SideFrom(side=Side.MENTEE, from_at=BEGIN), SideFrom(side=Side.MENTOR, from_at=day(30)))
    trying = track(attempts=tried(10, 13), alone=alone(14))

    found = ledger(evidence(trying, sides=sides), replace(DEFAULT, items=items), day(40))

    assert [one.key for one in found.efforts] == ["agreement"]


def test_a_granted_excuse_stands_whatever_is_said_of_another_wish_for_the_same():
    granted, refused = (
        replace(excused("check_in:1", state=state)[0], at=day(on))
        for state, on in ((ExcuseState.GRANTED, 20), (ExcuseState.REFUSED, 25))
    )

    found = ledger(evidence(track(), excuses=(granted, refused)), DEFAULT, day(40))

    assert entry(found, "check_in:1").standing is Standing.EXCUSED


@pytest.mark.parametrize("key", ["check_in:1", "total"])
def test_who_is_excused_from_everything_has_no_points_whatever_was_decided_before(key):
    ill = (replace(excused("all")[0], at=day(30)),)

    before, after = (
        ledger(everything(overrides=(decided(key, 400, on=on),), excuses=ill), DEFAULT, day(60)) for on in (20, 40)
    )

    assert (before.points, before.why_not_postable, before.decided) == (None, ALL_EXCUSED, None)
    assert after.points is not None


def test_a_pair_that_began_late_makes_nobody_a_late_joiner():
    found = ledger(evidence(track(stretch(begun=14))), DEFAULT, day(30))

    first = entry(found, "meeting:1")

    assert (first.standing, first.excused) == (Standing.EXCUSED, "clock")


# What could still be earned


def test_what_can_be_reached_with_two_partners_is_never_more_than_there_is():
    first, second = track(sent=(1, 2, 3)), track(stretch(2, 10))
    mentor = evidence(first, second, who=BOB, side=Side.MENTOR)

    assert ledger(mentor, DEFAULT, day(7)).reachable == 100
    assert at_the_end(mentor).reachable == at_the_end(mentor).points


def test_where_staff_decided_the_total_nothing_else_can_be_reached():
    found = ledger(evidence(track(sent=(1,)), overrides=(decided("total", 4200),)), DEFAULT, day(30))

    assert (found.points, found.reachable) == (42, 42)
    assert found.computed != 42


def test_what_is_overdue_is_counted_again_with_each_day_that_takes_from_it_and_no_longer():
    late = evidence(track(sent=(1,)))
    moments, now = [], day(19)  # the second check-in was due then
    while now < day(24):
        now = changes_at(ledger(late, DEFAULT, now), CALENDAR.closes_at, now)
        moments.append(now)

    # Two days of grace, a fifth for each of two days, and the half that is left for ever after the third.
    just_after = [day(number) + timedelta(microseconds=1) for number in (21, 22, 23)]
    assert [one for one in moments if one in just_after] == just_after
    assert [entry(ledger(late, DEFAULT, one), "check_in:2").open for one in just_after] == [4, 3, Decimal("2.50")]


def test_what_is_overdue_is_promised_the_grace_that_another_one_would_give_up_for_it():
    only = (replace(next(one for one in DEFAULT.items if one.kind is Kind.CHECK_IN), best_of=None),)
    scheme, now = replace(DEFAULT, items=only), day(20.5)
    first = SentCheckIn(number=1, at=day(5.5))  # half a day late: a fifth, unless it has the grace
    second = SentCheckIn(number=2, at=now)  # a day and a half late: two fifths

    before, after = (ledger(evidence(track(check_ins=one)), scheme, now) for one in ((first,), (first, second)))

    assert before.reachable == after.reachable == Decimal("96.67")
    assert entry(before, "check_in:2").open == Decimal("3.33")  # four fifths of 4.17


# All or nothing


def test_all_or_nothing_looks_at_everything_and_not_only_at_what_is_due_so_far():
    scheme = replace(DEFAULT, complete_from=60)
    begun = evidence(track(sent=(1, 2)))

    early, over = ledger(begun, scheme, day(12)), at_the_end(begun, scheme)

    assert (early.points, early.is_postable) == (None, False)
    assert over.points == 0
    assert at_the_end(everything(), scheme).points == 100


def test_nobody_has_missed_all_or_nothing_while_something_of_theirs_is_unread():
    items = tuple(one for one in DEFAULT.items if one.kind is Kind.REFLECTION_MIDDLE)
    scheme = replace(DEFAULT, items=items, complete_from=100)
    unread, read = (
        evidence(track(), reflections=(HandedIn(kind=Kind.REFLECTION_MIDDLE, at=day(40), score=score),))
        for score in (None, 2)
    )

    assert at_the_end(unread, scheme).points is None
    assert at_the_end(read, scheme).points == 0


# Much written


def test_thousands_of_messages_are_counted_as_few_are():
    few = effort_times(tried(1, 4, 30, 33, 60, 63), alone(5, 34, 64))
    chatty = tried(*(n * 80 / 4000 for n in range(4000)))

    found = effort_times(chatty, alone(5, 34, 64))

    assert found == [day(5), day(34), day(64)] == few


# Who decided


def test_an_excuse_and_a_ruling_say_who_decided_and_when():
    ruled = {"ruled_by": 7, "ruled_at": day(12)}
    counts = ledger(evidence(track(meetings=(met(10, minutes=5, ruling="counts", **ruled),))), DEFAULT, day(60))
    not_held = met(10, state="dismissed", ruling="does_not_count", **ruled)
    dismissed = ledger(evidence(track(meetings=(not_held,))), DEFAULT, day(60))
    let_off = ledger(evidence(track(sent=(2,)), excuses=excused("check_in")), DEFAULT, day(60))

    said = [
        entry(found, key) for found, key in ((counts, "meeting:1"), (dismissed, "meeting:1"), (let_off, "check_in:1"))
    ]

    assert [(one.decided_by, one.decided_at) for one in said] == [(7, day(12)), (7, day(12)), (9, day(5))]
    assert (said[1].earned, said[1].reason.values) == (0, {"day": day(10).date()})


def test_what_was_done_in_spite_of_an_excuse_was_decided_by_the_rule():
    done = entry(ledger(evidence(track(sent=(2,)), excuses=excused("check_in")), DEFAULT, day(60)), "check_in:2")
    asked = ledger(evidence(track(), excuses=excused("check_in", state=ExcuseState.ASKED)), DEFAULT, day(60))

    assert (done.earned, done.decided_by, done.decided_at) == (5, RULE, day(14))
    assert entry(asked, "check_in:1").decided_by == RULE


# With two partners


def with_two(first, second):
    return evidence(first, second, who=BOB, side=Side.MENTOR)


@pytest.mark.parametrize("has_met_the_other", [True, False])
def test_an_effort_with_one_of_two_partners_is_listed_for_staff(has_met_the_other):
    own = {"pair_id": 2}
    trying = {"attempts": tried(10, 13, who=BOB, **own), "alone": alone(14, **own)}
    silent = track(stretch(2), **trying, signed=alone(3, **own), goals=alone(3, **own))
    met_or_not = track(meetings=(met(10),) if has_met_the_other else ())

    found = ledger(with_two(met_or_not, silent), DEFAULT, day(40))

    assert [one.key for one in found.efforts] == ["meeting:1"]


def test_what_was_late_with_two_partners_says_why_it_counts_for_less():
    late = (SentCheckIn(number=1, at=day(30)),)

    found = entry(
        ledger(with_two(track(check_ins=late), track(stretch(2), check_ins=late)), DEFAULT, day(40)), "check_in:1"
    )

    assert found.earned == Decimal("2.50")
    assert "counts for less" in found.reason.text


# What a line offers


@pytest.mark.parametrize(("meetings", "check_ins"), [(8, 7), (5, 6), (12, 20), (4, 13)])
def test_what_is_done_in_full_earns_all_that_its_line_offers(meetings, check_ins):
    programme = replace(PROGRAMME, meeting_count=meetings, check_in_count=check_ins)
    met_often = full_track(meetings=tuple(met(6 * number) for number in range(1, meetings + 1)))
    scheme = scheme_of(SchemePreset.DEFAULT, programme)

    found = at_the_end(everything(tracks=(met_often,)), scheme)

    counted = [one for one in found.entries if one.standing is Standing.COUNTED]
    assert found.points == 100
    assert all(one.earned == one.offered == one.counted for one in counted)
    assert keys_given(found, Bulk(given=Given(key="all", reason=ExcuseReason.TOOL), whom=Whom.EVERYBODY), UTC) == ()


def test_check_ins_alone_come_to_what_the_item_says_where_the_best_count():
    usual = scheme_of(SchemePreset.CHECK_INS, PROGRAMME)
    check_ins = replace(usual.items[0], mentee=Decimal(50), best_of=5)
    scheme = replace(usual, items=(check_ins, Item(kind=Kind.JOIN, mentee=Decimal(50))))

    found = at_the_end(everything(joined_at=None), scheme)

    assert sum(one.counted for one in entries(found, Kind.CHECK_IN)) == 50


# A day of one's own


@pytest.mark.parametrize("on", [date(2026, 10, 24), date(2027, 3, 27)])  # the clocks change in the night after it
def test_what_is_due_on_a_day_of_its_own_is_released_when_three_days_are_over(on):
    programme = settings(starts_on=date(2026, 9, 1), ends_on=date(2027, 5, 1), time_zone="Europe/Berlin")
    scheme = scheme_of(SchemePreset.DEFAULT, programme)
    items = tuple(replace(one, due_on=on) for one in scheme.items if one.kind is Kind.TRAINING)
    found, own = evidence(calendar=calendar_of(programme)), replace(scheme, items=items)

    at = releases_at(ledger(found, own, BEGIN), None).astimezone(UTC)

    assert ledger(found, own, at, due_by=due_by(None, at)).points is not None
    assert ledger(found, own, at - TICK, due_by=due_by(None, at - TICK)).points is None
