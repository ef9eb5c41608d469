"""Launches that are about somebody: a submission to review, a person whose data is asked for.

Source: Submission Review 1.0; the Data Privacy Launch draft.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.oidc import login_form
from lti_tool.demo_lms.records import LineItem, Message
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.visitor import STAFF, administrator, enter, problem, refuse

blueprint = Blueprint("messages", __name__)


@blueprint.get("/courses/<key>/gradebook/<int:item_id>/<person_key>/review")
def review(key: str, item_id: int, person_key: str) -> ResponseReturnValue:
    """Show a student's submission in the tool, to staff or to the student."""
    lms = campus()
    _, seat = enter(key)
    item, person = lms.line_items.get(item_id), lms.college.people.get(person_key)
    if item is None or item.course != key or person is None or not can_be_reviewed(lms, item):
        refuse(404, "There is nothing to review here.")
    if seat.role not in STAFF and seat.person != person:
        refuse(403, "This page is for other people of the course.")
    return login_form(
        seat.person,
        client_id=item.client_id,
        course=key,
        link=lms.links.get(item.resource_link_id or ""),
        message=Message.SUBMISSION_REVIEW,
        about=person,
        item=item,
        document_target="window",
        title=item.label,
    )


def can_be_reviewed(lms: Campus, item: LineItem) -> bool:
    """Answer whether the tool shows submissions of this column."""
    return "submissionReview" in item.details or lms.tools[item.client_id].takes(Message.SUBMISSION_REVIEW)


@blueprint.get("/admin/privacy")
def privacy() -> ResponseReturnValue:
    """Let the administrator choose a person and a tool that may hold data about them."""
    administrator()
    lms, words = campus(), request.args.get("q", "").strip().casefold()
    people = [person for person in lms.college.people.values() if words in person.name.casefold()]
    tools = [tool for tool in lms.tools.values() if tool.takes(Message.DATA_PRIVACY)]
    return render_template("privacy.html", people=people[:100], tools=tools, words=words)


@blueprint.get("/admin/privacy/launch")
def privacy_launch() -> ResponseReturnValue:
    """Open the tool's page about one person's data: no course, no link."""
    lms, admin = campus(), administrator()
    tool = lms.tools.get(request.args.get("client_id", ""))
    person = lms.college.people.get(request.args.get("person", ""))
    if tool is None or person is None or not tool.takes(Message.DATA_PRIVACY):
        return problem(400, "Choose a person and a tool.")
    return login_form(
        admin,
        client_id=tool.client_id,
        message=Message.DATA_PRIVACY,
        about=person,
        document_target="window",
        title=tool.name,
    )
