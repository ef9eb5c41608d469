"""Being away: no reminders until a day, with a reason, and back again whenever one likes."""

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.away import come_back, go_away
from lti_tool.mentoring.nudging import AWAY_REASONS, LONGEST_SNOOZE, parse_away
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.ladder import away_now
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("pair_away", __name__, url_prefix="/away")


@blueprint.route("/", methods=["GET", "POST"])
def show() -> Response | tuple[str, int]:
    """Say until when one is away, or that one is back."""
    enrolment, at = _own(), now()
    problems: dict[str, Sentence] = {}
    zone = visitor().person.time_zone or enrolment.time_zone
    today = at.astimezone(ZoneInfo(zone)).date()
    if request.method == "POST" and "back" in request.form:
        come_back(enrolment.id, now=at)
        flash(_("Welcome back."), "success")
        return redirect(url_for("student.home.overview"), 303)
    if request.method == "POST":
        away, problems = parse_away(request.form, today)
        if away:
            go_away(enrolment.id, away, time_zone=zone, now=at)
            flash(_("Saved. No reminders come until then, and your partner sees when you are back."), "success")
            return redirect(url_for("student.home.overview"), 303)
    row = away_now([enrolment.id], at).get(enrolment.id)
    stored = {"back_on": row.back_on.isoformat(), "reason": row.reason, "words": row.words} if row else {}
    page = render_template(
        "student/pair/checkins/away.html",
        away=row,
        values=request.form if problems else stored,
        problems={name: sentence(problem) for name, problem in problems.items()},
        reasons=[(key, _(label)) for key, label in AWAY_REASONS],
        last_on=today + LONGEST_SNOOZE,
        seen={one.value: seen_by(one) for one in (Written.AWAY_UNTIL, Written.AWAY_REASON)},
    )
    return page, 422 if problems else 200


def _own() -> Enrolment:
    """The visitor's part in this programme; who has none is not waited for."""
    here = visitor()
    return find_enrolment(here.programme.id, here.person.id) or abort(404)
