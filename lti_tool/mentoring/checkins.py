"""When the regular check-ins open, how long they may take, and when they are late.

A check-in takes two minutes and every question may be left out. What is said is never graded, only that it was sent.
What is asked stands in `checkins_pulse`; what is asked once, or for a reason, in `checkins_probes`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lti_tool.mentoring.checkins_pulse import check_in_questions as check_in_questions  # noqa: PLC0414  # asked for from here
from lti_tool.mentoring.programme import ProgrammeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInSlot:
    """One due check-in; the first has number 1."""

    number: int
    opens_at: datetime


def schedule(settings: ProgrammeSettings, published_at: datetime) -> tuple[CheckInSlot, ...]:
    """Return a programme's check-ins in order; the first opens with the programme, or when pairs are published later.

    The others follow at the same local time of day, whatever summer time does; at one's own pace all open together.
    """
    zone = ZoneInfo(settings.time_zone)
    day = settings.starts_on
    starts_at = datetime(day.year, day.month, day.day, tzinfo=zone)
    first = max(starts_at.astimezone(UTC), published_at).astimezone(zone)
    each = timedelta(days=settings.cadence.days)
    return tuple(
        CheckInSlot(number=k + 1, opens_at=(first + k * each).astimezone(UTC)) for k in range(settings.check_in_count)
    )


def is_open(slot: CheckInSlot, now: datetime) -> bool:
    """Tell whether the check-in can be sent; it stays open once it is."""
    return slot.opens_at <= now


class WindowState(StrEnum):
    """Where a window stands: not open yet, open, a little late, late."""

    WAITS = "waits"
    OPEN = "open"
    GRACE = "grace"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a programme spaces what it asks of pairs; days count from when a pair begins.

    Shape: `quiet_from` and `quiet_until` are hours of the day in a person's own zone between which nobody is reminded;
        equal ones mean no quiet hours.
    """

    window_days: int = 5
    grace_days: int = 2
    first_contact_day: int = 5
    fit_day: int = 21
    silent_days: int = 14
    wellbeing_days: int = 28
    closing_days: int = 7
    quiet_from: int = 21
    quiet_until: int = 8


DEFAULT_RHYTHM = Rhythm()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when something can be sent, until when it is in time, and until when nobody minds that it is not.

    Shape: without `due_at` and `grace_until` it is never late.
    """

    opens_at: datetime
    due_at: datetime | None = None
    grace_until: datetime | None = None

    def __post_init__(self) -> None:
        if (self.due_at is None) != (self.grace_until is None):
            raise ValueError("a window has an end and a grace, or neither")
        if self.due_at and self.grace_until and not self.opens_at <= self.due_at <= self.grace_until:
            raise ValueError("a window ends after it opens, and its grace after that")

    def state(self, now: datetime) -> WindowState:
        """Return where the window stands; each moment belongs to what begins with it."""
        if now < self.opens_at:
            return WindowState.WAITS
        if self.due_at is None or self.grace_until is None or now < self.due_at:
            return WindowState.OPEN
        return WindowState.GRACE if now < self.grace_until else WindowState.LATE

    def is_in_time(self, now: datetime) -> bool:
        """Tell whether it can be sent without being late."""
        return self.state(now) in {WindowState.OPEN, WindowState.GRACE}


def window_from(opens_at: datetime, rhythm: Rhythm, *, days: int | None = None) -> Window:
    """Return the window that opens then, as long as the rhythm's usual one unless days are given."""
    due_at = opens_at + timedelta(days=rhythm.window_days if days is None else days)
    return Window(opens_at=opens_at, due_at=due_at, grace_until=due_at + timedelta(days=rhythm.grace_days))


def local_midnight(day: date, time_zone: str) -> datetime:
    """Return the first moment of a day in that zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)
