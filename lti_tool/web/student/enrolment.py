"""Joining: role and time zone, the questionnaire page by page, private wishes, agreement; and leaving again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import enrolment as actions
from lti_tool.mentoring.answers import parse_answers, unanswered
from lti_tool.mentoring.enrolment import (
    EnrolmentRole,
    EnrolmentState,
    may_change_role,
    may_withdraw,
    why_not_join,
)
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.questionnaire import Page, Question, QuestionKind
from lti_tool.mentoring.questions import PART, time_zone_question
from lti_tool.mentoring.roster import MemberRole
from lti_tool.mentoring.settling import as_asked
from lti_tool.mentoring.visibility import Written
from lti_tool.mentoring.visibility import seen_by as declared
from lti_tool.store.enrolment import Enrolment, consents_of, find_enrolment, wished
from lti_tool.store.pairs import own_pairs
from lti_tool.store.people import Person, is_fellow_student, search_members
from lti_tool.web.forms import form_lists, grid_axes, is_quiet, kept, page_number, sent, settled_fields
from lti_tool.web.library import contents
from lti_tool.web.student.agreement import agreed_texts, agreement_problems
from lti_tool.web.student.way_in import agreed, asked_on, onward, own, questionnaire, steps, to
from lti_tool.web.text import seen_by, time_zones
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("enrolment", __name__, url_prefix="/join")
FEW = 8  # names on one page of the people picker
WISH_KINDS = {"wish_together": "together", "wish_apart": "apart"}  # by question key


@blueprint.before_request
def _may_join() -> Response | None:
    """Who cannot join reads why on the first page."""
    if request.endpoint == "student.enrolment.leave":
        return None  # an agreement can be taken back at any time
    here, enrolment = visitor(), own()
    state = EnrolmentState(enrolment.state) if enrolment else None
    if why_not_join(here.role, True, here.person.is_test_user, Phase(here.programme.phase), state=state):
        return to("student.home.overview")
    return None


@blueprint.route("/", methods=["GET", "POST"])
def role() -> Response | tuple[str, int]:
    """As what, and in which time zone."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id)
    may_change = may_change_role(bool(enrolment and own_pairs(enrolment.id)), Phase(here.programme.phase))
    questions = (PART, time_zone_question(time_zones()))
    settled = None
    if request.method == "POST":
        settled = actions.save_part(here.programme.id, here.person.id, questions, sent(), now=now())
        if settled.is_done:
            return onward("role")
        enrolment = find_enrolment(here.programme.id, here.person.id)
    guess = here.person.time_zone or here.programme.time_zone
    stored = {"role": enrolment.role, "time_zone": enrolment.time_zone} if enrolment else {}
    part, zone = settled_fields(questions, stored, settled)
    page = render_template(
        "student/enrolment/role.html",
        part=part,
        zone=zone,
        zone_value=zone.value or guess,
        may_guess=not enrolment and not here.person.time_zone,
        may_change=may_change,
        enrolment=enrolment,
        steps=steps(enrolment),
    )
    return page, 200 if settled is None else 422


@blueprint.get("/questions")
def questions() -> Response | str:
    """The pages of the questionnaire, and how far each is."""
    enrolment = own()
    if enrolment is None:
        return to(".role")
    return render_template("student/enrolment/questions.html", enrolment=enrolment, steps=steps(enrolment))


@blueprint.route("/questions/<theme>", methods=["GET", "POST"])
def page(theme: str) -> Response | tuple[str, int]:
    """One page of questions: what is in order is kept, also when something else is not."""
    enrolment = own()
    if enrolment is None:
        return to(".role")
    settled = None
    if request.method == "POST":
        for_later = is_quiet() or "later" in request.form
        settled = actions.save_answers(enrolment.id, sent(), for_later=for_later, now=now())
        if is_quiet():
            return kept(questionnaire().questions, settled)
        if settled.is_done:
            return _after_answers(theme)
        enrolment = own() or abort(404)
    asked = asked_on(theme, enrolment, settled)
    if not asked:
        return to(".questions")
    answers = as_asked(asked, enrolment.answers)
    fields = settled_fields(asked, answers, settled)
    days, blocks = grid_axes()
    text = render_template(
        "student/enrolment/page.html",
        page=Page(theme),
        fields=fields,
        days=days,
        blocks=blocks,
        has_grid=any(question.kind is QuestionKind.GRID for question in asked),
        local_time=_local_time(enrolment.time_zone, now()),
        enrolment=enrolment,
        steps=steps(enrolment),
        is_known=any(question.key in enrolment.answers for question in asked),
    )
    return text, 200 if settled is None else 422


@blueprint.get("/wishes")
def wishes() -> Response | str:
    """Whom one would like, or would rather not, be matched with."""
    enrolment = own()
    if enrolment is None:
        return to(".role")
    here, words, number = visitor(), request.args.get("q", "").strip(), page_number()
    found: list[Person] = []
    total = 0
    if words:
        rows, total = search_members(
            here.course.id, words=words, role=MemberRole.STUDENT, page=number, size=FEW, but=here.person.id
        )
        found = [person for _member, person in rows]
    asked = questionnaire().wishes_for(EnrolmentRole(enrolment.role))
    return render_template(
        "student/enrolment/wishes.html",
        words=words,
        found=found,
        total=total,
        page=number,
        pages=max(1, -(-total // FEW)),
        wishes=[(question, wished(enrolment.id, WISH_KINDS[question.key])) for question in asked],
        seen_by=seen_by(declared(Written.WISHES)),
        enrolment=enrolment,
        steps=steps(enrolment),
    )


@blueprint.post("/wishes")
def wish() -> Response:
    """Add a private wish, or take one back."""
    enrolment = own() or abort(404)
    back = {"q": request.form.get("q") or None, "page": request.form.get("page") or None}
    if "drop" in request.form:
        actions.drop_wish(enrolment.id, request.form.get("drop", 0, type=int))
        return to(".wishes", **back)
    question, person_id = _wished_for(enrolment)
    if not is_fellow_student(visitor().course.id, person_id) or person_id == visitor().person.id:
        abort(404)
    if not actions.wish(enrolment.id, person_id, WISH_KINDS[question.key]):
        flash(_("You have named %(most)s people already. Remove one first.", most=question.maximum), "warning")
    return to(".wishes", **back)


@blueprint.route("/agree", methods=["GET", "POST"])
def agree() -> Response | tuple[str, int]:
    """What one agrees to; from here on one takes part."""
    enrolment = own()
    if enrolment is None:
        return to(".role")
    problems: dict[str, str] = {}
    texts = agreed_texts()
    if request.method == "POST":
        problems = agreement_problems(texts)
        if not problems and actions.join(enrolment.id, contents().editions, now=now()):
            flash(_("You are in. You will find your partner here once the pairs are published."), "success")
            return to("student.home.overview")
    if unanswered(_asked(enrolment), enrolment.answers):
        flash(_("A few answers are still missing."), "warning")
        return to(".questions")
    text = render_template(
        "student/enrolment/agree.html",
        problems=problems,
        enrolment=enrolment,
        steps=steps(enrolment),
        has_agreed=agreed(enrolment),
        texts=texts,
        consents=consents_of(enrolment.id),
        seen_by=seen_by(declared(Written.CONSENT)),
    )
    return text, 422 if problems else 200


@blueprint.route("/leave", methods=["GET", "POST"])
def leave() -> Response | str:
    """Stop taking part, after reading what that means."""
    enrolment = own()
    if enrolment is None or not may_withdraw(EnrolmentState(enrolment.state)):
        return to("student.home.overview")
    if request.method == "POST":
        is_erased = request.form.get("erase") == "yes"
        actions.withdraw(enrolment.id, erase=is_erased, now=now())
        gone = _("Your answers, wishes and application are gone.")
        words = gone if is_erased else _("Your answers are kept in case you come back.")
        flash(_("You no longer take part.") + " " + words, "success")
        return to("student.home.overview")
    return render_template("student/enrolment/leave.html", has_pair=bool(own_pairs(enrolment.id)))


def _after_answers(name: str) -> Response:
    """Home when that was asked for, the same page when staff added to it meanwhile, else the next one."""
    if "later" in request.form:
        flash(_("Saved. You can go on at any time, on any device."), "success")
        return to("student.home.overview")
    enrolment = own() or abort(404)
    if unanswered(asked_on(name, enrolment), enrolment.answers):
        flash(
            _("What you wrote is saved. The staff of this course changed this page meanwhile: something is new."),
            "info",
        )
        return to(".page", theme=name)
    return onward(name)


def _asked(enrolment: Enrolment) -> tuple[Question, ...]:
    return questionnaire().for_role(EnrolmentRole(enrolment.role))


def _wished_for(enrolment: Enrolment) -> tuple[Question, int]:
    """The wish that the form names, and the person."""
    asked = questionnaire().wishes_for(EnrolmentRole(enrolment.role))
    parsed = parse_answers(asked, form_lists())
    named = [(question, parsed.values.get(question.key)) for question in asked]
    chosen = [(question, int(people[0])) for question, people in named if isinstance(people, list) and len(people) == 1]
    return chosen[0] if chosen else abort(404)


def _local_time(zone: str, at: datetime) -> str:
    """What the clock says there, so that a wrong zone is seen."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"
