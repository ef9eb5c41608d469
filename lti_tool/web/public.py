"""Pages that belong to no audience: the door of a visit, and whether the tool is alive."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import text
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.mentoring.parts import PartKind, read_part
from lti_tool.mentoring.roster import MemberRole
from lti_tool.store.db import db
from lti_tool.web import framing, visitor
from lti_tool.web.connection import connection_of
from lti_tool.web.frame import back_url

blueprint = Blueprint("public", __name__)
visits = Blueprint("visit", __name__, url_prefix="/l/<visit>")
visits.before_request(visitor.admit)
# Which page a placed part opens to staff and to students, and what that page calls which one it is.
PLACED = {
    PartKind.CHECK_IN: ("instructor.workspace.check_ins", "student.placed.check_in", "number"),
    PartKind.REFLECTION: ("instructor.reflections.overview", "student.placed.reflection", "stage"),
    PartKind.GUIDE: ("instructor.guides.guide", "student.placed.guide", "key"),
    PartKind.PARTICIPATION: ("instructor.gradebook.scores", "student.participation.points", ""),
}


@blueprint.get("/")
def home() -> str:
    """Somebody found the tool's own address: say what it is and how to get in."""
    return render_template("public/home.html")


@blueprint.get("/healthz")
def healthz() -> Response:
    """The web process and its database answer."""
    db.session.execute(text("select 1"))
    return jsonify(status="ok")


@visits.get("/")
def enter() -> AnyResponse | str:
    """The first page of a visit, by role."""
    here = visitor.visitor()
    if here.is_staff:
        return redirect(url_for("instructor.programme.overview"), 303)
    if here.role is MemberRole.STUDENT:
        return redirect(url_for("student.home.overview"), 303)
    is_admin = here.role is MemberRole.ADMINISTRATOR
    connection = connection_of(here.course.registration_id) if is_admin else None
    back = framing.telling(back_url(), _("Your role in this course has no part in peer mentoring."), code="no-part")
    return render_template("public/no_part.html", here=here, connection=connection, return_url=back)


@visits.get("/placed/<part>")
def placed(part: str) -> AnyResponse | str:
    """What one link of the course opens; each page asks by itself who may see it."""
    here, wanted = visitor.visitor(), read_part(part)
    if wanted is None or not (here.is_staff or here.role is MemberRole.STUDENT):
        return redirect(url_for("visit.enter"), 303)
    staffs, students, name = PLACED[wanted.kind]
    names: dict[str, Any] = {name: wanted.which} if name else {}
    return redirect(url_for(staffs if here.is_staff else students, **names), 303)


@visits.get("/review")
def review() -> AnyResponse:
    """What a submission review is about: the person's participation, for staff and for themselves."""
    here, person_id = visitor.visitor(), request.args.get("person", 0, int)
    if here.is_staff and person_id > 0:
        return redirect(url_for("instructor.participation.person", person_id=person_id), 303)
    if here.role is MemberRole.STUDENT:
        return redirect(url_for("student.participation.points"), 303)
    return redirect(url_for("visit.enter"), 303)  # about somebody who takes no part: staff themselves, an observer
