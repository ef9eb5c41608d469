"""Deep linking: choose a programme, all of it or things of it, or begin one; carry the answer back to the LMS."""

from collections.abc import Mapping

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.content import (
    chosen_programme,
    course_of,
    earlier_choice,
    link_to,
    link_to_part,
    new_programme,
)
from lti_tool.actions.errand import end_errand
from lti_tool.lti.addresses import canonical_origin
from lti_tool.lti.deep_linking import ContentItem, NotAccepted, deep_linking_response
from lti_tool.mentoring.parts import Part, PartKind, parts_of
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.placing import programmes_in
from lti_tool.store.programme import Programme
from lti_tool.web import visitor
from lti_tool.web.library import contents_outside
from lti_tool.web.text import part_name, sentence
from lti_tool.web.visitor import edge, now

blueprint = Blueprint("content", __name__, url_prefix="/content")


WHOLE = "all"  # the choice beside the parts
_ABOUT = {
    PartKind.CHECK_IN: N_("Opens this check-in for everybody’s own pair; to you, what people sent."),
    PartKind.REFLECTION: N_("Opens everybody’s own reflection; to you, those that were handed in."),
    PartKind.GUIDE: N_("Opens this conversation guide inside everybody’s own pair; to you, the guide."),
    PartKind.PARTICIPATION: N_("Opens everybody’s own points; to you, the gradebook page."),
}


@blueprint.get("/")
def choose() -> str | Response:
    """The programmes of the course, and the form for a new one; what was chosen before is opened at once."""
    before = earlier_choice(g.launch)
    if before and g.launch.claims.deep_linking.accepts_links and "other" not in request.args:
        return redirect(url_for(".parts", programme_id=before[0].id), 303)
    return _page(title=g.launch.claims.deep_linking.title or "", points="100", problems={})


@blueprint.post("/existing")
def existing() -> str:
    """A programme of this course was chosen."""
    programme = chosen_programme(g.launch, request.form.get("programme", type=int))
    if programme is None:
        abort(404)
    return _answer([link_to(programme, visitor.own_url("lti.launch"))])


@blueprint.route("/programmes/<int:programme_id>", methods=["GET", "POST"])
def parts(programme_id: int) -> str | tuple[str, int]:
    """All of a programme, or some of what can be placed of it: one where the LMS takes one only."""
    programme = chosen_programme(g.launch, programme_id) or abort(404)
    guides = {one.key: one.title for one in contents_outside().guides}
    offered = {WHOLE: None} | {part.key: part for part in parts_of(programme.check_in_count, guides)}
    chosen = [key for key in offered if key in request.form.getlist("part")]
    if chosen:
        return _answer([_item(programme, offered[key], guides) for key in chosen])
    before = earlier_choice(g.launch)
    is_retry = request.method == "POST"
    page = render_template(
        "errand/parts.html",
        programme_row=programme,
        options=[(key, _named(programme, part, guides), _about(part)) for key, part in offered.items()],
        accepts_multiple=g.launch.claims.deep_linking.accepts_multiple,
        chosen=[_key(before[1])] if before and before[0].id == programme_id and not is_retry else [],
        problems={"part": _("Please choose what your course gets.")} if is_retry else {},
    )
    return page, 422 if is_retry else 200


def _key(part: Part | None) -> str:
    return part.key if part else WHOLE


def _item(programme: Programme, part: Part | None, guides: Mapping[str, str]) -> ContentItem:
    url = visitor.own_url("lti.launch")
    if part is None:
        return link_to(programme, url)
    return link_to_part(programme, part, url, title=f"{part_name(part, guides)} – {programme.title}")


def _named(programme: Programme, part: Part | None, guides: Mapping[str, str]) -> str:
    if part is None:
        return programme.title
    name = part_name(part, guides)
    return str(_("Guide: %(title)s", title=name)) if part.kind is PartKind.GUIDE else name


def _about(part: Part | None) -> str:
    if part is None:
        return str(_("The whole programme, with its gradebook column."))
    return str(_(_ABOUT[part.kind]))


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
