"""What a visitor reads when something cannot be done: what happened, whether anything was lost, what to do."""

from dataclasses import dataclass

import structlog
from flask import Flask, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from lti_tool.lti.errors import LaunchRefused, PlatformUnavailable
from lti_tool.store.db import db
from lti_tool.web.framing import telling

log = structlog.get_logger()


class VisitOver(Exception):
    """Your visit has ended."""


class LmsPaused(Exception):
    """The administrator of this tool has paused the LMS of this visit."""


class AdminVisitOver(Exception):
    """The admin's visit has ended, or never was."""


@dataclass(frozen=True, slots=True)
class Words:
    """One error in the visitor's words."""

    title: str
    happened: str
    todo: str


BY_STATUS = {
    400: Words(
        _l("This request could not be read"),
        _l("Something in the address or the form is not as it should be."),
        _l("Go back, reload the page and try again."),
    ),
    401: Words(
        _l("Please open the tool from your course"),
        _l("This page belongs to a visit that has ended, or that was opened in another browser."),
        _l("Go back to your course and open Peer Mentoring there again. You will be back in a moment."),
    ),
    403: Words(
        _l("This is not open to you"),
        _l("Your role in this course does not include this."),
        _l("If you think it should, ask the person who runs the course."),
    ),
    404: Words(
        _l("There is no such page"),
        _l("The page does not exist, or it is not yours to see."),
        _l("Go back, or open the tool from your course again."),
    ),
    405: Words(
        _l("This address only takes a form"),
        _l("The page was opened by its address, which does not work here."),
        _l("Open the tool from your course again."),
    ),
    413: Words(
        _l("That was too much at once"),
        _l("What was sent is larger than this tool takes."),
        _l("Shorten the text, or choose a smaller file, and send it again."),
    ),
    429: Words(
        _l("That was tried too often"),
        _l("Too many tries came from your network within some minutes, so this one was not looked at."),
        _l("Wait ten minutes, then try again."),
    ),
    503: Words(
        _l("Your learning platform does not answer"),
        _l("The tool asked it who you are, and no answer came."),
        _l("Wait a minute, then open the tool from your course again."),
    ),
    500: Words(
        _l("Something went wrong on our side"),
        _l("The tool met a fault that it did not expect. It has been written to the log."),
        _l("Try again in a minute. If it happens again, tell the person who runs the course when it happened."),
    ),
}
ADMIN = Words(
    _l("Please sign in as the administrator of this tool"),
    _l("This page is for the person who runs this tool. No visit of that kind is open in this browser."),
    _l("Run “lti-tool admin link” on the server, and open the address that it prints."),
)
PAUSED = Words(
    _l("Peer Mentoring is paused"),
    _l("The administrator of this tool has paused its connection to your learning platform."),
    _l("Try again later: this page goes on where it was. What you were writing is still there if you go back."),
)
CSRF = Words(
    _l("This form was open for too long"),
    _l("For your safety a form is valid for some hours only. What you sent just now was not saved."),
    _l(
        "Go back and copy what you wrote. Then reload the page, or open Peer Mentoring from your course again where it "
        "does not open any more, and send it there."
    ),
)


def attach(app: Flask) -> None:
    """Give `app` its error pages."""
    app.register_error_handler(LaunchRefused, refused)
    app.register_error_handler(PlatformUnavailable, lambda _fault: page(503))
    app.register_error_handler(VisitOver, lambda _fault: page(401))
    app.register_error_handler(LmsPaused, lambda _fault: page(403, PAUSED, code="platform-paused"))
    app.register_error_handler(AdminVisitOver, lambda _fault: page(401, ADMIN))
    app.register_error_handler(CSRFError, lambda _fault: page(400, CSRF))
    app.register_error_handler(DataError, _unreadable)  # a value that this database cannot hold
    app.register_error_handler(OverflowError, _unreadable)  # a number that SQLite cannot hold
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def refused(refusal: LaunchRefused) -> tuple[str, int]:
    """The page of a launch that cannot be accepted: a code, a reason and a way back."""
    reason = refusal.reason
    log.info("launch.refused", code=str(reason))
    words = f"{_(reason.sentence)} {_(reason.advice)}"
    text = render_template(
        "errors/refused.html",
        code=str(reason),
        title=_("The tool could not be opened"),
        happened=_(reason.sentence),
        lost=_("Nothing was lost."),
        todo=_(reason.advice),
        return_url=telling(refusal.return_url, words, code=str(reason), is_error=True),
    )
    return text, reason.status


def page(status: int, words: Words | None = None, *, code: str = "") -> tuple[str, int]:
    """The page of an error that every part of the tool may meet."""
    words = words or BY_STATUS.get(status) or BY_STATUS[400 if status < 500 else 500]
    text = render_template(
        "errors/error.html",
        code=code or str(status),
        title=words.title,
        happened=words.happened,
        lost=_("Nothing that was saved before is lost."),
        todo=words.todo,
    )
    return text, status


def _http(fault: HTTPException) -> tuple[str, int]:
    return page(fault.code or 500)


def _unreadable(_fault: Exception) -> tuple[str, int]:
    """The page reads from the database, too: PostgreSQL answers nothing before what failed is over."""
    db.session.rollback()
    return page(400)


def _fault(fault: Exception) -> tuple[str, int]:
    log.error("page.fault", exc_info=fault)
    db.session.rollback()
    return page(500)
