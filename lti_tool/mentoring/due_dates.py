"""When the items of a programme are due, made of its settings and of the pairs somebody was in.

Check-ins keep the moments that `successive` gives them, with every stop of the clock; a window of some days makes a due
date of each, and a stop that falls into the window makes it longer. While the clock stands there is no due date.
What is asked once has its day in the programme's calendar.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from lti_tool.mentoring.checkins import CheckInSlot, Rhythm, Window, schedule
from lti_tool.mentoring.evidence import Calendar, CheckInDue, Track
from lti_tool.mentoring.programme import CLOSING_DAYS, PROGRAMME_DAYS, SIGN_UP_DAYS, Cadence, ProgrammeSettings
from lti_tool.mentoring.schemes import Kind
from lti_tool.mentoring.standby import BEFORE_YOU
from lti_tool.mentoring.successive import TOO_LATE, Remark, Seat, Stop, remarks, stops_in, timetable_of
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
    return Calendar(
        begins_at=_end_of(starts_on - timedelta(days=1), zone),
        ends_at=_end_of(ends_on, zone),
        closes_at=closing_of(settings),
        time_zone=settings.time_zone,
        due_at={
            Kind.JOIN: _end_of(joined_by, zone),
            Kind.TRAINING: _end_of(min(joined_by + timedelta(days=TRAINING_DAYS), ends_on), zone),
            Kind.REFLECTION_START: _end_of(min(starts_on + timedelta(days=SIGN_UP_DAYS + WRITING_DAYS), ends_on), zone),
            Kind.REFLECTION_MIDDLE: _end_of(min(middle + timedelta(days=WRITING_DAYS), ends_on), zone),
            Kind.REFLECTION_END: _end_of(ends_on, zone),
            Kind.SURVEY: _end_of(ends_on + timedelta(days=CLOSING_DAYS - 1), zone),
            Kind.HOURS: _end_of(ends_on, zone),
            Kind.PEER_CASE: _end_of(ends_on, zone),
        },
    )


def closing_of(settings: ProgrammeSettings) -> datetime | None:
    """Return when the calendar closes a programme, so that nothing can be sent any more; None where it never does."""
    if settings.ends_on is None or not settings.moves_by_date:
        return None
    return _end_of(settings.ends_on + timedelta(days=CLOSING_DAYS - 1), ZoneInfo(settings.time_zone))


def due_days(settings: ProgrammeSettings, created_at: datetime) -> tuple[date, date]:
    """Return the first and the last day on which anything of a programme can be due: since there is one, until it
    closes."""
    ends_on = settings.ends_on or settings.starts_on + timedelta(days=PROGRAMME_DAYS)
    begun_on = created_at.astimezone(ZoneInfo(settings.time_zone)).date()
    return min(settings.starts_on, begun_on), ends_on + timedelta(days=CLOSING_DAYS - 1)


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
    slots, stops = timetable_of(seat, settings).slots, stops_in(seat)
    dues = dues_of(slots, settings, window_days, stops)
    return Track(
        stretches=seat.stretches,
        stops=stops,
        check_ins_due=tuple(replace(due, remark=said.get(due.number)) for due in dues),
    )


def standby_track(
    settings: ProgrammeSettings,
    until_at: datetime | None = None,
    window_days: int = WINDOW_DAYS,
    *,
    from_at: datetime | None = None,
    published_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> Track:
    """Return the check-ins of a mentor in reserve: the programme's own, without a pair.

    Shape: `until_at` is when the mentor was matched after all; what is due from then on comes with the pair. What was
        due before `from_at` is not asked. They open as in the pairs of `published_at`, without it with the programme;
        what opens from `closes_at` on does not count.
    """
    begins_at = published_at or calendar_of(settings).begins_at
    dues = dues_of(schedule(settings, begins_at), settings, window_days)
    return Track(
        check_ins_due=tuple(replace(due, remark=_on_standby(due, from_at, until_at, closes_at)) for due in dues)
    )


def _on_standby(
    due: CheckInDue, from_at: datetime | None, until_at: datetime | None, closes_at: datetime | None
) -> Remark | None:
    if from_at and due.due_at and due.due_at < from_at:
        return Remark(reason=BEFORE_YOU, is_excused=True)
    if until_at and due.due_at and due.due_at >= until_at:
        return Remark(reason=_MATCHED, is_excused=True)
    return Remark(reason=TOO_LATE, is_excused=True) if closes_at and due.opens_at >= closes_at else None


def dues_of(
    slots: Collection[CheckInSlot], settings: ProgrammeSettings, window_days: int, stops: Sequence[Stop] = ()
) -> list[CheckInDue]:
    """Return each check-in with its window, which ends with the programme at the latest, unless the clock stands still
    then; at one's own pace all are due with its last day."""
    last = calendar_of(settings).ends_at if settings.cadence is Cadence.OWN_PACE else None
    window, closes_at = timedelta(days=window_days), _last_moment(settings, stops)
    return [
        CheckInDue(
            number=slot.number,
            opens_at=slot.opens_at,
            due_at=_in_time(_due_at(slot.opens_at, last, window, stops), slot.opens_at, closes_at),
        )
        for slot in slots
    ]


def _last_moment(settings: ProgrammeSettings, stops: Sequence[Stop]) -> datetime | None:
    """When the calendar ends every window; None where it never does, or while a clock stands still."""
    closes_at = closing_of(settings)
    stands_still = closes_at and any(
        stop.from_at <= closes_at and (stop.until_at is None or stop.until_at > closes_at) for stop in stops
    )
    return None if stands_still else closes_at


def _in_time(due_at: datetime | None, opens_at: datetime, closes_at: datetime | None) -> datetime | None:
    if due_at is None or closes_at is None or due_at <= closes_at:
        return due_at
    return max(opens_at, closes_at)


def windows_in(
    seat: Seat, slots: Collection[CheckInSlot], settings: ProgrammeSettings, rhythm: Rhythm
) -> dict[int, Window]:
    """Return from when until when these check-ins of a place are in time, by number, as the ledger sees it; at one's
    own pace, and while the clock stands still, none of them is late."""
    stops = stops_in(seat)
    dues = dues_of(slots, settings, rhythm.window_days, stops)
    grace, closes_at = timedelta(days=rhythm.grace_days), _last_moment(settings, stops)
    return {
        one.number: Window(opens_at=one.opens_at)
        if one.due_at is None or settings.cadence is Cadence.OWN_PACE
        else Window(
            opens_at=one.opens_at, due_at=one.due_at, grace_until=_in_time(one.due_at + grace, one.due_at, closes_at)
        )
        for one in dues
    }


def _due_at(opens_at: datetime, last: datetime | None, window: timedelta, stops: Sequence[Stop]) -> datetime | None:
    """When a window ends: a stop of the clock within it is added to it; None while that stop lasts."""
    due_at = last or opens_at + window
    for stop in stops:
        if due_at < stop.from_at:
            break
        if stop.until_at is None:
            return None
        if last is None and stop.from_at > opens_at:
            due_at += stop.until_at - stop.from_at
    return due_at


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
