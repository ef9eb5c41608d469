"""A pair's tasks as files: a table for spreadsheets, and days for a calendar."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import timedelta

from flask_babel import gettext as _
from icalendar import Calendar, Event

from lti_tool.store.tasks import TaskRow
from lti_tool.web.text import TASK_STATES

# A spreadsheet takes a cell that begins so for a formula and would run it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_table(rows: Iterable[TaskRow], names: Mapping[int, str]) -> str:
    """The tasks as a CSV file (RFC 4180) that spreadsheets open as UTF-8."""
    file = io.StringIO(newline="")
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow([_("Task"), _("Who"), _("Until"), _("State"), _("Written on"), _("Done on")])
    writer.writerows(
        [
            harmless(row.text),
            harmless(_owner(row, names)),
            row.due_on.isoformat() if row.due_on else "",
            str(TASK_STATES[row.state]),
            row.created_at.date().isoformat(),
            row.done_at.date().isoformat() if row.done_at else "",
        ]
        for row in rows
    )
    return file.getvalue()


def as_calendar(rows: Iterable[TaskRow], names: Mapping[int, str], programme_key: str) -> bytes:
    """The tasks that have a day, as days of a calendar.

    Source: RFC 5545. They are all-day events and no VTODO, which Outlook and Google Calendar leave out without a word.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Peer Mentoring for LTI//Tasks//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for row in rows:
        if row.due_on:
            calendar.add_component(_event(row, names, programme_key))
    return bytes(calendar.to_ical())


def _event(row: TaskRow, names: Mapping[int, str], programme_key: str) -> Event:
    event = Event()
    event.add("uid", f"task-{row.id}-{programme_key}@peer-mentoring")
    event.add("dtstamp", row.changed_at)
    event.add("sequence", row.version)
    event.add("summary", row.text)
    event.add("description", _("To do by: %(name)s", name=_owner(row, names)))
    event.add("transp", "TRANSPARENT")  # nobody is busy all day because of it
    if row.due_on:
        event.add("dtstart", row.due_on)
        event.add("dtend", row.due_on + timedelta(days=1))
    return event


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _owner(row: TaskRow, names: Mapping[int, str]) -> str:
    return names.get(row.owner_id or 0, str(_("All of us")))
