"""Invitations: one-time addresses that an LMS's administrator pastes into the LMS. Each is shown once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.platforms import invite
from lti_tool.actions.upkeep import revoke_invitation
from lti_tool.store.admin import open_invitations
from lti_tool.web.visitor import now, own_url

LONGEST_NOTE = 100

blueprint = Blueprint("invitations", __name__)


@blueprint.get("/invitations/", endpoint="list")
def listing() -> str:
    """Those that are still open."""
    return render_template("admin/invitations/list.html", rows=open_invitations(now()), address="")


@blueprint.post("/invitations/")
def make() -> str:
    """A new one: this answer is the only place where its address stands."""
    code = invite(now=now(), note=request.form.get("note", "").strip()[:LONGEST_NOTE])
    address = own_url("lti.register", invite=code)
    return render_template("admin/invitations/list.html", rows=open_invitations(now()), address=address)


@blueprint.post("/invitations/<int:number>/revoke")
def revoke(number: int) -> Response:
    """Its address opens nothing any more."""
    revoke_invitation(number, now=now())
    flash(_("Revoked. The address opens nothing any more."), "success")
    return redirect(url_for(".list"), 303)
