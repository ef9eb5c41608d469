"""Peer cases that were handed in: to read, and to talk about with mentors. They are not marked."""

from flask import Blueprint, abort, render_template

from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.store.peer_cases import handed_in_case, peer_case_page
from lti_tool.store.people import PAGE
from lti_tool.web.forms import page_number
from lti_tool.web.text import person_name, seen_by_of_them
from lti_tool.web.visitor import visitor

blueprint = Blueprint("peer_cases", __name__, url_prefix="/peer-cases")


@blueprint.get("/")
def overview() -> str:
    """All that were handed in, the newest first."""
    page = page_number()
    rows, total = peer_case_page(visitor().programme.id, page=page)
    return render_template("instructor/peer_cases/overview.html", rows=rows, page=page, pages=max(1, -(-total // PAGE)))


@blueprint.get("/<int:peer_case_id>")
def case(peer_case_id: int) -> str:
    """One of them."""
    row, enrolment, person = handed_in_case(visitor().programme.id, peer_case_id) or abort(404)
    return render_template(
        "instructor/peer_cases/case.html",
        row=row,
        enrolment=enrolment,
        name=person_name(person),
        seen=seen_by_of_them(seen_by(Written.PEER_CASE)),
    )
