"""Promises of what waits: each thing for the person who can do it, on its day, in words that give nothing away."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring import goals
from lti_tool.mentoring.agreement import Version
from lti_tool.mentoring.goals import Goal, GoalState, GoalTerms
from lti_tool.mentoring.plan import GoalAtHand, Plan, TaskAtHand, waiting

BOB, DANA, ERIN = 1, 2, 3
TODAY = date(2026, 10, 23)
NEW_YORK = ZoneInfo("America/New_York")
TERMS = GoalTerms(outcome="SECRET", measure="SECRET", by_on=TODAY + timedelta(days=40), milestones=("SECRET",))
SIGNED = Version(number=1, terms={"meeting": "SECRET"}, written_by=BOB, signed_by=frozenset({BOB, DANA}))
AGREED = Goal(state=GoalState.AGREED, version=2, terms=TERMS)


def plan(**changes: Any) -> Plan:
    values: dict[str, Any] = {"who": DANA, "members": [BOB, DANA], "agreement": SIGNED, "goals": [], "tasks": []}
    return Plan(**(values | changes))


def at_hand(goal: Goal, *given_on: date, number: int = 7) -> GoalAtHand:
    return GoalAtHand(number=number, goal=goal, agreed_on=TODAY, given_on=given_on)


def kinds(found: Plan, today: date = TODAY) -> list[str]:
    return [due.kind for due in waiting(found, today=today, zone=NEW_YORK)]


def test_an_agreement_waits_to_be_written_then_for_each_signature() -> None:
    by_bob = replace(SIGNED, signed_by=frozenset({BOB}))

    assert kinds(plan(agreement=None)) == ["agreement"]
    assert kinds(plan(agreement=by_bob)) == ["agreement"]
    assert kinds(plan(agreement=by_bob, who=BOB)) == []
    assert kinds(plan(agreement=SIGNED, members=[BOB, DANA, ERIN], who=ERIN)) == ["agreement"]


def test_a_goal_is_asked_for_once_the_agreement_is_signed_and_again_when_one_is_reached() -> None:
    reached = at_hand(replace(AGREED, state=GoalState.REACHED))

    assert kinds(plan()) == ["goal"]
    assert kinds(plan(goals=[reached])) == ["goal"]
    assert kinds(plan(goals=[at_hand(AGREED, TODAY)])) == []


def test_a_suggestion_waits_for_everybody_but_its_writer() -> None:
    suggested = at_hand(goals.begin(TERMS, by=BOB, live_goals=0))

    (due,) = waiting(plan(goals=[suggested]), today=TODAY, zone=NEW_YORK)

    assert (due.kind, due.place, due.number) == ("goal_answer", "goal", 7)
    assert kinds(plan(goals=[suggested], who=BOB)) == []


def test_a_task_is_due_from_the_day_before_to_the_end_of_its_day_where_the_person_is() -> None:
    over_the_change = TaskAtHand(owner=DANA, due_on=date(2026, 11, 1))  # New York's clocks go back on that night
    found = plan(goals=[at_hand(AGREED, TODAY)], tasks=[over_the_change])

    (due,) = waiting(found, today=date(2026, 10, 31), zone=NEW_YORK)

    assert due.due_at == datetime(2026, 11, 2, 4, 59, tzinfo=UTC)
    assert kinds(found, date(2026, 10, 30)) == []
    assert "task" in kinds(found, date(2026, 11, 20))


def test_a_task_waits_for_whoever_does_it() -> None:
    tasks = [
        TaskAtHand(owner=BOB, due_on=TODAY),
        TaskAtHand(owner=None, due_on=TODAY),
        TaskAtHand(owner=DANA, due_on=None),
    ]

    assert kinds(plan(goals=[at_hand(AGREED, TODAY)], tasks=tasks)) == ["task"]


@given(
    who=st.sampled_from([BOB, DANA]),
    signed=st.sets(st.sampled_from([BOB, DANA])),
    state=st.sampled_from([GoalState.AGREED, GoalState.REACHED, GoalState.SET_ASIDE]),
    days=st.integers(0, 120),
)
def test_no_reason_gives_away_what_anybody_wrote(who: int, signed: set[int], state: GoalState, days: int) -> None:
    suggested = goals.begin(TERMS, by=BOB, live_goals=0)
    found = plan(
        who=who,
        agreement=replace(SIGNED, signed_by=frozenset(signed)),
        goals=[at_hand(replace(AGREED, state=state)), at_hand(suggested, number=8)],
        tasks=[TaskAtHand(owner=None, due_on=TODAY)],
    )

    for due in waiting(found, today=TODAY + timedelta(days=days), zone=NEW_YORK):
        assert "SECRET" not in due.reason.text % due.reason.values
        assert due.place in {"agreement", "goal", "goals", "tasks"}
        assert (due.number is not None) == (due.place == "goal")
