"""A reflection is written, handed in, read by staff with the rubric, and given back."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from lti_tool.actions import audit
from lti_tool.actions.participation import recount_people, update_score
from lti_tool.mentoring import reflections as rules
from lti_tool.mentoring.reflections import Stage, State
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.reflections import Reading, Reflection, find_reflection, to_return


def save(
    enrolment_id: int, stage: Stage, *, text: str, is_shared: bool, hand_in: bool, version: int, now: datetime
) -> Reflection:
    """Keep a draft, or hand it in.

    Raises: RuleBroken once somebody has read it, or where nothing is written; ChangedMeanwhile with the row, where
        another window of the same person saved first.
    """
    with transaction() as session:
        enrolment = session.get_one(Enrolment, enrolment_id, with_for_update=HELD)
        row = find_reflection(enrolment_id, stage)
        if (row.version if row else 0) != version:
            if row is not None and _is_same(row, text, is_shared=is_shared, hand_in=hand_in):
                return row  # the same form sent twice
            raise ChangedMeanwhile(row)
        state = State(row.state) if row else State.DRAFT
        wanted = rules.handed_in(state, text) if hand_in else rules.saved(state)
        if row is None:
            row = Reflection(programme_id=enrolment.programme_id, enrolment_id=enrolment_id, stage=stage, version=0)
            session.add(row)
        row.text, row.is_shared, row.state = text, is_shared, wanted
        row.version, row.changed_at = row.version + 1, now
        row.handed_in_at = (row.handed_in_at or now) if hand_in else None  # other words later are not late
        update_score(enrolment, now=now)
    return row


def _is_same(row: Reflection, text: str, *, is_shared: bool, hand_in: bool) -> bool:
    return (row.text, row.is_shared, row.state == State.HANDED_IN) == (text, is_shared, hand_in)


def mark(
    programme_id: int, reflection_id: int, *, marks: Mapping[str, int], comment: str, by: int, now: datetime
) -> None:
    """One reader's marks and words; a second time they replace the first.

    Raises: RuleBroken for a draft; LookupError where the programme has no such reflection.
    """
    with transaction() as session:
        row = session.scalar(
            select(Reflection).filter_by(id=reflection_id, programme_id=programme_id).with_for_update()
        )
        if row is None:
            raise LookupError(reflection_id)
        row.state = rules.read(State(row.state))
        reading = session.scalar(select(Reading).filter_by(reflection_id=reflection_id, reader_id=by))
        if reading is None:
            reading = Reading(reflection_id=reflection_id, reader_id=by)
            session.add(reading)
        before = dict(reading.marks or {})
        reading.marks, reading.comment, reading.read_at = dict(marks), comment, now
        recount_people([row.enrolment_id], now=now)
        audit.record(
            "reflection.mark",
            now=now,
            by=by,
            programme_id=programme_id,
            before=before,
            after={"reflection_id": reflection_id, **marks},
        )


def give_back(programme_id: int, stage: Stage | None, *, by: int, now: datetime) -> int:
    """Let the writers see what was said about everything that is read; how many."""
    with transaction():
        rows = to_return(programme_id, stage)
        for row in rows:
            row.state, row.returned_at = rules.returned(State(row.state)), now
        recount_people([row.enrolment_id for row in rows], now=now)
        if rows:
            audit.record(
                "reflection.return",
                now=now,
                by=by,
                programme_id=programme_id,
                after={"stage": stage.value if stage else "", "count": len(rows)},
            )
    return len(rows)


def score_of(enrolment_id: int, stage: Stage) -> int | None:
    """The rounded mean of all readers' marks, 0 to 4; None before anybody has read it."""
    row = find_reflection(enrolment_id, stage)
    if row is None:
        return None
    return rules.score(list(db.session.scalars(select(Reading.marks).filter_by(reflection_id=row.id))))
