"""What a pair does: its check-ins, each of which may change a score, and may be a sign for staff."""

from datetime import datetime
from typing import Any

from lti_tool.actions.participation import update_score
from lti_tool.actions.staff_tasks import note_signs
from lti_tool.actions.standing import note_sign
from lti_tool.mentoring.checkins_signs import falling, signs
from lti_tool.mentoring.health import SignKind
from lti_tool.mentoring.pair_life import why_closed
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.checkins import ratings_of
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.pair_life import life_of
from lti_tool.store.workspace import CheckIn


def check_in(pair_id: int, enrolment_id: int, number: int, answers: dict[str, Any], *, now: datetime) -> None:
    """Save one side's check-in, and with it the score and the signs it leads to. A second save replaces the answers.

    Raises: RuleBroken when the pair has paused or ended meanwhile.
    """
    with transaction() as session:
        why_not = why_closed(life_of(session.get_one(Pair, pair_id, with_for_update=True)))
        if why_not:
            raise RuleBroken(why_not)
        enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        row = session.scalar(db.select(CheckIn).filter_by(pair_id=pair_id, enrolment_id=enrolment_id, number=number))
        if row is None:
            row = CheckIn(pair_id=pair_id, enrolment_id=enrolment_id, number=number, submitted_at=now)
            session.add(row)
        row.answers, row.changed_at = answers, now
        session.flush()
        going_down = falling([rating for rating, _at in ratings_of(pair_id, enrolment_id)])
        note_signs(
            [*signs(answers), *([going_down] if going_down else [])],
            programme_id=enrolment.programme_id,
            pair_id=pair_id,
            enrolment_id=enrolment_id,
            source=f"pulse:{pair_id}:{enrolment_id}:{number}",
            now=now,
        )
        update_score(enrolment, now=now)
        going = str(answers.get("going") or "")
        note_sign(pair_id, enrolment_id, SignKind.CHECK_IN, level=int(going) if going.isdecimal() else 0, now=now)
