"""A pair's tasks: written, moved from state to state, removed and put back by each of the two."""

from datetime import datetime

from lti_tool.actions.in_pair import held
from lti_tool.mentoring import tasks as rules
from lti_tool.mentoring.tasks import Task, TaskState, TaskTerms
from lti_tool.store.db import db, transaction
from lti_tool.store.tasks import TaskRow, count_open_tasks, find_task, task_from


def add(pair_id: int, terms: TaskTerms, *, by: int, once: str, now: datetime) -> None:
    """Write a new task; the same form again writes nothing.

    Raises: RuleBroken where too many are open.
    """
    with transaction() as session:
        held(pair_id, by=by)
        if session.scalar(db.select(TaskRow.id).filter_by(created_by=by, once=once)) is not None:
            return
        task = rules.begin(terms, open_tasks=count_open_tasks(pair_id))
        row = TaskRow(pair_id=pair_id, created_by=by, once=once, created_at=now)
        _keep(row, task, by=by, now=now)
        session.add(row)


def reword(pair_id: int, task_id: int, terms: TaskTerms, *, by: int, seen: int, now: datetime) -> None:
    """Change what a task says.

    Raises: ChangedMeanwhile, RuleBroken; LookupError where the pair has no such task.
    """
    with transaction():
        row = _found(pair_id, task_id, by=by)
        _keep(row, rules.reworded(task_from(row), terms, seen=seen), by=by, now=now)


def move(pair_id: int, task_id: int, to: TaskState, *, by: int, was: TaskState, now: datetime) -> None:
    """Say how far a task is.

    Raises: as `reword`
    """
    with transaction():
        row = _found(pair_id, task_id, by=by)
        task = rules.moved(task_from(row), to, was=was, open_tasks=count_open_tasks(pair_id))
        _keep(row, task, by=by, now=now)


def remove(pair_id: int, task_id: int, *, by: int, seen: int, now: datetime) -> None:
    """Take a task off the list; it can be put back.

    Raises: as `reword`
    """
    with transaction():
        row = _found(pair_id, task_id, by=by)
        _keep(row, rules.removed(task_from(row), seen=seen), by=by, now=now)


def put_back(pair_id: int, task_id: int, *, by: int, now: datetime) -> None:
    """Put a removed task back on the list.

    Raises: as `reword`
    """
    with transaction():
        row = _found(pair_id, task_id, by=by)
        _keep(row, rules.put_back(task_from(row), open_tasks=count_open_tasks(pair_id)), by=by, now=now)


def _found(pair_id: int, task_id: int, *, by: int) -> TaskRow:
    held(pair_id, by=by)
    row = find_task(pair_id, task_id)
    if row is None:
        raise LookupError(task_id)
    return row


def _keep(row: TaskRow, task: Task, *, by: int, now: datetime) -> None:
    """Write the task down as the rules left it; who did nothing changed nothing."""
    if row.id is not None and task_from(row) == task:
        return
    row.text, row.owner_id, row.due_on = task.terms.text, task.terms.owner, task.terms.due_on
    row.state, row.version = task.state, task.version
    row.changed_at, row.changed_by = now, by
    row.done_at = (row.done_at or now) if task.state is TaskState.DONE else None
    row.removed_at = (row.removed_at or now) if task.is_removed else None
