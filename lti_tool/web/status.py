"""Is it well? `/readyz` for what starts and stops processes, `/metrics` for what draws curves, `/status` for people.

Source: the text format of Prometheus, version 0.0.4. None of them names an institution, a course or a person.
"""

import hmac
from collections.abc import Iterable
from datetime import timedelta

from flask import Blueprint, Response, abort, jsonify, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.store.health import due_by_kind, failing_by_kind, launches_since, score_counts_everywhere, work_counts
from lti_tool.store.rest import count_resting
from lti_tool.web.standing import Standing, standing
from lti_tool.web.visitor import config, now

blueprint = Blueprint("status", __name__)


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 while everything works; 503 with what does not."""
    try:
        here = standing(now())
    except SQLAlchemyError:
        return jsonify(status="not ready", database=False), 503
    answer = jsonify(
        status="ready" if here.is_ready else "not ready",
        database=True,
        migrations=here.is_up_to_date,
        oldest_work_seconds=here.waiting_seconds,
        worker=here.is_worker_alive,
    )
    return answer, 200 if here.is_ready else 503


@blueprint.get("/status")
def people() -> str:
    """The same for people, in a sentence."""
    here: Standing | None
    try:
        here = standing(now())
    except SQLAlchemyError:
        here = None
    return render_template("public/status.html", standing=here)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Numbers for Prometheus, for whoever brings the token."""
    token = str(config("METRICS_TOKEN"))
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token:
        abort(404)
    if not hmac.compare_digest(brought.encode(), token.encode()):
        abort(401)
    return Response("\n".join(_lines()) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _lines() -> Iterable[str]:
    at = now()
    here = standing(at)
    beat = (at - here.beat_at).total_seconds() if here.beat_at else -1
    yield from _gauge("ready", "1 while everything works", [("", int(here.is_ready))])
    yield from _gauge("oldest_work_seconds", "age of the oldest due work", [("", here.waiting_seconds)])
    yield from _gauge("worker_silent_seconds", "since the worker's last sign of life, -1 for never", [("", int(beat))])
    work = [(f'{{kind="{kind}",state="{state}"}}', count) for kind, state, count in work_counts()]
    yield from _gauge("work", "pieces of work in the outbox", work)
    ages = [
        (f'{{kind="{kind}"}}', int((at - since).total_seconds())) for kind, since in sorted(due_by_kind(at).items())
    ]
    yield from _gauge("oldest_work_of_kind_seconds", "age of the oldest due work of a kind", ages)
    failing = [(f'{{kind="{kind}"}}', count) for kind, count in sorted(failing_by_kind().items())]
    yield from _gauge("failing_work", "pieces of work that failed twice or more and are tried on", failing)
    yield from _gauge("resting_platforms", "LMSs that are left in peace for a while", [("", count_resting(at))])
    launches = launches_since(at - timedelta(hours=1))
    yield from _gauge("launches_last_hour", "launches that opened a visit", [("", launches)])
    scores = [(f'{{state="{state}"}}', count) for state, count in sorted(score_counts_everywhere().items())]
    yield from _gauge("scores", "scores by state", scores)


def _gauge(name: str, what: str, samples: Iterable[tuple[str, int]]) -> Iterable[str]:
    yield f"# HELP peer_mentoring_{name} {what}"
    yield f"# TYPE peer_mentoring_{name} gauge"
    for labels, value in samples:
        yield f"peer_mentoring_{name}{labels} {value}"
