"""What a person wrote for others, put on a shelf or announced: handed out, and emptied when nothing shall name them."""

from base64 import b64encode
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from lti_tool.store.announcements import Announcement
from lti_tool.store.conversation import Message, MessageReport, ReadUpTo, ThreadReading
from lti_tool.store.db import Row, db
from lti_tool.store.resources import Resource, ResourceFile, ResourceTip


def shared_by(person_id: int) -> dict[type[Row], Any]:
    """Which rows of which tables are this person's own."""
    return {
        Message: Message.person_id == person_id,
        MessageReport: MessageReport.person_id == person_id,
        ThreadReading: ThreadReading.person_id == person_id,
        ReadUpTo: ReadUpTo.person_id == person_id,
        Resource: Resource.person_id == person_id,
        ResourceTip: ResourceTip.person_id == person_id,
        Announcement: Announcement.person_id == person_id,
    }


def files_of(person_id: int) -> list[dict[str, Any]]:
    """The person's files whole, in base64, beside the rows of `resource` that describe them."""
    own = select(Resource.id).where(Resource.person_id == person_id)
    query = select(ResourceFile.resource_id, ResourceFile.content).where(ResourceFile.resource_id.in_(own))
    return [
        {"resource_id": number, "content": b64encode(content).decode()} for number, content in db.session.execute(query)
    ]


def empty_what_they_shared(person_id: int) -> None:
    """Inside the caller's transaction: words and files go, that there were some stays. A library is everybody's: what
    staff put there, and what they announced, stays without their name."""
    session = db.session()
    own = Message.person_id == person_id
    gone_at = func.coalesce(Message.removed_at, Message.written_at)
    session.execute(update(Message).where(own, Message.removed_by.is_(None)).values(removed_by="writer"))
    session.execute(update(Message).where(own).values(text="", removed_at=gone_at))
    about_them = MessageReport.message_id.in_(select(Message.id).where(own))
    session.execute(update(MessageReport).where(about_them).values(words=""))
    session.execute(update(MessageReport).where(MessageReport.person_id == person_id).values(why=""))
    session.execute(update(ThreadReading).where(ThreadReading.person_id == person_id).values(why=""))
    shelved = select(Resource.id).where(Resource.person_id == person_id, Resource.pair_id.is_not(None))
    tips = or_(ResourceTip.person_id == person_id, ResourceTip.resource_id.in_(shelved))
    session.execute(delete(ResourceTip).where(tips))
    session.execute(delete(ResourceFile).where(ResourceFile.resource_id.in_(shelved)))
    session.execute(delete(Resource).where(Resource.person_id == person_id, Resource.pair_id.is_not(None)))
    session.execute(delete(ReadUpTo).where(ReadUpTo.person_id == person_id))
