"""People of a scenario without a partner and what can be done; how fair it is; why not somebody else; the record."""

from flask import Blueprint, render_template, request

from lti_tool.store.board import DECISIONS as ON_A_PAGE
from lti_tool.store.board import LEFT, decisions, left_counts, left_page, people_named
from lti_tool.store.standby import readiness_of
from lti_tool.web.forms import page_number
from lti_tool.web.instructor.matching import draft_scenario
from lti_tool.web.instructor.report import hundredths, is_reckoned, share, shown
from lti_tool.web.instructor.said import DECISIONS, OBJECTIVES, scenario_name
from lti_tool.web.instructor.standby import ready_badges
from lti_tool.web.visitor import visitor

blueprint = Blueprint("left_over", __name__, url_prefix="/matching")
blueprint.add_app_template_filter(share)
blueprint.add_app_template_filter(hundredths)


@blueprint.get("/without")
def people() -> str:
    """Everybody whom a scenario leaves without a partner, a page at a time, with what could help."""
    scenario, page = draft_scenario(), page_number()
    side, words = request.args.get("side", ""), request.args.get("q", "").strip()
    found, total = left_page(scenario.id, side=side, words=words, page=page)
    return render_template(
        "instructor/matching/people.html",
        scenario=scenario,
        scenario_name=scenario_name,
        found=found,
        readiness={
            who: ready_badges(said)
            for who, said in readiness_of([row.enrolment_id for row, _enrolment, _person in found]).items()
        },
        total=total,
        side=side,
        words=words,
        counts=left_counts(scenario.id),
        page=page,
        pages=max(1, -(-total // LEFT)),
    )


@blueprint.get("/fairness")
def fairness() -> str:
    """Every measure of how evenly a scenario's pairs are good."""
    here, scenario = visitor(), draft_scenario()
    report = scenario.fairness
    numbers = {*report.get("worst", ()), *report.get("bottom_tenth", ())}
    numbers |= {number for pair in report.get("blocking_first", ()) for number in pair}
    return render_template(
        "instructor/matching/fairness.html",
        scenario=scenario,
        scenario_name=scenario_name,
        report=shown(report) if report else None,
        people=people_named(here.programme.id, numbers),
        is_waiting=not report and is_reckoned(scenario),
    )


@blueprint.get("/decisions")
def record() -> str:
    """Who changed what about the pairs, when and why, newest first."""
    here, page = visitor(), page_number()
    found, total = decisions(here.programme.id, page=page)
    numbers = {entry.after.get(name) or 0 for entry, _who in found for name in ("mentee", "mentor", "other")}
    return render_template(
        "instructor/matching/decisions.html",
        found=found,
        total=total,
        people=people_named(here.programme.id, numbers - {0}),
        words=DECISIONS,
        objectives=OBJECTIVES,
        page=page,
        pages=max(1, -(-total // ON_A_PAGE)),
    )
