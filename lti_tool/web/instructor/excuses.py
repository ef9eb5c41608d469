"""Excuses that wait for an answer, what was decided, and what was given to many at once."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import excuses
from lti_tool.actions.participation import person_ledger
from lti_tool.mentoring.excuse_forms import WORDS_LENGTH, parse_decision
from lti_tool.mentoring.excuses import label_of_key
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.excuses import any_excuse, batch_page, excuse_page
from lti_tool.store.participation import Excuse
from lti_tool.store.people import PAGE, Person
from lti_tool.store.programme import settings_of
from lti_tool.web.forms import page_number, version
from lti_tool.web.ledger_words import EXCUSE_STATES, reasons, shown_excuses
from lti_tool.web.text import person_name, sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("excuses", __name__, url_prefix="/participation/excuses")
BATCHES = 20  # excuses for many on a page


@blueprint.get("/")
def queue() -> str:
    """What waits, the oldest first; or what was decided; and the excuses for many."""
    here, page = visitor(), page_number()
    is_waiting, scheme = "decided" not in request.args, scheme_for(settings_of(here.programme))
    rows, total = excuse_page(here.programme.id, is_waiting=is_waiting, page=page)
    given_page = page_number("given")
    batches, given = batch_page(here.programme.id, page=given_page, size=BATCHES)
    return render_template(
        "instructor/excuses/queue.html",
        rows=[
            (shown_excuses([row], None, scheme=scheme, of_them=True)[0], person, enrolment)
            for row, person, enrolment in rows
        ],
        is_waiting=is_waiting,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        batches=[(row, by, sentence(label_of_key(row.key, scheme=scheme))) for row, by in batches],
        given_page=given_page,
        given_pages=max(1, -(-given // BATCHES)),
        states=EXCUSE_STATES,
        reasons=dict(reasons(of_them=True)),
    )


@blueprint.route("/<int:excuse_id>", methods=["GET", "POST"])
def one(excuse_id: int) -> Response | tuple[str, int]:
    """One excuse: what was asked and why; staff answer."""
    here = visitor()
    row = any_excuse(here.programme.id, excuse_id) or abort(404)
    if row.undone_at is not None:
        return _taken_back()
    if request.method == "GET":
        return _page(row), 200
    decision, problems = parse_decision(request.form)
    if decision is None:
        return _page(row, problems), 422
    try:
        excuses.decide(here.programme.id, excuse_id, decision, version=version(), by=here.person.id, now=now())
    except ChangedMeanwhile as fault:
        return _page(fault.current, is_stale=True), 409
    except LookupError:
        return _taken_back()
    flash(_("Answered. The person reads it on their page."), "success")
    return redirect(url_for(".queue"), 303)


@blueprint.post("/<int:excuse_id>/undo")
def undo(excuse_id: int) -> Response:
    """Take back an excuse that was granted."""
    here = visitor()
    row = any_excuse(here.programme.id, excuse_id) or abort(404)
    try:
        excuses.undo(here.programme.id, excuse_id, version=version(), by=here.person.id, now=now())
        flash(_("Taken back. It counts again for this person."), "success")
    except LookupError:
        flash(_("This was taken back already."), "info")
    except ChangedMeanwhile:
        flash(_("Somebody else has decided about this meanwhile. Please look again."), "warning")
    enrolment = db.session.get_one(Enrolment, row.enrolment_id)
    return redirect(url_for("instructor.participation.person", person_id=enrolment.person_id), 303)


def _taken_back() -> Response:
    """Back to what waits: there is nothing to answer any more."""
    flash(_("This excuse was taken back, so there is nothing to answer any more. No answer was saved."), "warning")
    return redirect(url_for(".queue"), 303)


def _page(row: Excuse, problems: Mapping[str, Sentence] | None = None, *, is_stale: bool = False) -> str:
    here, person_id = visitor(), db.session.get_one(Enrolment, row.enrolment_id).person_id
    ledger = person_ledger(row.enrolment_id, here.programme, now=now())
    decided_by = db.session.get(Person, row.decided_by) if row.decided_by else None
    return render_template(
        "instructor/excuses/one.html",
        one=shown_excuses([row], ledger, of_them=True)[0],
        somebody=db.session.get_one(Person, person_id),
        decided_by=person_name(decided_by) if decided_by else "",
        states=EXCUSE_STATES,
        values=request.form,
        problems={name: sentence(problem) for name, problem in (problems or {}).items()},
        is_stale=is_stale,
        longest=WORDS_LENGTH,
        seen=seen_by(Written.EXCUSE_ANSWER),
    )
