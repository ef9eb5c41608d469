"""The programme's library, filled by staff and read by everybody who takes part."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import resources as actions
from lti_tool.mentoring.resources import KINDS_IN_WORDS
from lti_tool.store.resources import Resource, resource_on, tips_on
from lti_tool.web import shelf
from lti_tool.web.telling import said
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("library", __name__, url_prefix="/library")


@blueprint.get("/")
def show() -> str:
    """What stands there, newest first."""
    return render_template("instructor/library/show.html", listed=shelf.listed(None), kinds=shelf.kinds())


@blueprint.route("/add/<kind>", methods=["GET", "POST"])
def add(kind: str) -> Response | tuple[str, int]:
    """Put a link or a file there."""
    if kind not in shelf.kinds():
        abort(404)
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = shelf.add(None, kind)
        if not problems:
            flash(_("It is in the library."), "success")
            return redirect(url_for(".show"), 303)
    page = render_template(
        "instructor/library/add.html",
        kind=kind,
        problems=problems,
        shelf=shelf.limits(None),
        kinds_in_words=KINDS_IN_WORDS,
    )
    return page, 422 if problems else 200


@blueprint.get("/<int:resource_id>")
def thing(resource_id: int) -> str:
    """One thing with what mentors say of it."""
    row = _row(resource_id)
    return render_template(
        "instructor/library/thing.html", row=row, tips=tips_on([row.id]).get(row.id, [])[-shelf.MOST_TIPS :]
    )


@blueprint.post("/<int:resource_id>/remove")
def remove(resource_id: int) -> Response:
    """Take a thing away, whoever of the staff put it there."""
    with said():
        actions.remove(_row(resource_id), by=visitor().person.id, is_staff=True, now=now())
        flash(_("It is gone from the library, for everybody."), "success")
    return redirect(url_for(".show"), 303)


@blueprint.get("/<int:resource_id>/file")
def file(resource_id: int) -> Response:
    """The file itself."""
    return shelf.file_of(_row(resource_id))


def _row(resource_id: int) -> Resource:
    return resource_on(visitor().programme.id, None, resource_id) or abort(404)
