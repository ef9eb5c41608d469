"""Who tried to reach a partner, and when: a message, a proposed time, or an attempt that was only noted."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lti_tool.store.conversation import Message
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.meetings import ContactAttempt, Meeting, MeetingChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One attempt, as the ledger reads it."""

    pair_id: int
    enrolment_id: int
    at: datetime


def attempts_at_contact(pair_ids: Collection[int]) -> dict[int, list[Tried]]:
    """Every attempt in these pairs, by enrolment; three statements."""
    if not pair_ids:
        return {}
    wrote = (
        select(Message.pair_id, Enrolment.id, Message.written_at)
        .join(Enrolment, (Enrolment.person_id == Message.person_id) & (Enrolment.programme_id == Message.programme_id))
        .where(Message.pair_id.in_(pair_ids), Message.removed_at.is_(None))
    )
    proposed = (
        select(Meeting.pair_id, MeetingChange.enrolment_id, MeetingChange.at)
        .join(Meeting, Meeting.id == MeetingChange.meeting_id)
        .where(Meeting.pair_id.in_(pair_ids), MeetingChange.what.in_(["proposed", "moved"]))
    )
    noted = select(ContactAttempt.pair_id, ContactAttempt.enrolment_id, ContactAttempt.tried_at).where(
        ContactAttempt.pair_id.in_(pair_ids)
    )
    found: dict[int, list[Tried]] = defaultdict(list)
    for query in (wrote, proposed, noted):
        for pair, who, at in db.session.execute(query):
            if who is not None:
                found[who].append(Tried(pair_id=pair, enrolment_id=who, at=at))
    return found
