"""A peer case is written, saved as a draft, and handed in."""

from datetime import datetime

from lti_tool.actions.participation import update_score
from lti_tool.mentoring.peer_cases import require_written
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.store.db import HELD, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import PeerCase
from lti_tool.store.peer_cases import find_peer_case


def save_peer_case(
    enrolment_id: int, text: str, *, hand_in: bool, headings: tuple[str, ...], version: int, now: datetime
) -> PeerCase:
    """Keep a draft, or hand it in; what is handed in can be changed, and stays handed in.

    Raises: RuleBroken where nothing but headings would be handed in; ChangedMeanwhile with the row, where another
        window of the same person saved first.
    """
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        row = find_peer_case(enrolment_id)
        if (row.version if row else 0) != version:
            if row is not None and row.text == text and (row.handed_in_at is not None or not hand_in):
                return row  # the same form sent twice
            raise ChangedMeanwhile(row)
        was_handed_in = row is not None and row.handed_in_at is not None
        if hand_in or was_handed_in:
            require_written(text, headings)
        if row is None:
            row = PeerCase(enrolment_id=enrolment_id, version=0)
            session.add(row)
        row.text, row.version, row.changed_at = text, row.version + 1, now
        if hand_in and not was_handed_in:
            row.handed_in_at = now
        session.flush()
        update_score(enrolment, now=now)
    return row
