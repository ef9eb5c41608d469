"""Programs wherever people write to each other: in messages, reports, on shelves and in announcements."""

from collections.abc import Callable
from typing import Any

from lti_tool.store.conversation import MessageReport, ThreadReading
from lti_tool.store.db import transaction
from lti_tool.store.resources import Resource, ResourceTip
from tests import make
from tests.conftest import NOON

Ids = Callable[[str], dict[str, Any] | None]


def write_everywhere(at: make.Setting, pair_id: int, words: str, *, mentor: int, mentee: int, staff: int) -> Any:
    """Everybody writes these words in every place; what each page needs to show them, by reader and endpoint."""
    by = {one: make.message(at, pair_id, one, text=words) for one in (mentor, mentee)}
    on_board = {one: make.message(at, None, one, text=words) for one in (mentor, staff)}
    report = make.report(at, by[mentee], mentor)
    things = {place: make.resource(at, place, staff if place is None else mentor) for place in (pair_id, None)}
    announcement = make.announcement(at, staff, subject=words, text=words)
    with transaction() as session:
        row = session.get_one(MessageReport, report)
        row.words, row.why = words, words
        session.add(ThreadReading(pair_id=pair_id, person_id=staff, why=words, began_at=NOON))
        for number in things.values():
            one = session.get_one(Resource, number)
            one.title, one.note = words, words
            session.add(ResourceTip(resource_id=number, person_id=mentor, text=words, written_at=NOON))

    def ids_for(reader: int) -> Ids:
        def ids(endpoint: str) -> dict[str, Any] | None:
            """What this reader's page needs; None where it is not theirs, or is a download."""
            if endpoint.endswith((".file", "guides.guide")) or (reader == mentee and "mentors_board" in endpoint):
                return None
            messages = on_board if "mentors_board" in endpoint else by
            others = [number for one, number in messages.items() if one != reader]
            is_report = endpoint.endswith(".report")
            return {
                "message_id": others[0] if is_report else messages.get(reader, 0),
                "report_id": report,
                "resource_id": things[pair_id if "pair_shelf" in endpoint else None],
                "announcement_id": announcement,
                **({"kind": "link"} if ".add" in endpoint and ("shelf" in endpoint or "library" in endpoint) else {}),
            }

        return ids

    return ids_for
