"""Meetings as an iCalendar file, for one meeting or for somebody's whole calendar.

Instants are written in UTC, so that every calendar shows them by its own clock, whatever summer time does.
Source: RFC 5545; RFC 7986 for the name and how often to look again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Response
from icalendar import Calendar, Event

from lti_tool.mentoring.meeting_links import video_link
from lti_tool.mentoring.meetings import MeetingState
from lti_tool.store.meetings import Meeting

LOOK_AGAIN = timedelta(hours=1)
_STATUS = {MeetingState.PROPOSED: "TENTATIVE", MeetingState.DECLINED: "CANCELLED", MeetingState.CANCELLED: "CANCELLED"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A planned meeting with the title its reader sees."""

    meeting: Meeting
    title: str
    is_off: bool = False  # the reader is not coming


def calendar(entries: Iterable[Entry], *, name: str, origin: str) -> bytes:
    """The file; `origin` is the tool's own address, which makes the entries' names its own."""
    made = Calendar()
    for key, value in (("prodid", "-//Peer Mentoring for LTI//EN"), ("version", "2.0"), ("method", "PUBLISH")):
        made.add(key, value)
    made.add("x-wr-calname", name)
    made.add("name", name)
    made.add("refresh-interval", LOOK_AGAIN, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for entry in entries:
        made.add_component(_event(entry, urlsplit(origin).hostname or "localhost"))
    return bytes(made.to_ical())


def as_file(content: bytes, name: str) -> Response:
    """The answer that a browser offers to a calendar program, and a calendar program reads."""
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


def _event(entry: Entry, host: str) -> Event:
    row, event = entry.meeting, Event()
    event.add("uid", f"meeting-{row.id}@{host}")
    event.add("sequence", row.version)
    event.add("dtstamp", _whole(row.changed_at))
    event.add("last-modified", _whole(row.changed_at))
    if row.starts_at is None or row.planned_minutes is None:
        raise ValueError("a meeting without a plan stands in no calendar")
    event.add("dtstart", _whole(row.starts_at))
    event.add("dtend", _whole(row.starts_at + timedelta(minutes=row.planned_minutes)))
    event.add("summary", entry.title)
    status = "CANCELLED" if entry.is_off else _STATUS.get(MeetingState(row.state), "CONFIRMED")
    event.add("status", status)
    if row.place:
        event.add("location", row.place)
    if video_link(row.place):
        event.add("url", row.place)
    return event


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)
