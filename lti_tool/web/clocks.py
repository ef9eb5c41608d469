"""One moment on several people's clocks: each in their own time zone, said only where it differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import get_locale

from lti_tool.mentoring.zones import zone_named
from lti_tool.store.pairs import Partner
from lti_tool.store.people import Person
from lti_tool.store.programme import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """A moment as the reader's clock shows it, with the zone's name, and as the others' clocks do where they differ."""

    here: str
    zone: str
    others: Sequence[tuple[Person, str]]


def zone_of(one: Partner, programme: Programme) -> str:
    """The time zone in which somebody said when they are free, else the programme's."""
    zone = one.enrolment.time_zone
    return zone if zone_named(zone) else programme.time_zone


def clock(value: datetime, zone: str) -> str:
    """A moment in that time zone: weekday, day and time."""
    return format_datetime(value, "EEE d MMM y, HH:mm", tzinfo=ZoneInfo(zone), locale=get_locale())


def clocks(value: datetime, reader: Partner, others: Sequence[Partner], programme: Programme) -> Clocks:
    """The moment on everybody's clock."""
    zone = zone_of(reader, programme)
    here = clock(value, zone)
    there = [(one.person, clock(value, zone_of(one, programme))) for one in others]
    return Clocks(here=here, zone=zone, others=[(person, shown) for person, shown in there if shown != here])
