"""Pages of launches that ask something. One guard for all: only the browser that launched sees them."""

from flask import Blueprint, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from lti_tool.actions.content import course_of
from lti_tool.actions.errand import launch_of
from lti_tool.actions.roster import ROLE_OF
from lti_tool.lti.claims import Message
from lti_tool.lti.launch import Launch
from lti_tool.mentoring.roster import RUNS_COURSE
from lti_tool.web import framing, visitor
from lti_tool.web.errand import content, link, privacy
from lti_tool.web.errors import VisitOver
from lti_tool.web.text import person_name

errand = Blueprint("errand", __name__, url_prefix="/e/<visit>")
errand.before_request(visitor.admit_errand)
for _page in (link, content, privacy):
    errand.register_blueprint(_page.blueprint)

PAGES = {
    Message.DEEP_LINKING: "content",
    Message.DATA_PRIVACY: "privacy",
    Message.RESOURCE_LINK: "link",
    Message.SUBMISSION_REVIEW: "link",
}
START = {"content": "errand.content.choose", "privacy": "errand.privacy.person", "link": "errand.link.choose"}


@errand.before_request
def _read_launch() -> None:
    """The launch behind the errand; a page of another kind of errand does not exist."""
    launch = launch_of(g.errand, visitor.edge())
    if launch is None:
        raise VisitOver
    g.launch = launch
    _require_present_staff(launch)
    framing.of_lms(launch.platform, return_url=launch.claims.return_url)
    page = (request.blueprint or "").rpartition(".")[2]
    if page not in {"errand", PAGES[launch.claims.message]}:
        abort(404)


def _require_present_staff(launch: Launch) -> None:
    """Who came as staff of a course must still be that; an administrator of the institution is nothing in a course."""
    course = course_of(launch)
    if course and ROLE_OF[launch.claims.standing] in RUNS_COURSE and not visitor.runs_course(course.id, g.asking.id):
        raise VisitOver


@errand.context_processor
def _frame() -> dict[str, object]:
    if "launch" not in g:  # the page says that nobody may be here
        return {}
    launch: Launch = g.launch
    course = launch.claims.context
    return {
        "course_title": course.title if course else None,
        "who": person_name(g.asking),
        "home_url": url_for("errand.enter"),
    }


@errand.get("/")
def enter() -> Response:
    """The question that the launch raises."""
    return redirect(url_for(START[PAGES[g.launch.claims.message]]), 303)
