"""When points change by themselves, and when the clock gives them free."""

from datetime import timedelta

import pytest

from lti_tool.mentoring.evidence import Deed
from lti_tool.mentoring.participation import ledger, outcome
from lti_tool.mentoring.releases import WAIT, changes_at, due_by, released_with, releases_at
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Kind, SchemePreset
from tests.mentoring.grading import (
    CALENDAR,
    CLOSED,
    DEFAULT,
    PROGRAMME,
    at_the_end,
    day,
    decided,
    entries,
    entry,
    everything,
    evidence,
    excused,
    track,
)
from tests.mentoring.people import settings


@pytest.mark.parametrize(
    "somebody",
    [
        everything(),
        evidence(track(sent=(1, 3))),
        evidence(track(), excuses=excused("all")),
        evidence(track(), overrides=(decided("total", 4200),)),
        evidence(track(sent=(1,)), overrides=(decided("check_in:1", 100),)),
        evidence(joined_at=None, trained_at=None),
        everything(is_active=False),
    ],
)
@pytest.mark.parametrize("on", [0, 30, CLOSED + 1])
def test_what_a_ledger_comes_to_is_the_same_without_its_entries(somebody, on):
    whole, short = ledger(somebody, DEFAULT, day(on)), outcome(somebody, DEFAULT, day(on))

    assert (short.points, short.maximum) == (whole.points, whole.maximum)
    assert short.why_not_postable == whole.why_not_postable
    assert (short.has_begun, short.is_by_staff) == (whole.has_begun, whole.is_by_staff)


def test_a_ledger_changes_with_the_next_due_date_and_last_with_the_end():
    found = ledger(everything(), DEFAULT, day(0))
    dues = sorted({one.due_at for one in found.entries if one.due_at})

    assert changes_at(found, CALENDAR.closes_at, day(0)) == min(one for one in dues if one > day(0))
    assert changes_at(found, CALENDAR.closes_at, CALENDAR.closes_at) is None


def test_the_clock_releases_three_days_after_a_due_date_and_each_wait_once():
    found = ledger(everything(), DEFAULT, day(0))
    first = min(one.due_at for one in found.entries if one.due_at) + WAIT

    second = releases_at(found, due_by(None, first))

    assert releases_at(found, None) == first
    assert second
    assert second > first
    assert releases_at(found, day(CLOSED + 10)) is None
    assert released_with(found, first)
    assert not released_with(found, first + timedelta(minutes=1))


def test_what_staff_released_early_the_clock_does_not_take_back():
    now = day(20)

    assert due_by(None, now) == now - WAIT
    assert due_by(now - 5 * WAIT, now) == now - WAIT
    assert due_by(day(19), now) == day(19)


def test_what_was_due_some_days_ago_is_counted_on_todays_evidence():
    now, waited = day(17), day(17) - WAIT  # meeting 1 is due on day 16.8, the agreement on day 14
    late = evidence(track(signed=(Deed(pair_id=1, at=day(16)),), goals=(Deed(pair_id=1, at=day(16)),)))

    found = ledger(late, DEFAULT, now, due_by=waited)

    assert {one.key for one in entries(found, Kind.MEETING) if one.counted} == set()
    assert entry(ledger(late, DEFAULT, now), "meeting:1").counted
    assert entry(found, "agreement").earned == 10
    assert found.points == outcome(late, DEFAULT, now, due_by=waited).points


def test_whoever_is_excused_from_all_has_no_points_although_something_was_done():
    found = at_the_end(everything(excuses=excused("all")))

    assert found.points is None
    assert "not the same" in found.why_not_postable.text


@pytest.mark.parametrize("preset", [one for one in SchemePreset if one is not SchemePreset.UNGRADED])
def test_every_beginning_has_the_points_of_the_programme(preset):
    assert scheme_for(settings(participation=preset, points=60)).maximum == 60


def test_an_ungraded_programme_posts_nothing_of_anybody():
    found = ledger(everything(), scheme_for(settings(is_graded=False, ends_on=PROGRAMME.ends_on)), day(CLOSED))

    assert not found.is_postable
