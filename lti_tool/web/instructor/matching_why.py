"""“Why not X?”: what would happen if somebody had another mentor, or the rule that stands in the way."""

from flask import Blueprint, abort, render_template, request

from lti_tool.actions import why_not
from lti_tool.store.board import PEOPLE, people_named, side_page
from lti_tool.web.forms import page_number
from lti_tool.web.instructor.matching import draft_scenario
from lti_tool.web.instructor.said import RULES, scenario_name
from lti_tool.web.visitor import visitor

blueprint = Blueprint("why_not", __name__, url_prefix="/matching/why")


@blueprint.get("/")
def ask() -> str:
    """About which mentor somebody asks."""
    scenario, page = draft_scenario(), page_number()
    mentee, words = request.args.get("mentee", 0, type=int), request.args.get("q", "").strip()
    people = people_named(visitor().programme.id, {mentee})
    found, total = side_page(scenario.id, "mentor", words=words, page=page)
    return render_template(
        "instructor/matching/why.html",
        scenario=scenario,
        mentee=mentee,
        about=people.get(mentee) or abort(404),
        found=found,
        total=total,
        words=words,
        page=page,
        pages=max(1, -(-total // PEOPLE)),
    )


@blueprint.get("/answer")
def answer() -> str:
    """The other pairs if these two were one, or what forbids it."""
    here, scenario = visitor(), draft_scenario()
    mentee, mentor = request.args.get("mentee", 0, type=int), request.args.get("mentor", 0, type=int)
    people = people_named(here.programme.id, {mentee, mentor})
    if len(people) < 2:
        abort(404)
    found = why_not.why_not(here.programme, scenario, (mentee, mentor))
    fits = [fit for move in found.moves for fit in (move.before, move.after) if fit]
    numbers = [move.mentee for move in found.moves] + [fit.partner for fit in fits]
    return render_template(
        "instructor/matching/answer.html",
        scenario=scenario,
        scenario_name=scenario_name,
        mentee=mentee,
        mentor=mentor,
        found=found,
        people=people | people_named(here.programme.id, numbers),
        rules=[RULES.get(rule, rule) for rule in found.broken],
    )
