"""What a visit remembers, and which browser may open it: by the cookie of its path, or by a signed token.

A visit's cookie is sent for its own path only, so two courses in two tabs never mix. Where the browser keeps no cookie
inside the LMS's frame, links and forms carry a short-lived signed token instead (`t`), never logged or sent elsewhere.
What Flask calls the session (messages, the CSRF token) is kept with the visit on the server.
"""

import hmac
from copy import deepcopy
from typing import Any, TypeVar, cast

from flask import Flask, Request, Response, current_app, g
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import update

from lti_tool.actions.edge import Edge
from lti_tool.actions.launch import secret_hash
from lti_tool.store.admin import AdminVisit, find_admin_visit
from lti_tool.store.db import transaction
from lti_tool.store.errand import Errand, find_errand
from lti_tool.store.people import Visit, find_visit

TOKEN_SECONDS = 2 * 3600
Door = TypeVar("Door", Visit, Errand)


def _opened(request: Request, row: Door | None) -> Door | None:
    """The visit or errand of this path if the browser may open it; notes whether a token was needed."""
    if row is None:
        return None
    secret = request.cookies.get(cookie_name())
    if secret and hmac.compare_digest(secret_hash(secret), row.secret_hash):
        return row
    try:
        if tokens(type(row)).loads(request.args.get("t", ""), max_age=TOKEN_SECONDS) == row.id:
            g.form_token = tokens(type(row)).dumps(row.id)
            return row
    except BadData:
        pass  # no token, a forged one or an old one: the visitor is a stranger
    return None


def _opened_admin_visit(request: Request) -> AdminVisit | None:
    """The admin's visit that the browser may open."""
    secret = request.cookies.get(admin_cookie_name())
    return find_admin_visit(secret_hash(secret)) if secret else None


def admin_cookie_name() -> str:
    """The name of the cookie that opens the admin's pages."""
    return "__Secure-admin" if _edge().origin.startswith("https:") else "admin"


def cookie_name() -> str:
    """The name of the cookie that opens a visit."""
    return "__Secure-visit" if _edge().origin.startswith("https:") else "visit"


def tokens(table: type[Visit | Errand]) -> URLSafeTimedSerializer:
    """What signs the tokens of visits, or of errands."""
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=table.__tablename__)


def _edge() -> Edge:
    return cast(Edge, current_app.extensions["edge"])


class VisitSession(dict[str, Any], SessionMixin):
    """What a visit remembers between two pages: messages and the CSRF token."""

    visit: Visit | None = None
    errand: Errand | None = None
    admin: AdminVisit | None = None
    kept_in: tuple[type[Visit | Errand | AdminVisit], int] | None = None  # the table and its row
    before: dict[str, Any]

    def take_from(self, row: Visit | Errand | AdminVisit | None) -> None:
        """Begin with what was kept."""
        if row is not None:
            self.kept_in, self.before = (type(row), row.id), deepcopy(row.data)
            self.update(row.data)


class VisitSessions(SessionInterface):
    """Flask's session, kept in the visit's row instead of a cookie that an LMS's frame may not send."""

    def open_session(self, app: Flask, request: Request) -> VisitSession:  # noqa: ARG002  # the signature is Flask's
        """The data of the visit in the path, for the browser that may open it; nobody else gets any."""
        g.form_token = None
        kept = VisitSession()
        parts = request.path.split("/", 3) if is_readable(request.path) else [""] * 2
        if len(parts) == 4 and parts[1] == "l":
            kept.visit = _opened(request, find_visit(parts[2]))
        elif len(parts) == 4 and parts[1] == "e":
            kept.errand = _opened(request, find_errand(parts[2]))
        elif parts[1] == "admin":
            kept.admin = _opened_admin_visit(request)
        kept.take_from(kept.visit or kept.errand or kept.admin)
        return kept

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002  # the signature is Flask's
        """Keep what changed."""
        kept = cast(VisitSession, session)
        if kept.kept_in is None or dict(kept) == kept.before:
            return
        table, number = kept.kept_in
        with transaction() as rows:
            rows.execute(update(table).where(table.id == number).values(data=dict(kept)))


def is_readable(text: str) -> bool:
    """Whether a text from outside can be looked for: PostgreSQL knows no NUL."""
    return "\0" not in text
