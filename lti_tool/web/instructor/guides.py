"""The conversation guides as pairs have them, for the staff to know what they read."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.web.guides import techniques
from lti_tool.web.library import contents

blueprint = Blueprint("guides", __name__, url_prefix="/guides")


@blueprint.get("/")
def show() -> str:
    """All guides, each with what it is for."""
    return render_template("instructor/guides/show.html", guides=contents().guides)


@blueprint.get("/<key>")
def guide(key: str) -> Response | str:
    """One guide; a link of the course may still name one that is gone."""
    found = contents().guide(key)
    if found is None:
        flash(_("There is no such guide any more. These are there."), "warning")
        return redirect(url_for(".show"), 303)
    return render_template("instructor/guides/guide.html", guide=found, techniques=techniques())
