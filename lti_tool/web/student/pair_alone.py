"""Ten minutes alone: for whoever has tried to reach a partner and heard nothing."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.solo_work import do_alone
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.solo_work import CHOICES, MINUTES, TEXT_LENGTH, is_offered, parse_solo
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.mentoring.workspace import Due
from lti_tool.store.solo_work import heard_from_others_at, solo_work_of, tried_by
from lti_tool.web.forms import once
from lti_tool.web.library import contents
from lti_tool.web.student.pair import OwnPair, here_in, refused
from lti_tool.web.text import seen_by as seen_by_words
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("pair_alone", __name__, url_prefix="/pairs/<int:pair_id>/alone")
MOST_SHOWN = 5  # of one's own, the newest
_OFFER = Sentence(
    N_("Your partner has not answered. With ten minutes of work alone you get full points for it all the same.")
)


@blueprint.route("/", methods=["GET", "POST"])
def show(pair_id: int) -> Response | tuple[str, int]:
    """What can be done alone, and what one has done so far."""
    own = here_in(pair_id)
    if request.method == "GET":
        return _page(own, {}), 200
    closed = refused(own)
    if closed:
        return closed
    work, problems = parse_solo(request.form)
    if work is None:
        return _page(own, request.form, problems), 422
    try:
        do_alone(pair_id, own.enrolment.id, work, once=once(), now=now())
    except RuleBroken as fault:
        return _page(own, request.form, {"": fault.sentence}), 422
    flash(_("Saved. You have done your part, whatever your partner does."), "success")
    return redirect(url_for(".show", pair_id=pair_id), 303)


def dues(own: OwnPair, _at: datetime) -> list[Due]:
    """The work alone, once it is all that is missing."""
    return [Due(kind="alone", reason=_OFFER, place="alone")] if _is_offered(own) else []


def _is_offered(own: OwnPair) -> bool:
    tried = tried_by(own.pair.id, own.enrolment.id)
    if len(tried) < 2:
        return False  # of most pairs nothing more needs to be read
    done = [one.done_at for one in solo_work_of(own.pair.id, own.enrolment.id)]
    heard_at = heard_from_others_at(own.pair.id, own.enrolment.id)
    return is_offered(tried, done, heard_at)


def _page(own: OwnPair, values: Mapping[str, str], problems: Mapping[str, Sentence] | None = None) -> str:
    return render_template(
        "student/pair/alone.html",
        own=own,
        minutes=MINUTES,
        options=[(kind, _(one.label), _(one.hint)) for kind, one in CHOICES.items()],
        longest=TEXT_LENGTH,
        guides=contents().guides,
        is_offered=own.is_writable and _is_offered(own),
        done=[(one, _(CHOICES[one.what].label)) for one in solo_work_of(own.pair.id, own.enrolment.id)[:MOST_SHOWN]],
        values=values,
        problems={name: sentence(problem) for name, problem in (problems or {}).items()},
        seen=seen_by_words(seen_by(Written.SOLO_WORK)),
    )
