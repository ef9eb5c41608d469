"""Cases as staff see them: what was asked for or reported, the record, and each next step."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import cases as actions
from lti_tool.mentoring.case_forms import parse_closing, parse_talk, parse_words
from lti_tool.mentoring.cases import LIVE, OUTCOMES, CaseKind, CaseState
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.cases import PairCase, case_counts, case_of, case_page, entries_of, find_case, rematches_before
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.pairs import members_of
from lti_tool.store.people import PAGE, Person
from lti_tool.web.forms import once, page_number, version
from lti_tool.web.text import person_name, seen_by_of_them, sentence
from lti_tool.web.visitor import local_day, now, visitor

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
FILTERS = {"live": LIVE, "closed": frozenset({CaseState.CLOSED, CaseState.WITHDRAWN})}
CHANGED = Sentence(
    N_("Somebody else has done something here meanwhile. Nothing of yours was saved yet, and nothing is lost.")
)
NO_DAY = Sentence(N_("Please give the day as it stands in a calendar."))


@blueprint.get("/")
def queue() -> str:
    """What waits: reports first, then what has waited longest."""
    here, page = visitor(), page_number()
    chosen = request.args.get("show", "live")
    states = FILTERS.get(chosen, LIVE)
    rows, total = case_page(
        here.programme.id, states=states, owner_id=here.person.id if chosen == "mine" else None, page=page
    )
    return render_template(
        "instructor/cases/queue.html",
        rows=[(row, person, _name(row.owner_id)) for row, person in rows],
        counts=case_counts(here.programme.id),
        chosen=chosen if chosen in {*FILTERS, "mine"} else "live",
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
    )


@blueprint.get("/<int:case_id>")
def case(case_id: int) -> str:
    """One case with its record."""
    return _page(_own(case_id))


@blueprint.post("/<int:case_id>/take")
def take(case_id: int) -> Response | tuple[str, int]:
    """Take it."""
    row = _own(case_id)
    by = visitor().person.id
    return _try(row, lambda: actions.take_case(case_id, version=version(), by=by, now=now()), _("You have it now."))


@blueprint.post("/<int:case_id>/add")
def add(case_id: int) -> Response | tuple[str, int]:
    """A note for the record, or an answer to whoever began it."""
    row = _own(case_id)
    words, problems = parse_words(request.form)
    if words is None:
        return _page(row, problems), 422
    kind = "answer" if request.form.get("to") == "answer" else "note"
    actions.add_words(case_id, words, kind=kind, once=once(), by=visitor().person.id, now=now())
    flash(_("Sent. They read it on their page.") if kind == "answer" else _("Noted."), "success")
    return _to(case_id)


@blueprint.post("/<int:case_id>/talk")
def talk(case_id: int) -> Response | tuple[str, int]:
    """The record of a talk."""
    row = _own(case_id)
    given, problems = parse_talk(request.form, today=local_day(now()))
    if given is None:
        return _page(row, problems), 422
    by = visitor().person.id
    return _try(
        row,
        lambda: actions.record_talk(case_id, given, version=version(), once=once(), by=by, now=now()),
        _("The record is kept. You are reminded on the day."),
    )


@blueprint.post("/<int:case_id>/hand-over")
def hand_over(case_id: int) -> Response | tuple[str, int]:
    """Agree to the day from which somebody takes another part."""
    row = _own(case_id)
    given, problems = _day()
    if given is None or row.kind != CaseKind.ROLE:
        return _page(row, problems or {"day": NO_DAY}), 422
    by = visitor().person.id
    return _try(
        row,
        lambda: actions.agree_hand_over(case_id, given, version=version(), by=by, now=now()),
        _("Agreed. On that day the pair ends, and the person can choose another part."),
    )


@blueprint.post("/<int:case_id>/close")
def close(case_id: int) -> Response | tuple[str, int]:
    """Close it with its outcome."""
    row = _own(case_id)
    given, problems = parse_closing(request.form, CaseKind(row.kind))
    if given is None:
        return _page(row, problems), 422
    by = visitor().person.id
    return _try(
        row,
        lambda: actions.close_case(case_id, given, version=version(), once=once(), by=by, now=now()),
        _("Closed."),
    )


@blueprint.post("/<int:case_id>/reopen")
def reopen(case_id: int) -> Response | tuple[str, int]:
    """Open it again."""
    row = _own(case_id)
    by = visitor().person.id
    return _try(row, lambda: actions.reopen_case(case_id, version=version(), by=by, now=now()), _("Open again."))


def _try(row: PairCase, step: Callable[[], None], said: str) -> Response | tuple[str, int]:
    """Do it; where somebody else was faster, show what they did and keep what was typed."""
    try:
        step()
    except ChangedMeanwhile:
        return _page(_own(row.id), {"": CHANGED}, is_stale=True), 409
    except RuleBroken as fault:
        flash(sentence(fault.sentence), "warning")
        return _to(row.id)
    flash(said, "success")
    return _to(row.id)


def _own(case_id: int) -> PairCase:
    """A case of this programme; to everybody else there is no such page."""
    return find_case(visitor().programme.id, case_id) or abort(404)


def _day() -> tuple[date | None, dict[str, Sentence]]:
    try:
        return date.fromisoformat(request.form.get("day", "")), {}
    except ValueError:
        return None, {"day": NO_DAY}


def _page(row: PairCase, problems: Mapping[str, Sentence] | None = None, *, is_stale: bool = False) -> str:
    people = {one.enrolment.id: one.person for one in members_of(row.pair_id, with_left=True)}
    asker = people.get(row.enrolment_id) or _person(row.enrolment_id)
    kind = CaseKind(row.kind)
    return render_template(
        "instructor/cases/case.html",
        case=row,
        is_live=case_of(row).is_live,
        is_mine=row.owner_id == visitor().person.id,
        asker=asker,
        about=people.get(row.about_id) if row.about_id else None,
        others=[person for enrolment, person in people.items() if enrolment != row.enrolment_id],
        owner=_name(row.owner_id),
        entries=[(one, _name(one.author_id)) for one in entries_of(row.id)],
        outcomes=OUTCOMES[kind],
        is_first=kind is CaseKind.REMATCH and rematches_before(row) == 0,
        values=request.form,
        problems={name: sentence(problem) for name, problem in (problems or {}).items()},
        is_stale=is_stale,
        seen={one.value: seen_by_of_them(seen_by(one)) for one in (Written.CASE_RECORD, Written.CASE_ANSWER)},
    )


def _person(enrolment_id: int) -> Person:
    return db.session.get_one(Person, db.session.get_one(Enrolment, enrolment_id).person_id)


def _name(person_id: int | None) -> str:
    return person_name(db.session.get_one(Person, person_id)) if person_id else ""


def _to(case_id: int) -> Response:
    return redirect(url_for(".case", case_id=case_id), 303)
