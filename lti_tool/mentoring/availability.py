"""When two people could meet: blocks of a week in each one's time zone, laid over each other in UTC.

The week is cut into 336 half hours from Monday 00:00 UTC, held as the bits of one whole number. The week repeats, so a
block that begins on Sunday and ends on Monday wraps round to the start.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from lti_tool.mentoring.questionnaire import Option
from lti_tool.mentoring.words import N_

HALF_HOURS = 336
_QUARTERS = HALF_HOURS * 2
_QUARTER = timedelta(minutes=15)
BLOCK_HOURS = 2

DAYS = (
    Option(key="mon", label=N_("Monday")),
    Option(key="tue", label=N_("Tuesday")),
    Option(key="wed", label=N_("Wednesday")),
    Option(key="thu", label=N_("Thursday")),
    Option(key="fri", label=N_("Friday")),
    Option(key="sat", label=N_("Saturday")),
    Option(key="sun", label=N_("Sunday")),
)
BLOCKS = (
    Option(key="08", label=N_("08–10")),
    Option(key="10", label=N_("10–12")),
    Option(key="12", label=N_("12–14")),
    Option(key="14", label=N_("14–16")),
    Option(key="16", label=N_("16–18")),
    Option(key="18", label=N_("18–20")),
    Option(key="20", label=N_("20–22")),
)
# The options of an availability grid, in week order: `mon-08`, `mon-10` ... `sun-20`, labelled by their time of day.
GRID = tuple(Option(key=f"{day.key}-{block.key}", label=block.label) for day in DAYS for block in BLOCKS)
_DAY_NUMBER = {day.key: number for number, day in enumerate(DAYS)}


def week_mask(blocks: Iterable[str], zone: str, week_of: date) -> int:
    """Return the half hours in which somebody is free, in the week of that date and its time-zone offsets.

    Shape: bit 0 is Monday 00:00 to 00:30 UTC, bit 335 the last half hour of Sunday. In zones that are a quarter of an
        hour off, a half hour counts only when it is free from end to end.
    Raises: KeyError for an unknown block or zone.
    """
    monday = week_of - timedelta(days=week_of.weekday())
    quarters = 0
    for block in blocks:
        quarters |= _block_quarters(block, zone, monday)
    free = f"{quarters & (quarters >> 1):0{_QUARTERS}b}"
    return int(free[1::2], 2)


def overlap_minutes(a: int, b: int) -> int:
    """Return how many minutes of the week two people are both free."""
    return (a & b).bit_count() * 30


@lru_cache(maxsize=8192)
def _block_quarters(block: str, zone: str, monday: date) -> int:
    """Return one block as quarter hours, the finest step in which time zones differ."""
    day, _, hour = block.partition("-")
    local_midnight = datetime.combine(monday + timedelta(days=_DAY_NUMBER[day]), datetime.min.time())
    starts = (local_midnight + timedelta(hours=int(hour))).replace(tzinfo=ZoneInfo(zone))
    ends = (local_midnight + timedelta(hours=int(hour) + BLOCK_HOURS)).replace(tzinfo=ZoneInfo(zone))
    week_starts = datetime.combine(monday, datetime.min.time(), tzinfo=UTC)
    first = -((week_starts - starts.astimezone(UTC)) // _QUARTER)
    last = (ends.astimezone(UTC) - week_starts) // _QUARTER
    return sum(1 << (quarter % _QUARTERS) for quarter in range(first, last))
