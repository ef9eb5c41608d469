"""Reading a shelf, putting things on it and saying what worked: the same for a pair's shelf and for the library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import resources as actions
from lti_tool.mentoring.resources import KINDS_IN_WORDS, LONGEST_NOTE, parse_tip
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.resources import Resource, resource_on, tips_on
from lti_tool.web import shelf
from lti_tool.web.telling import said
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

FOR_MENTORS = Sentence(N_("Here mentors say what worked for them. On the shelf of your pair, you can too."))
Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A shelf as somebody who takes part opens it."""

    pair_id: int | None  # none: the library
    endpoint: str  # of its blueprint
    layout: str  # the template around its pages
    may_say: bool  # what worked for them
    why_closed: Sentence | None
    context: Mapping[str, Any] = field(default_factory=dict)

    def url(self, page: str, **values: Any) -> str:
        """The address of one of its pages."""
        more: dict[str, Any] = {} if self.pair_id is None else {"pair_id": self.pair_id}
        return url_for(f"{self.endpoint}.{page}", **more, **values)

    def thing(self, resource_id: int) -> Resource:
        """A thing that stands here; any other does not exist for the visitor."""
        return resource_on(visitor().programme.id, self.pair_id, resource_id) or abort(404)

    def render(self, template: str, **values: Any) -> str:
        """A page of this shelf."""
        return render_template(
            f"student/shelf/{template}.html", place=self, layout=self.layout, **self.context, **values
        )

    def closed(self, why: Sentence | None = None) -> Response | None:
        """The way back with the reason where nothing can be changed; None where it can."""
        why = self.why_closed or why
        if why is None:
            return None
        flash(sentence(why), "warning")
        return redirect(self.url("show"), 303)


def show(place: Place) -> str:
    """What stands here, newest first."""
    return place.render("show", listed=shelf.listed(place.pair_id), kinds=shelf.kinds())


def add(place: Place, kind: str) -> Answer:
    """Put a link or a file here."""
    if kind not in shelf.kinds():
        abort(404)
    closed = place.closed()
    if closed:
        return closed
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = shelf.add(place.pair_id, kind)
        if not problems:
            flash(_("It is on the shelf."), "success")
            return redirect(place.url("show"), 303)
    page = place.render(
        "add", kind=kind, problems=problems, shelf=shelf.limits(place.pair_id), kinds_in_words=KINDS_IN_WORDS
    )
    return page, 422 if problems else 200


def thing(place: Place, resource_id: int) -> Answer:
    """One thing with what people say of it, and one's own words about it."""
    row, here = place.thing(resource_id), visitor()
    tips = tips_on([row.id]).get(row.id, [])
    own = next((tip.text for tip, _person in tips if tip.person_id == here.person.id), "")
    problems: dict[str, Sentence] = {}
    if request.method == "POST":
        closed = place.closed(None if place.may_say else FOR_MENTORS)
        if closed:
            return closed
        text, problems = parse_tip(request.form)
        if not problems:
            with said():
                actions.say(row, text, by=here.person.id, now=now())
                flash(_("Saved.") if text else _("Taken back."), "success")
            return redirect(place.url("thing", resource_id=row.id), 303)
        own = request.form.get("tip", "")
    page = place.render(
        "thing",
        row=row,
        tips=tips[-shelf.MOST_TIPS :],
        own_tip=own,
        is_own=row.person_id == here.person.id,
        problems={name: sentence(problem) for name, problem in problems.items()},
        longest=LONGEST_NOTE,
    )
    return page, 422 if problems else 200


def remove(place: Place, resource_id: int) -> Answer:
    """Take one's own thing away."""
    row, closed = place.thing(resource_id), place.closed()
    if closed:
        return closed
    with said():
        actions.remove(row, by=visitor().person.id, is_staff=False, now=now())
        flash(_("It is gone from the shelf, for everybody."), "success")
    return redirect(place.url("show"), 303)
