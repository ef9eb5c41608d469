"""Pairs changed by hand: one pair, whom to choose, what a change would mean before it is done, and doing it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import edits
from lti_tool.actions.by_hand_kinds import ChangedMeanwhile, Edit, EditKind, EditRefused
from lti_tool.mentoring.scenarios import wanted_from_json
from lti_tool.store.board import PEOPLE, decided_since, people_named, side_page
from lti_tool.store.matching import Pair, Scenario, pairs_in, scenario_of
from lti_tool.store.people import Person
from lti_tool.web.forms import page_number
from lti_tool.web.instructor.matching import draft_scenario, why_given
from lti_tool.web.instructor.said import DECISIONS, RULES, said, scenario_name
from lti_tool.web.text import person_name, sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("edits", __name__, url_prefix="/matching/edit")
ALONE = {EditKind.WAIT, EditKind.STOP_WAITING}  # about one person
SIDES = {"assign": "mentor", "take": "mentee", "swap": "mentee"}  # whom one chooses


@blueprint.get("/pair")
def pair() -> str:
    """One pair: why these two, and what can be done."""
    scenario = draft_scenario()
    found = _pair(scenario, request.args.get("mentee", 0, type=int), request.args.get("mentor", 0, type=int))
    people = _people(found.mentor_id, found.mentee_id, *(one["enrolment_id"] for one in found.others))
    mentor, mentee = people[found.mentor_id], people[found.mentee_id]
    return render_template(
        "instructor/matching/pair.html",
        scenario=scenario,
        scenario_name=scenario_name,
        pair=found,
        mentor=mentor,
        mentee=mentee,
        thirds=[(one, people[one["enrolment_id"]], _said_of(one, found, people)) for one in found.others],
        names={number: person_name(person) for number, person in people.items()},
        reasons=said(found, mentor, mentee),
        rules=[RULES[rule] for rule in found.broken_rules if rule in RULES],
    )


def _said_of(third: dict[str, Any], pair: Pair, people: dict[int, Person]) -> list[str]:
    """Why somebody who joined suits the one whom they joined."""
    somebody = people[third["enrolment_id"]]
    if third["role"] == "mentor":
        return said(third["reasons"], somebody, people[pair.mentee_id])
    return said(third["reasons"], people[pair.mentor_id], somebody)


@blueprint.get("/choose")
def choose() -> str:
    """Whom to put together or to swap with: one side of the scenario by name."""
    scenario, page = draft_scenario(), page_number()
    kind = request.args.get("kind", "")
    if kind not in SIDES:
        abort(404)
    mentee, mentor = request.args.get("mentee", 0, type=int), request.args.get("mentor", 0, type=int)
    words = request.args.get("q", "").strip()
    found, total = side_page(scenario.id, SIDES[kind], words=words, page=page)
    people = _people(*(number for number in (mentee, mentor) if number))
    about = mentor if kind == "take" else mentee
    if about not in people:
        abort(404)
    return render_template(
        "instructor/matching/choose.html",
        scenario=scenario,
        kind=kind,
        side=SIDES[kind],
        mentee=mentee,
        mentor=mentor,
        about=people[about],
        found=[row for row in found if row[0].id not in {mentee, mentor}],
        total=total,
        words=words,
        page=page,
        pages=max(1, -(-total // PEOPLE)),
    )


@blueprint.get("/effect")
def effect() -> str | Response:
    """What the change would mean: who gains, who loses, which rules it sets aside."""
    here, edit, since = visitor(), _edit(), request.args.get("since", type=int)
    looked_at = draft_scenario()
    scenario, changed = looked_at, []
    if not edit.mentee or not (edit.mentor or edit.kind in ALONE):
        abort(404)
    if since is not None:
        changed = decided_since(here.programme.id, looked_at.id, since)
        copies = [entry.after["edited_id"] for entry, _person in changed if "edited_id" in entry.after]
        scenario = (scenario_of(looked_at.proposal_id, copies[-1]) if copies else None) or looked_at
    people = _people(*_numbers(edit))
    try:
        means = edits.effect(here.programme, scenario, edit)
    except EditRefused as refusal:
        flash(sentence(refusal.sentence) + " " + _("Nothing was changed."), "warning")
        return redirect(url_for("instructor.matching.board", scenario=scenario.id), 303)
    fits = [fit for move in means.moves for fit in (move.before, move.after) if fit]
    more = [move.mentee for move in means.moves] + [fit.partner for fit in fits] + means.alone
    people |= _people(*more, *(one.mentor for one in means.warnings))
    return render_template(
        "instructor/matching/effect.html",
        scenario=scenario,
        scenario_name=scenario_name,
        edit=edit,
        means=means,
        people=people,
        reasons=[(one, said(one.reasons, people[one.link[1]], people[one.link[0]])) for one in means.made],
        rules=RULES,
        changed=changed,
        decisions=DECISIONS,
        is_forbidden=edit.link in wanted_from_json(scenario.changes).forbidden,
    )


@blueprint.post("/do")
def do() -> Response:
    """Do what the page before has shown."""
    here, edit, scenario = visitor(), _edit(), draft_scenario()
    _people(*_numbers(edit))
    version = request.form.get("version", 0, type=int)
    try:
        number = edits.do(
            here.programme.id, scenario.id, edit, version=version, by=here.person.id, now=now(), why=why_given()
        )
    except ChangedMeanwhile:
        asked: dict[str, Any] = {"kind": edit.kind, "mentee": edit.mentee, "mentor": edit.mentor, "other": edit.other}
        return redirect(url_for(".effect", scenario=scenario.id, since=version, **asked), 303)
    except EditRefused as refusal:
        flash(sentence(refusal.sentence) + " " + _("Nothing was changed."), "warning")
        return redirect(url_for("instructor.matching.board", scenario=scenario.id), 303)
    flash(_("Done. It stands in “Your edits”; nobody but the staff sees it."), "success")
    return redirect(url_for("instructor.matching.board", scenario=number), 303)


def _edit() -> Edit:
    given = request.values
    try:
        kind = EditKind(given.get("kind", ""))
    except ValueError:
        abort(404)
    return Edit(
        kind=kind,
        mentee=given.get("mentee", 0, type=int),
        mentor=given.get("mentor", 0, type=int),
        other=given.get("other", 0, type=int),
    )


def _numbers(edit: Edit) -> list[int]:
    return [number for number in (edit.mentee, edit.mentor, edit.other) if number]


def _people(*enrolments: int) -> dict[int, Person]:
    """Who they are; somebody of another programme does not exist here."""
    found = people_named(visitor().programme.id, enrolments)
    if len(found) < len(set(enrolments)):
        abort(404)
    return found


def _pair(scenario: Scenario, mentee: int, mentor: int) -> Pair:
    found = [one for one in pairs_in(scenario.id) if (one.mentee_id, one.mentor_id) == (mentee, mentor)]
    return found[0] if found else abort(404)
