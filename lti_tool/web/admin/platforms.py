"""The LMSs that know this tool: all of them, one of them, paused, resumed, deleted."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.platforms import may_resend
from lti_tool.actions.upkeep import remove_registration, set_paused
from lti_tool.lti.preset_table import still_to_do
from lti_tool.lti.quirks import family_of
from lti_tool.store.admin import audit_of, audit_of_tool, deployments_of, pending_deployments
from lti_tool.store.erase import belongings
from lti_tool.store.platforms import all_registrations
from lti_tool.web.admin.loading import BY, registration_of
from lti_tool.web.admin.words import AUDITED, AUDITED_OF_TOOL, DEPLOYMENT_STATES
from lti_tool.web.connection import connection_of, state_of
from lti_tool.web.visitor import edge, now

SHOWN = 100  # deployments and decisions on one page
LATELY = 20  # decisions about the tool as a whole

blueprint = Blueprint("platforms", __name__)


@blueprint.get("/", endpoint="list")
def listing() -> str:
    """Every LMS with its state, and what waits for the admin."""
    return render_template(
        "admin/platforms/list.html",
        rows=[(row, state_of(row)) for row in all_registrations()],
        pending=pending_deployments(),
        decisions=[
            (one, AUDITED_OF_TOOL[one.what]) for one in audit_of_tool(limit=LATELY) if one.what in AUDITED_OF_TOOL
        ],
    )


@blueprint.get("/platforms/<int:number>/")
def show(number: int) -> str:
    """One LMS: what is known of it, what it still needs, what was decided."""
    row = registration_of(number)
    return render_template(
        "admin/platforms/show.html",
        row=row,
        state=state_of(row),
        connection=connection_of(number),
        deployments=deployments_of(number, limit=SHOWN),
        deployment_states=DEPLOYMENT_STATES,
        decisions=audit_of(number, limit=SHOWN),
        audited=AUDITED,
        may_resend=may_resend(row, edge().encryption),
        still_to_do=still_to_do(family_of(row.family, row.issuer)),
    )


@blueprint.post("/platforms/<int:number>/pause")
def pause(number: int) -> Response:
    """Nobody gets in from this LMS, and nothing is sent to it, until it is resumed."""
    registration_of(number)
    set_paused(number, True, by=BY, now=now())
    flash(_("Paused. Everything is kept."), "success")
    return redirect(url_for(".show", number=number), 303)


@blueprint.post("/platforms/<int:number>/resume")
def resume(number: int) -> Response:
    """The LMS may launch again, and what waited is sent."""
    registration_of(number)
    set_paused(number, False, by=BY, now=now())
    flash(_("Resumed."), "success")
    return redirect(url_for(".show", number=number), 303)


@blueprint.route("/platforms/<int:number>/delete", methods=["GET", "POST"])
def delete(number: int) -> Response | tuple[str, int]:
    """What would be lost, and the deletion once the name was typed."""
    row = registration_of(number)
    problems = {}
    if request.method == "POST":
        if request.form.get("name", "").strip() == row.name.strip():
            name = row.name
            remove_registration(number, by=BY, now=now())
            flash(_("%(name)s is deleted, with everything that came from it.", name=name), "success")
            return redirect(url_for(".list"), 303)
        problems["name"] = _("This is not the name. Type it exactly as it stands above.")
    page = render_template("admin/platforms/delete.html", row=row, lost=belongings(number), problems=problems)
    return page, 422 if problems else 200
