"""What staff should look at: made from signs, changed when an answer changes, and settled with a note."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from lti_tool.actions import audit
from lti_tool.mentoring.checkins_signs import TIME_TO_ACT, Sign
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.store.db import db, transaction
from lti_tool.store.staff_tasks import StaffTask

NOTE_LENGTH = 2000


def task_for(
    sign: Sign, *, programme_id: int, pair_id: int, enrolment_id: int, source: str, now: datetime
) -> StaffTask:
    """A new task: what staff should look at, and by when."""
    return StaffTask(
        programme_id=programme_id,
        pair_id=pair_id,
        enrolment_id=enrolment_id,
        kind=sign.kind,
        source=source,
        reason={"text": sign.reason.text, "values": dict(sign.reason.values)},
        made_at=now,
        due_at=now + TIME_TO_ACT[sign.kind],
    )


def note_signs(
    found: Iterable[Sign], *, programme_id: int, pair_id: int, enrolment_id: int, source: str, now: datetime
) -> None:
    """Have staff see these signs, inside the caller's transaction; what the source says no longer is marked so.

    Shape: `source` names the check-in; with the kind and the question it names the task, so that sending twice makes
        one. A task that was settled stays settled.
    """
    session = db.session()
    known = {
        row.source: row
        for row in session.scalars(
            select(StaffTask).where(
                StaffTask.programme_id == programme_id,
                StaffTask.enrolment_id == enrolment_id,
                StaffTask.source.startswith(f"{source}:", autoescape=True),
            )
        )
    }
    for sign in found:
        name = f"{source}:{sign.kind}:{sign.item}"
        row = known.pop(name, None)
        if row is not None:
            row.changed_answer_at = None
            continue
        session.add(
            task_for(sign, programme_id=programme_id, pair_id=pair_id, enrolment_id=enrolment_id, source=name, now=now)
        )
    for row in known.values():
        row.changed_answer_at = row.changed_answer_at or now


def settle(programme_id: int, task_id: int, *, note: str, is_done: bool, version: int, by: int, now: datetime) -> None:
    """Keep what was done about it; done or still open.

    Raises: ChangedMeanwhile with the row, where somebody else was faster; LookupError where there is no such task.
    """
    with transaction() as session:
        task = session.scalar(select(StaffTask).filter_by(id=task_id, programme_id=programme_id).with_for_update())
        if task is None:
            raise LookupError(task_id)
        if task.version != version:
            raise ChangedMeanwhile(task)
        before = {"is_done": task.done_at is not None}
        task.note, task.version = note, task.version + 1
        task.done_at = (task.done_at or now) if is_done else None
        task.done_by = by if is_done else None
        audit.record(
            "pair.task",
            now=now,
            by=by,
            programme_id=programme_id,
            before=before,
            after={"task_id": task.id, "kind": task.kind, "is_done": is_done},
        )
