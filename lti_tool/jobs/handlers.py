"""From an outbox row to the action that does it, and what becomes of the row afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from flask import Flask

from lti_tool.actions.edge import Edge
from lti_tool.actions.gradebook import COLUMN_KIND, SCORES_KIND, make_column, send_scores
from lti_tool.actions.matching import KIND as PROPOSE_KIND
from lti_tool.actions.matching import compute_proposal, give_up
from lti_tool.actions.roster import KIND as ROSTER_KIND
from lti_tool.actions.roster import sync_roster
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable
from lti_tool.store import outbox
from lti_tool.store.outbox import OutboxRow

LEASE_SECONDS = 120  # renewed by long work; a worker that died blocks a row for no longer

log = structlog.get_logger()


def work_off(app: Flask) -> int:
    """Do everything that is due; how many rows were worked on."""
    count = 0
    while True:
        with app.app_context():
            edge: Edge = app.extensions["edge"]
            row = outbox.claim(now=edge.clock(), lease_seconds=LEASE_SECONDS)
            if row is None:
                return count
            _work(row, edge)
        count += 1


def _work(row: OutboxRow, edge: Edge) -> None:
    log.info("outbox.start", row=row.id, kind=row.kind, attempt=row.attempts)
    try:
        HANDLERS[row.kind](row, edge)
    except PlatformUnavailable as fault:
        wait = timedelta(seconds=fault.retry_after_seconds) if fault.retry_after_seconds else None
        outbox.postpone(row, now=edge.clock(), wait=wait, error=str(fault))
    except PlatformRefused as refusal:
        outbox.bury(row, now=edge.clock(), error=str(refusal))
    except Exception as fault:  # the one place that outlives any fault: the row says what it was, and is tried again
        log.exception("outbox.fault", row=row.id, kind=row.kind)
        outbox.postpone(row, now=edge.clock(), wait=None, error=type(fault).__name__)
        if row.attempts >= outbox.LAST_TRY and row.kind == PROPOSE_KIND:
            give_up(row.payload["proposal_id"], problem=type(fault).__name__)
    else:
        outbox.finish(row, now=edge.clock())


def _keep(row: OutboxRow, edge: Edge) -> bool:
    return outbox.renew(row, until=edge.clock() + timedelta(seconds=LEASE_SECONDS))


def _roster(row: OutboxRow, edge: Edge) -> None:
    sync_roster(
        row.payload["course_id"],
        accept_shrink=row.payload["accept_shrink"],
        edge=edge,
        now=edge.clock(),
        still_ours=lambda: _keep(row, edge),
    )


def _propose(row: OutboxRow, edge: Edge) -> None:  # noqa: ARG001  # every handler has the same signature
    compute_proposal(row.payload["proposal_id"])


def _column(row: OutboxRow, edge: Edge) -> None:
    make_column(row.payload["programme_id"], edge=edge, now=edge.clock())


def _scores(row: OutboxRow, edge: Edge) -> None:
    send_scores(row.payload["programme_id"], edge=edge, still_ours=lambda: _keep(row, edge))


HANDLERS: dict[str, Callable[[OutboxRow, Edge], Any]] = {
    ROSTER_KIND: _roster,
    PROPOSE_KIND: _propose,
    COLUMN_KIND: _column,
    SCORES_KIND: _scores,
}
