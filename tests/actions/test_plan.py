"""Agreement, goals and tasks when two people act at the same moment: nothing is lost, nothing is doubled."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from lti_tool.actions import agreement, goals, tasks
from lti_tool.actions.goals import Doer
from lti_tool.mentoring.agreement import AgreementState
from lti_tool.mentoring.goals import ChangeState, GoalState, GoalTerms
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.tasks import MOST_OPEN, TaskState, TaskTerms
from lti_tool.store.agreement import agreements_of, newest_agreement, version_of
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.erase import delete_registration
from lti_tool.store.goals import changes_of, find_goal, goals_of, milestones_of, readings_of
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.plans import pair_page, plans_of
from lti_tool.store.privacy import make_nameless
from lti_tool.store.tasks import all_tasks, open_tasks, removed_tasks
from tests import make
from tests.conftest import NOON, Clock


class Two:
    """Bob and Dana as a pair."""

    def __init__(self, clock: Clock) -> None:
        self.at = at = make.setting()
        self.clock = clock
        alice = make.person(at, "Alice Ashford", role="instructor")
        self.bob = make.enrolment(at, make.person(at, "Bob Birchwood"), role="mentor")
        self.dana = make.enrolment(at, make.person(at, "Dana Dewdrop"), role="mentee")
        self.pair = make.pair(at, self.bob, self.dana, by=alice)

    def doer(self, who: int) -> Doer:
        return Doer(pair_id=self.pair, by=who, now=self.clock.now, today=self.clock.now.date())

    def save(self, who: int, words: str, *, seen: int) -> None:
        agreement.save(self.pair, {"meeting": words}, by=who, seen=seen, signs=True, now=self.clock.now)


@pytest.fixture
def two(app: Flask, clock: Clock) -> Two:
    return Two(clock)


def words(outcome: str = "Hand in on time", milestones: tuple[str, ...] = ("An outline", "A first page")) -> GoalTerms:
    by_on = NOON.date() + timedelta(days=40)
    return GoalTerms(outcome=outcome, measure="It is in", by_on=by_on, milestones=milestones)


def at_once(app: Flask, *steps: Callable[[], object]) -> list[str]:
    """Do all of it at the same moment, each in a session of its own; the faults that came of it, by name."""
    barrier, faults = threading.Barrier(len(steps)), []

    def run(step: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                step()
            except (ChangedMeanwhile, RuleBroken) as fault:
                faults.append(type(fault).__name__)

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    db.session.expire_all()
    return faults


def test_of_two_who_save_at_once_one_is_told_and_none_is_overwritten(app: Flask, two: Two) -> None:
    faults = at_once(app, lambda: two.save(two.bob, "Mondays", seen=0), lambda: two.save(two.dana, "Tuesdays", seen=0))

    (row,) = agreements_of(two.pair)
    version = version_of(row)
    assert faults == ["ChangedMeanwhile"]
    assert version
    assert version.signed_by == {version.written_by}


def test_two_who_sign_at_once_have_both_signed_once(app: Flask, two: Two) -> None:
    agreement.save(two.pair, {"meeting": "Mondays"}, by=two.bob, seen=0, signs=False, now=NOON)

    faults = at_once(
        app,
        *(lambda who=who: agreement.sign(two.pair, by=who, seen=1, now=NOON) for who in (two.bob, two.dana, two.dana)),
    )

    version = version_of(newest_agreement(two.pair))
    assert faults == []
    assert version
    assert version.signed_by == {two.bob, two.dana}


def test_a_goal_that_is_answered_and_changed_at_once_is_one_or_the_other(app: Flask, two: Two) -> None:
    goal = goals.begin(two.doer(two.dana), words(), once="1")

    faults = at_once(
        app,
        lambda: goals.accept(two.doer(two.bob), goal, seen=1),
        lambda: goals.suggest(two.doer(two.dana), goal, words("Hand in early"), seen=1),
    )

    states = [one.state for one in changes_of([goal])[goal]]
    row = find_goal(two.pair, goal)
    assert row
    assert faults == ["ChangedMeanwhile"]
    assert (row.state, states) in [
        (GoalState.AGREED, [ChangeState.AGREED]),
        (GoalState.PROPOSED, [ChangeState.TAKEN_BACK, ChangeState.OPEN]),
    ]


def test_a_form_that_is_sent_twice_at_once_makes_one_goal_and_one_task(app: Flask, two: Two) -> None:
    task = TaskTerms(text="Find the rubric", owner=None, due_on=None)
    begin = [lambda: goals.begin(two.doer(two.dana), words(), once="same")] * 2
    add = [lambda: tasks.add(two.pair, task, by=two.dana, once="same", now=NOON)] * 2

    faults = at_once(app, *begin, *add)

    assert faults == []
    assert len(goals_of(two.pair)) == 1
    assert len(all_tasks(two.pair)) == 1


def test_the_last_free_place_on_the_list_is_taken_once(app: Flask, two: Two) -> None:
    def add(number: int) -> None:
        task = TaskTerms(text=f"Task {number}", owner=None, due_on=None)
        tasks.add(two.pair, task, by=two.bob, once=str(number), now=NOON)

    for number in range(MOST_OPEN - 1):
        add(number)

    faults = at_once(app, lambda: add(98), lambda: add(99))

    assert faults == ["RuleBroken"]
    assert len(open_tasks(two.pair)) == MOST_OPEN


def test_two_who_note_how_sure_they_feel_at_once_both_have(app: Flask, two: Two) -> None:
    goal = goals.begin(two.doer(two.dana), words(), once="1")
    goals.accept(two.doer(two.bob), goal, seen=1)

    faults = at_once(
        app,
        lambda: goals.say_confidence(two.doer(two.dana), goal, 3),
        lambda: goals.say_confidence(two.doer(two.dana), goal, 3),
        lambda: goals.say_confidence(two.doer(two.bob), goal, 8),
    )

    assert faults == []
    assert {(one.who, one.value) for one in readings_of([goal])[goal]} == {(two.dana, 3), (two.bob, 8)}
    assert len(readings_of([goal])[goal]) == 2


def test_steps_that_are_done_stay_done_when_a_goal_is_reworded(two: Two, clock: Clock) -> None:
    goal = goals.begin(two.doer(two.dana), words(), once="1")
    goals.accept(two.doer(two.bob), goal, seen=1)
    goals.tick(two.doer(two.dana), goal, milestones_of([goal])[goal][0].id, is_done=True)

    goals.suggest(two.doer(two.bob), goal, words(milestones=("A plan", "An outline")), seen=2)
    goals.accept(two.doer(two.dana), goal, seen=3)

    steps = [(one.text, one.done_by) for one in milestones_of([goal])[goal]]
    assert steps == [("A plan", None), ("An outline", two.dana)]


def test_who_reached_a_goal_is_forgotten_when_it_is_opened_again(two: Two, clock: Clock) -> None:
    goal = goals.begin(two.doer(two.dana), words(), once="1")
    goals.accept(two.doer(two.bob), goal, seen=1)

    goals.close(two.doer(two.bob), goal, GoalState.REACHED, seen=2)
    reached = find_goal(two.pair, goal)
    by, at = (reached.closed_by, reached.closed_at) if reached else (None, None)
    goals.reopen(two.doer(two.dana), goal, seen=3)

    row = find_goal(two.pair, goal)
    assert row
    assert (by, at) == (two.bob, clock.now)
    assert (row.state, row.closed_by, row.closed_at) == (GoalState.AGREED, None, None)


def test_a_task_keeps_when_it_was_done_and_comes_back_as_it_was(two: Two, clock: Clock) -> None:
    task = TaskTerms(text="Find the rubric", owner=two.bob, due_on=None)
    tasks.add(two.pair, task, by=two.dana, once="1", now=NOON)
    number = all_tasks(two.pair)[0].id
    tasks.move(two.pair, number, TaskState.DONE, by=two.bob, was=TaskState.TO_DO, now=NOON)
    later = clock.advance(days=1)

    tasks.remove(two.pair, number, by=two.dana, seen=1, now=later)
    removed = [row.id for row in removed_tasks(two.pair)]
    tasks.put_back(two.pair, number, by=two.bob, now=later)

    (row,) = all_tasks(two.pair)
    assert removed == [number]
    assert (row.state, row.done_at, row.changed_by) == (TaskState.DONE, NOON, two.bob)


@pytest.mark.parametrize("change", ["paused", "ended", "stopped", "left"])
def test_nothing_is_written_in_a_pair_that_is_closed_or_by_who_has_left_it(two: Two, change: str) -> None:
    task = TaskTerms(text="Find the rubric", owner=None, due_on=None)
    with transaction() as session:
        pair = session.get_one(Pair, two.pair)
        if change == "left":
            session.query(PairMember).filter_by(enrolment_id=two.dana).one().left_at = NOON
        elif change == "stopped":
            pair.contact_stopped_at = NOON
        else:
            pair.state = change

    for step in (
        lambda: two.save(two.dana, "Mondays", seen=0),
        lambda: goals.begin(two.doer(two.dana), words(), once="1"),
        lambda: tasks.add(two.pair, task, by=two.dana, once="1", now=NOON),
    ):
        with pytest.raises(RuleBroken, match="Nothing can be written"):
            step()


def test_a_registrations_removal_takes_agreements_goals_and_tasks_along(two: Two) -> None:
    make.plan(two.pair, two.dana)
    agreement.sign(two.pair, by=two.bob, seen=1, now=NOON)

    with transaction():
        delete_registration(1)

    assert (agreements_of(two.pair), goals_of(two.pair), list(all_tasks(two.pair))) == ([], [], [])


def test_staff_count_what_is_signed_and_agreed_and_find_a_pair_by_name(two: Two) -> None:
    goals.accept(two.doer(two.bob), goals.begin(two.doer(two.dana), words(), once="1"), seen=1)
    nothing = plans_of([two.pair])[two.pair]
    make.plan(two.pair, two.dana)
    half = plans_of([two.pair])[two.pair]
    agreement.sign(two.pair, by=two.bob, seen=1, now=NOON)
    goals.close(two.doer(two.bob), 1, GoalState.REACHED, seen=2)
    whole = plans_of([two.pair])[two.pair]

    assert (nothing.agreement, nothing.goals) == (AgreementState.NOT_WRITTEN, 1)
    assert (half.agreement, half.signed_by, half.members) == (AgreementState.TO_SIGN, 1, 2)
    assert (whole.agreement, whole.last_signed_at) == (AgreementState.SIGNED, NOON)
    assert (whole.goals, whole.goals_reached) == (0, 1)
    ((pair, people),), total = pair_page(two.at.programme_id, words="dana dew")
    assert (pair.id, [one.name for one in people], total) == (two.pair, ["Bob Birchwood", "Dana Dewdrop"], 1)
    assert pair_page(two.at.programme_id, words="bob dewdrop") == ([], 0)
    assert plans_of([]) == {}


def test_erasing_somebody_takes_back_what_they_suggested_and_leaves_the_others_words(two: Two) -> None:
    make.plan(two.pair, two.dana)
    goals.suggest(two.doer(two.bob), 1, words("Bob's words"), seen=1)
    goals.begin(two.doer(two.dana), words("Dana's words"), once="2")

    with transaction() as session:
        make_nameless(session.get_one(Enrolment, two.dana).person_id, "erased-1")

    changes = changes_of([1, 2])
    assert [(one.state, one.terms.get("outcome")) for one in changes[1]] == [
        (ChangeState.COUNTERED, None),
        (ChangeState.OPEN, "Bob's words"),
    ]
    assert [(one.state, one.terms) for one in changes[2]] == [(ChangeState.TAKEN_BACK, {})]
    assert [row.state for row in goals_of(two.pair)] == [GoalState.PROPOSED, GoalState.DROPPED]
    assert [row.terms for row in agreements_of(two.pair)] == [{}]
