"""create_demo_lms: the one place where the parts of the demo LMS meet."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from lti_tool.demo_lms import (
    admin,
    by_hand,
    deep_linking,
    gradebook,
    grades,
    groups,
    managing,
    messages,
    names_roles,
    notices,
    oidc,
    pages,
    registration,
    scores,
    serving,
    storage,
    tokens,
    visitor,
)
from lti_tool.demo_lms.dialects import DIALECTS, OWN
from lti_tool.demo_lms.people import invent
from lti_tool.demo_lms.state import Campus, campus


def create_demo_lms(
    *,
    url: str,
    page_size: int | None = None,
    students: int = 40,
    latency_ms: int = 0,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    faults: bool = False,
    dialect: str = OWN.key,
) -> Flask:
    """Answer a demo LMS that is reached at `url`; its state is `app.extensions["demo_lms"]`.

    Shape: `page_size` is in place of the dialect's own page sizes.
    """
    app = Flask("lti_tool.demo_lms")
    spoken = DIALECTS[dialect]
    college = invent(
        students,
        subject_form=spoken.launch.subject_form,
        numeric_ids=spoken.launch.numeric_ids,
        two_tenants=spoken.registration.has_two_tenants,
    )
    lms = Campus(url=url.rstrip("/"), college=college, page_size=page_size, clock=clock, dialect=spoken)
    app.extensions["demo_lms"] = lms
    app.secret_key = secrets.token_bytes(32)
    app.config.update(
        # Cookies know no ports: the name keeps apart from a tool on the same host.
        SESSION_COOKIE_NAME="demo_lms_session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=urlsplit(url).scheme == "https",
        MAX_CONTENT_LENGTH=1 << 20,
    )
    for part in _PARTS:
        app.register_blueprint(part.blueprint)
    app.add_url_rule("/courses/<key>/gradebook.json", "gradebook_json", gradebook.table_json)
    app.add_url_rule("/healthz", "healthz", lambda: jsonify(status="ok"))
    serving.install(app, latency_ms=latency_ms)
    _dress_pages(app)
    if faults:
        app.add_url_rule("/demo/faults", "faults", serving.ask_for_fault, methods=["POST"])
    return app


def _dress_pages(app: Flask) -> None:
    """Give every page its safety headers, and every error a page or JSON of ours."""

    @app.context_processor
    def people() -> dict[str, object]:
        return {"me": visitor.visitor(), "lms": campus()}

    @app.after_request
    def protect(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", _POLICY)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        if request.endpoint != "static":
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    @app.errorhandler(HTTPException)
    def explain(fault: HTTPException) -> ResponseReturnValue:
        if fault.response is not None:
            return fault.get_response()
        if serving.areas():
            return tokens.json_problem(fault.code or 500, fault.name, fault.description or "")
        return visitor.problem(fault.code or 500, fault.description or fault.name)


_PARTS = (
    oidc,
    tokens,
    names_roles,
    grades,
    scores,
    groups,
    notices,
    registration,
    managing,
    by_hand,
    pages,
    deep_linking,
    messages,
    gradebook,
    storage,
    admin,
)
# The tool is shown in frames of these pages; forms may go to tools, so form-action stays open.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; frame-src http: https:; "
    "frame-ancestors 'self'; base-uri 'none'; object-src 'none'"
)
