"""The offer of a new partner: yes leads to asking for one, no changes nothing."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.rematch_offers import answer_offer
from lti_tool.mentoring.rematch import CHOICES, OFFER, RematchAnswer, parse_answer
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.mentoring.workspace import Due
from lti_tool.store.rematch_offers import offers_to
from lti_tool.web.student.pair import OwnPair, here_in, refused
from lti_tool.web.text import seen_by as seen_by_words
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("rematch", __name__, url_prefix="/pairs/<int:pair_id>/new-partner")


@blueprint.route("/", methods=["GET", "POST"])
def show(pair_id: int) -> Response | tuple[str, int]:
    """The offer, while it waits for an answer."""
    own = here_in(pair_id)
    closed = refused(own)
    if closed:
        return closed
    if not offers_to(pair_id, own.enrolment.id):
        flash(_("No offer waits for you here. You can ask for somebody else at any time."), "info")
        return redirect(url_for("student.help.show", pair_id=pair_id), 303)
    if request.method == "GET":
        return _page(own, {}), 200
    given, problems = parse_answer(request.form)
    if given is None:
        return _page(own, problems), 422
    try:
        answer_offer(pair_id, own.enrolment.id, given, now=now())
    except RuleBroken as fault:
        return _page(own, {"": fault.sentence}), 422
    return _onwards(own, given)


def dues(own: OwnPair, _at: datetime) -> list[Due]:
    """The offer, while it waits for an answer."""
    offers = offers_to(own.pair.id, own.enrolment.id)
    return [Due(kind="rematch", reason=OFFER, place="rematch")] if offers else []


def _onwards(own: OwnPair, given: RematchAnswer) -> Response:
    if given is RematchAnswer.ASKS:
        flash(_("This page asks the staff for it. Nothing is sent yet."), "info")
        return redirect(url_for("student.help.ask", pair_id=own.pair.id, topic="other", wish="rematch"), 303)
    flash(_("Noted. What you try counts as before."), "success")
    return redirect(url_for("student.workspace.pair", pair_id=own.pair.id), 303)


def _page(own: OwnPair, problems: dict[str, Sentence]) -> str:
    return render_template(
        "student/pair/rematch.html",
        own=own,
        options=[(answer, _(one.label), _(one.hint)) for answer, one in CHOICES.items()],
        values=request.form,
        problems={name: sentence(problem) for name, problem in problems.items()},
        seen=seen_by_words(seen_by(Written.REMATCH_ANSWER)),
    )
