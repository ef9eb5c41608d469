"""Builders of evidence for tests of participation: a programme of twelve weeks, its days counted from 0."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from lti_tool.mentoring.due_dates import calendar_of, track_of
from lti_tool.mentoring.evidence import (
    CheckInDue,
    Deed,
    Evidence,
    Excuse,
    ExcuseReason,
    ExcuseState,
    HandedIn,
    Override,
    SentCheckIn,
    SideFrom,
    Track,
)
from lti_tool.mentoring.ledgers import Entry, Ledger
from lti_tool.mentoring.participation import ledger
from lti_tool.mentoring.programme import ProgrammeSettings
from lti_tool.mentoring.scheme_presets import scheme_of
from lti_tool.mentoring.schemes import Kind, Scheme, SchemePreset, Side
from lti_tool.mentoring.successive import Seat, Stretch
from tests.mentoring.meetings import Attempt, Meeting
from tests.mentoring.people import settings

BOB, DANA, GWEN = 1, 2, 3
BEGIN = datetime(2026, 10, 5, tzinfo=UTC)
PROGRAMME: ProgrammeSettings = settings(ends_on=date(2026, 12, 27))
CALENDAR = calendar_of(PROGRAMME)
DEFAULT = scheme_of(SchemePreset.DEFAULT, PROGRAMME)
END = 84
CLOSED = 98


def day(number: float) -> datetime:
    """Return the moment that many days after the beginning."""
    return BEGIN + timedelta(days=number)


def stretch(pair_id: int = 1, begun: float = 0, ended: float | None = None, **changes: Any) -> Stretch:
    values: dict[str, Any] = {"side": "mentee", "until_at": None if ended is None else day(ended)}
    return Stretch(pair_id=pair_id, from_at=day(begun), **(values | changes))


def track(*stretches: Stretch, sent: tuple[int, ...] = (), **changes: Any) -> Track:
    """Return a track with its check-ins sent on the day they open, unless told otherwise."""
    place = Seat(stretches=stretches or (stretch(),))
    made = track_of(place, PROGRAMME, sent, has_other_seat=False, closes_at=CALENDAR.closes_at, is_over=False)
    check_ins = tuple(
        SentCheckIn(number=due.number, at=due.opens_at) for due in made.check_ins_due if due.number in sent
    )
    return _with(made, check_ins=check_ins) if not changes else _with(made, **({"check_ins": check_ins} | changes))


def _with(made: Track, **changes: Any) -> Track:
    values = {name: getattr(made, name) for name in made.__slots__}
    return Track(**(values | changes))


def evidence(*tracks: Track, who: int = DANA, side: Side = Side.MENTEE, **changes: Any) -> Evidence:
    values: dict[str, Any] = {
        "enrolment_id": who,
        "sides": (SideFrom(side=side, from_at=BEGIN),),
        "calendar": CALENDAR,
        "joined_at": day(1),
        "trained_at": day(2),
        "tracks": tracks,
    }
    return Evidence(**(values | changes))


def everything(**changes: Any) -> Evidence:
    """Return the evidence of somebody who did all there is."""
    values: dict[str, Any] = {
        "reflections": tuple(
            HandedIn(kind=kind, at=day(40 if kind is Kind.REFLECTION_MIDDLE else 80), score=4, read_by=9)
            for kind in (Kind.REFLECTION_MIDDLE, Kind.REFLECTION_END)
        ),
        "survey_sent": True,
    }
    return evidence(full_track(), **(values | changes))


def full_track(*stretches: Stretch, **changes: Any) -> Track:
    values: dict[str, Any] = {
        "sent": (1, 2, 3, 4, 5, 6),
        "meetings": tuple(met(10 * number) for number in range(1, 6)),
        "signed": (Deed(pair_id=1, at=day(3)),),
        "goals": (Deed(pair_id=1, at=day(4)),),
    }
    return track(*stretches, **(values | changes))


def met(on: int, *, pair_id: int = 1, number: int | None = None, **changes: Any) -> Meeting:
    """Return a meeting of half an hour at which everybody was, confirmed by one side in the evening."""
    values: dict[str, Any] = {
        "meeting_id": 1000 * pair_id + on if number is None else number,
        "pair_id": pair_id,
        "held_on": day(on).date(),
        "minutes": 30,
        "present": frozenset({BOB, DANA, GWEN}),
        "confirmed_by": frozenset({BOB}),
        "confirmed_at": day(on + 0.8),
    }
    return Meeting(**(values | changes))


def tried(*days: float, who: int = DANA, pair_id: int = 1) -> tuple[Attempt, ...]:
    return tuple(Attempt(pair_id=pair_id, enrolment_id=who, at=day(one)) for one in days)


def alone(*days: float, pair_id: int = 1) -> tuple[Deed, ...]:
    return tuple(Deed(pair_id=pair_id, at=day(one)) for one in days)


def excused(*keys: str, state: ExcuseState = ExcuseState.GRANTED) -> tuple[Excuse, ...]:
    return tuple(Excuse(key=key, reason=ExcuseReason.ILLNESS, state=state, at=day(5), by=9) for key in keys)


def decided(key: str, points: int, *, on: float = 20) -> Override:
    return Override(key=key, points=points, reason="We talked about it.", by=9, at=day(on))


def at_the_end(found: Evidence, scheme: Scheme = DEFAULT) -> Ledger:
    return ledger(found, scheme, day(CLOSED + 1))


def entry(found: Ledger, key: str) -> Entry:
    return next(one for one in found.entries if one.key == key)


def entries(found: Ledger, kind: Kind) -> list[Entry]:
    return [one for one in found.entries if one.kind is kind]


def check_ins_due(*days: int) -> tuple[CheckInDue, ...]:
    return tuple(
        CheckInDue(number=number, opens_at=day(one), due_at=day(one + 5)) for number, one in enumerate(days, 1)
    )
