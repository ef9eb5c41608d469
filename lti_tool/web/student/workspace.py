"""The pair's page, and the check-in."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.matching import note_opened
from lti_tool.actions.participation import pair_ledger
from lti_tool.actions.workspace import check_in as save_check_in
from lti_tool.mentoring.answers import parse_answers
from lti_tool.mentoring.checkins import CheckInSlot, check_in_questions, is_open, schedule
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.phases import ALLOWED
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.questionnaire import Audience, QuestionKind, questionnaire_from_json
from lti_tool.mentoring.words import Sentence
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.programme import settings_of
from lti_tool.store.workspace import check_ins_of, own_pair, person_of
from lti_tool.web.forms import fields, form_lists, readable
from lti_tool.web.student.home import partnership
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("workspace", __name__, url_prefix="/pairs/<int:pair_id>")


@blueprint.get("/")
def pair(pair_id: int) -> str:
    """Who the partner is, why the two were matched, and what is next."""
    own, enrolment = _own(pair_id)
    here = visitor()
    note_opened(enrolment.id, now=now())
    side = _side(own, enrolment)
    partner, _person = person_of(own.mentee_id if side is EnrolmentRole.MENTOR else own.mentor_id)
    partner_side = EnrolmentRole.MENTEE if side is EnrolmentRole.MENTOR else EnrolmentRole.MENTOR
    profile = questionnaire_from_json(here.programme.questionnaire).for_role(EnrolmentRole(partner.role))
    return render_template(
        "student/workspace/pair.html",
        partnership=partnership(own, enrolment, here.programme, now()),
        about=readable(profile, partner.answers, Audience.PARTNER),
        notes=[
            (row.number, row.submitted_at, readable(check_in_questions(partner_side), row.answers, Audience.PARTNER))
            for row in check_ins_of(own.id, partner.id)
        ],
        ledger=pair_ledger(own, enrolment.id, here.programme, now=now()),
        slots=[(slot, is_open(slot, now())) for slot in _slots(own)],
        done={row.number for row in check_ins_of(own.id, enrolment.id)},
    )


@blueprint.route("/check-ins/<int:number>", methods=["GET", "POST"])
def check_in(pair_id: int, number: int) -> Response | tuple[str, int]:
    """Two minutes: how it is going. It can be changed later; the first time counts."""
    own, enrolment = _own(pair_id)
    slot = next((slot for slot in _slots(own) if slot.number == number), None) or abort(404)
    if not ALLOWED[Phase(visitor().programme.phase)].check_ins:
        flash(_("This programme has ended, so no more check-ins are sent. What was sent is kept."), "warning")
        return redirect(url_for(".pair", pair_id=pair_id), 303)
    if not is_open(slot, now()):
        flash(_("This check-in is not open yet."), "warning")
        return redirect(url_for(".pair", pair_id=pair_id), 303)
    questions = check_in_questions(_side(own, enrolment))
    written = {row.number: row.answers for row in check_ins_of(own.id, enrolment.id)}
    problems: dict[str, Sentence] = {}
    if request.method == "POST":
        parsed = parse_answers(questions, form_lists())
        problems = parsed.problems
        if not problems:
            save_check_in(own.id, enrolment.id, number, dict(parsed.values), now=now())
            flash(_("Thank you. Your check-in is saved and counted."), "success")
            return redirect(url_for(".pair", pair_id=pair_id), 303)
    page = render_template(
        "student/workspace/check_in.html",
        number=number,
        pair_id=pair_id,
        is_change=number in written,
        partnership=partnership(own, enrolment, visitor().programme, now()),
        fields=fields(questions, written.get(number, {}), problems),
        problems={key: sentence(problem) for key, problem in problems.items()},
        kinds=QuestionKind,
    )
    return page, 422 if problems else 200


def _own(pair_id: int) -> tuple[Pair, Enrolment]:
    """The visitor's own running pair in this programme; to everybody else there is no such page."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id) or abort(404)
    return own_pair(pair_id, enrolment.id) or abort(404), enrolment


def _slots(own: Pair) -> tuple[CheckInSlot, ...]:
    return schedule(settings_of(visitor().programme), own.published_at or now())


def _side(own: Pair, enrolment: Enrolment) -> EnrolmentRole:
    return EnrolmentRole.MENTOR if own.mentor_id == enrolment.id else EnrolmentRole.MENTEE
