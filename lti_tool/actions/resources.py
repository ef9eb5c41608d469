"""Putting links and files on a shelf or into the library, taking them away, and saying what worked."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lti_tool.actions import audit
from lti_tool.actions.conversation import CLOSED
from lti_tool.mentoring.resources import FILE_TYPES, Link, Shelf, named_type, no_room
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.db import HELD, transaction
from lti_tool.store.matching import Pair
from lti_tool.store.people import Person
from lti_tool.store.programme import Programme
from lti_tool.store.resources import Resource, ResourceFile, ResourceTip, find_once, fullness

NOT_YOURS = Sentence(N_("Only the person who put this here can take it away."))


def add_link(
    programme_id: int, pair_id: int | None, person_id: int, link: Link, *, shelf: Shelf, once: str, now: datetime
) -> int:
    """Put a link on the pair's shelf, or into the library (no pair); its number. A second click adds nothing.

    Raises: RuleBroken where nothing more can be put there.
    """
    row = Resource(
        programme_id=programme_id,
        pair_id=pair_id,
        person_id=person_id,
        once=once,
        kind="link",
        title=link.title,
        note=link.note,
        address=link.address,
        size_bytes=0,
        added_at=now,
    )
    return _add(row, None, shelf)


def add_file(
    programme_id: int,
    pair_id: int | None,
    person_id: int,
    *,
    name: str,
    content: bytes,
    title: str,
    note: str,
    shelf: Shelf,
    once: str,
    now: datetime,
) -> int:
    """Put a file, which was looked at before, on the shelf or into the library; its number. A second click adds none.

    Raises: RuleBroken where nothing more can be put there.
    """
    row = Resource(
        programme_id=programme_id,
        pair_id=pair_id,
        person_id=person_id,
        once=once,
        kind="file",
        title=title or name,
        note=note,
        file_name=name,
        media_type=named_type(name) or FILE_TYPES["txt"],
        size_bytes=len(content),
        added_at=now,
    )
    return _add(row, content, shelf)


def _add(row: Resource, content: bytes | None, shelf: Shelf) -> int:
    """The shelf's own limits hold also where two people add at once: they are read again behind a lock."""
    with transaction() as session:
        session.get_one(Person, row.person_id, with_for_update=True)
        _open(session, row.programme_id, row.pair_id)
        found = find_once(row.person_id, row.once)
        if found is not None:
            return found.id
        count, used = fullness(row.programme_id, row.pair_id)
        refusal = no_room(
            Shelf(
                count=count,
                used_bytes=used,
                most_bytes=shelf.most_bytes,
                largest_file_bytes=shelf.largest_file_bytes,
            ),
            row.size_bytes,
        )
        if refusal:
            raise RuleBroken(refusal)
        session.add(row)
        session.flush()
        if content is not None:
            session.add(ResourceFile(resource_id=row.id, content=content))
        if row.pair_id is None:
            _record(row, "added", by=row.person_id, now=row.added_at)
        return row.id


def remove(resource: Resource, *, by: int, is_staff: bool, now: datetime) -> None:
    """Take a thing away with what people said of it: its owner from a shelf, staff from the library.

    Raises: RuleBroken
    """
    with transaction() as session:
        _open(session, resource.programme_id, resource.pair_id)
        row = session.get(Resource, resource.id, with_for_update=True)
        if row is None:
            return
        if not (is_staff and row.pair_id is None) and row.person_id != by:
            raise RuleBroken(NOT_YOURS)
        session.execute(delete(ResourceFile).filter_by(resource_id=row.id))
        session.execute(delete(ResourceTip).filter_by(resource_id=row.id))
        session.delete(row)
        if row.pair_id is None:
            _record(row, "removed", by=by, now=now)


def say(resource: Resource, text: str, *, by: int, now: datetime) -> None:
    """Somebody says what worked for them about a thing; an empty text takes it back.

    Raises: RuleBroken
    """
    with transaction() as session:
        session.get_one(Person, by, with_for_update=True)
        _open(session, resource.programme_id, resource.pair_id)
        tip = session.query(ResourceTip).filter_by(resource_id=resource.id, person_id=by).one_or_none()
        if not text:
            if tip is not None:
                session.delete(tip)
            return
        if tip is None:
            tip = ResourceTip(resource_id=resource.id, person_id=by)
            session.add(tip)
        tip.text, tip.written_at = text, now


def _open(session: Session, programme_id: int, pair_id: int | None) -> None:
    """One change of a shelf after the other; none where the pair is closed.

    Raises: RuleBroken
    """
    if pair_id is None:
        session.get_one(Programme, programme_id, with_for_update=HELD)
        return
    pair = session.get_one(Pair, pair_id, with_for_update=True)
    if pair.state != "active" or pair.contact_stopped_at is not None:
        raise RuleBroken(CLOSED)


def _record(row: Resource, what: str, *, by: int, now: datetime) -> None:
    audit.record("library", now=now, by=by, programme_id=row.programme_id, after={what: row.id, "kind": row.kind})
