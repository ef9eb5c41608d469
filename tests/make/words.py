"""What people write to each other: messages, reports, files, announcements."""

from secrets import token_hex
from typing import Any

from lti_tool.store.announcements import Announcement
from lti_tool.store.conversation import Message, MessageReport
from lti_tool.store.db import transaction
from lti_tool.store.resources import Resource, ResourceFile
from tests.conftest import NOON
from tests.make.course import Setting


def message(at: Setting, pair_id: int | None, person_id: int, **changes: Any) -> int:
    """A message in a pair's conversation, or on the mentors' board (no pair); its number."""
    values: dict[str, Any] = {"text": "Hello", "once": token_hex(8), "written_at": NOON} | changes
    return _added(Message(programme_id=at.programme_id, pair_id=pair_id, person_id=person_id, **values))


def report(at: Setting, message_id: int, person_id: int) -> int:
    """Somebody's report of a message; its number."""
    values = {"words": "Hello", "why": "Please look.", "reported_at": NOON}
    return _added(MessageReport(programme_id=at.programme_id, message_id=message_id, person_id=person_id, **values))


def resource(at: Setting, pair_id: int | None, person_id: int, content: bytes = b"Notes") -> int:
    """A small file on a pair's shelf, or in the library (no pair); its number."""
    row = Resource(programme_id=at.programme_id, pair_id=pair_id, person_id=person_id, once=token_hex(8), kind="file")
    row.title, row.file_name, row.media_type, row.size_bytes = "Notes", "notes.txt", "text/plain", len(content)
    row.added_at = NOON
    number = _added(row)
    with transaction() as session:
        session.add(ResourceFile(resource_id=number, content=content))
    return number


def announcement(at: Setting, person_id: int, **changes: Any) -> int:
    """Something that staff announced to everybody; its number."""
    values: dict[str, Any] = {"audience": "everybody", "subject": "Next week", "text": "We meet.", "written_at": NOON}
    row = Announcement(programme_id=at.programme_id, person_id=person_id, once=token_hex(8), **(values | changes))
    return _added(row)


def _added(row: Any) -> int:
    with transaction() as session:
        session.add(row)
        session.flush()
        return int(row.id)
