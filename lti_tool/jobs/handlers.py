"""From an outbox row to the action that does it, and what becomes of the row afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from flask import Flask, current_app

from lti_tool.actions import (
    announcements,
    comparing,
    gradebook,
    gradebook_columns,
    matching,
    notices,
    nudges,
    nudging,
    participation,
    release_for_many,
    roster,
    scenarios,
    scores,
)
from lti_tool.actions.edge import Edge
from lti_tool.actions.mail import MailUnavailable
from lti_tool.jobs import letters, pair_letters
from lti_tool.jobs.crew import Crew, Turn
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ScoresNotTaken
from lti_tool.mentoring.words import N_
from lti_tool.store import long_releases, outbox, rest
from lti_tool.store.outbox import OutboxRow

NO_ANSWER = N_("The LMS has not answered for a day. Nothing was lost. Try again once it works.")
FAULT = N_("The tool met a fault that it did not expect. Nothing was lost. It has been written to the log.")

SWEPT_EVERY_SECONDS = 60  # by the queue: what is due later is found then
CREW = "crew"  # the key in app.extensions: the threads of this process

log = structlog.get_logger()


def work_off(app: Flask) -> int:
    """Do everything that is due; how many rows were worked on."""
    crew = _crew(app)
    count = 0
    while True:
        with app.app_context():
            edge: Edge = app.extensions["edge"]
            with crew.turn(clock=edge.clock, lease_seconds=app.config["LEASE_SECONDS"]) as turn:
                if turn is None:
                    return count
                _work(turn, edge)
        count += 1


def _crew(app: Flask) -> Crew:
    crew: Crew = app.extensions.setdefault(CREW, Crew())
    return crew


def _work(turn: Turn, edge: Edge) -> None:
    row = turn.row
    log.info("outbox.start", row=row.id, kind=row.kind, attempt=row.attempts)
    if row.attempts > outbox.LAST_TRY:  # every worker that took it died of it
        outbox.bury(row, now=edge.clock(), error="the worker was lost")
        _tell(row, FAULT)
        return
    try:
        HANDLERS[row.kind](row, replace(edge, on_answer=turn.heard))
    except (PlatformUnavailable, MailUnavailable) as fault:
        rests_until, problem = None, NO_ANSWER
        if isinstance(fault, PlatformUnavailable):
            rests_until, problem = _leave_alone(turn, fault, edge), fault.explanation or NO_ANSWER
        error = _kept(fault) if isinstance(fault, ScoresNotTaken) else str(fault)
        _postpone(row, edge, fault.retry_after_seconds, error=error, problem=problem, rests_until=rests_until)
    except PlatformRefused as refusal:
        _note_answer(turn)
        outbox.bury(row, now=edge.clock(), error=str(refusal))
        _tell(row, refusal.explanation)
    except Exception as fault:  # the one place that outlives any fault: the row says what it was, and is tried again
        log.exception("outbox.fault", row=row.id, kind=row.kind)
        _postpone(row, edge, None, error=type(fault).__name__, problem=FAULT)
    else:
        _end(turn, edge)


def _kept(fault: ScoresNotTaken) -> str:
    return f"{outbox.SOME_LEFT}: {fault.fault.value}" if fault.fault else outbox.SOME_LEFT


def _end(turn: Turn, edge: Edge) -> None:
    """Nothing failed: it is done, unless it stopped half-way to let others go first."""
    if turn.is_cut_short:
        outbox.hand_back(turn.row, now=edge.clock())
    else:
        outbox.finish(turn.row, now=edge.clock())
    _note_answer(turn)


def _note_answer(turn: Turn) -> None:
    """Work that was over before the LMS was asked says nothing about it."""
    if turn.has_heard and turn.row.registration_id is not None:
        rest.note_answer(turn.row.registration_id)


def _leave_alone(turn: Turn, fault: PlatformUnavailable, edge: Edge) -> datetime | None:
    """The LMS failed: other work for it waits too, unless it took something during this very turn, or fails only for
    some people's scores."""
    number = turn.row.registration_id
    if number is None:
        return None
    has_throttled = fault.status in {403, 429}
    if turn.has_progressed or isinstance(fault, ScoresNotTaken):
        rest.note_answer(number)
        if not has_throttled and fault.retry_after_seconds is None:
            return None
    asked = timedelta(seconds=fault.retry_after_seconds) if fault.retry_after_seconds is not None else None
    return rest.note_fault(number, now=edge.clock(), asked=asked, has_throttled=has_throttled)


def _postpone(
    row: OutboxRow,
    edge: Edge,
    wait_seconds: float | None,
    *,
    error: str,
    problem: str,
    rests_until: datetime | None = None,
) -> None:
    wait = timedelta(seconds=wait_seconds) if wait_seconds else None
    now = edge.clock()
    due_at = outbox.postpone(row, now=now, wait=wait, error=error)
    if outbox.is_last_try(row):
        _tell(row, problem)
    pauses = [(at - now).total_seconds() for at in (due_at, rests_until) if at is not None]
    if pauses and max(pauses) < SWEPT_EVERY_SECONDS:
        current_app.extensions["queue"].wake_in(max(pauses))


def _tell(row: OutboxRow, problem: str) -> None:
    """Nobody tries again by itself: whoever looks at the page must read so."""
    if row.kind in GIVE_UP:
        GIVE_UP[row.kind](row, problem)


def _keep(row: OutboxRow, *, has_progressed: bool = False, gives_way: bool = False) -> bool:
    return _crew(current_app).turn_of(row).goes_on(has_progressed=has_progressed, gives_way=gives_way)


def _roster(row: OutboxRow, edge: Edge) -> None:
    roster.sync_roster(
        row.payload["course_id"],
        accept_shrink=row.payload["accept_shrink"],
        edge=edge,
        now=edge.clock(),
        still_ours=lambda: _keep(row),
    )


def _propose(row: OutboxRow, edge: Edge) -> None:
    matching.compute_proposal(row.payload["proposal_id"], now=edge.clock())


def _column(row: OutboxRow, edge: Edge) -> None:
    gradebook_columns.make_column(
        row.payload["programme_id"], edge=edge, now=edge.clock(), still_ours=partial(_keep, row)
    )


def _scores(row: OutboxRow, edge: Edge) -> None:
    scores.send_scores(row.payload["programme_id"], edge=edge, still_ours=partial(_keep, row))


def _compare(row: OutboxRow, edge: Edge) -> None:
    comparing.compare_scores(row.payload["programme_id"], edge=edge, still_ours=partial(_keep, row))


def _release(row: OutboxRow, edge: Edge) -> None:
    release_for_many.go_on(row, edge=edge, still_ours=partial(_keep, row))


def _points(_row: OutboxRow, edge: Edge) -> None:
    participation.count_what_time_changed(now=edge.clock())


def _stop_release(row: OutboxRow, problem: str) -> None:
    edge: Edge = current_app.extensions["edge"]
    release_for_many.give_up(row, problem, now=edge.clock())


def _notices(row: OutboxRow, edge: Edge) -> None:
    notices.subscribe_to_notices(row.payload["deployment"], edge=edge, now=edge.clock())


def _announcement(row: OutboxRow, edge: Edge) -> None:
    announcements.post_to_channel(row.payload["announcement_id"], edge=edge, now=edge.clock())


HANDLERS: dict[str, Callable[[OutboxRow, Edge], Any]] = {
    roster.KIND: _roster,
    scenarios.KIND: _propose,
    gradebook.COLUMN_KIND: _column,
    gradebook.SCORES_KIND: _scores,
    gradebook.COMPARE_KIND: _compare,
    long_releases.KIND: _release,
    participation.KIND: _points,
    notices.KIND: _notices,
    nudges.KIND: letters.send_letter,
    announcements.KIND: _announcement,
    nudging.KIND: pair_letters.send_letter,
}
GIVE_UP: dict[str, Callable[[OutboxRow, str], None]] = {
    roster.KIND: lambda row, problem: roster.give_up(row.payload["course_id"], problem=problem),
    scenarios.KIND: lambda row, problem: matching.give_up(row.payload["proposal_id"], problem=problem),
    gradebook.COLUMN_KIND: lambda row, problem: gradebook.give_up_column(row.payload["programme_id"], problem=problem),
    gradebook.SCORES_KIND: lambda row, problem: gradebook.give_up_scores(row.payload["programme_id"], problem=problem),
    long_releases.KIND: _stop_release,
    nudges.KIND: letters.give_up,
    announcements.KIND: lambda row, _problem: announcements.give_up(row.payload["announcement_id"]),
    nudging.KIND: letters.give_up,
}
