"""A pair's tasks: who does what until when, in three states; each of the pair may change each of them.

Source: product section 1.4 (R31).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from lti_tool.mentoring.goal_form import MOST_DAYS, one_line, parse_day, wrong_with_words
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.words import N_, Sentence

TEXT_LENGTH = 200
MOST_OPEN = 20
EVERYBODY = "all"  # the owner of a task that the pair does together, as a form says it


class TaskState(StrEnum):
    """How far a task is."""

    TO_DO = "to_do"
    DOING = "doing"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTerms:
    """What a task says. No owner: everybody in the pair."""

    text: str
    owner: int | None
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task as it stands; `version` goes up with its words, not with its state."""

    terms: TaskTerms
    state: TaskState
    version: int
    is_removed: bool = False


_REMOVED = Sentence(N_("This task was removed meanwhile. You find it below the list, and can put it back."))
_NOBODY_HERE = Sentence(N_("Please choose somebody of this pair."))


def begin(terms: TaskTerms, *, open_tasks: int) -> Task:
    """Return a new task.

    Raises: RuleBroken where too many wait already.
    """
    _has_room(open_tasks)
    return Task(terms=terms, state=TaskState.TO_DO, version=1)


def _has_room(open_tasks: int) -> None:
    if open_tasks >= MOST_OPEN:
        raise RuleBroken(
            Sentence(
                N_("There are %(most)s open tasks already. Finish or remove one before you add another."),
                {"most": MOST_OPEN},
            )
        )


def reworded(task: Task, terms: TaskTerms, *, seen: int) -> Task:
    """Return the task with these words, owner and day; saving what stands there changes nothing.

    Raises: ChangedMeanwhile where it was changed since `seen`; RuleBroken where it was removed.
    """
    if task.is_removed:
        raise RuleBroken(_REMOVED)
    if task.terms == terms:
        return task
    if task.version != seen:
        raise ChangedMeanwhile(task)
    return replace(task, terms=terms, version=task.version + 1)


def moved(task: Task, to: TaskState, *, was: TaskState, open_tasks: int) -> Task:
    """Return the task in its new state; `was` is the state it had when somebody decided so.

    Raises: ChangedMeanwhile where somebody else moved it meanwhile; RuleBroken where it was removed, or too many would
        be open.
    """
    if task.is_removed:
        raise RuleBroken(_REMOVED)
    if task.state not in {to, was}:
        raise ChangedMeanwhile(task)
    if task.state is TaskState.DONE and to is not TaskState.DONE:
        _has_room(open_tasks)
    return replace(task, state=to)


def removed(task: Task, *, seen: int) -> Task:
    """Return the task as one that is gone from the list; it can be put back.

    Raises: ChangedMeanwhile where its words were changed since `seen`.
    """
    if not task.is_removed and task.version != seen:
        raise ChangedMeanwhile(task)
    return replace(task, is_removed=True)


def put_back(task: Task, *, open_tasks: int) -> Task:
    """Return the task as one of the list again.

    Raises: RuleBroken where too many are open.
    """
    if task.is_removed and task.state is not TaskState.DONE:
        _has_room(open_tasks)
    return replace(task, is_removed=False)


def parse_task(
    form: Mapping[str, str], owners: Collection[int], *, today: date, kept: date | None = None
) -> tuple[TaskTerms | None, dict[str, Sentence]]:
    """Return the task a form says, or None and what is wrong, by field name.

    Shape: the fields are `text`, `owner` (a number of `owners`, or EVERYBODY) and `due_on`, which may be empty; `kept`
        is a day that stands already, and stays possible when it is over.
    """
    text, owner, day = one_line(form.get("text", "")), form.get("owner", EVERYBODY), form.get("due_on", "").strip()
    latest = today + timedelta(days=MOST_DAYS)
    due_on, wrong_day = parse_day(day, today=today, latest=latest, kept=kept) if day else (None, None)
    found = {
        "text": wrong_with_words(text, TEXT_LENGTH),
        "owner": None if owner in {EVERYBODY, *map(str, owners)} else _NOBODY_HERE,
        "due_on": wrong_day,
    }
    problems = {name: problem for name, problem in found.items() if problem}
    if problems:
        return None, problems
    return TaskTerms(text=text, owner=None if owner == EVERYBODY else int(owner), due_on=due_on), {}
