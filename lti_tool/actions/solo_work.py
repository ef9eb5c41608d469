"""Somebody works alone for ten minutes, since their partner does not answer."""

from datetime import datetime

from sqlalchemy import select

from lti_tool.actions.in_pair import held
from lti_tool.actions.participation import update_score
from lti_tool.mentoring.solo_work import Solo
from lti_tool.store.db import transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import SoloWork


def do_alone(pair_id: int, by: int, work: Solo, *, once: str, now: datetime) -> None:
    """Keep what somebody did; the same form again keeps nothing more.

    Raises: RuleBroken while nothing can be written in the pair.
    """
    with transaction() as session:
        held(pair_id, by=by)
        if session.scalar(select(SoloWork.id).filter_by(enrolment_id=by, once=once)) is not None:
            return
        row = SoloWork(pair_id=pair_id, enrolment_id=by, what=work.kind, words=work.words, done_at=now, once=once)
        session.add(row)
        session.flush()
        update_score(session.get_one(Enrolment, by), now=now)
