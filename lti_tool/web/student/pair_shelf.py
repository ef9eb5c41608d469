"""A pair's shelf: links and files that its people share with each other and with nobody else."""

from flask import Blueprint
from werkzeug.wrappers import Response

from lti_tool.web import shelf
from lti_tool.web.student import shelves
from lti_tool.web.student.pair import here_in
from lti_tool.web.student.shelves import Answer, Place

blueprint = Blueprint("pair_shelf", __name__, url_prefix="/pairs/<int:pair_id>/shelf")


@blueprint.get("/")
def show(pair_id: int) -> str:
    """What stands on the shelf."""
    return shelves.show(_place(pair_id))


@blueprint.route("/add/<kind>", methods=["GET", "POST"])
def add(pair_id: int, kind: str) -> Answer:
    """Put a link or a file on it."""
    return shelves.add(_place(pair_id), kind)


@blueprint.route("/<int:resource_id>", methods=["GET", "POST"])
def thing(pair_id: int, resource_id: int) -> Answer:
    """One thing, and what worked."""
    return shelves.thing(_place(pair_id), resource_id)


@blueprint.post("/<int:resource_id>/remove")
def remove(pair_id: int, resource_id: int) -> Answer:
    """Take one's own thing away."""
    return shelves.remove(_place(pair_id), resource_id)


@blueprint.get("/<int:resource_id>/file")
def file(pair_id: int, resource_id: int) -> Response:
    """The file itself."""
    return shelf.file_of(_place(pair_id).thing(resource_id))


def _place(pair_id: int) -> Place:
    own = here_in(pair_id)
    return Place(
        pair_id=own.pair.id,
        endpoint="student.pair_shelf",
        layout="student/pair/base.html",
        may_say=True,
        why_closed=own.why_closed,
        context={"own": own},
    )
