"""Times of meetings: local date and hour to an instant, and times at which everybody is free.

Availability is a week of local blocks. Here it is laid on real days, one local day after the other, so that a block
keeps its hour on both sides of a change of the clocks, in every member's own zone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lti_tool.mentoring.availability import BLOCK_HOURS, DAYS
from lti_tool.mentoring.words import N_, Sentence

HORIZON_DAYS = 14
PER_DAY = 2
MOST = 8
NOTICE = timedelta(hours=2)  # nobody is offered a time that begins sooner
_STEP = timedelta(minutes=30)
_APART = timedelta(hours=2)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """When somebody could meet: blocks of a week such as `mon-16`, in their own time zone."""

    blocks: frozenset[str]
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Twice:
    """A local time that comes twice in the night in which the clocks go back, and its two instants."""

    first: datetime
    second: datetime


def instant_of(day: date, hour: time, zone: str, *, is_second: bool | None = None) -> datetime | Twice | Sentence:
    """Return the UTC instant of a local time.

    Shape: where the clocks go forward over it, a sentence that says so; where it comes twice, both, unless `is_second`
        says which is meant.
    """
    local = ZoneInfo(zone)
    first = datetime.combine(day, hour, tzinfo=local).replace(fold=0).astimezone(UTC)
    second = datetime.combine(day, hour, tzinfo=local).replace(fold=1).astimezone(UTC)
    if first == second:
        return first
    if first > second:
        return Sentence(
            N_("The clocks go forward that night, so this hour does not exist in your time zone (%(zone)s)."),
            {"zone": zone},
        )
    if is_second is None:
        return Twice(first=first, second=second)
    return second if is_second else first


def suggestions(
    people: Sequence[Free], minutes: int, now: datetime, *, busy: Sequence[Span] = (), zone: str = "UTC"
) -> list[datetime]:
    """Return the next times at which everybody is free for so long, as UTC instants in order.

    Shape: at most two on one day of `zone` and eight in all, within two weeks; empty where somebody named no times.
    """
    wanted = timedelta(minutes=minutes)
    starts: list[datetime] = []
    on_day: dict[date, int] = {}
    for begins, ends in shared(people, now):
        at = begins
        while at + wanted <= ends and len(starts) < MOST:
            day = at.astimezone(ZoneInfo(zone)).date()
            is_near = bool(starts) and at - starts[-1] < _APART
            if at >= now + NOTICE and not is_near and on_day.get(day, 0) < PER_DAY and not _meets(busy, at, wanted):
                starts.append(at)
                on_day[day] = on_day.get(day, 0) + 1
            at += _STEP
    return starts


def shared(people: Sequence[Free], now: datetime) -> list[Span]:
    """Return the stretches of the next two weeks in which everybody is free, in order, none touching another."""
    if not people:
        return []
    first, *others = (_stretches(one, now) for one in people)
    for other in others:
        first = _both(first, other)
    return first


def _stretches(free: Free, now: datetime) -> list[Span]:
    """One person's free stretches, with blocks that touch joined together."""
    zone = ZoneInfo(free.zone)
    today = now.astimezone(zone).date()
    hours: Mapping[str, list[int]] = {
        day.key: sorted(int(block[4:]) for block in free.blocks if block.startswith(f"{day.key}-")) for day in DAYS
    }
    spans: list[Span] = []
    for day in (today + timedelta(days=number) for number in range(HORIZON_DAYS + 1)):
        for hour in hours[DAYS[day.weekday()].key]:
            begins = datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)
            ends = datetime(day.year, day.month, day.day, hour + BLOCK_HOURS, tzinfo=zone).astimezone(UTC)
            if spans and begins <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(ends, spans[-1][1]))
            else:
                spans.append((begins, ends))
    return spans


def _both(a: Sequence[Span], b: Sequence[Span]) -> list[Span]:
    found = [(max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b]
    return sorted(span for span in found if span[0] < span[1])


def _meets(busy: Sequence[Span], at: datetime, wanted: timedelta) -> bool:
    return any(begins < at + wanted and at < ends for begins, ends in busy)
