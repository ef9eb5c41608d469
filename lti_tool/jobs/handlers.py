"""From an outbox row to the action that does it, and what becomes of the row afterwards."""

from collections.abc import Callable
from datetime import timedelta
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
    roster,
    scenarios,
    scores,
)
from lti_tool.actions.edge import Edge
from lti_tool.actions.mail import MailUnavailable
from lti_tool.jobs import letters, pair_letters
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable
from lti_tool.mentoring.words import N_
from lti_tool.store import outbox
from lti_tool.store.outbox import OutboxRow

NO_ANSWER = N_("The LMS has not answered for a day. Nothing was lost. Try again once it works.")
FAULT = N_("The tool met a fault that it did not expect. Nothing was lost. It has been written to the log.")

log = structlog.get_logger()


def work_off(app: Flask) -> int:
    """Do everything that is due; how many rows were worked on."""
    count = 0
    while True:
        with app.app_context():
            edge: Edge = app.extensions["edge"]
            row = outbox.claim(now=edge.clock(), lease_seconds=app.config["LEASE_SECONDS"])
            if row is None:
                return count
            _work(row, edge)
        count += 1


def _work(row: OutboxRow, edge: Edge) -> None:
    log.info("outbox.start", row=row.id, kind=row.kind, attempt=row.attempts)
    if row.attempts > outbox.LAST_TRY:  # every worker that took it died of it
        outbox.bury(row, now=edge.clock(), error="the worker was lost")
        _tell(row, FAULT)
        return
    try:
        HANDLERS[row.kind](row, edge)
    except (PlatformUnavailable, MailUnavailable) as fault:
        _postpone(row, edge, fault.retry_after_seconds, error=str(fault), problem=NO_ANSWER)
    except PlatformRefused as refusal:
        outbox.bury(row, now=edge.clock(), error=str(refusal))
        _tell(row, refusal.explanation)
    except Exception as fault:  # the one place that outlives any fault: the row says what it was, and is tried again
        log.exception("outbox.fault", row=row.id, kind=row.kind)
        _postpone(row, edge, None, error=type(fault).__name__, problem=FAULT)
    else:
        outbox.finish(row, now=edge.clock())


def _postpone(row: OutboxRow, edge: Edge, wait_seconds: float | None, *, error: str, problem: str) -> None:
    wait = timedelta(seconds=wait_seconds) if wait_seconds else None
    outbox.postpone(row, now=edge.clock(), wait=wait, error=error)
    if outbox.is_last_try(row):
        _tell(row, problem)


def _tell(row: OutboxRow, problem: str) -> None:
    """Nobody tries again by itself: whoever looks at the page must read so."""
    if row.kind in GIVE_UP:
        GIVE_UP[row.kind](row, problem)


def _keep(row: OutboxRow, edge: Edge, *, has_progressed: bool = False) -> bool:
    until = edge.clock() + timedelta(seconds=current_app.config["LEASE_SECONDS"])
    return outbox.renew(row, until=until, has_progressed=has_progressed)


def _roster(row: OutboxRow, edge: Edge) -> None:
    roster.sync_roster(
        row.payload["course_id"],
        accept_shrink=row.payload["accept_shrink"],
        edge=edge,
        now=edge.clock(),
        still_ours=lambda: _keep(row, edge),
    )


def _propose(row: OutboxRow, edge: Edge) -> None:
    matching.compute_proposal(row.payload["proposal_id"], now=edge.clock())


def _column(row: OutboxRow, edge: Edge) -> None:
    gradebook_columns.make_column(row.payload["programme_id"], edge=edge, now=edge.clock())


def _scores(row: OutboxRow, edge: Edge) -> None:
    scores.send_scores(row.payload["programme_id"], edge=edge, still_ours=partial(_keep, row, edge))


def _compare(row: OutboxRow, edge: Edge) -> None:
    comparing.compare_scores(row.payload["programme_id"], edge=edge, still_ours=partial(_keep, row, edge))


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
    nudges.KIND: letters.give_up,
    announcements.KIND: lambda row, _problem: announcements.give_up(row.payload["announcement_id"]),
    nudging.KIND: letters.give_up,
}
