"""What if something else mattered: other weights and hard rules, or other people for each other, as a scenario."""

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import scenarios
from lti_tool.actions.candidates import plan_of
from lti_tool.mentoring.matching.facts import Plan
from lti_tool.mentoring.question_checks import MUSTABLE
from lti_tool.mentoring.questionnaire import Comparer, Question, questionnaire_from_json
from lti_tool.mentoring.scenarios import RULES, Among, Wanted
from lti_tool.mentoring.weights import CONDITIONS, Importance, importance
from lti_tool.store.enrolment import enrolment_counts
from lti_tool.store.matching import Proposal
from lti_tool.web.instructor.matching_scenarios import draft_or_published
from lti_tool.web.instructor.question_words import IMPORTANCE
from lti_tool.web.instructor.said import AMONG, HARD_RULES, NAME_AT_MOST, OBJECTIVES
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("what_if", __name__, url_prefix="/matching/what-if")
LONGEST_OVERLAP = 600
CIRCLE_SIZES = (3, 4)
PEOPLE_IN_CIRCLES = 300  # as `matching.circles` finds them; it needs numpy, which a web process does not


@blueprint.route("/", methods=["GET", "POST"])
def form() -> Response | tuple[str, int]:
    """Everything that a scenario may change, as the programme has it; a scenario is computed from what is sent."""
    proposal = draft_or_published()
    if proposal.state != "draft":
        abort(404)
    problems: dict[str, str] = {}
    if request.method == "POST":
        wanted, problems = _parsed()
        if not problems:
            return _added(proposal, wanted)
    plan = plan_of(visitor().programme)
    page = render_template(
        "instructor/matching/what_if.html",
        questions=[(one, _words_for(one), _chosen(one)) for one in counted()],
        among=[(one.value, AMONG[one]) for one in Among],
        sizes=[(size, str(size)) for size in CIRCLE_SIZES],
        objectives=list(OBJECTIVES.items()),
        rules=[(name, HARD_RULES[name], _is_on(name, plan)) for name in RULES],
        overlap=request.form.get("overlap_minutes", str(plan.minimum_overlap_minutes)),
        typed=request.form,
        problems=problems,
    )
    return page, 422 if problems else 200


def counted() -> list[Question]:
    """The questions whose answers are compared."""
    questionnaire = questionnaire_from_json(visitor().programme.questionnaire).for_matching()
    return [one for one in questionnaire.questions if one.comparer not in CONDITIONS | {Comparer.NONE}]


def _words_for(question: Question) -> list[tuple[str, str]]:
    return [
        (step.value, str(words[0]))
        for step, words in IMPORTANCE.items()
        if step is not Importance.MUST or question.comparer in MUSTABLE or question.is_must
    ]


def _chosen(question: Question) -> str:
    return request.form.get(f"weight-{question.key}", importance(question).value)


def _is_on(name: str, plan: Plan) -> bool:
    return name in request.form if request.method == "POST" else bool(getattr(plan, name))


def _parsed() -> tuple[Wanted, dict[str, str]]:
    """What the form asks for, and what is wrong with it, by field."""
    given, problems = request.form, {}
    questions = counted()
    known = {one.key: dict(_words_for(one)) for one in questions}
    chosen = {one.key: _chosen(one) for one in questions}
    weights = {one.key: chosen[one.key] for one in questions if chosen[one.key] != importance(one).value}
    if any(chosen[key] not in known[key] for key in chosen):
        abort(400)
    if all(word == Importance.OFF for word in chosen.values()):
        problems[""] = _("At least one question has to count.")
    plan = plan_of(visitor().programme)
    minutes = given.get("overlap_minutes", str(plan.minimum_overlap_minutes)).strip()
    if not minutes.isascii() or not minutes.isdigit() or int(minutes) > LONGEST_OVERLAP:
        problems["overlap_minutes"] = _("Please write a number from 0 to %(most)s.", most=LONGEST_OVERLAP)
    among, objective = given.get("among", Among.SIDES), given.get("objective", "fair")
    size = given.get("circle_size", CIRCLE_SIZES[0], type=int)
    if among not in AMONG or objective not in OBJECTIVES or size not in CIRCLE_SIZES:
        abort(400)
    if among == Among.CIRCLES and sum(enrolment_counts(visitor().programme.id).values()) > PEOPLE_IN_CIRCLES:
        problems["among"] = _("Circles are found for up to %(most)s people.", most=PEOPLE_IN_CIRCLES)
    if problems:
        return Wanted(), problems
    rules = {name: name in given for name in RULES if (name in given) != bool(getattr(plan, name))}
    wanted = Wanted(
        objective=objective,
        among=Among(among),
        circle_size=size,
        weights=weights,
        rules=rules,
        minimum_load=1 if "everybody" in given else 0,
        mentors_wanted=2 if "two_mentors" in given else 1,
    )
    if int(minutes) != plan.minimum_overlap_minutes:
        wanted = replace(wanted, overlap_minutes=int(minutes))
    return wanted, problems


def _added(proposal: Proposal, wanted: Wanted) -> Response:
    name = request.form.get("name", "").strip()[:NAME_AT_MOST]
    try:
        number = scenarios.add_scenario(proposal.id, wanted, name=name, by=visitor().person.id, now=now())
    except scenarios.TooMany:
        flash(_("There are twelve scenarios already. Throw one away first. Nothing was changed."), "warning")
    else:
        if number is None:
            flash(_("These pairs are no draft any more. Nothing was changed."), "warning")
        else:
            flash(_("The scenario is being computed. Nothing else was changed, and nobody else sees it."), "success")
    return redirect(url_for("instructor.scenarios.compare"), 303)
