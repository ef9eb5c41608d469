"""Meetings as staff see them: those that two people tell differently, those that need a look, and what was decided."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lti_tool.actions.meetings import decide as save_decision
from lti_tool.mentoring.meeting_evidence import Worth, worths
from lti_tool.mentoring.meeting_form import WORDS_LENGTH, Problems, read_words
from lti_tool.mentoring.meetings import Ruling
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.meeting_evidence import (
    STAFF_PAGE,
    count_disputed,
    facts_of_pairs,
    people_at,
    staff_meeting,
    staff_page,
    unreached_page,
)
from lti_tool.web.forms import form_lists, page_number
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("meetings", __name__, url_prefix="/meetings")

KINDS = ("disputed", "flagged", "unreached", "all")
WORTHS = {
    Worth.COUNTS: ("good", _l("Counts")),
    Worth.DISPUTED: ("attention", _l("Told differently")),
    Worth.DISMISSED: ("neutral", _l("Does not count")),
    Worth.TOO_SHORT: ("attention", _l("Too short to count by itself")),
    Worth.SAME_DAY: ("attention", _l("Another one on this day counts already")),
}


@blueprint.get("/")
def overview() -> str:
    """What waits for a decision, first of all."""
    return _unreached() if _kind() == "unreached" else _page({}, 0)


def _unreached() -> str:
    """Who waits for a partner's answer."""
    page = page_number()
    waiting, total = unreached_page(visitor().programme.id, page=page)
    return _rendered(waiting=waiting, total=total, page=page)


@blueprint.post("/decide")
def decide() -> Response | tuple[str, int]:
    """It counts, or it does not; with a reason that the pair reads."""
    here, number = visitor(), request.form.get("meeting", 0, type=int)
    if staff_meeting(here.programme.id, number) is None:
        abort(404)
    ruling = next((one for one in Ruling if one == request.form.get("ruling")), None) or abort(404)
    problems: Problems = {}
    words = read_words(form_lists(), "words", WORDS_LENGTH, problems)
    if problems:
        return _page(problems, number), 422
    try:
        save_decision(here.programme.id, number, ruling, words, by=here.person.id, now=now())
    except RuleBroken as broken:
        flash(sentence(broken.sentence), "warning")
    else:
        flash(_("Decided. The pair sees it with your reason."), "success")
    return redirect(url_for(".overview", show=_kind()), 303)


def _kind() -> str:
    asked = request.values.get("show", "")
    return asked if asked in KINDS else KINDS[0]


def _page(problems: Problems, number: int) -> str:
    here, page = visitor(), page_number()
    least = here.programme.least_meeting_minutes
    rows, total = staff_page(here.programme.id, least, kind=_kind(), page=page)
    people = people_at([one.id for one in rows])
    worth = worths(facts_of_pairs(here.programme.id, {one.pair_id for one in rows}), least)
    return _rendered(
        rows=[(one, people[one.id], worth[one.id]) for one in rows],
        total=total,
        page=page,
        worths=WORTHS,
        problem_at=number,
        problem=sentence(problems.get("words")),
        typed=request.form.get("words", ""),
        maximum=WORDS_LENGTH,
    )


def _rendered(*, total: int, page: int, **more: object) -> str:
    programme = visitor().programme
    return render_template(
        "instructor/meetings/overview.html",
        kind=_kind(),
        page=page,
        pages=max(1, -(-total // STAFF_PAGE)),
        disputed=count_disputed(programme.id),
        least=programme.least_meeting_minutes,
        **more,
    )
