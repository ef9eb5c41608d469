"""When in the night a programme has its turn: each at a minute of its own, so that no LMS is asked by all at once."""

from datetime import datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

BEGINS = time(1, 0)
MINUTES = 240  # from one to five


def last_turn(key: str, time_zone: str, now: datetime) -> datetime:
    """Return the latest moment, not after now, at which the programme of this key had its turn."""
    here = ZoneInfo(time_zone)
    offset = timedelta(minutes=crc32(key.encode()) % MINUTES)
    today = now.astimezone(here).date()
    turns = (datetime.combine(day, BEGINS, here) + offset for day in (today, today - timedelta(days=1)))
    return next(turn for turn in turns if turn <= now)
