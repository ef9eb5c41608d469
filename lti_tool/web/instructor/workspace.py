"""What pairs say in their check-ins, as far as it is for staff."""

from flask import Blueprint, render_template, request

from lti_tool.mentoring.checkins import check_in_questions
from lti_tool.mentoring.questionnaire import Audience
from lti_tool.store.pairs import side_of
from lti_tool.store.people import PAGE
from lti_tool.store.workspace import check_in_page
from lti_tool.web.forms import page_number, readable
from lti_tool.web.visitor import visitor

blueprint = Blueprint("workspace", __name__, url_prefix="/check-ins")


@blueprint.get("/")
def check_ins() -> str:
    """The newest check-ins, or those of one number: only answers whose label names the staff of the course."""
    page, number = page_number(), request.args.get("number", type=int)
    rows, total = check_in_page(visitor().programme.id, page=page, number=number)
    shown = []
    for check_in, place, person in rows:
        side = side_of(place)
        shown.append(
            (check_in, person, side, readable(check_in_questions(side), check_in.answers, Audience.INSTRUCTOR))
        )
    return render_template(
        "instructor/workspace/check_ins.html",
        rows=shown,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        number=number,
    )
