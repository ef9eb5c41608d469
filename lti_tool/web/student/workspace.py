"""The pair's page, and the check-in.

The page answers who the partner is, why the two were matched, what is next and how to reach each other; below stand
short panels. Each slice of the pair's place adds what waits to `DUES` and its panel to `PANELS`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.matching import note_opened
from lti_tool.actions.participation import pair_slots, person_ledger
from lti_tool.actions.workspace import check_in as save_check_in
from lti_tool.mentoring.answers import parse_answers
from lti_tool.mentoring.checkins import CheckInSlot, check_in_questions, is_open
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.questionnaire import Audience, QuestionKind, questionnaire_from_json
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import Sentence
from lti_tool.mentoring.workspace import Due, in_order
from lti_tool.store.checkins import contacts_of
from lti_tool.store.pairs import Partner, own_pairs, side_of
from lti_tool.store.workspace import check_ins_of
from lti_tool.web.forms import fields, form_lists, readable
from lti_tool.web.student import (
    pair_alone,
    pair_checkins,
    pair_guides,
    pair_help,
    pair_life,
    pair_plan,
    pair_rematch,
    pair_thread,
    reflections,
    survey,
)
from lti_tool.web.student.home import partnership
from lti_tool.web.student.meeting_shown import meetings_due, meetings_panel
from lti_tool.web.student.pair import PLACES, OwnPair, from_inside, here_in, refused
from lti_tool.web.student.pair_why import reasons_with, role_cards
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("workspace", __name__, url_prefix="/pairs/<int:pair_id>")

DUES: tuple[Callable[[OwnPair, datetime], list[Due]], ...] = (
    pair_plan.dues,
    meetings_due,
    pair_thread.dues,
    pair_rematch.dues,
    pair_alone.dues,
    pair_life.dues,
    pair_checkins.dues,
    reflections.dues,
    survey.dues,
)
PANELS: tuple[tuple[str, Callable[[OwnPair, datetime], dict[str, Any]]], ...] = (
    ("student/pair/meetings_panel.html", meetings_panel),
    ("student/pair/_plan.html", pair_plan.panel),
    ("student/thread/_panel.html", pair_thread.panel),
    ("student/guides/_panel.html", pair_guides.panel),
    ("student/pair/life_panel.html", pair_life.panel),
    ("student/pair/help_panel.html", pair_help.panel),
    ("student/pair/checkins/_panel.html", pair_checkins.panel),
)


@blueprint.get("/")
def pair(pair_id: int) -> str:
    """Who the partners are, why they were matched, and what is next."""
    own, at = here_in(pair_id), now()
    note_opened(own.enrolment.id, now=at)
    return render_template(
        "student/workspace/pair.html",
        own=own,
        step=partnership(own, at).step,
        is_new=not contacts_of([own.pair.id]),
        others=[
            from_inside(one, own.enrolment, own.programme) for one in own_pairs(own.enrolment.id) if one.id != pair_id
        ],
        dues=[(due, _address(own, due)) for due in _dues(own, at)],
        panels=[(template, panel(own, at)) for template, panel in PANELS],
        why=reasons_with(own),
        role_cards=role_cards(own),
        about=[(one, _about(one, own)) for one in own.partners],
        notes=_notes(own),
        ledger=person_ledger(own.enrolment.id, own.programme, now=at),
        slots=[(slot, is_open(slot, at)) for slot in _slots(own)],
        done={row.number for row in check_ins_of(own.pair.id, own.enrolment.id)},
    )


@blueprint.route("/check-ins/<int:number>", methods=["GET", "POST"])
def check_in(pair_id: int, number: int) -> Response | tuple[str, int]:
    """Two minutes: how it is going. It can be changed later; the first time counts."""
    own = here_in(pair_id)
    slot = next((slot for slot in _slots(own) if slot.number == number), None) or abort(404)
    closed = refused(own)
    if closed:
        return closed
    if not is_open(slot, now()):
        flash(_("This check-in is not open yet."), "warning")
        return redirect(url_for(".pair", pair_id=pair_id), 303)
    questions = check_in_questions(side_of(own.member))
    written = {row.number: row.answers for row in check_ins_of(own.pair.id, own.enrolment.id)}
    problems: dict[str, Sentence] = {}
    if request.method == "POST":
        parsed = parse_answers(questions, form_lists())
        problems = parsed.problems or ({} if parsed.values else {questions[0].key: pair_checkins.NOTHING})
        if not problems:
            try:
                save_check_in(own.pair.id, own.enrolment.id, number, dict(parsed.values), now=now())
            except RuleBroken as fault:
                flash(sentence(fault.sentence), "warning")
                return redirect(url_for(".pair", pair_id=pair_id), 303)
            return pair_checkins.answered(own, pair_checkins.PULSE, number, dict(parsed.values))
    page = render_template(
        "student/workspace/check_in.html",
        number=number,
        is_change=number in written,
        own=own,
        fields=fields(questions, written.get(number, {}), problems),
        problems={key: sentence(problem) for key, problem in problems.items()},
        kinds=QuestionKind,
    )
    return page, 422 if problems else 200


def _dues(own: OwnPair, at: datetime) -> list[Due]:
    return in_order(due for source in DUES for due in source(own, at)) if own.is_writable else []


def _address(own: OwnPair, due: Due) -> str:
    more: dict[str, Any] = {} if due.number is None else {"number": due.number}
    return url_for(PLACES[due.place], pair_id=own.pair.id, **more)


def _about(partner: Partner, own: OwnPair) -> list[tuple[str, str]]:
    """What this partner lets the others of the pair see."""
    profile = questionnaire_from_json(own.programme.questionnaire).for_role(EnrolmentRole(partner.enrolment.role))
    return readable(profile, partner.enrolment.answers, Audience.PARTNER)


def _notes(own: OwnPair) -> list[tuple[Partner, int, datetime, list[tuple[str, str]]]]:
    """What partners wrote for this reader in their check-ins, oldest first."""
    found = [
        (one, row.number, row.submitted_at, readable(questions, row.answers, Audience.PARTNER))
        for one in own.partners
        for questions in (check_in_questions(side_of(one.member)),)
        for row in check_ins_of(own.pair.id, one.enrolment.id)
    ]
    return sorted(found, key=lambda note: note[2])


def _slots(own: OwnPair) -> tuple[CheckInSlot, ...]:
    return pair_slots(own.pair, own.enrolment.id, own.programme)
