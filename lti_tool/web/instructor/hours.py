"""Hours that people in a practicum logged, person by person."""

from flask import Blueprint, abort, render_template

from lti_tool.mentoring.hours import in_hours
from lti_tool.store.db import db
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.hours import ON_A_PAGE, hours_of_all, hours_page, hours_total
from lti_tool.store.people import PAGE, Person, find_member
from lti_tool.web.forms import page_number
from lti_tool.web.visitor import visitor

blueprint = Blueprint("hours", __name__, url_prefix="/hours")


@blueprint.get("/")
def overview() -> str:
    """Everybody who logged something, with what it comes to."""
    page = page_number()
    rows, total = hours_of_all(visitor().programme.id, page=page)
    return render_template(
        "instructor/hours/overview.html",
        rows=[(person, count, in_hours(minutes)) for person, count, minutes in rows],
        page=page,
        pages=max(1, -(-total // PAGE)),
    )


@blueprint.get("/<int:person_id>")
def person(person_id: int) -> str:
    """What one person logged."""
    here, page = visitor(), page_number()
    if find_member(here.course.id, person_id) is None:
        abort(404)
    enrolment = find_enrolment(here.programme.id, person_id)
    count, minutes = hours_total(enrolment.id) if enrolment else (0, 0)
    return render_template(
        "instructor/hours/person.html",
        somebody=db.session.get_one(Person, person_id),
        rows=[(row, in_hours(row.minutes)) for row in (hours_page(enrolment.id, page=page) if enrolment else ())],
        logged=in_hours(minutes),
        page=page,
        pages=max(1, -(-count // ON_A_PAGE)),
    )
