"""The way in for the admin: a one-time address from the command line, one button, a visit of some hours; the way out.

The address only shows the button, since mail programs and chats open addresses by themselves to show a preview.
"""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lti_tool.actions.admin import begin_visit, end_visit, is_link
from lti_tool.web.errors import AdminVisitOver
from lti_tool.web.limits import slow_down
from lti_tool.web.visitor import admin_cookie, now

TRIES = 20  # from one network in ten minutes

blueprint = Blueprint("admin_door", __name__, url_prefix="/admin")
way_out = Blueprint("leaving", __name__)


@blueprint.get("/enter")
def enter() -> str:
    """The address was opened: one button uses it up."""
    slow_down("admin", most=TRIES)
    code = request.args.get("code", "")
    if not is_link(code, now=now()):
        raise AdminVisitOver
    return render_template("admin/door/enter.html", code=code)


@blueprint.post("/enter")
def come_in() -> Response:
    """The button: begin the visit."""
    slow_down("admin", most=TRIES)
    opened = begin_visit(request.form.get("code", ""), now=now())
    if opened is None:
        raise AdminVisitOver
    answer = redirect(url_for("admin.platforms.list"), 303)
    admin_cookie(answer, opened.secret, opened.expires_at)
    return answer


@way_out.post("/leave")
def leave() -> Response:
    """The admin is done: the visit ends for this browser and any other that holds its cookie."""
    end_visit(g.admin_visit.id, now=now())
    return redirect(url_for("public.home"), 303)
