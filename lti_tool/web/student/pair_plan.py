"""What a pair agreed on, works towards and does next: what of it waits for somebody, and the panel on the pair's page.

Also what the three pages of it share: names, days, and how a click is answered.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.goals import Doer
from lti_tool.mentoring.agreement import state_of
from lti_tool.mentoring.confidence import Reading
from lti_tool.mentoring.goals import LIVE
from lti_tool.mentoring.plan import GoalAtHand, Plan, TaskAtHand, waiting
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.workspace import Due
from lti_tool.mentoring.zones import zone_named
from lti_tool.store.agreement import newest_agreement, version_of
from lti_tool.store.goals import (
    GoalChange,
    GoalRow,
    changes_of,
    goal_from,
    goals_of,
    milestones_of,
    readings_of,
)
from lti_tool.store.pairs import members_of
from lti_tool.store.tasks import open_tasks
from lti_tool.web.student.pair import OwnPair, here_in, refused
from lti_tool.web.text import person_name, sentence
from lti_tool.web.visitor import now

P = ParamSpec("P")
R = TypeVar("R")

TASKS_ON_PANEL = 3


def zone_of(own: OwnPair) -> ZoneInfo:
    """The reader's own time zone."""
    return zone_named(own.enrolment.time_zone) or ZoneInfo("UTC")


def today_of(own: OwnPair, at: datetime) -> date:
    """The day that it is where the reader is."""
    return at.astimezone(zone_of(own)).date()


def names_in(own: OwnPair) -> dict[int, str]:
    """Everybody who is or was in the pair, by enrolment."""
    return {one.enrolment.id: person_name(one.person) for one in members_of(own.pair.id, with_left=True)}


def member_ids(own: OwnPair) -> list[int]:
    """Everybody who is in the pair now."""
    return [one.enrolment.id for one in own.everybody]


def doer(own: OwnPair) -> Doer:
    """The reader, as somebody who does something now."""
    at = now()
    return Doer(pair_id=own.pair.id, by=own.enrolment.id, now=at, today=today_of(own, at))


def writing(view: Callable[Concatenate[OwnPair, P], Response | R]) -> Callable[..., Response | R]:
    """A page on which something is written: it is given the reader's pair, and refused while that is closed."""

    @wraps(view)
    def guarded(pair_id: int, *values: P.args, **named: P.kwargs) -> Response | R:
        own = here_in(pair_id)
        return refused(own) or view(own, *values, **named)

    return guarded


def tried(step: Callable[[], object], said: str) -> None:
    """Do what was clicked, and say on the next page that it is done, or why it is not."""
    try:
        step()
    except RuleBroken as broken:
        flash(sentence(broken.sentence), "warning")
    except ChangedMeanwhile:
        flash(
            _("Somebody else was a moment faster, so nothing was changed. Please look at how it stands now."), "warning"
        )
    else:
        flash(said, "success")


def back_to(endpoint: str, **values: Any) -> Response:
    """Go on to one of the pair's pages."""
    return redirect(url_for(endpoint, **values), 303)


def dues(own: OwnPair, at: datetime) -> list[Due]:
    """What waits for the reader: an agreement to write or sign, suggestions to answer, confidence, tasks with a day."""
    return waiting(_plan(own), today=today_of(own, at), zone=zone_of(own))


def panel(own: OwnPair, _at: datetime) -> dict[str, Any]:
    """How far agreement, goals and tasks are."""
    version = version_of(newest_agreement(own.pair.id))
    rows = [row for row in goals_of(own.pair.id) if row.state in LIVE]
    ids = [row.id for row in rows]
    changes, steps = changes_of(ids), milestones_of(ids)
    goals = [(row, goal_from(row, changes[row.id]), steps[row.id]) for row in rows]
    tasks = open_tasks(own.pair.id)
    return {
        "state": state_of(version, member_ids(own)),
        "goals": [(row, goal.terms or goal.newest, goal, steps) for row, goal, steps in goals if goal.has_words],
        "tasks": tasks[:TASKS_ON_PANEL],
        "more_tasks": max(0, len(tasks) - TASKS_ON_PANEL),
        "names": names_in(own),
    }


def goal_at_hand(own: OwnPair, row: GoalRow, changes: Sequence[GoalChange], readings: Sequence[Reading]) -> GoalAtHand:
    """A stored goal as the rules ask about it for the reader."""
    given_on = [one.on for one in readings if one.who == own.enrolment.id]
    return GoalAtHand(number=row.id, goal=goal_from(row, changes), agreed_on=row.agreed_on, given_on=given_on)


def _plan(own: OwnPair) -> Plan:
    rows = goals_of(own.pair.id)
    ids = [row.id for row in rows]
    changes, readings = changes_of(ids), readings_of(ids)
    return Plan(
        who=own.enrolment.id,
        members=member_ids(own),
        agreement=version_of(newest_agreement(own.pair.id)),
        goals=[goal_at_hand(own, row, changes[row.id], readings[row.id]) for row in rows],
        tasks=[TaskAtHand(owner=row.owner_id, due_on=row.due_on) for row in open_tasks(own.pair.id)],
    )
