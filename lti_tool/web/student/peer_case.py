"""One's own peer case: written in pieces, and handed in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.peer_cases import save_peer_case
from lti_tool.mentoring import peer_cases as rules
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.schemes import Kind
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.participation import PeerCase
from lti_tool.store.peer_cases import find_peer_case
from lti_tool.web.forms import version
from lti_tool.web.student.own_items import OwnItem, own_item_of
from lti_tool.web.text import seen_by as seen_by_words
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("peer_case", __name__, url_prefix="/peer-case")


@blueprint.route("/", methods=["GET", "POST"])
def write() -> Response | tuple[str, int]:
    """The case, with what to think about."""
    own = own_item_of(Kind.PEER_CASE)
    row = find_peer_case(own.enrolment.id)
    if request.method == "GET":
        return _page(own, row, row.text if row else rules.template(_headings())), 200
    if not own.is_writable:
        flash(_("This programme has ended. What was written stays readable."), "warning")
        return redirect(url_for(".write"), 303)
    text = rules.cleaned(request.form.get("text", ""))
    problem = rules.wrong_with(text)
    if problem:
        return _page(own, row, text, problem=problem), 422
    try:
        return _saved(own, text)
    except ChangedMeanwhile as fault:
        return _page(own, fault.current, text, is_stale=True), 409
    except RuleBroken as fault:
        return _page(own, row, text, problem=fault.sentence), 422


def _saved(own: OwnItem, text: str) -> Response:
    """Keep it, and say what became of it.

    Raises: ChangedMeanwhile, RuleBroken
    """
    hand_in = "hand_in" in request.form
    row = save_peer_case(own.enrolment.id, text, hand_in=hand_in, headings=_headings(), version=version(), now=now())
    if row.handed_in_at is None:
        flash(_("Your draft is saved. Nobody else can read it."), "success")
    elif hand_in:
        flash(_("Handed in. Thank you: others can learn from it."), "success")
    else:
        flash(_("Saved. The staff read it as it is now."), "success")
    return redirect(url_for(".write"), 303)


def _headings() -> tuple[str, ...]:
    return tuple(str(_(one)) for one in rules.HEADINGS)


def _page(
    own: OwnItem, row: PeerCase | None, text: str, *, problem: Sentence | None = None, is_stale: bool = False
) -> str:
    return render_template(
        "student/peer_case/write.html",
        own=own,
        row=row,
        text=text,
        prompts=[_(one) for one in rules.PROMPTS],
        longest=rules.TEXT_LENGTH,
        problem=sentence(problem),
        is_stale=is_stale,
        seen=seen_by_words(seen_by(Written.PEER_CASE)),
    )
