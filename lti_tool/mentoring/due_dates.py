"""When the items of a programme are due, made of its settings and of the pairs somebody was in.

Check-ins keep the moments that `successive` gives them, with every stop of the clock; a window of some days makes a due
date of each. What is asked once has its day in the programme's calendar.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from lti_tool.mentoring.checkins import CheckInSlot, schedule
from lti_tool.mentoring.evidence import Calendar, CheckInDue, Track
from lti_tool.mentoring.programme import CLOSING_DAYS, PROGRAMME_DAYS, SIGN_UP_DAYS, Cadence, ProgrammeSettings
from lti_tool.mentoring.schemes import Kind
from lti_tool.mentoring.successive import Remark, Seat, remarks, stops_in, timetable_of
from lti_tool.mentoring.words import N_, Sentence

WINDOW_DAYS = 5
TRAINING_DAYS = 7  # after sign-up has closed
WRITING_DAYS = 10
_MATCHED = Sentence(N_("You have a partner since, and this comes with your pair."))


def calendar_of(settings: ProgrammeSettings) -> Calendar:
    """Return when a programme's items are due; every day lasts until its end in the programme's zone."""
    zone = ZoneInfo(settings.time_zone)
    starts_on = settings.starts_on
    ends_on = settings.ends_on or starts_on + timedelta(days=PROGRAMME_DAYS)
    joined_by = settings.sign_up_closes_on or starts_on + timedelta(days=SIGN_UP_DAYS)
    middle = starts_on + (ends_on - starts_on) / 2
    closes_at = _end_of(ends_on + timedelta(days=CLOSING_DAYS - 1), zone)
    return Calendar(
        begins_at=_end_of(starts_on - timedelta(days=1), zone),
        ends_at=_end_of(ends_on, zone),
        closes_at=closes_at,
        time_zone=settings.time_zone,
        due_at={
            Kind.JOIN: _end_of(joined_by, zone),
            Kind.TRAINING: _end_of(min(joined_by + timedelta(days=TRAINING_DAYS), ends_on), zone),
            Kind.REFLECTION_START: _end_of(min(starts_on + timedelta(days=SIGN_UP_DAYS + WRITING_DAYS), ends_on), zone),
            Kind.REFLECTION_MIDDLE: _end_of(min(middle + timedelta(days=WRITING_DAYS), ends_on), zone),
            Kind.REFLECTION_END: _end_of(ends_on, zone),
            Kind.SURVEY: closes_at,
            Kind.HOURS: _end_of(ends_on, zone),
            Kind.PEER_CASE: _end_of(ends_on, zone),
        },
    )


def track_of(
    seat: Seat,
    settings: ProgrammeSettings,
    sent: Collection[int],
    *,
    has_other_seat: bool,
    closes_at: datetime | None,
    is_over: bool,
    window_days: int = WINDOW_DAYS,
) -> Track:
    """Return a track for a place, with its check-ins and what is to be said of them, and nothing done in it yet.

    Shape: as `successive.remarks`, for the rest.
    """
    said = remarks(seat, settings, sent, has_other_seat=has_other_seat, closes_at=closes_at, is_over=is_over)
    slots = timetable_of(seat, settings).slots
    dues = _dues(slots, settings, window_days)
    return Track(
        stretches=seat.stretches,
        stops=stops_in(seat),
        check_ins_due=tuple(replace(due, remark=said.get(due.number)) for due in dues),
    )


def standby_track(
    settings: ProgrammeSettings, until_at: datetime | None = None, window_days: int = WINDOW_DAYS
) -> Track:
    """Return the check-ins of a mentor in reserve: the programme's own, without a pair.

    Shape: `until_at` is when the mentor was matched after all; what is due from then on comes with the pair.
    """
    begins_at = calendar_of(settings).begins_at
    dues = _dues(schedule(settings, begins_at), settings, window_days)
    over = Remark(reason=_MATCHED, is_excused=True)
    return Track(
        check_ins_due=tuple(
            replace(due, remark=over) if until_at and due.due_at and due.due_at >= until_at else due for due in dues
        )
    )


def _dues(slots: Collection[CheckInSlot], settings: ProgrammeSettings, window_days: int) -> list[CheckInDue]:
    """Each check-in with its window; at one's own pace all are due with the end of the programme."""
    last = calendar_of(settings).ends_at if settings.cadence is Cadence.OWN_PACE else None
    return [
        CheckInDue(
            number=slot.number,
            opens_at=slot.opens_at,
            due_at=last or slot.opens_at + timedelta(days=window_days),
        )
        for slot in slots
    ]


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
