"""Choosing mentors: the queue of applications, one application, and what staff decide. Nothing decides by itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool.actions import application as actions
from lti_tool.mentoring.application import (
    HIGHEST_MARK,
    SENT,
    TAKEN_OVER,
    WAITING,
    ApplicationState,
    Criterion,
    Decision,
    Situation,
    Step,
    StepNotPossible,
    pages,
    parse_review,
    situations,
)
from lti_tool.mentoring.questionnaire import Audience, questionnaire_from_json
from lti_tool.mentoring.training import Scenario
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.store.application import QUEUE_PAGE, Application, application_counts, application_page, sent_application
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.people import Person
from lti_tool.web.forms import page_number, readable
from lti_tool.web.library import training_of
from lti_tool.web.text import person_name, seen_by_of_them, sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("mentors", __name__, url_prefix="/mentors")
FILTERS = {"waiting": WAITING, "all": SENT} | {state.value: frozenset({state}) for state in sorted(SENT)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """One application in the queue."""

    application: Application
    enrolment: Enrolment
    person: Person
    points: int  # of all situations together
    most_points: int


@blueprint.get("/")
def queue() -> str:
    """The applications, the longest waiting first, a page at a time."""
    return _queue_page({"decline": _kind_words()}, {})


def _queue_page(values: Mapping[str, str], problems: Mapping[str, str], ticked: Collection[int] = ()) -> str:
    here, words, page = visitor(), request.values.get("q", ""), page_number()
    chosen = request.values.get("show", "waiting")
    rows, total = application_page(here.programme.id, states=FILTERS.get(chosen, WAITING), words=words, page=page)
    counts = application_counts(here.programme.id)
    return render_template(
        "instructor/mentors/queue.html",
        rows=[_queued(*row, _scenarios()) for row in rows],
        total=total,
        counts=counts,
        waiting=sum(counts.get(state, 0) for state in WAITING),
        chosen=chosen if chosen in FILTERS else "waiting",
        words=words,
        page=page,
        pages=max(1, -(-total // QUEUE_PAGE)),
        values=values,
        problems=problems,
        ticked=ticked,
        own_words=seen_by_of_them(seen_by(Written.APPLICATION_MESSAGE)),
    )


@blueprint.post("/several")
def several() -> Response | tuple[str, int]:
    """One decision on everybody who was ticked and still waits: approve, or ask or decline with the same words."""
    here = visitor()
    ticked = {
        int(one) for one in request.form.getlist("enrolment") if one.isascii() and one.isdigit() and len(one) < 10
    }
    given, problems = parse_review({name: request.form.get(name, "") for name in ("decision", "ask", "decline")})
    if given is None:
        return _queue_page(request.form, {name: sentence(why) for name, why in problems.items()}, ticked), 422
    if not ticked or given.decision is None:
        flash(_("Nobody was ticked, so nothing was changed."), "warning")
        return redirect(url_for(".queue"), 303)
    done = actions.decide_several(
        here.programme.id, ticked, given.decision, words=given.words, by=here.person.id, now=now()
    )
    _say(given.decision, done)
    return redirect(url_for(".queue"), 303)


def _say(decision: Decision, done: actions.Several) -> None:
    said = {
        Decision.APPROVE: ngettext("%(num)s mentor is approved.", "%(num)s mentors are approved.", done.done),
        Decision.ASK: ngettext("%(num)s person is asked for more.", "%(num)s people are asked for more.", done.done),
        Decision.DECLINE: ngettext(
            "%(num)s application is declined, in your words.",
            "%(num)s applications are declined, in your words.",
            done.done,
        ),
    }
    if done.done:
        flash(said[decision], "success")
    if done.left:
        flash(
            ngettext(
                "%(num)s application was decided or taken back meanwhile, and stays as it is.",
                "%(num)s applications were decided or taken back meanwhile, and stay as they are.",
                done.left,
            ),
            "warning",
        )


@blueprint.route("/<int:enrolment_id>", methods=["GET", "POST"])
def application(enrolment_id: int) -> Response | tuple[str, int]:
    """One application: what was written, what staff note beside it, and the decision."""
    row, enrolment, person = sent_application(visitor().programme.id, enrolment_id) or abort(404)
    if request.method == "GET":
        return _page(row, enrolment, person, _as_stored(row)), 200
    given, problems = parse_review(request.form)
    if given is None:
        said = {name: sentence(problem) for name, problem in problems.items()}
        return _page(row, enrolment, person, request.form, problems=said, seen_as=request.form.get("seen", "")), 422
    try:
        newer = actions.review(
            visitor().programme.id,
            enrolment_id,
            given,
            seen_as=request.form.get("seen", ""),
            by=visitor().person.id,
            now=now(),
        )
    except StepNotPossible as fault:
        flash(sentence(fault.sentence), "warning")
        return redirect(url_for(".queue"), 303)
    if newer:
        return _page(newer, enrolment, person, request.form, is_stale=True), 409
    flash(_("Saved. The person reads your answer on their page.") if given.decision else _("Saved."), "success")
    return redirect(url_for(".queue") if given.decision else url_for(".application", enrolment_id=enrolment_id), 303)


def _page(
    row: Application,
    enrolment: Enrolment,
    person: Person,
    values: Mapping[str, str],
    *,
    problems: Mapping[str, str] | None = None,
    is_stale: bool = False,
    seen_as: str = "",
) -> str:
    scenarios = _scenarios()
    asked = pages(scenarios, is_asked=bool(row.answers.get("reply")))
    decider = db.session.get(Person, row.decided_by) if row.decided_by else None
    known = questionnaire_from_json(visitor().programme.questionnaire).questions
    return render_template(
        "instructor/mentors/application.html",
        application=row,
        enrolment=enrolment,
        person=person,
        written=readable(asked[Step.ABOUT], row.answers, Audience.INSTRUCTOR),
        situations=situations(scenarios, row.answers),
        taken_over=readable([one for one in known if one.key in TAKEN_OVER], enrolment.answers, Audience.INSTRUCTOR),
        values=values,
        problems=problems or {},
        is_stale=is_stale,
        decider=person_name(decider) if decider else "",
        seen=seen_as or actions.seen(row),
        criteria=list(Criterion),
        marks=range(HIGHEST_MARK + 1),
        audiences={one.value: seen_by(one) for one in Written},
        is_late=visitor().programme.published_at is not None,
    )


def _as_stored(row: Application) -> dict[str, str]:
    """What the form holds before anybody has typed."""
    marks = {f"mark-{name}": str(mark) for name, mark in row.rubric.items()}
    is_declined = row.state == ApplicationState.DECLINED
    return marks | {
        "note": row.note,
        "ask": row.message if row.state == ApplicationState.ASKED else "",
        "decline": row.message if is_declined else _kind_words(),
    }


def _kind_words() -> str:
    """What a decline begins with, for staff to change."""
    return str(
        _(
            "Thank you for offering to help. This time we have not chosen you as a mentor. That is no judgement of you"
            " as a person or a student: we look for a mix of people and times. You can still take part as somebody who"
            " is helped, and you are welcome to ask me about it."
        )
    )


def _scenarios() -> tuple[Scenario, ...]:
    training = training_of("mentor")
    return training.application if training else ()


def _queued(row: Application, enrolment: Enrolment, person: Person, scenarios: Sequence[Scenario]) -> Queued:
    chosen: tuple[Situation, ...] = situations(scenarios, row.answers)
    points = sum(one.points or 0 for one in chosen)
    return Queued(application=row, enrolment=enrolment, person=person, points=points, most_points=2 * len(chosen))
