"""A person's data, for the administrator of their institution: what there is, a copy of it, and its end."""

from flask import Blueprint, Response, abort, g, json, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.actions.privacy import erase_person, export_person
from lti_tool.store.people import Person, find_person
from lti_tool.store.privacy import held_about
from lti_tool.web.visitor import now

blueprint = Blueprint("privacy", __name__, url_prefix="/privacy")


@blueprint.get("/")
def person() -> str:
    """What the tool holds about the person."""
    found = _found()
    return _page(found, problem="")


@blueprint.get("/export.json")
def export() -> Response:
    """Everything about the person, as a file."""
    found = _found()
    if found is None:
        abort(404)
    text = json.dumps(export_person(found.id, by=g.asking.id, now=now()), indent=2, ensure_ascii=False, default=str)
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="peer-mentoring-export.json"'
    return answer


@blueprint.post("/erase")
def erase() -> AnyResponse | tuple[str, int]:
    """Everything that says who the person is goes; their place in pairs and statistics stays, without a name."""
    found = _found()
    if found is None:
        abort(404)
    if request.form.get("confirm") != "yes":
        return _page(found, problem=_("Please confirm that this cannot be undone.")), 422
    erase_person(found.id, by=g.asking.id, now=now())
    return redirect(url_for(".person", done="yes"), 303)


def _found() -> Person | None:
    """The person whom the launch is about, inside the launch's own institution."""
    return find_person(g.errand.registration_id, g.launch.tenant, g.launch.claims.for_user.user_id)


def _page(found: Person | None, *, problem: str) -> str:
    return render_template(
        "errand/privacy.html",
        person_row=found,
        held=held_about(found.id) if found else None,
        problem=problem,
        is_done="done" in request.args and found is None,
    )
