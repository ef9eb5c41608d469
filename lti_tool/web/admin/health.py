"""Whether each connection works: what is known of all, and a test of one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.doctor import Verdict, examine
from lti_tool.actions.notices import ask_for_notices_again, refused_subscriptions
from lti_tool.store.platforms import all_registrations
from lti_tool.web.admin.loading import registration_of
from lti_tool.web.connection import connection_of
from lti_tool.web.standing import standing
from lti_tool.web.visitor import edge, now

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/", endpoint="list")
def listing() -> str:
    """The tool itself, then every LMS in a line."""
    rows = [(row, connection_of(row.id)) for row in all_registrations()]
    return render_template("admin/health/list.html", rows=rows, standing=standing(now()))


@blueprint.get("/platforms/<int:number>/health")
def show(number: int) -> str:
    """One LMS: what last worked, and what the last test found."""
    row = registration_of(number)
    untold = refused_subscriptions(number)
    return render_template("admin/health/show.html", row=row, connection=connection_of(number), untold=untold)


@blueprint.post("/platforms/<int:number>/notices/<int:deployment>")
def subscribe(number: int, deployment: int) -> Response:
    """Ask the LMS once more to tell what happens."""
    registration_of(number)
    if ask_for_notices_again(number, deployment, now=now()):
        flash(_("The tool asks again. Reload this page in a minute to see how it went."), "success")
    else:
        flash(_("There is nothing to ask for any more."), "warning")
    return redirect(url_for(".show", number=number), 303)


@blueprint.post("/platforms/<int:number>/health")
def test(number: int) -> Response:
    """Try every way to this LMS now; it may take half a minute."""
    registration_of(number)
    found = examine(number, edge=edge(), now=now())
    problems = sum(one.verdict is Verdict.PROBLEM for one in found)
    if problems:
        flash(_("Some of it does not work. Below stands what to change in the LMS."), "warning")
    else:
        flash(_("Everything that could be tried works."), "success")
    return redirect(url_for(".show", number=number), 303)
