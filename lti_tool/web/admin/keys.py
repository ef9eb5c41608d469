"""The tool's signing keys: which there are, which signs, and the next one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.web.admin.loading import BY
from lti_tool.web.visitor import edge, now

blueprint = Blueprint("keys", __name__)


@blueprint.get("/keys/", endpoint="list")
def listing() -> str:
    """Every key that is published."""
    keys = edge().signing_keys
    return render_template("admin/keys/list.html", keys=list(reversed(keys.all)), signer=keys.signer(now()), now=now())


@blueprint.post("/keys/rotate")
def rotate() -> Response:
    """Make the next key; it signs a day later, so that every LMS has fetched it by then."""
    edge().key_ring.rotate(by=BY, now=now())
    flash(_("The next key is made and published. It signs from tomorrow on."), "success")
    return redirect(url_for(".list"), 303)
