"""What a ledger says once its programme is closed, by the calendar or by hand before that."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.actions.overrides import most_for
from lti_tool.mentoring.checkins import DEFAULT_RHYTHM
from lti_tool.mentoring.due_dates import calendar_of, windows_in
from lti_tool.mentoring.evidence import Deed, Evidence, HandedIn, SideFrom, Worked
from lti_tool.mentoring.ledgers import Standing
from lti_tool.mentoring.participation import ledger
from lti_tool.mentoring.releases import changes_at
from lti_tool.mentoring.scheme_presets import scheme_of
from lti_tool.mentoring.schemes import Basis, Kind, SchemePreset, Side
from lti_tool.mentoring.successive import Seat, Stop, timetable_of
from tests.mentoring.grading import (
    BEGIN,
    CALENDAR,
    DEFAULT,
    PROGRAMME,
    alone,
    day,
    decided,
    entries,
    entry,
    evidence,
    excused,
    full_track,
    met,
    stretch,
    track,
)
from tests.mentoring.people import settings
from tests.mentoring.test_participation_properties import DAYS, GRADED, NOW, TICK, more_of, people, points

EARLY = 45
LIGHT = scheme_of(SchemePreset.LIGHT, PROGRAMME)
PRACTICUM = scheme_of(SchemePreset.PRACTICUM, PROGRAMME)
NOTHING = Decimal("0.00")


def closed(found: Evidence, on: float = EARLY) -> Evidence:
    """Return the same evidence in a programme that was closed by hand on that day."""
    return replace(found, calendar=replace(found.calendar, closes_at=min(CALENDAR.closes_at, day(on))))


def half_done(**changes) -> Evidence:
    """Return the evidence of somebody who did everything until day 45, which is half of what there is."""
    done = {"signed": (Deed(pair_id=1, at=day(3)),), "goals": alone(4)}
    return evidence(track(sent=(1, 2, 3, 4), meetings=(met(10), met(25)), **done), **changes)


def test_what_was_not_due_when_a_programme_was_closed_does_not_count_however_much_later():
    found = closed(half_done())

    seen = [ledger(found, DEFAULT, day(on)) for on in (EARLY, 46, 60, 75, 99, 200)]

    assert [one.points for one in seen] == [100] * 6
    assert {one.key for one in seen[0].entries if one.standing is Standing.EXCUSED} == {
        "meeting:3",
        "meeting:4",
        "meeting:5",
        "check_in:5",
        "check_in:6",
        "reflection_middle",
        "reflection_end",
        "survey",
    }
    assert entry(seen[0], "survey").reason.text.startswith("The programme was closed before")
    assert seen[1:] == seen[:1] * 5


def test_what_was_due_and_missed_stays_missed_when_the_programme_closes():
    found = ledger(closed(half_done(trained_at=None)), DEFAULT, day(99))

    assert (entry(found, "training").earned, entry(found, "training").counted) == (0, 10)
    assert found.points < 100


def test_nothing_is_open_once_a_programme_is_closed():
    new_pair = evidence(
        track(stretch(1, 0, 20), stretch(2, 30), signed=(Deed(pair_id=1, at=day(3)),), goals=alone(4)), trained_at=None
    )
    now = day(EARLY)

    before, found = ledger(new_pair, DEFAULT, now), ledger(closed(new_pair), DEFAULT, now)

    assert "agreement:2" in [one.key for one in before.still_open]
    assert (found.next, found.still_open) == (None, ())
    assert found.reachable == found.points
    assert changes_at(found, day(EARLY), now) is None


def test_a_programme_that_is_opened_again_counts_as_if_it_had_not_been_closed():
    found = half_done()

    again = replace(closed(found), calendar=CALENDAR)

    assert ledger(again, DEFAULT, day(60)) == ledger(found, DEFAULT, day(60))
    assert ledger(again, DEFAULT, day(60)).next is not None


def test_what_was_done_before_it_was_due_counts_when_the_programme_closes():
    ahead = half_done(
        survey_sent=True, reflections=(HandedIn(kind=Kind.REFLECTION_END, at=day(40), score=4, read_by=9),)
    )
    missed = replace(ahead, trained_at=None)

    before, after = ledger(missed, DEFAULT, day(44)), ledger(closed(missed), DEFAULT, day(EARLY))

    assert entry(before, "reflection_end").standing is Standing.NOT_DUE
    assert [entry(after, key).earned for key in ("reflection_end", "survey")] == [8, 4]
    assert before.points < after.points


def test_meetings_ahead_of_their_time_count_when_the_programme_closes():
    eager = half_done().tracks[0]
    four = evidence(replace(eager, meetings=tuple(met(10 * n) for n in range(1, 5))))

    found = ledger(closed(four), DEFAULT, day(EARLY))

    assert [one.earned for one in entries(found, Kind.MEETING)] == [*[Decimal("7.50")] * 4, 0]


def test_of_hours_what_there_is_counts_and_a_mark_with_its_own_share_when_the_programme_closes():
    mentor = evidence(track(), side=Side.MENTOR, hours=(Worked(on=day(20).date(), minutes=300),))
    marked = half_done(reflections=(HandedIn(kind=Kind.REFLECTION_END, at=day(40), score=3, read_by=9),))

    hours = entry(ledger(closed(mentor), PRACTICUM, day(EARLY)), "hours")
    reflection = entry(ledger(closed(marked), DEFAULT, day(EARLY)), "reflection_end")

    assert (hours.earned, hours.counted, hours.open) == (10, 10, 0)
    assert (reflection.earned, reflection.counted) == (6, 8)
    assert "no more of it counts" in hours.reason.text


def test_what_is_handed_in_waits_for_staff_also_after_the_programme_was_closed():
    def handed_in(score):
        return closed(half_done(reflections=(HandedIn(kind=Kind.REFLECTION_END, at=day(40), score=score, read_by=9),)))

    unread, read = (entry(ledger(handed_in(score), DEFAULT, day(60)), "reflection_end") for score in (None, 4))

    assert (unread.standing, unread.counted) == (Standing.UNREAD, 0)
    assert (read.standing, read.earned) == (Standing.COUNTED, 8)


def test_all_or_nothing_asks_only_for_what_was_due_when_the_programme_closed():
    both, one = (evidence(track(meetings=tuple(met(10 * n) for n in range(1, 1 + count)))) for count in (2, 1))

    assert ledger(both, LIGHT, day(EARLY)).points is None
    assert ledger(closed(both), LIGHT, day(EARLY)).points == 10
    assert ledger(closed(one), LIGHT, day(EARLY)).points == NOTHING


def test_points_that_count_from_the_start_are_kept_when_the_programme_closes():
    growing = replace(DEFAULT, basis=Basis.START)

    before, after = (ledger(one, growing, day(EARLY)).points for one in (half_done(), closed(half_done())))

    assert before < after == 100


def test_a_decision_of_staff_wins_over_the_close_and_an_excuse_from_everything_too():
    given = ledger(closed(half_done(excuses=excused("all"))), DEFAULT, day(EARLY))

    assert given.points is None
    assert all(one.excused == "staff" for one in given.entries if one.excused)


def test_a_check_in_that_counts_without_a_date_counts_by_every_date_also_when_the_programme_closes():
    paused = evidence(track(stretch(stops=(Stop(from_at=day(15)),)), sent=(2,)), trained_at=None)

    before, after = (ledger(one, DEFAULT, day(20), due_by=day(16)) for one in (paused, closed(paused, 20)))

    assert (entry(before, "check_in:2").due_at, entry(before, "check_in:2").counted) == (None, 5)
    assert entry(after, "check_in:2").counted == 5
    assert after.points == before.points


@pytest.mark.parametrize("on", [EARLY, 99])
def test_hours_of_a_side_that_was_left_count_as_far_as_they_were_worked_also_when_the_programme_closes(on):
    sides = (SideFrom(side=Side.MENTOR, from_at=BEGIN), SideFrom(side=Side.MENTEE, from_at=day(20)))
    turned = evidence(full_track(stretch(begun=20)), sides=sides, hours=(Worked(on=day(5).date(), minutes=120),))

    found = entry(ledger(closed(turned, on), PRACTICUM, day(on)), "hours")

    assert (found.offered, found.counted, found.earned) == (4, 4, 4)
    assert "no more of it counts" in found.reason.text


@pytest.mark.parametrize("points_decided", [5, 30])
def test_points_decided_by_hand_are_of_the_whole_of_it_also_when_the_programme_closes(points_decided):
    ten_hours = (Worked(on=day(5).date(), minutes=600),)
    mentor = evidence(full_track(), side=Side.MENTOR, hours=ten_hours)
    ruled = replace(mentor, overrides=(decided("hours", points_decided * 100, on=30),))

    before, after = (entry(ledger(one, PRACTICUM, day(EARLY)), "hours") for one in (ruled, closed(ruled)))

    assert (before.counted, before.earned, before.computed) == (40, points_decided, 20)
    assert (after.counted, after.earned, after.computed) == (40, points_decided, 20)


def test_staff_may_decide_up_to_the_whole_of_it_when_only_a_part_is_asked():
    mentor = evidence(full_track(), side=Side.MENTOR, hours=(Worked(on=day(5).date(), minutes=600),))

    found = ledger(closed(mentor), PRACTICUM, day(EARLY))

    assert entry(found, "hours").offered == 20
    assert most_for("hours", found) == 40


@pytest.mark.parametrize(("score", "earned"), [(0, 0), (1, 2), (4, 8)])
def test_a_mark_counts_when_the_programme_closes_as_on_the_day_it_was_due(score, earned):
    marked = half_done(reflections=(HandedIn(kind=Kind.REFLECTION_END, at=day(40), score=score, read_by=9),))

    early, late = ledger(closed(marked), DEFAULT, day(EARLY)), ledger(marked, DEFAULT, day(99))

    for one in (early, late):
        assert (entry(one, "reflection_end").earned, entry(one, "reflection_end").counted) == (earned, 8)


# By the calendar


@pytest.mark.parametrize("begun", [79, 80, 81, 82])
def test_no_check_in_is_due_after_the_calendar_closes_a_programme(begun):
    late = evidence(track(stretch(begun=begun), signed=alone(85), goals=alone(85)), joined_at=day(79))

    before, after, later = (ledger(late, DEFAULT, day(on)) for on in (96.9, 97, 120))

    assert entry(before, "check_in:2").due_at == CALENDAR.closes_at
    assert entry(after, "check_in:2").standing is Standing.COUNTED
    assert after.points == later.points == after.reachable


@pytest.mark.parametrize(
    "stretches",
    [
        (stretch(ended=98, is_completed=True, stops=(Stop(from_at=day(44), until_at=day(98)),)),),
        (stretch(1, 0, 44), stretch(2, 95.5)),
    ],
)
def test_no_check_in_is_missed_by_a_pair_whose_clock_stands_still_until_the_close(stretches):
    still = evidence(track(*stretches, sent=(1, 2, 3)))

    found = [ledger(still, DEFAULT, day(on)) for on in (97, 98.5, 120)]

    assert {entry(one, "check_in:4").standing for one in found} == {Standing.EXCUSED}
    window = windows_in(
        Seat(stretches=stretches), timetable_of(Seat(stretches=stretches), PROGRAMME).slots, PROGRAMME, DEFAULT_RHYTHM
    )[4]
    assert (window.due_at > CALENDAR.closes_at, window.grace_until > window.due_at) == (True, True)


def test_the_window_on_a_pairs_page_ends_with_the_programme_too():
    seat = Seat(stretches=(stretch(begun=82),))

    second = windows_in(seat, timetable_of(seat, PROGRAMME).slots, PROGRAMME, DEFAULT_RHYTHM)[2]

    assert (second.due_at, second.grace_until) == (CALENDAR.closes_at, CALENDAR.closes_at)


@pytest.mark.parametrize("how", [{"ends_on": None}, {"moves_by_date": False}])
def test_what_no_calendar_closes_stays_open_until_a_hand_closes_it(how):
    programme = settings(ends_on=PROGRAMME.ends_on, **how) if "ends_on" not in how else settings(**how)
    found = replace(half_done(trained_at=None), calendar=calendar_of(programme))
    late = CALENDAR.closes_at + timedelta(days=30)

    assert found.calendar.closes_at is None
    assert "training" in [one.key for one in ledger(found, DEFAULT, late).still_open]


# Whatever happened


@st.composite
def workers(draw: Any) -> Evidence:
    """Somebody who worked some hours as a mentor, and may have changed sides since."""
    sides = st.lists(st.builds(SideFrom, side=st.sampled_from([Side.MENTEE, Side.RESERVE]), from_at=DAYS.map(day)))
    hours = st.builds(Worked, on=DAYS.map(lambda one: day(one).date()), minutes=st.integers(1, 900))
    return replace(
        draw(people()),
        sides=(SideFrom(side=Side.MENTOR, from_at=BEGIN), *draw(sides)[:1]),
        hours=(draw(hours),),
        joined_at=BEGIN,
        arrived_at=None,
        excuses=(),
    )


@given(people(), GRADED, NOW, DAYS)
def test_a_closed_programme_stays_within_bounds_and_promises_nothing(found, scheme, now, on):
    result = ledger(closed(found, on), scheme, max(now, day(on)))

    assert not result.still_open
    assert all(one.standing is not Standing.NOT_DUE and not one.open for one in result.entries)
    assert all(one.earned <= one.offered and one.counted <= one.offered for one in result.entries)
    if result.points is not None:
        assert 0 <= result.points <= result.reachable <= scheme.maximum


@given(people(), GRADED, DAYS)
def test_closing_a_programme_takes_nobodys_points(found, scheme, on):
    # But for marks that are less than all: they count then, as they would have later.
    full = tuple(one for one in found.reflections if one.score in {None, 4})
    now, found = day(on), replace(found, reflections=full)

    assert points(closed(found, on), scheme, now) >= points(found, scheme, now)


@given(people(), GRADED, NOW, DAYS)
def test_time_alone_changes_nothing_once_a_programme_is_closed(found, scheme, now, on):
    # Nobody meets or changes sides after the close.
    tracks = tuple(replace(one, meetings=()) for one in found.tracks)
    at = replace(closed(found, on), tracks=tracks, sides=found.sides[:1])

    then, later = (ledger(at, scheme, moment) for moment in (day(on), max(now, day(on))))

    assert (later.points, later.reachable) == (then.points, then.reachable)


@given(people(), GRADED, NOW, DAYS, st.data())
def test_doing_more_never_gives_less_in_a_closed_programme(found, scheme, now, on, data):
    more = more_of(found, data)

    assert points(closed(more, on), scheme, now) >= points(closed(found, on), scheme, now)


@given(people(), GRADED, DAYS, st.floats(0, 1, allow_nan=False, exclude_max=True))
def test_closing_a_programme_changes_nothing_of_what_was_due_before(found, scheme, on, share):
    now, due_by = day(on), day(on * share) - TICK
    scheme = replace(scheme, basis=Basis.DUE, complete_from=None)  # neither looks at what is not due yet

    before, after = (ledger(one, scheme, now, due_by=due_by) for one in (found, closed(found, on)))

    assert after.points == before.points


@given(workers(), DAYS)
def test_hours_are_worth_no_more_once_a_programme_is_closed(found, on):
    before, after = (ledger(one, PRACTICUM, day(on)) for one in (found, closed(found, on)))

    was = {one.key: one.offered for one in before.entries}
    assert all(one.offered <= was["hours"] for one in entries(after, Kind.HOURS))


@given(workers(), DAYS, st.integers(0, 40_00))
def test_points_decided_by_hand_mean_the_same_once_a_programme_is_closed(found, on, cents):
    ruled = replace(found, overrides=(decided("hours", cents),))

    before, after = (ledger(one, PRACTICUM, day(on)) for one in (ruled, closed(ruled, on)))

    assert [(one.counted, one.earned) for one in entries(after, Kind.HOURS)] == [
        (one.counted, one.earned) for one in entries(before, Kind.HOURS)
    ]


@given(people(), DAYS, st.sampled_from([Kind.REFLECTION_MIDDLE, Kind.REFLECTION_END]), st.integers(0, 4), st.data())
def test_a_mark_is_worth_the_same_whenever_a_programme_closes(found, on, kind, score, data):
    mark = HandedIn(kind=kind, at=day(data.draw(st.floats(0, on))), score=score, read_by=9)
    found = replace(found, reflections=(mark,), joined_at=BEGIN, arrived_at=None, excuses=(), overrides=())

    at_its_end, closed_early = ledger(found, DEFAULT, day(99)), ledger(closed(found, on), DEFAULT, day(on))

    early, late = (entry(one, kind.value) for one in (closed_early, at_its_end))
    assert (early.offered, early.counted, early.computed) == (late.offered, late.counted, late.computed)
