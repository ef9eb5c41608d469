"""Writing, changing, removing and reporting messages: the same in a pair's conversation and on the mentors' board."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import conversation as actions
from lti_tool.mentoring.conversation import LONGEST_MESSAGE, LONGEST_REASON, why_not_edit, why_not_report
from lti_tool.mentoring.plain import paragraphs, wrong
from lti_tool.mentoring.words import Sentence
from lti_tool.store.conversation import Message, as_rule, message_in, own_reports, reports_by
from lti_tool.web.forms import once
from lti_tool.web.telling import said
from lti_tool.web.text import sentence
from lti_tool.web.threads import Shown, thread, typed_message
from lti_tool.web.visitor import now, visitor

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A conversation as one of those who write in it opens it."""

    pair_id: int | None  # none: the mentors' board
    endpoint: str  # of its blueprint
    layout: str  # the template around its pages
    title: str
    why_closed: Sentence | None
    context: Mapping[str, Any] = field(default_factory=dict)  # what the layout needs

    def url(self, page: str, **values: Any) -> str:
        """The address of one of its pages."""
        more: dict[str, Any] = {} if self.pair_id is None else {"pair_id": self.pair_id}
        return url_for(f"{self.endpoint}.{page}", **more, **values)

    def message(self, message_id: int) -> Message:
        """A message that stands here; any other does not exist for the visitor."""
        return message_in(visitor().programme.id, self.pair_id, message_id) or abort(404)

    def render(self, template: str, **values: Any) -> str:
        """A page of this place."""
        return render_template(
            f"student/thread/{template}.html", place=self, layout=self.layout, **self.context, **values
        )

    def closed(self) -> Response | None:
        """The way back with the reason where nothing can be written; None where it can."""
        if self.why_closed is None:
            return None
        flash(sentence(self.why_closed), "warning")
        return redirect(self.url("show"), 303)


def show(place: Place, *, draft: str = "", problem: str = "") -> str:
    """The newest messages, or older ones; whoever has seen them has read them."""
    here = visitor()
    shown = thread(here.programme.id, place.pair_id, here.person.id, now=now())
    if any(one.is_new for one in shown.messages):
        actions.note_read(here.person.id, here.programme.id, place.pair_id, shown.newest_id)
    return place.render(
        "show",
        thread=shown,
        draft=draft,
        problem=problem,
        longest=LONGEST_MESSAGE,
        reported=own_reports(here.person.id, here.programme.id, place.pair_id),
    )


def write(place: Place) -> Answer:
    """Send what was written; what cannot be sent stays in the form."""
    closed = place.closed()
    if closed:
        return closed
    text, problem = typed_message()
    if problem:
        return show(place, draft=request.form.get("text", ""), problem=sentence(problem)), 422
    here = visitor()
    with said():
        number = actions.write(here.programme.id, place.pair_id, here.person.id, text, once=once(), now=now())
        return redirect(place.url("show") + f"#m{number}", 303)
    return redirect(place.url("show"), 303)


def own(place: Place, message_id: int) -> Answer:
    """One's own message: change it while that is possible, or remove it."""
    message = place.message(message_id)
    if message.person_id != visitor().person.id or message.removed_at:
        abort(404)
    draft, problem, closed = message.text, None, place.closed()
    if closed:
        return closed
    if request.method == "POST":
        draft, problem = typed_message()
        if not problem:
            with said():
                actions.edit(message, draft, by=visitor().person.id, now=now())
            return redirect(place.url("show") + f"#m{message_id}", 303)
        draft = request.form.get("text", "")
    too_late = why_not_edit(as_rule(message), visitor().person.id, now())
    page = place.render(
        "own", message=message, draft=draft, problem=sentence(problem), too_late=too_late, longest=LONGEST_MESSAGE
    )
    return page, 422 if problem else 200


def remove(place: Place, message_id: int) -> Answer:
    """Take one's own message away."""
    message, closed = place.message(message_id), place.closed()
    if closed:
        return closed
    with said():
        actions.remove(message, by=visitor().person.id, now=now())
        flash(_("Your message is removed. Where it stood is a line that says so."), "success")
    return redirect(place.url("show"), 303)


def report(place: Place, message_id: int) -> Answer:
    """Ask the staff to look at somebody else's message; possible also where nothing can be written any more."""
    message, here, problem = place.message(message_id), visitor(), None
    done = reports_by(here.person.id, [message.id]).get(message.id)
    refusal = None if done else why_not_report(as_rule(message), here.person.id)
    if refusal:
        flash(sentence(refusal), "warning")
        return redirect(place.url("show"), 303)
    why = paragraphs(request.form.get("why", ""))
    if request.method == "POST" and not done:
        problem = wrong(why, longest=LONGEST_REASON)
        if not problem:
            with said():
                actions.report(message, why, by=here.person.id, now=now())
                flash(
                    _("Thank you. The staff of this course will look at it. What becomes of it stands here."), "success"
                )
            return redirect(place.url("report", message_id=message_id), 303)
    page = place.render(
        "report", message=message, done=done, why=why, problem=sentence(problem), longest=LONGEST_REASON
    )
    return page, 422 if problem else 200


__all__ = ["Place", "Shown", "own", "remove", "report", "show", "write"]
