"""The address in every mail that stops the mails: one click, without signing in.

Opening it changes nothing, since mail scanners open every link; the button does, and so does the POST that a mail
program sends by itself. Source: RFC 8058.
"""

from flask import Blueprint, abort, current_app, render_template

from lti_tool.actions.nudges import STOP_PATH, person_of, wants_mail
from lti_tool.web.visitor import now

blueprint = Blueprint("mail", __name__)


@blueprint.get(f"{STOP_PATH}<token>")
def ask(token: str) -> str:
    """Whether the reader wants no more mails."""
    _person(token)
    return render_template("mail/ask.html", token=token)


@blueprint.post(f"{STOP_PATH}<token>")
def stop(token: str) -> str:
    """No more mails."""
    if not wants_mail(_person(token), wants=False, now=now()):
        abort(404)
    return render_template("mail/done.html", token=token, is_off=True)


@blueprint.post("/mail/on/<token>")
def resume(token: str) -> str:
    """Mails after all."""
    if not wants_mail(_person(token), wants=True, now=now()):
        abort(404)
    return render_template("mail/done.html", token=token, is_off=False)


def _person(token: str) -> int:
    return person_of(token, str(current_app.secret_key)) or abort(404)
