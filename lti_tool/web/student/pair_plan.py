"""What a pair agreed on, works towards and does next: what of it waits for somebody, and the panel on the pair's page.

Also what the three pages of it share: names, days, and how a click is answered.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.goals import Doer
from lti_tool.mentoring.agreement import AgreementState, state_of
from lti_tool.mentoring.confidence import is_asked
from lti_tool.mentoring.goals import LIVE, GoalState
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.words import N_, Sentence
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
    open_change,
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
DAYS_AHEAD = 1  # a task is said to be due from the day before


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
    return [*_of_agreement(own), *_of_goals(own, at), *_of_tasks(own, at)]


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


def _of_agreement(own: OwnPair) -> Iterator[Due]:
    version = version_of(newest_agreement(own.pair.id))
    if version is None:
        words = N_("Write down together how you want to work: most of it is filled in already.")
    elif own.enrolment.id not in version.signed_by:
        words = N_("Your agreement waits for your signature.")
    else:
        return
    yield Due(kind="agreement", reason=Sentence(words), place="agreement")


def _of_goals(own: OwnPair, at: datetime) -> Iterator[Due]:
    rows = [row for row in goals_of(own.pair.id) if row.state in LIVE]
    if not rows:
        if state_of(version_of(newest_agreement(own.pair.id)), member_ids(own)) is AgreementState.SIGNED:
            words = Sentence(N_("Choose a first goal together. A small one is best."))
            yield Due(kind="goal", reason=words, place="goals")
        return
    changes, readings = changes_of([row.id for row in rows]), readings_of([row.id for row in rows])
    for row in rows:
        waiting = open_change(changes[row.id])
        if waiting and waiting.suggested_by != own.enrolment.id:
            words = Sentence(N_("A goal waits for your answer."))
            yield Due(kind="goal_answer", reason=words, place="goal", number=row.id)
        given = [one.on for one in readings[row.id] if one.who == own.enrolment.id]
        if is_confidence_asked(row, changes[row.id], given, today_of(own, at)):
            words = Sentence(N_("Say how sure you feel of a goal, from 0 to 10."))
            yield Due(kind="confidence", reason=words, place="goal", number=row.id)


def is_confidence_asked(row: GoalRow, changes: Sequence[GoalChange], given_on: Collection[date], today: date) -> bool:
    """Whether the reader has still to say how sure they feel of this goal."""
    terms = goal_from(row, changes).terms
    if row.state != GoalState.AGREED or terms is None or row.agreed_on is None:
        return False
    return is_asked(given_on, agreed_on=row.agreed_on, by_on=terms.by_on, today=today)


def _of_tasks(own: OwnPair, at: datetime) -> Iterator[Due]:
    today = today_of(own, at)
    for row in open_tasks(own.pair.id):
        is_own = row.owner_id in {None, own.enrolment.id}
        if is_own and row.due_on and (row.due_on - today).days <= DAYS_AHEAD:
            ends = datetime.combine(row.due_on, time(23, 59), tzinfo=zone_of(own)).astimezone(UTC)
            words = Sentence(N_("A task is due on %(day)s."), {"day": row.due_on})
            yield Due(kind="task", reason=words, place="tasks", due_at=ends)
