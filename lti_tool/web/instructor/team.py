"""Who runs this programme: by their role in the LMS, and by being added here."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.team import add_staff, remove_staff, why_not_add
from lti_tool.store.db import db
from lti_tool.store.people import Person, find_member, search_members
from lti_tool.store.team import added_staff, part_of, staff_by_role
from lti_tool.web.telling import said
from lti_tool.web.text import person_name
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("team", __name__, url_prefix="/team")
FEW = 8  # names a search shows before it asks for more letters


@blueprint.get("/")
def show() -> str:
    """Everybody who runs the programme, and the search for somebody to add."""
    here, words = visitor(), request.args.get("q", "").strip()
    found, total = search_members(here.course.id, words=words) if words else ([], 0)
    return render_template(
        "instructor/team/show.html",
        by_role=staff_by_role(here.course.id),
        added=added_staff(here.programme),
        words=words,
        found=[(member, person, why_not_add(here.programme, person.id)) for member, person in found[:FEW]],
        total=total,
    )


@blueprint.route("/add/<int:person_id>", methods=["GET", "POST"])
def add(person_id: int) -> Response | str:
    """Say what adding this person means, then add them."""
    here = visitor()
    member = find_member(here.course.id, person_id) or abort(404)
    person = db.session.get_one(Person, person_id)
    if request.method == "POST":
        with said():
            add_staff(here.programme.id, person_id, by=here.person.id, now=now())
            flash(_("%(name)s runs this programme from now on.", name=person_name(person)), "success")
        return redirect(url_for(".show"), 303)
    return render_template(
        "instructor/team/add.html",
        member=member,
        somebody=person,
        part=part_of(here.programme.id, person_id),
        why_not=why_not_add(here.programme, person_id),
    )


@blueprint.post("/remove")
def remove() -> Response:
    """Somebody who was added no longer runs the programme."""
    here, person_id = visitor(), request.form.get("person", 0, type=int)
    if find_member(here.course.id, person_id) is None:
        abort(404)
    remove_staff(here.programme.id, person_id, by=here.person.id, now=now())
    if person_id == here.person.id:
        return redirect(url_for("visit.enter"), 303)
    flash(_("Removed. Pages of the staff are closed to this person from now on."), "success")
    return redirect(url_for(".show"), 303)
