"""`create_app`: the one place where the parts meet."""

import gc
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from flask import Flask, current_app, g, request
from flask.wrappers import Response
from flask_babel import get_locale
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from lti_tool import settings as configuration
from lti_tool.actions.edge import Edge
from lti_tool.actions.mail import MailServer
from lti_tool.actions.signing import DatabaseKeys, FolderKeys, KeyRing
from lti_tool.jobs.queue import Queue
from lti_tool.lti.keys import KeySets
from lti_tool.lti.reach import Reach
from lti_tool.mentoring.contents import ContentsWrong
from lti_tool.settings import Settings, SettingsWrong
from lti_tool.store import db as database
from lti_tool.store.contents import Library, read_contents
from lti_tool.web import (
    case_words,
    errors,
    feed,
    framing,
    language,
    lti,
    mail,
    notices,
    public,
    shelf,
    stages,
    status,
    visit_session,
    visitor,
)
from lti_tool.web.admin import admin, entrance
from lti_tool.web.errand import errand
from lti_tool.web.frame import frame
from lti_tool.web.instructor import instructor
from lti_tool.web.student import student
from lti_tool.web.text import attach as attach_text

LARGEST_REQUEST = 512 * 1024  # bytes; a launch is a few thousand, a long form some ten thousand
SECRET_FIELDS = frozenset(
    {"id_token", "state", "t", "token", "client_assertion", "registration_token", "email", "name"}
)


def create_app(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> Flask:
    """The application with everything it needs; `clock` is the machine's unless a test brings its own."""
    app = Flask(
        "lti_tool",
        template_folder=str(configuration.folder("templates")),
        static_folder=str(configuration.HERE / "static"),
    )
    _configure(app, settings)
    database.attach(app)
    Migrate(app, database.db, directory=str(configuration.folder("migrations")), render_as_batch=True)
    app.url_value_preprocessor(shelf.take_larger_requests)  # before anything reads the form
    language.attach(app)
    csrf = CSRFProtect(app)
    app.session_interface = visit_session.VisitSessions()
    app.extensions["edge"] = _edge(settings, clock or (lambda: datetime.now(UTC)))
    app.extensions["contents"] = _contents(settings)
    queue = Queue(app, database_url=settings.database_url, secret=settings.secret_key)
    app.extensions["queue"] = queue
    app.extensions[database.WAKE] = queue.wake
    _mount(app, csrf)
    app.before_request(visitor.require_readable)
    app.url_value_preprocessor(visitor.take_visit_key)
    app.url_defaults(visitor.give_visit_key)
    app.after_request(_protect)
    app.context_processor(frame)
    attach_text(app)
    case_words.attach(app)
    stages.attach(app)
    errors.attach(app)
    return app


def _edge(settings: Settings, clock: Callable[[], datetime]) -> Edge:
    """The way to every LMS."""
    private_hosts = settings.allow_private_networks
    return Edge(
        origin=settings.tool_url,
        key_ring=_key_ring(settings),
        key_sets=KeySets(Reach(may_be_local=settings.may_be_local, private_hosts=private_hosts)),
        clock=clock,
        may_be_local=settings.may_be_local,
        private_hosts=private_hosts,
        encryption=settings.encryption,
        mail=_mail_server(settings),
        channel_hosts=settings.channel_hosts,
    )


def _mount(app: Flask, csrf: CSRFProtect) -> None:
    """Every page; those that LMSs and mail programs send to prove themselves by what they carry."""
    for blueprint in (lti.blueprint, public.blueprint, status.blueprint, public.visits, instructor, student):
        app.register_blueprint(blueprint)
    for blueprint in (entrance, admin, notices.blueprint, errand, mail.blueprint, feed.blueprint):
        app.register_blueprint(blueprint)
    csrf.exempt(lti.blueprint)
    csrf.exempt(notices.blueprint)
    csrf.exempt(mail.blueprint)  # the address's token is the proof; a mail program sends it without a page
    csrf.exempt(entrance)  # nobody is signed in there yet; the address's code is the proof


def _mail_server(settings: Settings) -> MailServer | None:
    """Where mail is handed in, where the settings name a server."""
    if not settings.mail_host:
        return None
    return MailServer(
        host=settings.mail_host,
        port=settings.mail_port,
        security=settings.mail_security,
        sender=settings.mail_from,
        user=settings.mail_user,
        password=settings.mail_password,
        secret=settings.secret_key,
    )


def _contents(settings: Settings) -> Library:
    """The texts of training and guides; what is wrong with them stops the start, so that no student meets it."""
    try:
        return read_contents(settings.contents_dir)
    except ContentsWrong as fault:
        raise SettingsWrong([f"CONTENTS_DIR: {line}" for line in fault.problems]) from fault


def _key_ring(settings: Settings) -> KeyRing:
    """The tool's own keys; what is wrong with a folder of them stops the start, a database is asked later."""
    if settings.key_store == "database":
        return KeyRing(DatabaseKeys(settings.key_secrets))
    ring = KeyRing(FolderKeys(settings.key_folder))
    ring.keys(datetime.now(UTC))
    return ring


def _configure(app: Flask, settings: Settings) -> None:
    # Counting thousands of ledgers makes hundreds of thousands of values, hardly one of them in a circle: looking for
    # circles after every 700 of them, as Python does by itself, is a third of the work.
    gc.set_threshold(50_000, 10, 10)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True,  # a fault's text names no person and no secret
            "pool_pre_ping": settings.database_url.startswith("postgresql"),  # a restarted server costs no page
        },
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=settings.session_hours * 3600,
        WTF_CSRF_SSL_STRICT=False,  # pages send no Referer; the token is bound to the visit on the server
        COOKIE_PARTITIONED=settings.cookie_partitioned,
        SESSION_HOURS=settings.session_hours,
        LEASE_SECONDS=settings.lease_seconds,
        TIME_ZONE=settings.time_zone,
        METRICS_TOKEN=settings.metrics_token,
        FILE_MEGABYTES=settings.file_megabytes,
        SHELF_MEGABYTES=settings.shelf_megabytes,
        LIBRARY_MEGABYTES=settings.library_megabytes,
        CANVAS_REGION_LOGINS=settings.canvas_region_logins,
        BABEL_DEFAULT_LOCALE="en",
    )
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]  # as Werkzeug's documentation does it
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _without_secrets,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[settings.log_level]),
    )


_LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40}


def _without_secrets(_logger: object, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Tokens and personal data never reach a log; of a fault only its place is kept, since its text may hold them."""
    fault = event.pop("exc_info", None)
    fault = sys.exc_info()[1] if fault is True else fault
    if isinstance(fault, BaseException):
        event["fault"] = type(fault).__name__
        event["at"] = [f"{place.filename}:{place.lineno}" for place in traceback.extract_tb(fault.__traceback__)]
    return {name: value for name, value in event.items() if name not in SECRET_FIELDS}


def _framers(edge: Edge) -> str:
    """Who may show this page in a frame: LMSs; the admin's pages nobody."""
    if request.path.startswith("/admin/"):
        return "'none'"
    return framing.framers(may_be_local=edge.may_be_local)


def _protect(answer: Response) -> Response:
    """The headers of every page: only LMSs frame it, it runs no foreign code, and its address goes nowhere."""
    if request.endpoint == "static":
        answer.headers.setdefault("Cache-Control", "public, max-age=3600")
        return answer
    edge: Edge = current_app.extensions["edge"]
    answer.headers.setdefault(
        "Content-Security-Policy",
        "; ".join(
            (
                "default-src 'none'",
                "style-src 'self'",
                "script-src 'self'",
                "connect-src 'self'",  # a page saves itself while somebody fills it in
                "img-src 'self' data:",
                "base-uri 'none'",
                "form-action " + g.get("form_target", "'self'"),
                "frame-ancestors " + _framers(edge),
            )
        ),
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers.setdefault("Cache-Control", "no-store")
    locale = get_locale()
    if locale:
        answer.headers["Content-Language"] = str(locale).replace("_", "-")
    return answer
