"""Promises about check-ins, points and the next step."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.checkins import is_open, schedule
from lti_tool.mentoring.programme import Cadence
from lti_tool.mentoring.workspace import StepKind, next_step
from tests.mentoring.check_ins_alone import CheckInDone, Scheme, combined, ledger
from tests.mentoring.people import at, settings

START = at("2026-10-05T00:00")
SCHEMES = st.builds(Scheme, points=st.integers(1, 1000), check_in_count=st.integers(1, 52))


def slots_of(scheme):
    return schedule(settings(check_in_count=scheme.check_in_count, cadence=Cadence.WEEKLY), START)


def sent(*numbers, on=START):
    return [CheckInDone(number=number, submitted_at=on) for number in numbers]


def earned(scheme, *numbers):
    return ledger(slots_of(scheme), sent(*numbers), scheme, START).earned


def test_the_first_check_in_opens_when_the_programme_starts():
    slots = schedule(settings(), at("2026-09-30T15:00"))

    assert slots[0].opens_at == at("2026-10-05T00:00")
    assert slots[1].opens_at - slots[0].opens_at == timedelta(days=14)
    assert [slot.number for slot in slots] == [1, 2, 3, 4, 5, 6]


def test_pairs_published_later_start_when_they_are_published():
    published = at("2026-10-20T15:30")

    assert schedule(settings(), published)[0].opens_at == published


def test_a_day_begins_at_midnight_in_the_programmes_zone():
    slots = schedule(settings(time_zone="America/New_York"), START)

    assert slots[0].opens_at == at("2026-10-05T04:00")


def test_the_local_time_stays_when_the_clocks_change():
    slots = schedule(settings(time_zone="Europe/Berlin", cadence=Cadence.WEEKLY), at("2026-10-20T08:00"))

    assert [slot.opens_at for slot in slots[:2]] == [at("2026-10-20T08:00"), at("2026-10-27T09:00")]


def test_at_ones_own_pace_all_open_together():
    slots = schedule(settings(cadence=Cadence.OWN_PACE), START)

    assert len({slot.opens_at for slot in slots}) == 1


def test_a_check_in_opens_at_its_instant():
    slot = schedule(settings(), START)[0]

    assert is_open(slot, slot.opens_at)
    assert not is_open(slot, slot.opens_at - timedelta(microseconds=1))


@given(SCHEMES)
def test_all_check_ins_give_exactly_the_maximum(scheme):
    assert earned(scheme, *range(1, scheme.check_in_count + 1)) == Decimal(scheme.points)


@given(SCHEMES, st.data())
def test_points_grow_with_each_check_in_whatever_the_order(scheme, data):
    numbers = data.draw(st.permutations(range(1, scheme.check_in_count + 1)))
    some = data.draw(st.integers(0, scheme.check_in_count - 1))

    before, after = earned(scheme, *numbers[:some]), earned(scheme, *numbers[: some + 1])

    assert before == earned(scheme, *sorted(numbers[:some]))
    assert Decimal(0) <= before <= after <= scheme.points
    assert after.as_tuple().exponent == -2


@given(SCHEMES)
def test_shares_differ_by_a_cent_at_most(scheme):
    points = [entry.points for entry in ledger(slots_of(scheme), [], scheme, START).entries]

    assert max(points) - min(points) <= Decimal("0.01")


def test_a_check_in_sent_twice_counts_once_at_its_first_time():
    scheme = Scheme(points=100, check_in_count=4)
    later = START + timedelta(days=1)

    result = ledger(slots_of(scheme), [*sent(1, on=later), *sent(1)], scheme, later)

    assert result.earned == Decimal("25.00")
    assert result.entries[0].reason.values == {"sent_at": START}


def test_each_entry_says_why():
    scheme = Scheme(points=90, check_in_count=3)

    result = ledger(slots_of(scheme), sent(1), scheme, START + timedelta(days=8))

    assert len({entry.reason.text for entry in result.entries}) == 3
    assert [entry.earned for entry in result.entries] == [Decimal("30.00"), Decimal(0), Decimal(0)]


def test_foreign_slots_are_refused():
    with pytest.raises(ValueError, match="slots"):
        ledger(slots_of(Scheme(points=10, check_in_count=2)), [], Scheme(points=10, check_in_count=3), START)


def test_a_mentor_of_two_gets_the_average_and_not_the_sum():
    scheme = Scheme(points=100, check_in_count=4)
    full, half = (ledger(slots_of(scheme), sent(*done), scheme, START) for done in ([1, 2, 3, 4], [1, 2]))

    both = combined([full, half])

    assert both.earned == Decimal("75.00")
    assert both.maximum == 100
    assert combined([full]) == full


@given(SCHEMES, st.lists(st.sets(st.integers(1, 52)), min_size=1, max_size=5))
def test_the_average_lies_between_the_pairs_and_is_full_only_with_all(scheme, done):
    ledgers = [ledger(slots_of(scheme), sent(*numbers), scheme, START) for numbers in done]
    totals = [one.earned for one in ledgers]

    both = combined(ledgers)

    assert min(totals) <= both.earned <= max(totals)
    assert abs(both.earned - sum(totals) / len(totals)) <= Decimal("0.005")
    assert both.earned == sum(entry.earned for entry in both.entries)


def test_nothing_and_different_schemes_cannot_be_combined():
    a, b = (Scheme(points=points, check_in_count=2) for points in (10, 20))

    with pytest.raises(ValueError, match="nothing"):
        combined([])
    with pytest.raises(ValueError, match="different"):
        combined([ledger(slots_of(scheme), [], scheme, START) for scheme in (a, b)])


def test_the_next_step_is_the_earliest_open_check_in():
    slots = schedule(settings(check_in_count=3), START)
    now = START + timedelta(days=15)

    assert next_step(slots, [], now).number == 1
    assert next_step(slots, [1], now).number == 2
    assert next_step(slots, [2], now).number == 1


def test_with_all_open_ones_sent_one_waits_and_in_the_end_one_has_finished():
    slots = schedule(settings(check_in_count=2), START)

    waiting, finished = (next_step(slots, done, START) for done in ([1], [1, 2]))

    assert (waiting.kind, waiting.number, waiting.opens_at) == (StepKind.WAIT, 2, slots[1].opens_at)
    assert (finished.kind, finished.number, finished.opens_at) == ("finished", None, None)
