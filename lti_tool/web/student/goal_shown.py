"""A goal of a pair with everything that its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from lti_tool.mentoring.confidence import Line, Reading, lines
from lti_tool.mentoring.goals import Goal
from lti_tool.store.goals import (
    GoalChange,
    GoalRow,
    Milestone,
    changes_of,
    goal_from,
    milestones_of,
    open_change,
    readings_of,
    terms_from_json,
)

MOST_READINGS = 60  # of how sure people felt, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A goal with everything that stands on its page."""

    row: GoalRow
    goal: Goal
    changes: Sequence[GoalChange]
    milestones: Sequence[Milestone]
    readings: Sequence[Reading]

    @property
    def waiting(self) -> GoalChange | None:
        """The suggestion that waits for an answer."""
        return open_change(self.changes)

    @property
    def title(self) -> str:
        """What the goal is called: its outcome, in the newest words there are."""
        words = [terms for one in self.changes if (terms := terms_from_json(one.terms))]
        current = self.goal.terms or (words[-1] if words else None)
        return current.outcome if current else str(_("A goal whose words were removed"))

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(1 for one in self.milestones if one.done_at)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The drawing of how sure people feel."""
        return lines(self.readings)


def shown_goals(rows: Sequence[GoalRow]) -> list[Shown]:
    """These goals, with what their pages show."""
    ids = [row.id for row in rows]
    changes, steps, readings = changes_of(ids), milestones_of(ids), readings_of(ids)
    return [
        Shown(
            row=row,
            goal=goal_from(row, changes[row.id]),
            changes=changes[row.id],
            milestones=steps[row.id],
            readings=readings[row.id][-MOST_READINGS:],
        )
        for row in rows
    ]
