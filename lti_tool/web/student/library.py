"""The programme's library, and all guides, for everybody who takes part."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.participants import is_mentor, parts_of
from lti_tool.web import shelf
from lti_tool.web.student import shelves
from lti_tool.web.student.shelves import Answer, Place
from lti_tool.web.visitor import visitor

blueprint = Blueprint("library", __name__, url_prefix="/library")


@blueprint.before_request
def _takes_part() -> Response | None:
    """Only who takes part has a library; everybody else reads on the first page how to join."""
    here = visitor()
    if parts_of(find_enrolment(here.programme.id, here.person.id)):
        return None
    flash(_("The library is for people who take part. Join first; it takes about five minutes."), "info")
    return redirect(url_for("student.home.overview"), 303)


@blueprint.get("/")
def show() -> str:
    """What the staff have put there."""
    return shelves.show(_place())


@blueprint.route("/<int:resource_id>", methods=["GET", "POST"])
def thing(resource_id: int) -> Answer:
    """One thing, and what worked for mentors."""
    return shelves.thing(_place(), resource_id)


@blueprint.get("/<int:resource_id>/file")
def file(resource_id: int) -> Response:
    """The file itself."""
    return shelf.file_of(_place().thing(resource_id))


def _enrolment() -> Enrolment:
    here = visitor()
    return find_enrolment(here.programme.id, here.person.id) or abort(404)


def _place() -> Place:
    mentors = is_mentor(visitor().programme, _enrolment())
    return Place(
        pair_id=None,
        endpoint="student.library",
        layout="student/shelf/library.html",
        may_say=mentors,
        why_closed=None,
        context={"is_mentor": mentors},
    )
