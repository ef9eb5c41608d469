"""Where the programme stands, what that allows, and the steps from here."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.phases import move as take_step
from lti_tool.mentoring.phases import ALLOWED, next_by_date, steps_from
from lti_tool.mentoring.programme import Phase
from lti_tool.store.impact import standing_of
from lti_tool.store.programme import settings_of
from lti_tool.web.telling import said
from lti_tool.web.text import PHASES
from lti_tool.web.visitor import local_day, now, visitor

blueprint = Blueprint("phases", __name__, url_prefix="/phases")


@blueprint.get("/")
def show() -> str:
    """The phases, the one of now, and what can be done."""
    programme = visitor().programme
    standing, settings = standing_of(programme), settings_of(programme)
    return render_template(
        "instructor/phases/show.html",
        phases=list(Phase),
        now_at=standing.phase,
        allowed=ALLOWED[standing.phase],
        steps=steps_from(standing),
        coming=next_by_date(standing, settings, begun_on=local_day(programme.created_at)),
        settings=settings,
    )


@blueprint.post("/")
def move() -> Response:
    """Take a step by hand."""
    here, to = visitor(), request.form.get("to", "")
    if to not in set(Phase):
        flash(_("There is no such phase. Nothing was changed."), "warning")
        return redirect(url_for(".show"), 303)
    with said():
        take_step(here.programme.id, Phase(to), by=here.person.id, now=now())
        flash(_("The programme is now in the phase “%(phase)s”.", phase=PHASES[to]), "success")
    return redirect(url_for(".show"), 303)
