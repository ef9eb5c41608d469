"""A link that could be for several things: staff say for which."""

from flask import Blueprint, abort, g, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.content import course_of
from lti_tool.actions.errand import end_errand
from lti_tool.actions.launch import Undecided, open_course
from lti_tool.actions.placing import ACTIVITY, Choice, Decision, Possibilities, possibilities
from lti_tool.store.db import db
from lti_tool.store.people import Course
from lti_tool.store.programme import Programme
from lti_tool.web import visitor
from lti_tool.web.arriving import enter
from lti_tool.web.visitor import now

blueprint = Blueprint("link", __name__, url_prefix="/link")


@blueprint.route("/", methods=["GET", "POST"])
def choose() -> Response | tuple[str, int]:
    """Copy settings, show a programme of the course, or begin anew."""
    course = course_of(g.launch)
    if course is None:
        abort(404)
    open_ = possibilities(course, g.launch.claims)
    options = _options(open_)
    wanted = request.form.get("choice", "")
    if request.method == "POST" and wanted in {value for value, *_words in options}:
        return _decide(wanted)
    problem = _("Please choose one.") if request.method == "POST" else ""
    first = options[0][0] if open_.sources else ""
    page = render_template(
        "errand/link.html",
        options=options,
        value=first,
        problem=problem,
        sources=open_.sources,
        names_another=ACTIVITY in g.launch.claims.custom,
    )
    return page, 422 if problem else 200


def _options(open_: Possibilities) -> list[tuple[str, str, str]]:
    """What can be chosen: value, label, what it means."""
    copies = [
        (f"{Choice.COPY}-{one.id}", _("Copy the settings of “%(title)s”", title=_titled(one)), _copied())
        for one in open_.sources
    ]
    shown = [
        (f"{Choice.SHOW}-{one.id}", _("Show “%(title)s” of this course", title=one.title), _("Nothing new is made."))
        for one in open_.here
    ]
    anew = (str(Choice.NEW), _("Begin a new programme"), _("With the usual settings, which you can change."))
    return [*copies, *shown, anew]


def _copied() -> str:
    words: str = _("A new programme with the same settings and questions. No people, pairs or points come along.")
    return words


def _titled(source: Programme) -> str:
    return f"{source.title} – {db.session.get_one(Course, source.course_id).title}"


def _decide(wanted: str) -> Response:
    choice, _dash, number = wanted.partition("-")
    opened = open_course(
        g.launch,
        default_zone=visitor.config("TIME_ZONE"),
        hours=visitor.config("SESSION_HOURS"),
        now=now(),
        decision=Decision(choice=Choice(choice), programme_id=int(number) if number else None, by=g.asking.id),
    )
    if opened is None or isinstance(opened, Undecided):
        abort(404)
    end_errand(g.errand.id)
    return enter(opened, g.launch)
