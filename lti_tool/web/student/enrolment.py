"""Joining: role and time zone, the questionnaire, private wishes, agreement; and leaving again."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import enrolment as actions
from lti_tool.mentoring.enrolment import (
    EnrolmentRole,
    EnrolmentState,
    may_change_role,
    may_withdraw,
    why_not_join,
    why_not_role,
)
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.questionnaire import Question, QuestionKind, parse_answers, questionnaire_from_json
from lti_tool.mentoring.roster import MemberRole
from lti_tool.mentoring.words import Sentence
from lti_tool.mentoring.zones import zone_named
from lti_tool.store.enrolment import Enrolment, find_enrolment, wished_apart
from lti_tool.store.people import find_member, is_fellow_student, search_members
from lti_tool.store.programme import settings_of
from lti_tool.store.workspace import pairs_with
from lti_tool.web.forms import fields, form_lists, grid_axes
from lti_tool.web.text import sentence, time_zones
from lti_tool.web.visitor import Visitor, now, visitor

blueprint = Blueprint("enrolment", __name__, url_prefix="/join")
FEW = 8  # names a search shows before it asks for more letters


@blueprint.before_request
def _may_join() -> Response | None:
    """Who cannot join reads why on the first page."""
    here, enrolment = visitor(), _own()
    state = EnrolmentState(enrolment.state) if enrolment else None
    if why_not_join(here.role, True, here.person.is_test_user, Phase(here.programme.phase), state=state):
        return _to("student.home.overview")
    return None


@blueprint.route("/", methods=["GET", "POST"])
def role() -> Response | tuple[str, int]:
    """As what, and in which time zone."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id)
    may_change = may_change_role(bool(enrolment and pairs_with(enrolment.id)), Phase(here.programme.phase))
    zone = enrolment.time_zone if enrolment else here.person.time_zone or here.programme.time_zone
    values = {"role": enrolment.role if enrolment else "", "time_zone": zone}
    problems: dict[str, str] = {}
    if request.method == "POST":
        values = {name: request.form.get(name, "") for name in values}
        if not may_change and enrolment:
            values["role"] = enrolment.role
        problems = _role_problems(values, here)
        if not problems:
            wanted, zone = EnrolmentRole(values["role"]), values["time_zone"]
            actions.choose_role(here.programme.id, here.person.id, wanted, time_zone=zone, now=now())
            return _to(".questions")
    page = render_template(
        "student/enrolment/role.html",
        values=values,
        problems=problems,
        may_change=may_change,
        enrolment=enrolment,
        time_zones=time_zones(),
    )
    return page, 422 if problems else 200


@blueprint.route("/questions", methods=["GET", "POST"])
def questions() -> Response | tuple[str, int]:
    """The questionnaire: what is in order is kept, also when something else is not."""
    enrolment = _own()
    if enrolment is None:
        return _to(".role")
    asked = _asked(enrolment)
    problems: dict[str, Sentence] = {}
    if request.method == "POST":
        parsed = parse_answers(asked, form_lists())
        problems = parsed.problems
        kept = {question.key: parsed.values.get(question.key) for question in asked if question.key not in problems}
        actions.save_answers(enrolment.id, kept, capacity=_capacity({**enrolment.answers, **parsed.values}), now=now())
        if not problems:
            if enrolment.state == EnrolmentState.JOINED:
                flash(_("Saved."), "success")
                return _to("student.home.overview")
            return _to(".wishes")
    days, blocks = grid_axes()
    page = render_template(
        "student/enrolment/questions.html",
        fields=fields(asked, enrolment.answers, problems),
        problems={key: sentence(problem) for key, problem in problems.items()},
        days=days,
        blocks=blocks,
        kinds=QuestionKind,
        enrolment=enrolment,
    )
    return page, 422 if problems else 200


@blueprint.get("/wishes")
def wishes() -> Response | str:
    """Whom one would rather not be matched with."""
    enrolment = _own()
    if enrolment is None:
        return _to(".role")
    here, words = visitor(), request.args.get("q", "").strip()
    found, total = search_members(here.course.id, words=words, role=MemberRole.STUDENT) if words else ([], 0)
    return render_template(
        "student/enrolment/wishes.html",
        words=words,
        found=[person for _member, person in found if person.id != here.person.id][:FEW],
        total=total,
        chosen=wished_apart(enrolment.id),
        most=actions.MOST_WISHES,
        enrolment=enrolment,
    )


@blueprint.post("/wishes")
def wish() -> Response:
    """Add a private wish, or take one back."""
    enrolment = _own() or abort(404)
    here = visitor()
    if "drop" in request.form:
        actions.drop_wish(enrolment.id, request.form.get("drop", 0, type=int))
        return _to(".wishes")
    person_id = request.form.get("add", 0, type=int)
    if not is_fellow_student(here.course.id, person_id) or person_id == here.person.id:
        abort(404)
    if not actions.keep_apart(enrolment.id, person_id):
        flash(_("You have named %(most)s people already. Remove one first.", most=actions.MOST_WISHES), "warning")
    return _to(".wishes")


@blueprint.route("/agree", methods=["GET", "POST"])
def agree() -> Response | tuple[str, int]:
    """What one agrees to; from here on one takes part."""
    enrolment = _own()
    if enrolment is None:
        return _to(".role")
    if any(question.is_required and not enrolment.answers.get(question.key) for question in _asked(enrolment)):
        flash(_("A few answers are still missing."), "warning")
        return _to(".questions")
    problem = ""
    if request.method == "POST":
        if request.form.get("agree") == "yes":
            actions.join(enrolment.id, now=now())
            flash(_("You are in. You will find your partner here once the pairs are published."), "success")
            return _to("student.home.overview")
        problem = _("Please tick the box if you agree. Without it nobody can be matched with you.")
    page = render_template("student/enrolment/agree.html", problem=problem, enrolment=enrolment)
    return page, 422 if problem else 200


@blueprint.route("/leave", methods=["GET", "POST"])
def leave() -> Response | str:
    """Stop taking part, after reading what that means."""
    enrolment = _own()
    if enrolment is None or not may_withdraw(EnrolmentState(enrolment.state), Phase(visitor().programme.phase)):
        return _to("student.home.overview")
    if request.method == "POST":
        actions.withdraw(enrolment.id, now=now())
        flash(_("You no longer take part. Your answers are kept in case you come back."), "success")
        return _to("student.home.overview")
    return render_template("student/enrolment/leave.html", has_pair=bool(pairs_with(enrolment.id)))


def _own() -> Enrolment | None:
    here = visitor()
    return find_enrolment(here.programme.id, here.person.id)


def _asked(enrolment: Enrolment) -> tuple[Question, ...]:
    return questionnaire_from_json(visitor().programme.questionnaire).for_role(EnrolmentRole(enrolment.role))


def _capacity(values: dict[str, Any]) -> int:
    """How many mentees somebody takes: what they said, within what the programme allows."""
    limit = visitor().programme.mentor_capacity_limit
    return min(int(values.get("mentee_limit", limit)), limit)


def _role_problems(values: dict[str, str], here: Visitor) -> dict[str, str]:
    problems = {}
    member = find_member(here.course.id, here.person.id)
    if values["role"] not in set(EnrolmentRole):
        problems["role"] = _("Please choose how you would like to take part.")
    elif not_open := why_not_role(
        EnrolmentRole(values["role"]), member.section_ids if member else (), settings_of(here.programme)
    ):
        problems["role"] = sentence(not_open)
    if zone_named(values["time_zone"]) is None:
        problems["time_zone"] = _("Please choose a time zone from the list.")
    return problems


def _to(endpoint: str) -> Response:
    return redirect(url_for(endpoint), 303)
