"""Pages that belong to no audience: the door of a visit, and whether the tool is alive."""

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
    if wanted.kind is PartKind.PARTICIPATION:
        page = "instructor.gradebook.scores" if here.is_staff else "student.participation.points"
        return redirect(url_for(page), 303)
    page = "instructor.workspace.check_ins" if here.is_staff else "student.placed.check_in"
    return redirect(url_for(page, number=wanted.number), 303)


@visits.get("/review")
def review() -> AnyResponse:
    """What a submission review is about: the person's participation, for staff and for themselves."""
    here, person_id = visitor.visitor(), request.args.get("person", 0, int)
    if here.is_staff and person_id > 0:
        return redirect(url_for("instructor.participation.person", person_id=person_id), 303)
    if here.role is MemberRole.STUDENT:
        return redirect(url_for("student.participation.points"), 303)
    return redirect(url_for("visit.enter"), 303)  # about somebody who takes no part: staff themselves, an observer
