"""The mentors' board as staff see it: they read all of it, write there, and take down what does not belong there."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import conversation as actions
from lti_tool.mentoring.conversation import LONGEST_MESSAGE
from lti_tool.store.conversation import message_in
from lti_tool.web.forms import once
from lti_tool.web.telling import said
from lti_tool.web.text import sentence
from lti_tool.web.threads import thread, typed_message
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("mentors_board", __name__, url_prefix="/mentors-board")


@blueprint.get("/")
def show() -> str:
    """What was written, newest first, below the form for a new message."""
    return _page("", "")


@blueprint.post("/")
def write() -> Response | tuple[str, int]:
    """Write to the mentors."""
    here, (text, problem) = visitor(), typed_message()
    if problem:
        return _page(request.form.get("text", ""), sentence(problem)), 422
    number = actions.write(here.programme.id, None, here.person.id, text, once=once(), now=now())
    return redirect(url_for(".show") + f"#m{number}", 303)


@blueprint.post("/<int:message_id>/take-down")
def take_down(message_id: int) -> Response:
    """Take a message away; one's own as its writer."""
    here = visitor()
    message = message_in(here.programme.id, None, message_id) or abort(404)
    with said():
        if message.person_id == here.person.id:
            actions.remove(message, by=here.person.id, now=now())
        else:
            actions.take_down(message, by=here.person.id, now=now())
        flash(_("The message is removed. Where it stood is a line that says so."), "success")
    return redirect(url_for(".show"), 303)


def _page(draft: str, problem: str) -> str:
    here = visitor()
    shown = thread(here.programme.id, None, here.person.id, now=now())
    if any(one.is_new for one in shown.messages):
        actions.note_read(here.person.id, here.programme.id, None, shown.newest_id)
    return render_template(
        "instructor/conversation/board.html", thread=shown, draft=draft, problem=problem, longest=LONGEST_MESSAGE
    )
