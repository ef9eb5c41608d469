"""Promises about check-ins and points across several pairs of one person."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.programme import Cadence
from lti_tool.mentoring.successive import (
    FRESH_START,
    Seat,
    Stop,
    Stretch,
    remarks,
    seats,
    stands_still,
    stops_in,
    timetable_of,
)
from tests.mentoring.check_ins_alone import CheckInDone, Scheme, combined, ledger
from tests.mentoring.people import at, settings

START = at("2026-10-05T00:00")
WEEKLY = settings(cadence=Cadence.WEEKLY, check_in_count=6, points=100)
SCHEME = Scheme(points=100, check_in_count=6)


def week(number):
    return START + timedelta(days=7 * number)


def stretch(pair_id, begins, ends=None, **more):
    until = week(ends) if ends is not None else None
    return Stretch(**({"pair_id": pair_id, "side": "mentee", "from_at": week(begins), "until_at": until} | more))


def points_of(seat, *numbers, now, alone=True, is_over=False, closes_at=None):
    said = remarks(seat, WEEKLY, numbers, has_other_seat=not alone, closes_at=closes_at, is_over=is_over)
    done = [CheckInDone(number=number, submitted_at=START) for number in numbers]
    return ledger(timetable_of(seat, WEEKLY).slots, done, SCHEME, now, said)


def test_a_new_pair_takes_the_place_of_the_one_that_ended_and_one_beside_it_does_not():
    first, beside, second = stretch(1, 0, 3), stretch(2, 0), stretch(3, 4)

    assert [one.pair_ids for one in seats([second, beside, first])] == [(1, 3), (2,)]


def test_a_new_pair_prefers_the_place_of_the_same_side():
    helped, helping = stretch(1, 0, 3), stretch(2, 0, 3.5, side="mentor")

    assert [one.pair_ids for one in seats([helped, helping, stretch(3, 4)])] == [(1, 3), (2,)]


def test_the_clock_stands_from_the_report_until_five_days_after_the_new_pair():
    asked = stretch(1, 0, 3, stops=(Stop(from_at=week(2)),))
    (seat,) = seats([asked, stretch(2, 4)])

    assert stops_in(seat) == (Stop(from_at=week(2), until_at=week(4) + FRESH_START),)
    opened = [slot.opens_at for slot in timetable_of(seat, WEEKLY).slots]
    assert opened[:2] == [week(0), week(1)]
    assert opened[2] == week(4) + FRESH_START
    assert opened[3] - opened[2] == timedelta(days=7)


def test_the_clock_stands_still_from_the_beginning_of_a_stop_to_its_end():
    (going_on,) = seats([stretch(1, 0, 2), stretch(2, 3)])
    (open_ended,) = seats([stretch(1, 0, stops=(Stop(from_at=week(2)),))])
    runs_again_at = week(3) + FRESH_START

    moments = (week(1), week(2), runs_again_at - timedelta(seconds=1), runs_again_at, week(9))
    assert [stands_still(going_on, one) for one in moments] == [False, True, True, False, False]
    assert [stands_still(open_ended, one) for one in moments] == [False, True, True, True, True]


def test_while_somebody_waits_for_a_new_partner_nothing_is_due_and_nothing_is_lost():
    (seat,) = seats([stretch(1, 0, 2)])

    waiting = points_of(seat, 1, 2, now=week(9))

    assert waiting.earned == Decimal("33.33")
    assert timetable_of(seat, WEEKLY).stands_since == week(2)
    assert len({entry.reason.text for entry in waiting.entries[2:]}) == 1
    assert "stands still" in waiting.entries[5].reason.text


def test_what_was_sent_with_the_first_partner_counts_on_with_the_second():
    (seat,) = seats([stretch(1, 0, 2), stretch(2, 3)])

    assert points_of(seat, 1, 2, 3, now=week(9)).earned == Decimal("50.00")
    assert points_of(seat, *range(1, 7), now=week(20)).earned == 100


def test_who_gets_no_new_partner_loses_nothing_when_the_programme_ends():
    (seat,) = seats([stretch(1, 0, 2)])

    faithful, lazy = (points_of(seat, *sent, now=week(12), is_over=True) for sent in ([1, 2], [2]))

    assert faithful.earned == 100
    assert lazy.earned == 50  # the first was due, and not sent
    assert [entry.is_excused for entry in faithful.entries] == [False, False, True, True, True, True]


def test_a_check_in_that_had_just_opened_when_the_pair_ended_does_not_count():
    (seat,) = seats([stretch(1, 0, 2.1)])

    over = points_of(seat, 1, 2, now=week(12), is_over=True)

    assert over.entries[2].is_excused
    assert over.earned == 100


def test_nothing_counts_where_a_pair_ended_before_anything_was_due():
    (seat,) = seats([stretch(1, 0, 0.1)])

    assert not points_of(seat, now=week(12), is_over=True).counts
    assert points_of(seat, now=week(1)).counts


def test_with_two_partners_at_once_the_one_who_stayed_counts_alone_from_there():
    left, stayed = seats([stretch(1, 0, 2, side="mentor"), stretch(2, 0, side="mentor")])

    both = combined(
        [points_of(left, 1, now=week(9), alone=False), points_of(stayed, *range(1, 7), now=week(9), alone=False)]
    )

    assert both.earned == Decimal("91.67")  # one of twelve was missed, and it weighs half a check-in
    assert [entry.earned for entry in both.entries][2:] == [entry.points for entry in both.entries][2:]


def test_what_a_pause_moves_beyond_the_end_does_not_count():
    paused = stretch(1, 0, stops=(Stop(from_at=week(2), until_at=week(4)),))
    (seat,) = seats([paused])

    moved = points_of(seat, 1, 2, 3, 4, now=week(7), closes_at=week(6))

    assert [slot.opens_at for slot in timetable_of(seat, WEEKLY).slots][1:3] == [week(1), week(4)]
    assert [entry.number for entry in moved.entries if entry.is_excused] == [5, 6]
    assert moved.earned == 100


def test_a_pair_that_lasted_to_the_end_excuses_nothing_that_was_due():
    (seat,) = seats([stretch(1, 0, 6, is_completed=True)])

    done = points_of(seat, 1, 2, 3, now=week(20), is_over=True)

    assert done.earned == 50
    assert not any(entry.is_excused for entry in done.entries)


TIMES = st.integers(0, 80)
LIVES = st.lists(st.tuples(TIMES, st.integers(1, 40), st.booleans()), min_size=1, max_size=6)


def lives(drawn):
    return [
        Stretch(
            pair_id=number,
            side="mentor",
            from_at=START + timedelta(days=begins),
            until_at=START + timedelta(days=begins + lasts) if has_ended else None,
        )
        for number, (begins, lasts, has_ended) in enumerate(drawn)
    ]


@given(LIVES)
def test_every_pair_is_in_one_place_and_pairs_of_a_place_follow_each_other(drawn):
    found = seats(lives(drawn))

    assert sorted(pair for seat in found for pair in seat.pair_ids) == list(range(len(drawn)))
    for seat in found:
        followers = pairwise(seat.stretches)
        assert all(one.until_at is not None and one.until_at <= then.from_at for one, then in followers)


@given(LIVES)
def test_the_clock_stops_in_order_and_moves_no_check_in_forward(drawn):
    for seat in seats(lives(drawn)):
        stops, slots = stops_in(seat), timetable_of(seat, WEEKLY).slots
        plain = timetable_of(Seat(stretches=(replace(seat.stretches[0], until_at=None),)), WEEKLY).slots

        assert all(stop.until_at is not None and stop.until_at > stop.from_at for stop in stops[:-1])
        assert all(one.until_at is not None and one.until_at < then.from_at for one, then in pairwise(stops))
        assert all(slot.opens_at >= before.opens_at for slot, before in zip(slots, plain, strict=True))
        assert [slot.opens_at for slot in slots] == sorted(slot.opens_at for slot in slots)


@given(LIVES, st.sets(st.integers(1, 6)), st.booleans())
def test_the_end_of_a_pair_takes_no_point_away(drawn, sent, is_over):
    for seat in seats(lives(drawn)):
        running = Seat(stretches=(*seat.stretches[:-1], replace(seat.last, until_at=None)))
        ended_at = seat.last.from_at + timedelta(days=90)
        ended = Seat(stretches=(*seat.stretches[:-1], replace(seat.last, until_at=ended_at)))

        before = points_of(running, *sent, now=ended_at)
        after = points_of(ended, *sent, now=ended_at, is_over=is_over)

        assert before.earned <= after.earned <= 100
