"""Groups of three: somebody without a partner joins a pair; the pairs that would suit them best stand first."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import triads
from lti_tool.actions.by_hand_kinds import HAS_SOMEBODY
from lti_tool.store.board import people_named
from lti_tool.store.matching import left_in
from lti_tool.web.instructor.matching import draft_scenario
from lti_tool.web.instructor.said import RULES, said
from lti_tool.web.visitor import visitor

blueprint = Blueprint("triads", __name__, url_prefix="/matching/triad")
SHOWN = 12


@blueprint.get("/")
def choose() -> str | Response:
    """Which pair somebody could join."""
    here, scenario = visitor(), draft_scenario()
    number = request.args.get("who", 0, type=int)
    left = next((one for one in left_in(scenario.id) if one.enrolment_id == number), None)
    if left is None or scenario.is_published:
        if not people_named(here.programme.id, {number}):
            abort(404)
        flash(_(HAS_SOMEBODY) + " " + _("Nothing was changed."), "warning")
        return redirect(url_for("instructor.matching.board", scenario=scenario.id), 303)
    words = request.args.get("q", "").strip().casefold().split()
    choices = triads.best_choices(here.programme, scenario, left)
    people = people_named(
        here.programme.id, {number} | {side for one in choices for side in (one.pair.mentee_id, one.pair.mentor_id)}
    )
    named = [
        one
        for one in choices
        if all(
            any(word in people[side].name.casefold() for side in (one.pair.mentee_id, one.pair.mentor_id))
            for word in words
        )
    ]
    shown = named[:SHOWN]
    return render_template(
        "instructor/matching/triad.html",
        scenario=scenario,
        left=left,
        choices=shown,
        more=len(named) - len(shown),
        people=people,
        words=" ".join(words),
        reasons={
            one.pair.id: said(one.made.reasons, people[one.made.link[1]], people[one.made.link[0]]) for one in shown
        },
        rules=RULES,
    )
