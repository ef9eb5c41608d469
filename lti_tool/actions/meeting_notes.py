"""A pair's notes of a meeting: everybody in it writes them, and every saved text stays."""

from datetime import datetime

from sqlalchemy import select

from lti_tool.actions.in_pair import open_pair
from lti_tool.mentoring.meeting_notes import Revision, add_revision
from lti_tool.mentoring.meetings import NO_LONGER
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.db import transaction
from lti_tool.store.meetings import Meeting, MeetingNote, revisions_of


def save_notes(pair_id: int, meeting_id: int, by: int, text: str, *, seen: int, now: datetime) -> None:
    """Keep the notes as this member wrote them; `seen` is the number of those they began from.

    Raises: RuleBroken; ChangedMeanwhile with the newest revision where somebody else saved first.
    """
    with transaction() as session:
        open_pair(pair_id)
        if session.scalar(select(Meeting.id).filter_by(id=meeting_id, pair_id=pair_id).with_for_update()) is None:
            raise RuleBroken(NO_LONGER)
        before = revisions_of(meeting_id)
        after = add_revision(before, seen, Revision(number=0, text=text, by=by, at=now))
        if len(after) > len(before):
            new = after[-1]
            session.add(
                MeetingNote(
                    meeting_id=meeting_id, number=new.number, text=new.text, written_by=new.by, written_at=new.at
                )
            )
