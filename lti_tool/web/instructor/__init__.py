"""Pages of the people who run a course. One guard for all of them: a page cannot be mounted unguarded."""

from flask import Blueprint
from flask_babel import gettext as _

from lti_tool.web import visitor
from lti_tool.web.frame import Tab, frame
from lti_tool.web.instructor import (
    cohort,
    enrolment,
    gradebook,
    matching,
    matching_edits,
    matching_people,
    matching_repair,
    matching_scenarios,
    matching_triads,
    matching_what_if,
    matching_why,
    mentors,
    participation,
    phases,
    preview,
    programme,
    questionnaire,
    questionnaire_file,
    settings,
    setup,
    team,
    workspace,
)

instructor = Blueprint("instructor", __name__, url_prefix="/l/<visit>/staff")
instructor.before_request(visitor.admit_staff)
for _page in (
    programme,
    setup,
    settings,
    phases,
    team,
    preview,
    questionnaire,
    questionnaire_file,
    enrolment,
    cohort,
    mentors,
    matching,
    matching_scenarios,
    matching_edits,
    matching_people,
    matching_why,
    matching_what_if,
    matching_repair,
    matching_triads,
    workspace,
    gradebook,
    participation,
):
    instructor.register_blueprint(_page.blueprint)


@instructor.context_processor
def _frame() -> dict[str, object]:
    return frame(
        Tab("instructor.programme.overview", _("Overview")),
        Tab("instructor.programme.people", _("People")),
        Tab("instructor.questionnaire.overview", _("Questionnaire")),
        Tab("instructor.cohort.funnel", _("Sign-up")),
        Tab("instructor.mentors.queue", _("Mentors")),
        Tab("instructor.matching.board", _("Matching")),
        Tab("instructor.workspace.check_ins", _("Check-ins")),
        Tab("instructor.gradebook.scores", _("Gradebook")),
        Tab("instructor.programme.settings", _("Settings")),
    )
