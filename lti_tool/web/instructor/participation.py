"""Participation as staff see it: the class, one person's ledger, and the record of decisions about points."""

from decimal import Decimal

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.actions.gradebook import plan_of
from lti_tool.actions.participation import person_ledger
from lti_tool.mentoring.excuses import label_of_key
from lti_tool.mentoring.ledgers import Ledger
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Scheme
from lti_tool.store.board import people_named
from lti_tool.store.class_points import PAGE as CLASS_PAGE
from lti_tool.store.class_points import Counts, class_page, counts_of
from lti_tool.store.db import db
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.excuses import excuses_of, overrides_of, people_by_id, points_decisions
from lti_tool.store.gradebook import people_of_scores
from lti_tool.store.gradebook_states import standings_of
from lti_tool.store.impact import section_ids
from lti_tool.store.people import PAGE, Person, find_member
from lti_tool.store.programme import settings_of
from lti_tool.web.forms import page_number
from lti_tool.web.instructor.class_form import asked
from lti_tool.web.ledger_words import EXCUSE_STATES, STANDINGS, is_graded, shown_excuses
from lti_tool.web.text import points as in_points
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("participation", __name__, url_prefix="/participation")

DECISIONS = {
    "points.override": _l("Points decided by hand"),
    "points.release": _l("Points released"),
    "excuse.decide": _l("Excuse answered"),
    "excuse.give": _l("Excused"),
    "excuse.undo": _l("Excuse taken back"),
    "excuse.many": _l("Many excused at once"),
    "excuse.undo_many": _l("Excuse of many taken back"),
    "reflection.mark": _l("Reflection read"),
    "reflection.return": _l("Reflections given back"),
    "meeting.decide": _l("Meeting decided"),
    "gradebook.keep_theirs": _l("The value in the LMS was kept"),
    "gradebook.use_ours": _l("Our points were sent over the value in the LMS"),
    "gradebook.thaw": _l("A kept value was opened again"),
    "gradebook.cleared": _l("A cell of the LMS was said to be empty"),
    "gradebook.recreate": _l("A new column was asked for"),
    "gradebook.map": _l("Another column of the LMS was chosen"),
}


@blueprint.get("/")
def overview() -> str:
    """How the class stands: who has how much, what asks for an eye, and the list of everybody."""
    here, page = visitor(), page_number()
    maximum = Decimal(scheme_for(settings_of(here.programme)).maximum)
    sections = section_ids(here.course.id)
    what = asked(request.args, maximum, sections)
    counts = counts_of(here.programme, maximum, section=what.wanted.section)
    rows, total = class_page(here.programme, what.wanted, page=page)
    return render_template(
        "instructor/participation/overview.html",
        counts=counts,
        buckets=_buckets(counts, maximum),
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // CLASS_PAGE)),
        what=what,
        sections=sections,
        maximum=maximum,
        is_graded=is_graded(here.programme),
    )


def _buckets(counts: Counts, maximum: Decimal) -> list[tuple[str, int, str]]:
    """The distribution as rows of a chart."""
    step = maximum / len(counts.buckets)
    rows = [
        (str(_("%(low)s to %(high)s points", low=in_points(step * n), high=in_points(step * (n + 1)))), people)
        for n, people in enumerate(counts.buckets)
    ]
    return [(label, people, str(people)) for label, people in (*rows, (str(_("no points yet")), counts.none))]


@blueprint.get("/decisions")
def decisions() -> str:
    """Who decided what about points, the newest first."""
    here, page = visitor(), page_number()
    found, total = points_decisions(here.programme.id, page=page)
    concerned = {entry.after["enrolment_id"] for entry, _who in found if entry.after.get("enrolment_id")}
    decided = {entry.before["score"] for entry, _who in found if entry.before.get("score")}
    scheme = scheme_for(settings_of(here.programme))
    return render_template(
        "instructor/participation/decisions.html",
        found=[(entry, who, _about(entry.after.get("key"), scheme=scheme)) for entry, who in found],
        people=people_named(here.programme.id, concerned),
        scored=people_of_scores(here.programme.id, decided),
        words=DECISIONS,
        page=page,
        pages=max(1, -(-total // PAGE)),
    )


def _about(key: str | None, ledger: Ledger | None = None, scheme: Scheme | None = None) -> str:
    if not key:
        return ""
    return str(_("All points")) if key == "total" else sentence(label_of_key(key, ledger, scheme=scheme))


@blueprint.get("/<int:person_id>")
def person(person_id: int) -> str:
    """One person's ledger as they see it, and what staff can do about it; never what was written to a partner."""
    here = visitor()
    if find_member(here.course.id, person_id) is None:
        abort(404)
    enrolment = find_enrolment(here.programme.id, person_id)
    ledger = person_ledger(enrolment.id, here.programme, now=now()) if enrolment else None
    return render_template(
        "instructor/participation/person.html",
        somebody=db.session.get_one(Person, person_id),
        enrolment=enrolment,
        ledger=ledger,
        deciders=_deciders(ledger) if ledger else {},
        excuses=shown_excuses(excuses_of(enrolment.id), ledger, of_them=True) if enrolment else [],
        history=[(row, by, _about(row.key, ledger)) for row, by in overrides_of(enrolment.id)] if enrolment else [],
        standing_words=STANDINGS,
        excuse_states=EXCUSE_STATES,
        is_graded=is_graded(here.programme),
        standings=standings_of(here.programme, [plan.part for plan in plan_of(here.programme)], person_id),
    )


def _deciders(ledger: Ledger) -> dict[int, Person]:
    """Who decided what stands in a ledger."""
    ids = {one.decided_by for one in ledger.entries} | ({ledger.decided.by} if ledger.decided else set())
    return people_by_id([one for one in ids if isinstance(one, int)])
