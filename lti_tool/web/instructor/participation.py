"""One person's participation as staff see it, where the LMS asks to review it."""

from flask import Blueprint, abort, render_template

from lti_tool.actions.participation import person_ledger
from lti_tool.store.db import db
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.gradebook import find_score
from lti_tool.store.people import Person, find_member
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("participation", __name__, url_prefix="/participation")


@blueprint.get("/<int:person_id>")
def person(person_id: int) -> str:
    """Every point of this person with its reason; never what was written."""
    here = visitor()
    if find_member(here.course.id, person_id) is None:
        abort(404)
    enrolment = find_enrolment(here.programme.id, person_id)
    return render_template(
        "instructor/participation/person.html",
        somebody=db.session.get_one(Person, person_id),
        enrolment=enrolment,
        ledger=person_ledger(enrolment.id, here.programme, now=now()) if enrolment else None,
        score=find_score(here.programme.id, person_id),
    )
