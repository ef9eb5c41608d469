"""Programs wherever people write to each other: in messages, reports, on shelves and in announcements."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from lti_tool.store.conversation import MessageReport, ThreadReading
from lti_tool.store.db import transaction
from lti_tool.store.resources import Resource, ResourceTip
from tests import make
from tests.conftest import NOON

Ids = Callable[[str], dict[str, Any] | None]

MENTORS_ALONE = ("student.mentors_board", "student.hours", "student.peer_case")
NAMED = {  # what a page is opened with that is about something of its own
    "instructor.survey.texts": {"key": "helped"},
    "instructor.columns.show": {"part": "all"},
    "student.placed.reflection": {"stage": "start"},
}


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
            if endpoint.endswith((".file", ".guide")) or (reader == mentee and endpoint.startswith(MENTORS_ALONE)):
                return None
            messages = on_board if "mentors_board" in endpoint else by
            others = [number for one, number in messages.items() if one != reader]
            is_report = endpoint.endswith(".report")
            return {
                "message_id": others[0] if is_report else messages.get(reader, 0),
                "report_id": report,
                "resource_id": things[pair_id if "pair_shelf" in endpoint else None],
                "announcement_id": announcement,
                **NAMED.get(endpoint, {}),
                **({"kind": "link"} if ".add" in endpoint and ("shelf" in endpoint or "library" in endpoint) else {}),
            }

        return ids

    return ids_for


def pages_of(app: Flask, part: str, path: str, shared: Ids | None = None, **ids: Any) -> list[str]:
    """The address of every page of a part of the tool that can be opened; `shared` knows those where people write."""
    with app.test_request_context():
        found = []
        for rule in app.url_map.iter_rules():
            is_ours = (
                rule.endpoint.endswith((".download", ".certificate")) or ".training." in rule.endpoint
            )  # nobody's words are there
            is_ours = is_ours or rule.rule.endswith((".csv", ".ics"))  # no pages
            if rule.endpoint.startswith(f"{part}.") and "GET" in (rule.methods or ()) and not is_ours:
                of_page = shared(rule.endpoint) if shared else {}
                if of_page is None:
                    continue
                named = {name: of_page.get(name, ids.get(name, 1)) for name in rule.arguments}
                _host, url = rule.build(named | {"visit": path.split("/")[2]})  # type: ignore[misc]  # None for a host
                found.append(url)
        return found
