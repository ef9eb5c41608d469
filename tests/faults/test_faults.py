"""A small storm over each database; the whole one is `python -m tests.faults`."""

from pathlib import Path

import pytest

from tests.databases import Databases
from tests.faults.harness import Plan, run

PLANS = (
    Plan(database="postgresql", people=60, workers=2, kills=5, restarts=1, rate=0.2, seed=1),
    Plan(database="sqlite", people=60, workers=1, kills=3, restarts=0, rate=0.2, seed=2),
)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.database)
def test_whatever_breaks_each_grade_is_the_ledgers_or_the_teachers(
    plan: Plan, databases: Databases, tmp_path: Path
) -> None:
    said: list[str] = []

    outcome = run(plan, databases, tmp_path, said.append)

    assert not outcome.wrong, (outcome.figures, said)
    assert outcome.figures["faults of the LMS"]
    assert outcome.figures["workers killed"] >= plan.kills
