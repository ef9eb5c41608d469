"""Telling everybody, or one side, of a programme; and posting the same to a chat channel, where staff chose one.

The channel's address is a secret: whoever knows it can post there. It is kept encrypted, and shown to nobody.
"""

import json
from collections.abc import Collection
from contextlib import closing
from datetime import datetime
from urllib.parse import urlsplit

from lti_tool.actions import audit
from lti_tool.actions.edge import Edge
from lti_tool.actions.secrets import conceal, reveal
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable
from lti_tool.lti.transport import Limits, exchange, prepared_session
from lti_tool.mentoring.announcements import Announcement as Words
from lti_tool.mentoring.announcements import Channel, channel_message, why_not_post_to
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_
from lti_tool.store import outbox
from lti_tool.store.announcements import Announcement, AnnouncementChannel, channel_of, find_once
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.people import Course, Person
from lti_tool.store.programme import Programme

KIND = "announcement"
LIMITS = Limits(connect_seconds=5, read_seconds=10, total_seconds=15, body_bytes=64 * 1024)

NO_CHANNEL = N_("There was no channel any more, or it may not be used.")
REFUSED = N_("The channel refused it. Its webhook may have been removed there: make a new one and paste its address.")
GAVE_UP = N_("The channel has not answered for a day.")


def announce(programme_id: int, words: Words, *, by: int, once: str, now: datetime) -> int:
    """Tell it; its number. A second click tells nothing twice."""
    with transaction() as session:
        session.get_one(Person, by, with_for_update=True)
        found = find_once(by, once)
        if found is not None:
            return found.id
        goes_to_channel = words.goes_to_channel and channel_of(programme_id) is not None
        row = Announcement(
            programme_id=programme_id,
            person_id=by,
            once=once,
            audience=words.audience,
            subject=words.subject,
            text=words.text,
            written_at=now,
            goes_to_channel=goes_to_channel,
        )
        session.add(row)
        session.flush()
        if goes_to_channel:
            _enqueue(row, now)
        after = {"announcement_id": row.id, "audience": str(words.audience), "channel": goes_to_channel}
        audit.record("programme.announce", now=now, by=by, programme_id=programme_id, after=after)
        return row.id


def withdraw(announcement: Announcement, *, by: int, now: datetime) -> None:
    """From now on it is shown to nobody but staff; what a channel has taken stays there."""
    with transaction() as session:
        row = session.get_one(Announcement, announcement.id, with_for_update=True)
        if row.withdrawn_at is None:
            row.withdrawn_at = now
            before = {"announcement_id": row.id}
            audit.record("programme.announce", now=now, by=by, programme_id=row.programme_id, before=before)


def set_channel(programme_id: int, kind: Channel, address: str, *, edge: Edge, by: int, now: datetime) -> None:
    """Announcements may be posted to this address from now on.

    Raises: RuleBroken where the installation does not allow it.
    """
    refusal = why_not_post_to(address, edge.channel_hosts, may_be_local=edge.may_be_local)
    if refusal:
        raise RuleBroken(refusal)
    with transaction() as session:
        session.get_one(Programme, programme_id, with_for_update=HELD)
        row = channel_of(programme_id) or AnnouncementChannel(programme_id=programme_id)
        row.kind, row.host = kind, str(urlsplit(address).hostname)
        row.secret_address, row.set_by, row.set_at = conceal(address, edge.encryption), by, now
        session.add(row)
        after = {"kind": str(kind), "host": row.host}
        audit.record("programme.channel", now=now, by=by, programme_id=programme_id, after=after)


def drop_channel(programme_id: int, *, by: int, now: datetime) -> None:
    """Nothing more is posted, also of what was on its way."""
    with transaction() as session:
        row = session.get(AnnouncementChannel, programme_id, with_for_update=True)
        if row is not None:
            before = {"kind": row.kind, "host": row.host}
            session.delete(row)
            audit.record("programme.channel", now=now, by=by, programme_id=programme_id, before=before)


def post_again(announcement: Announcement, *, now: datetime) -> None:
    """Try once more what the channel did not take."""
    with transaction() as session:
        row = session.get_one(Announcement, announcement.id, with_for_update=True)
        if row.goes_to_channel and row.posted_at is None and row.withdrawn_at is None:
            row.problem = None
            _enqueue(row, now)


def post_to_channel(announcement_id: int, *, edge: Edge, now: datetime) -> None:
    """Hand the announcement to the channel, unless it has it or shall not get it any more.

    Raises: PlatformUnavailable
    """
    row = db.session.get(Announcement, announcement_id)
    if row is None or row.posted_at or row.withdrawn_at or row.problem:
        return
    channel = channel_of(row.programme_id)
    address = reveal(channel.secret_address, edge.encryption) if channel else None
    if channel is None or address is None or _is_refused(address, edge.channel_hosts, edge):
        _end(announcement_id, problem=NO_CHANNEL)
        return
    programme = db.session.get_one(Programme, row.programme_id)
    course = db.session.get_one(Course, programme.course_id)
    message = channel_message(Channel(channel.kind), subject=row.subject, text=row.text, course=course.title)
    _end(announcement_id, problem=_post(address, json.dumps(message).encode(), edge), posted_at=now)


def give_up(announcement_id: int) -> None:
    """Nobody tries again by itself: staff read why."""
    _end(announcement_id, problem=GAVE_UP)


def _is_refused(address: str, hosts: Collection[str], edge: Edge) -> bool:
    return why_not_post_to(address, hosts, may_be_local=edge.may_be_local) is not None


def _post(address: str, body: bytes, edge: Edge) -> str | None:
    """Send it; why the channel will never take it, or None when it has.

    Raises: PlatformUnavailable where trying again may help.
    """
    with closing(prepared_session(reach=edge.reach)) as session:
        headers = {"Content-Type": "application/json"}
        try:
            answer = exchange(session, "POST", address, headers=headers, data=body, limits=LIMITS)
        except PlatformRefused:
            return REFUSED
    if answer.status == 429 or answer.status >= 500:
        raise PlatformUnavailable
    return None if 200 <= answer.status < 300 else REFUSED


def _end(announcement_id: int, *, problem: str | None, posted_at: datetime | None = None) -> None:
    with transaction() as session:
        row = session.get_one(Announcement, announcement_id, with_for_update=True)
        row.problem, row.posted_at = problem, None if problem else posted_at


def _enqueue(row: Announcement, now: datetime) -> None:
    outbox.enqueue(
        kind=KIND,
        key=str(row.id),
        lane=f"{KIND}:{row.programme_id}",
        registration_id=None,
        payload={"announcement_id": row.id},
        now=now,
    )
