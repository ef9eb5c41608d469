"""Promises about times of the week across time zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.availability import GRID, HALF_HOURS, overlap_minutes, week_mask

WINTER, SUMMER = date(2026, 1, 14), date(2026, 7, 15)
KEYS = [option.key for option in GRID]
BLOCKS = st.lists(st.sampled_from(KEYS), unique=True)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Apia"])
WEEKS = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31))


def half_hours(mask):
    return [number for number in range(HALF_HOURS) if mask >> number & 1]


def test_a_block_in_utc_is_four_half_hours():
    assert half_hours(week_mask(["mon-08"], "UTC", WINTER)) == [16, 17, 18, 19]


def test_berlin_is_one_hour_ahead_in_winter_and_two_in_summer():
    assert half_hours(week_mask(["mon-08"], "Europe/Berlin", WINTER))[0] == 14
    assert half_hours(week_mask(["mon-08"], "Europe/Berlin", SUMMER))[0] == 12


def test_in_the_week_the_clocks_change_each_day_has_its_own_offset():
    week = date(2026, 3, 25)  # Berlin changes on Sunday 29 March

    saturday, sunday = (half_hours(week_mask([f"{day}-08"], "Europe/Berlin", week))[0] for day in ("sat", "sun"))

    assert sunday - saturday == 48 - 2


def test_berlin_and_new_york_are_an_hour_nearer_between_their_clock_changes():
    between = date(2026, 3, 18)

    apart = {
        week: half_hours(week_mask(["tue-08"], "America/New_York", week))[0]
        - half_hours(week_mask(["tue-08"], "Europe/Berlin", week))[0]
        for week in (WINTER, between)
    }

    assert apart == {WINTER: 12, between: 10}


def test_sunday_evening_in_new_york_wraps_round_to_monday():
    mask = week_mask(["sun-20"], "America/New_York", WINTER)

    assert half_hours(mask) == [2, 3, 4, 5]


def test_monday_morning_in_auckland_wraps_round_to_sunday():
    mask = week_mask(["mon-08"], "Pacific/Auckland", WINTER)

    assert half_hours(mask) == [HALF_HOURS - 10, HALF_HOURS - 9, HALF_HOURS - 8, HALF_HOURS - 7]


def test_a_quarter_hour_zone_counts_whole_half_hours_only():
    one, two = (week_mask(blocks, "Asia/Kathmandu", WINTER) for blocks in (["mon-08"], ["mon-08", "mon-10"]))

    assert overlap_minutes(one, one) == 90
    assert overlap_minutes(two, two) == 210


def test_an_unknown_block_or_zone_is_refused():
    with pytest.raises(KeyError):
        week_mask(["someday-08"], "UTC", WINTER)
    with pytest.raises(KeyError):
        week_mask(["mon-08"], "Mars/Olympus", WINTER)


@given(BLOCKS, ZONES, WEEKS)
def test_each_free_half_hour_lies_in_a_chosen_block_on_the_local_clock(blocks, zone, week_of):
    monday = datetime.combine(week_of - timedelta(days=week_of.weekday()), datetime.min.time(), tzinfo=UTC)

    for number in half_hours(week_mask(blocks, zone, week_of)):
        near = [monday + timedelta(minutes=30 * number, days=days) for days in (-7, 0, 7)]
        local = [instant.astimezone(ZoneInfo(zone)) for instant in near]
        names = {f"{KEYS[7 * day.weekday()][:3]}-{day.hour // 2 * 2:02d}" for day in local}
        assert names & set(blocks)


@given(BLOCKS, BLOCKS, ZONES, ZONES, WEEKS)
def test_overlap_is_the_same_both_ways_and_no_more_than_either_has(ours, theirs, here, there, week_of):
    a, b = week_mask(ours, here, week_of), week_mask(theirs, there, week_of)

    assert overlap_minutes(a, b) == overlap_minutes(b, a) <= min(overlap_minutes(a, a), overlap_minutes(b, b))
    assert overlap_minutes(a, a) <= 120 * len(ours)
