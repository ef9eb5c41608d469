"""Deep linking: choose or begin a programme, and carry the answer back to the LMS."""

from flask import Blueprint, abort, g, render_template, request
from flask_babel import gettext as _

from lti_tool.actions.content import chosen_programme, course_of, link_to, new_programme
from lti_tool.actions.errand import end_errand
from lti_tool.lti.addresses import canonical_origin
from lti_tool.lti.deep_linking import ContentItem, NotAccepted, deep_linking_response
from lti_tool.mentoring.words import Sentence
from lti_tool.store.placing import programmes_in
from lti_tool.web import visitor
from lti_tool.web.text import sentence
from lti_tool.web.visitor import edge, now

blueprint = Blueprint("content", __name__, url_prefix="/content")


@blueprint.get("/")
def choose() -> str:
    """The programmes of the course, and the form for a new one."""
    return _page(title=g.launch.claims.deep_linking.title or "", points="100", problems={})


@blueprint.post("/existing")
def existing() -> str:
    """A programme of this course was chosen."""
    programme = chosen_programme(g.launch, request.form.get("programme", type=int))
    if programme is None:
        abort(404)
    return _answer([link_to(programme, visitor.own_url("lti.launch"))])


@blueprint.post("/new")
def new() -> str | tuple[str, int]:
    """A new programme was asked for."""
    if not g.launch.claims.deep_linking.accepts_links:
        return _answer([])
    title, points = request.form.get("title", ""), request.form.get("points", "")
    programme, problems = new_programme(
        g.launch, title, points, time_zone=visitor.config("TIME_ZONE"), by=g.asking.id, now=now()
    )
    if programme is None:
        return _page(title=title, points=points, problems=problems), 422
    return _answer([link_to(programme, visitor.own_url("lti.launch"))])


@blueprint.post("/nothing")
def nothing() -> str:
    """Nothing was chosen; the LMS is told so."""
    return _answer([])


def _page(*, title: str, points: str, problems: dict[str, Sentence]) -> str:
    course = course_of(g.launch)
    return render_template(
        "errand/content.html",
        programmes=programmes_in(course.id) if course else [],
        accepts_links=g.launch.claims.deep_linking.accepts_links,
        values={"title": title, "points": points},
        problems={name: sentence(problem) for name, problem in problems.items()},
    )


def _answer(items: list[ContentItem]) -> str:
    """The form that the browser carries to the LMS; it may go to that address's host only."""
    try:
        form = deep_linking_response(g.launch, items, signing_keys=edge().signing_keys, now=now())
    except NotAccepted:
        error = _("The LMS takes no links of this tool here.")
        form = deep_linking_response(g.launch, [], signing_keys=edge().signing_keys, now=now(), error=error)
    end_errand(g.errand.id)
    g.form_target = canonical_origin(form.action_url) or "'none'"
    return render_template("errand/return.html", form=form)
