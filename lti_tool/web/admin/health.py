"""Whether each connection works: what is known of all, and a test of one."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool.actions import announcements, gradebook, notices, nudges, nudging, participation, roster, scenarios
from lti_tool.actions.burials import try_again, try_all_again
from lti_tool.actions.doctor import Verdict, examine
from lti_tool.actions.notices import ask_for_notices_again, refused_subscriptions
from lti_tool.store import long_releases
from lti_tool.store.buried import buried_rows, count_buried
from lti_tool.store.health import due_by_kind, work_counts
from lti_tool.store.platforms import all_registrations
from lti_tool.web.admin.loading import registration_of
from lti_tool.web.connection import connection_of
from lti_tool.web.standing import standing
from lti_tool.web.visitor import edge, now

WORK = {
    roster.KIND: _l("People of a course"),
    gradebook.COLUMN_KIND: _l("Gradebook column"),
    gradebook.SCORES_KIND: _l("Points"),
    gradebook.COMPARE_KIND: _l("Comparing with the gradebook"),
    long_releases.KIND: _l("Releasing points"),
    participation.KIND: _l("Counting points"),
    notices.KIND: _l("Asking to be told of copied courses"),
    scenarios.KIND: _l("Pairs to be computed"),
    nudges.KIND: _l("Mail"),
    nudging.KIND: _l("Mail about a pair"),
    announcements.KIND: _l("Announcement in a channel"),
}

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/", endpoint="list")
def listing() -> str:
    """The tool itself, then every LMS in a line."""
    rows = [(row, connection_of(row.id)) for row in all_registrations()]
    lost, count = [(WORK.get(row.kind), row, name) for row, name in buried_rows()], count_buried()
    return render_template(
        "admin/health/list.html",
        rows=rows,
        standing=standing(now()),
        now=now(),
        lost=lost,
        count=count,
        waiting=_waiting(),
    )


@blueprint.post("/health/work")
def again() -> Response:
    """Try everything again that was given up."""
    count = try_all_again(by="admin", now=now())
    text = ngettext("%(num)s piece of work is tried again.", "%(num)s pieces of work are tried again.", count)
    flash(text, "success")
    return redirect(url_for(".list"), 303)


@blueprint.post("/health/work/<int:number>")
def again_one(number: int) -> Response:
    """Try one thing again that was given up."""
    if try_again(number, by="admin", now=now()):
        flash(_("It is tried again. Reload this page in a minute to see how it went."), "success")
    else:
        flash(_("That was tried again already."), "warning")
    return redirect(url_for(".list"), 303)


def _waiting() -> list[tuple[object, int, int]]:
    """For each kind of work that waits: its name, how much, and for how many minutes the oldest has been due."""
    at = now()
    since = due_by_kind(at)
    counts = [(kind, count) for kind, state, count in sorted(work_counts()) if state == "waiting"]
    return [(WORK.get(k, k), n, int((at - since[k]).total_seconds() // 60) if k in since else 0) for k, n in counts]


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
