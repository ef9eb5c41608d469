"""My participation: what counted, why, and what the gradebook has."""

from flask import Blueprint, render_template

from lti_tool.actions.gradebook import plan_of
from lti_tool.actions.participation import person_ledger
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.gradebook_states import standings_of
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("participation", __name__, url_prefix="/participation")


@blueprint.get("/")
def points() -> str:
    """Every point with its reason."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id)
    return render_template(
        "student/participation/points.html",
        ledger=person_ledger(enrolment.id, here.programme, now=now()) if enrolment else None,
        standings=standings_of(here.programme, [plan.part for plan in plan_of(here.programme)], here.person.id),
        maximum=here.programme.points,
    )
