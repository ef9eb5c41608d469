"""One moment on several people's clocks: each in their own time zone, said only where it differs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, get_datetime_format
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
    return moment(value, ZoneInfo(zone), "yMMMEd")


def moment(value: datetime, zone: tzinfo | None, day: str = "yMMMd") -> str:
    """Day and time in that time zone, put together as the reader's language does it.

    Source: Unicode CLDR, date field symbols; `day` names those of the day.
    """
    locale = get_locale()
    parts = (format_skeleton(fields, value, tzinfo=zone, locale=locale) for fields in ("Hm", day))
    return str(get_datetime_format("medium", locale=locale)).replace("'", "").format(*parts)


def clocks(value: datetime, reader: Partner, others: Sequence[Partner], programme: Programme) -> Clocks:
    """The moment on everybody's clock."""
    zone = zone_of(reader, programme)
    here = clock(value, zone)
    there = [(one.person, clock(value, zone_of(one, programme))) for one in others]
    return Clocks(here=here, zone=zone, others=[(person, shown) for person, shown in there if shown != here])
