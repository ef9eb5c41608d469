"""Pages of the people who take part. One guard for all of them: a page cannot be mounted unguarded."""

from flask import Blueprint
from flask_babel import gettext as _

from lti_tool.web import visitor
from lti_tool.web.forms import new_once
from lti_tool.web.frame import Tab, frame
from lti_tool.web.student import (
    application,
    enrolment,
    home,
    pair,
    pair_help,
    pair_life,
    pair_why,
    participation,
    placed,
    training,
    workspace,
)

student = Blueprint("student", __name__, url_prefix="/l/<visit>/me")
student.before_request(visitor.admit_student)
for _page in (
    home,
    enrolment,
    application,
    training,
    workspace,
    pair_why,
    placed,
    participation,
    pair_help,
    pair_life,
):
    student.register_blueprint(_page.blueprint)


@student.context_processor
def _pair() -> dict[str, object]:
    return {"PAIR_PAGES": pair.PAGES, "new_once": new_once}


@student.context_processor
def _frame() -> dict[str, object]:
    return frame(
        Tab("student.home.overview", _("Mentoring")),
        Tab("student.enrolment.questions", _("My answers")),
        Tab("student.training.overview", _("Training")),
        Tab("student.participation.points", _("My participation")),
    )
