"""The goals of a pair: suggested, answered, worked on step by step, and how sure each feels of them."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import goals as actions
from lti_tool.mentoring.confidence import HIGHEST, LOWEST, parse_confidence, ticks
from lti_tool.mentoring.goal_form import MOST_MILESTONES, last_day, parse_goal
from lti_tool.mentoring.goals import CLOSED, LIVE, MOST_GOALS, GoalState, GoalTerms
from lti_tool.mentoring.plan import is_confidence_asked
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.goals import (
    find_goal,
    goals_of,
    terms_from_json,
)
from lti_tool.store.programme import settings_of
from lti_tool.web.forms import once, page_number
from lti_tool.web.forms import version as version_seen
from lti_tool.web.student.goal_shown import Shown, shown_goals
from lti_tool.web.student.pair import OwnPair, here_in
from lti_tool.web.student.pair_plan import back_to, doer, goal_at_hand, names_in, today_of, tried, writing
from lti_tool.web.text import day, sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("pair_goals", __name__, url_prefix="/pairs/<int:pair_id>/goals")
SEEN_BY = seen_by(Written.GOAL)
HISTORY_PAGE = 10
MOST_CLOSED = 20  # of the goals that are not worked on, the newest


@blueprint.get("/")
def overview(pair_id: int) -> str:
    """Every goal: what is worked on first, then what is reached or set aside."""
    own = here_in(pair_id)
    shown = shown_goals(goals_of(pair_id))
    return render_template(
        "student/pair/goals.html",
        own=own,
        live=[one for one in shown if one.row.state in LIVE],
        closed=[one for one in shown if one.row.state in CLOSED][-MOST_CLOSED:],
        dropped=[one for one in shown if one.row.state == GoalState.DROPPED][-MOST_CLOSED:],
        most=MOST_GOALS,
        names=names_in(own),
        seen_by_audience=SEEN_BY,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@writing
def new(own: OwnPair) -> Response | tuple[str, int]:
    """Suggest a goal."""
    if request.method == "GET":
        return _form(own, None, _as_form(None)), 200
    terms, problems = _parsed(own, None)
    if terms:
        try:
            number = actions.begin(doer(own), terms, once=once())
        except RuleBroken as broken:
            problems = {"": broken.sentence}
        else:
            flash(_("Suggested. It is a goal as soon as somebody else of your pair agrees."), "success")
            return back_to(".show", pair_id=own.pair.id, number=number)
    return _form(own, None, request.form, problems), 422


@blueprint.get("/<int:number>")
def show(pair_id: int, number: int) -> str:
    """One goal: its words, what is suggested, its steps, how sure people feel, and how it came to be."""
    own = here_in(pair_id)
    if own.is_writable:
        actions.note_seen(doer(own), number)
    return _page(own, _found(own, number))


@blueprint.route("/<int:number>/change", methods=["GET", "POST"])
@writing
def change(own: OwnPair, number: int) -> Response | tuple[str, int]:
    """Suggest other words for a goal."""
    shown = _found(own, number)
    if request.method == "POST":
        return _suggested(own, shown)
    if shown.row.state not in LIVE:
        return back_to(".show", pair_id=own.pair.id, number=number)
    return _form(own, shown, _as_form(shown.goal.newest if shown.goal.has_words else None)), 200


def _suggested(own: OwnPair, shown: Shown) -> Response | tuple[str, int]:
    number = shown.row.id
    terms, problems = _parsed(own, shown.goal.suggestion.terms if shown.goal.suggestion else shown.goal.terms)
    if terms is None:
        return _form(own, shown, request.form, problems, seen=version_seen()), 422
    try:
        actions.suggest(doer(own), number, terms, seen=version_seen())
    except RuleBroken as broken:
        return _form(own, _found(own, number), request.form, {"": broken.sentence}), 422
    except ChangedMeanwhile:
        return _form(own, _found(own, number), request.form, is_second=True), 409
    flash(_("Suggested. It counts as soon as somebody else of your pair agrees."), "success")
    return back_to(".show", pair_id=own.pair.id, number=number)


@blueprint.post("/<int:number>/answer")
@writing
def answer(own: OwnPair, number: int) -> Response:
    """Agree to a suggestion, say no to it, or take one's own back."""
    _found(own, number)
    steps = {
        "accept": (actions.accept, _("Agreed. This is your goal now.")),
        "decline": (actions.decline, _("Done: the suggestion is not taken up.")),
        "take_back": (actions.take_back, _("Your suggestion is taken back.")),
    }
    seen, chosen = version_seen(), steps.get(request.form.get("answer", ""))
    if chosen:
        step, said = chosen
        tried(lambda: step(doer(own), number, seen=seen), said)
    return back_to(".show", pair_id=own.pair.id, number=number)


@blueprint.post("/<int:number>/standing")
@writing
def standing(own: OwnPair, number: int) -> Response:
    """Say that a goal is reached, set it aside, or open it again."""
    _found(own, number)
    how, seen = request.form.get("how", ""), version_seen()
    if how == "reopen":
        tried(lambda: actions.reopen(doer(own), number, seen=seen), _("You work on this goal again."))
    elif how in CLOSED:
        said = _("Well done, both of you.") if how == GoalState.REACHED else _("Set aside. You can open it again.")
        tried(lambda: actions.close(doer(own), number, GoalState(how), seen=seen), said)
    return back_to(".show", pair_id=own.pair.id, number=number)


@blueprint.post("/<int:number>/steps/<int:milestone_id>")
@writing
def tick(own: OwnPair, number: int, milestone_id: int) -> Response:
    """Say that a step is done, or that it is not."""
    _found(own, number)
    is_done = request.form.get("done") == "yes"
    said = _("Well done. Every step counts.") if is_done else _("Noted: not done yet.")
    tried(lambda: actions.tick(doer(own), number, milestone_id, is_done=is_done), said)
    return back_to(".show", pair_id=own.pair.id, number=number)


@blueprint.post("/<int:number>/confidence")
@writing
def confidence(own: OwnPair, number: int) -> Response | tuple[str, int]:
    """Say how sure one feels of a goal today."""
    shown = _found(own, number)
    value, problem = parse_confidence(request.form)
    if value is None:
        return _page(own, shown, confidence_problem=sentence(problem)), 422
    tried(lambda: actions.say_confidence(doer(own), number, value), _("Noted. Saying it again today replaces it."))
    return back_to(".show", pair_id=own.pair.id, number=number)


def _found(own: OwnPair, number: int) -> Shown:
    row = find_goal(own.pair.id, number) or abort(404)
    return shown_goals([row])[0]


def _page(own: OwnPair, shown: Shown, confidence_problem: str = "") -> str:
    page, changes = page_number(), list(reversed(shown.changes))
    at_hand = goal_at_hand(own, shown.row, shown.changes, shown.readings)
    return render_template(
        "student/pair/goal.html",
        own=own,
        shown=shown,
        history=[(one, terms_from_json(one.terms)) for one in changes[HISTORY_PAGE * (page - 1) : HISTORY_PAGE * page]],
        page=page,
        pages=max(1, -(-len(changes) // HISTORY_PAGE)),
        is_confidence_asked=is_confidence_asked(at_hand, today_of(own, now())),
        confidence_problem=confidence_problem,
        confidence_options=_confidence_options(),
        ticks=ticks(),
        names=names_in(own),
        seen_by_audience=SEEN_BY,
        confidence_seen_by=seen_by(Written.CONFIDENCE),
    )


def _confidence_options() -> list[tuple[str, str]]:
    ends = {LOWEST: _("%(number)s – not at all", number=LOWEST), HIGHEST: _("%(number)s – completely", number=HIGHEST)}
    return [(str(one), ends.get(one, str(one))) for one in range(LOWEST, HIGHEST + 1)]


def _parsed(own: OwnPair, before: GoalTerms | None) -> tuple[GoalTerms | None, dict[str, Sentence]]:
    today = today_of(own, now())
    latest = last_day(settings_of(own.programme).ends_on, today)
    return parse_goal(request.form, today=today, latest=latest, kept=before.by_on if before else None)


def _as_form(terms: GoalTerms | None) -> dict[str, str]:
    """A goal's words as its form holds them."""
    if terms is None:
        return {}
    steps = {f"milestone-{place}": words for place, words in enumerate(terms.milestones, 1)}
    return {"outcome": terms.outcome, "measure": terms.measure, "by_on": terms.by_on.isoformat(), **steps}


def _form(
    own: OwnPair,
    shown: Shown | None,
    values: Mapping[str, str],
    problems: Mapping[str, Sentence] | None = None,
    *,
    seen: int | None = None,
    is_second: bool = False,
) -> str:
    """The form; where somebody else changed the goal first, with its newest words above the reader's."""
    current = shown.row.version if shown else 0
    return render_template(
        "student/pair/goal_form.html",
        own=own,
        shown=shown,
        values=values,
        problems={key: sentence(problem) for key, problem in (problems or {}).items()},
        number=current if seen is None else seen,
        is_second=is_second,
        first=_newest_lines(shown) if shown and is_second else [],
        first_by=names_in(own).get(shown.waiting.suggested_by, "") if shown and shown.waiting else "",
        places=range(1, MOST_MILESTONES + 1),
        seen_by_audience=SEEN_BY,
    )


def _newest_lines(shown: Shown) -> list[tuple[str, str]]:
    terms = shown.goal.suggestion.terms if shown.goal.suggestion else shown.goal.terms
    if terms is None:
        return []
    return [
        (_("What will be different"), terms.outcome),
        (_("How you will see it"), terms.measure),
        (_("Until"), day(terms.by_on)),
        (_("Steps"), "\n".join(terms.milestones)),
    ]
