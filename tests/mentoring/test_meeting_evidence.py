"""Promises about what meetings and attempts prove (product 6.5, cases 1 to 7)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from lti_tool.mentoring.meeting_evidence import (
    Attempt,
    AttemptKind,
    MeetingFact,
    Worth,
    counting,
    enough_attempts,
    worths,
)
from lti_tool.mentoring.meetings import MeetingState, Ruling

NOON = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
BOB, DANA, GWEN = 1, 2, 3


def fact(number: int, **changes: Any) -> MeetingFact:
    values: dict[str, Any] = {
        "pair_id": 1,
        "held_on": date(2026, 9, 14),
        "minutes": 30,
        "present": frozenset({BOB, DANA}),
        "confirmed_by": frozenset({BOB}),
        "confirmed_at": NOON + timedelta(minutes=number),
        "disputed_by": None,
        "disputed_at": None,
        "state": MeetingState.HELD,
        "ruling": None,
        "is_outside": False,
    }
    return MeetingFact(meeting_id=number, **(values | changes))


def tried(hours: float, who: int = BOB) -> Attempt:
    return Attempt(pair_id=1, enrolment_id=who, at=NOON + timedelta(hours=hours), kind=AttemptKind.NOT_REACHED)


def test_a_disputed_meeting_is_worth_nothing_until_staff_decide():
    disputed = fact(1, state=MeetingState.DISPUTED, disputed_by=DANA, disputed_at=NOON)
    accepted = fact(2, held_on=date(2026, 9, 15), ruling=Ruling.COUNTS)
    dismissed = fact(3, held_on=date(2026, 9, 16), state=MeetingState.DISMISSED, ruling=Ruling.DOES_NOT_COUNT)

    assert worths([disputed, accepted, dismissed], 15) == {1: Worth.DISPUTED, 2: Worth.COUNTS, 3: Worth.DISMISSED}


def test_of_ten_meetings_on_one_day_one_counts_whatever_the_order():
    ten = [fact(number) for number in range(1, 11)]

    worth, backwards = (worths([*order, fact(11, pair_id=2)], 15) for order in (ten, ten[::-1]))

    assert worth == backwards
    assert [number for number, one in worth.items() if one is Worth.COUNTS] == [1, 11]
    assert sum(one is Worth.SAME_DAY for one in worth.values()) == 9


def test_a_disputed_or_short_meeting_takes_no_other_one_its_day():
    worth = worths([fact(1, state=MeetingState.DISPUTED), fact(2, minutes=5), fact(3)], 15)

    assert worth == {1: Worth.DISPUTED, 2: Worth.TOO_SHORT, 3: Worth.COUNTS}


def test_five_minutes_count_when_staff_accept_them():
    assert worths([fact(1, minutes=5)], 15) == {1: Worth.TOO_SHORT}
    assert worths([fact(1, minutes=5, ruling=Ruling.COUNTS)], 15) == {1: Worth.COUNTS}


def test_of_three_those_who_were_there_have_it_counted():
    meeting = fact(1, present=frozenset({BOB, DANA}))

    assert counting([meeting], 15, BOB) == counting([meeting], 15, DANA) == [meeting]
    assert counting([meeting], 15, GWEN) == []


def test_two_attempts_are_enough_on_two_days_and_two_days_apart():
    assert enough_attempts([tried(0), tried(47)], "UTC") is None
    assert enough_attempts([tried(0)], "UTC") is None

    found = enough_attempts([tried(60), tried(0), tried(48)], "UTC")

    assert found == (tried(0), tried(48))
