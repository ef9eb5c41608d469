"""The page that keeps values for tools in a frame of its own (Canvas, Blackboard); its script does the work."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

blueprint = Blueprint("storage", __name__)


@blueprint.get("/storage")
def frame() -> ResponseReturnValue:
    """Show nothing, and listen."""
    return render_template("storage.html")
