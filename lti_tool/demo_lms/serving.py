"""What happens around every service request of a tool: its latency, the fault asked for, a line on the admin page."""

import socket
import time
from typing import cast

from flask import Flask, Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.faults import AREAS, Fault
from lti_tool.demo_lms.records import ServedRequest
from lti_tool.demo_lms.state import campus
from lti_tool.demo_lms.throttle import admitted, settle
from lti_tool.demo_lms.tokens import bearer_client

_AREAS = {
    "tokens": ("token",),
    "names_roles": ("nrps",),
    "grades": ("ags",),
    "scores": ("ags",),
    "scores.post_score": ("ags", "scores"),
    "groups": ("groups",),
    "notices": ("notices",),
    "oidc.keys": ("jwks",),
    "registration": ("registration",),
}


def areas() -> tuple[str, ...]:
    """Answer the areas that the request belongs to; none for a page."""
    return _AREAS.get(request.endpoint or "") or _AREAS.get(request.blueprint or "", ())


def install(app: Flask, *, latency_ms: int) -> None:
    """Stand around every service request."""

    @app.before_request
    def meet() -> Response | None:
        if not areas():
            return None
        g.client = bearer_client()
        if refusal := admitted(campus(), g.client):
            g.client = ""
            return refusal
        time.sleep(latency_ms / 1000)
        fault = campus().faults.take(areas())
        g.loses_answer = bool(fault and fault.loses_answer)
        return Response(fault.body, fault.status, dict(fault.headers)) if fault and not fault.loses_answer else None

    @app.after_request
    def note(answer: Response) -> Response:
        if not areas():
            return answer
        lms = campus()
        settle(lms, g.get("client", ""), answer)
        lms.served.append(
            ServedRequest(at=lms.now(), method=request.method, path=request.path, status=answer.status_code)
        )
        return _lost() if g.get("loses_answer") else answer


def ask_for_fault() -> ResponseReturnValue:
    """Switch a fault on from a script: JSON with area, status or loses_answer, count, retry_after; or clear."""
    asked = request.get_json()
    if asked.get("clear"):
        campus().faults.clear()
        return "", 204
    if asked.get("area") not in AREAS:
        return jsonify(error=f"area must be one of {', '.join(AREAS)}"), 400
    headers = {"Retry-After": str(asked["retry_after"])} if "retry_after" in asked else {}
    loses_answer = bool(asked.get("loses_answer"))
    fault = Fault(area=asked["area"], status=int(asked.get("status", 500)), headers=headers, loses_answer=loses_answer)
    campus().faults.add(fault, count=int(asked.get("count", 1)))
    return "", 204


def _lost() -> Response:
    """Cut the connection after the work is done; where the server gives no socket, answer as a broken proxy would."""
    connection = request.environ.get("gunicorn.socket") or request.environ.get("werkzeug.socket")
    if connection is not None:
        cast(socket.socket, connection).shutdown(socket.SHUT_RDWR)
    return Response("", 502)
