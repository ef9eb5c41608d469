"""Promises about times of meetings: what is free for everybody, and what an hour means when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.availability import GRID
from lti_tool.mentoring.meeting_times import HORIZON_DAYS, NOTICE, Free, Twice, instant_of, shared, suggestions
from lti_tool.mentoring.words import Sentence

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
KEYS = [option.key for option in GRID]
FREE = st.builds(
    Free,
    blocks=st.frozensets(st.sampled_from(KEYS), min_size=1),
    zone=st.sampled_from(["UTC", BERLIN, NEW_YORK, "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"]),
)
MOMENTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001  # hypothesis adds the zone
    max_value=datetime(2028, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def free(*blocks: str, zone: str) -> Free:
    return Free(blocks=frozenset(blocks), zone=zone)


def local(instant: datetime, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M")


def test_an_hour_keeps_its_time_of_day_in_berlin_when_the_clocks_go_back():
    before = datetime(2026, 10, 19, 6, 0, tzinfo=UTC)  # Berlin changes on Sunday 25 October

    found = suggestions([free("mon-08", zone=BERLIN), free("mon-08", zone=BERLIN)], 60, before, zone=BERLIN)

    assert [local(one, BERLIN) for one in found] == ["Mon 26 Oct 08:00", "Mon 02 Nov 08:00"]
    assert found[0].hour == 7  # UTC: an hour later than in summer


def test_what_berlin_and_new_york_share_moves_by_an_hour_between_their_clock_changes():
    now = datetime(2026, 10, 20, 0, 0, tzinfo=UTC)  # New York changes a week after Berlin, on 1 November
    people = [free("wed-16", "wed-18", zone=BERLIN), free("wed-12", zone=NEW_YORK)]

    found = shared(people, now)

    assert [(local(begins, BERLIN), local(ends, NEW_YORK)) for begins, ends in found] == [
        ("Wed 21 Oct 18:00", "Wed 21 Oct 14:00"),  # six hours apart
        ("Wed 28 Oct 17:00", "Wed 28 Oct 14:00"),  # five, for one week
    ]


@given(st.lists(FREE, min_size=1, max_size=3), st.sampled_from([15, 30, 60, 90]), MOMENTS)
def test_everybody_is_free_at_every_suggestion_by_their_own_clock(people, minutes, now):
    for begins in suggestions(people, minutes, now, zone=people[0].zone):
        assert now + NOTICE <= begins <= now + timedelta(days=HORIZON_DAYS + 2)
        for person in people:
            zone = ZoneInfo(person.zone)
            for minute in (0, minutes - 1):
                at = (begins + timedelta(minutes=minute)).astimezone(zone)
                assert f"{at:%a}".lower() + f"-{at.hour // 2 * 2:02}" in person.blocks


def test_times_that_are_taken_are_not_suggested():
    monday = datetime(2026, 9, 14, 0, 0, tzinfo=UTC)
    people = [free("mon-10", zone="UTC")]
    taken = (monday.replace(hour=10), monday.replace(hour=11))

    found = suggestions(people, 30, monday, busy=[taken], zone="UTC")

    assert found[0] == monday.replace(hour=11)


def test_somebody_without_times_shares_none():
    assert suggestions([free("mon-10", zone="UTC"), free(zone="UTC")], 30, datetime(2026, 9, 14, tzinfo=UTC)) == []
    assert suggestions([], 30, datetime(2026, 9, 14, tzinfo=UTC)) == []


def test_an_hour_that_the_clocks_skip_does_not_exist():
    for day, zone in ((date(2027, 3, 28), BERLIN), (date(2027, 3, 14), NEW_YORK)):
        assert isinstance(instant_of(day, time(2, 30), zone), Sentence)


def test_an_hour_that_comes_twice_is_asked_about():
    found = instant_of(date(2026, 10, 25), time(2, 30), BERLIN)

    assert isinstance(found, Twice)
    assert found.second - found.first == timedelta(hours=1)
    assert instant_of(date(2026, 10, 25), time(2, 30), BERLIN, is_second=True) == found.second


@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2030, 1, 1)), st.times(), FREE)
def test_every_other_hour_reads_back_as_it_was_written(day, hour, person):
    hour = hour.replace(second=0, microsecond=0)
    zone = ZoneInfo(person.zone)

    found = instant_of(day, hour, person.zone)

    written = datetime.combine(day, hour)
    for instant in (found.first, found.second) if isinstance(found, Twice) else (found,):
        if isinstance(instant, Sentence):
            assert datetime.combine(day, hour, tzinfo=zone).astimezone(UTC).astimezone(zone).time() != hour
        else:
            assert instant.astimezone(zone).replace(tzinfo=None) == written
