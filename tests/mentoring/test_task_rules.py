"""Promises of tasks: whoever comes second is shown what the first did, and saves nothing over it."""

from datetime import date, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from lti_tool.mentoring import tasks
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.tasks import MOST_OPEN, Task, TaskState, TaskTerms, parse_task

BOB, DANA = 1, 2
PEOPLE = st.sampled_from([BOB, DANA])
TODAY = date(2026, 9, 14)


class PairAtATask(RuleBasedStateMachine):
    """Two people, each with a page that may be old, change, move and remove one task at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.task = tasks.begin(TaskTerms(text="Read", owner=None, due_on=None), open_tasks=0)
        self.read = {BOB: self.task, DANA: self.task}

    @rule(who=PEOPLE)
    def open_the_page(self, who: int) -> None:
        self.read[who] = self.task

    @rule(who=PEOPLE, text=st.sampled_from(["Read", "Read on", "Write"]))
    def reword(self, who: int, text: str) -> None:
        terms = TaskTerms(text=text, owner=who, due_on=None)
        try:
            after = tasks.reworded(self.task, terms, seen=self.read[who].version)
        except RuleBroken:
            assert self.task.is_removed
        except ChangedMeanwhile:
            assert self.read[who].terms != self.task.terms or self.read[who].version != self.task.version
        else:
            assert after.terms == terms
            assert after.state is self.task.state
            assert after == self.task or self.read[who].terms == self.task.terms
            self.task = after

    @rule(who=PEOPLE, to=st.sampled_from(list(TaskState)))
    def move(self, who: int, to: TaskState) -> None:
        was = self.read[who].state
        try:
            after = tasks.moved(self.task, to, was=was, open_tasks=0)
        except RuleBroken:
            assert self.task.is_removed
        except ChangedMeanwhile:
            assert was is not self.task.state
        else:
            assert after.state is to
            assert after.terms == self.task.terms
            self.task = after

    @rule(who=PEOPLE)
    def remove(self, who: int) -> None:
        try:
            self.task = tasks.removed(self.task, seen=self.read[who].version)
        except ChangedMeanwhile:
            assert self.read[who].version != self.task.version
        else:
            assert self.task.is_removed
            assert self.read[who].terms == self.task.terms or self.read[who].version != self.task.version

    @rule()
    def put_back(self) -> None:
        self.task = tasks.put_back(self.task, open_tasks=0)
        assert not self.task.is_removed


TestPairAtATask = PairAtATask.TestCase


def test_nobody_undoes_what_the_other_has_just_done() -> None:
    done = Task(terms=TaskTerms(text="Read", owner=None, due_on=None), state=TaskState.DONE, version=1)

    with pytest.raises(ChangedMeanwhile):
        tasks.moved(done, TaskState.DOING, was=TaskState.TO_DO, open_tasks=0)
    assert tasks.moved(done, TaskState.DONE, was=TaskState.TO_DO, open_tasks=0) == done


def test_a_list_of_tasks_stays_short_enough_to_be_read() -> None:
    terms = TaskTerms(text="Read", owner=None, due_on=None)
    done = Task(terms=terms, state=TaskState.DONE, version=1)
    removed = Task(terms=terms, state=TaskState.TO_DO, version=1, is_removed=True)

    with pytest.raises(RuleBroken, match="open tasks already"):
        tasks.begin(terms, open_tasks=MOST_OPEN)
    with pytest.raises(RuleBroken, match="open tasks already"):
        tasks.moved(done, TaskState.TO_DO, was=TaskState.DONE, open_tasks=MOST_OPEN)
    with pytest.raises(RuleBroken, match="open tasks already"):
        tasks.put_back(removed, open_tasks=MOST_OPEN)


def form(**changes: str) -> dict[str, str]:
    return {"text": " Read  chapter 1 ", "owner": str(DANA), "due_on": "2026-09-14"} | changes


def test_a_form_becomes_a_task() -> None:
    assert parse_task(form(), [BOB, DANA], today=TODAY) == (
        TaskTerms(text="Read chapter 1", owner=DANA, due_on=TODAY),
        {},
    )
    assert parse_task({"text": "Read"}, [BOB, DANA], today=TODAY) == (
        TaskTerms(text="Read", owner=None, due_on=None),
        {},
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 201}, "text"),
        ({"text": "\u202ex"}, "text"),
        ({"owner": "3"}, "owner"),
        ({"owner": ""}, "owner"),
        ({"due_on": "tomorrow"}, "due_on"),
        ({"due_on": "2026-09-13"}, "due_on"),
        ({"due_on": "9999-12-31"}, "due_on"),
    ],
)
def test_a_task_that_is_not_one_is_said_beside_its_field(changes: dict[str, str], field: str) -> None:
    found, problems = parse_task(form(**changes), [BOB, DANA], today=TODAY)

    assert found is None
    assert list(problems) == [field]


def test_a_day_that_is_over_may_stay_where_it_stands_already() -> None:
    yesterday = TODAY - timedelta(days=1)

    found, problems = parse_task(form(due_on=yesterday.isoformat()), [BOB, DANA], today=TODAY, kept=yesterday)

    assert not problems
    assert found
    assert found.due_on == yesterday
