"""The conversation guides as pairs have them, for the staff to know what they read."""

from flask import Blueprint, abort, render_template

from lti_tool.web.guides import techniques
from lti_tool.web.library import contents

blueprint = Blueprint("guides", __name__, url_prefix="/guides")


@blueprint.get("/")
def show() -> str:
    """All guides, each with what it is for."""
    return render_template("instructor/guides/show.html", guides=contents().guides)


@blueprint.get("/<key>")
def guide(key: str) -> str:
    """One guide."""
    found = contents().guide(key) or abort(404)
    return render_template("instructor/guides/guide.html", guide=found, techniques=techniques())
