"""Deployments of one LMS: which are allowed, and what becomes of new ones."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.upkeep import decide_deployment, set_policy
from lti_tool.web.admin.loading import BY, registration_of
from lti_tool.web.visitor import now

DECISIONS = {"allow": "accepted", "refuse": "refused"}

blueprint = Blueprint("deployments", __name__)


@blueprint.post("/platforms/<int:number>/deployments/<int:deployment>")
def decide(number: int, deployment: int) -> Response:
    """Allow one, or refuse it."""
    registration_of(number)
    state = DECISIONS.get(request.form.get("decision", ""))
    if state is None:
        abort(400)
    if not decide_deployment(number, deployment, state, by=BY, now=now()):
        abort(404)
    flash(_("Allowed.") if state == "accepted" else _("Refused."), "success")
    return redirect(url_for("admin.platforms.show", number=number), 303)


@blueprint.post("/platforms/<int:number>/policy")
def policy(number: int) -> Response:
    """Whether new ones are let in at once."""
    registration_of(number)
    set_policy(number, request.form.get("policy") != "ask", by=BY, now=now())
    flash(_("Saved."), "success")
    return redirect(url_for("admin.platforms.show", number=number), 303)
