"""Where everybody's points stand on their way to the LMS's gradebook, and what the LMS said of them."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.gradebook import COLUMN_KIND, SCORES_KIND, compare_now, plan_of, try_again
from lti_tool.lti.errors import fault_in
from lti_tool.lti.fixes import FIXES
from lti_tool.lti.gradebook import RESULT_SCOPE
from lti_tool.mentoring.gradebook_states import STATE_EXPLAINED, State
from lti_tool.mentoring.words import N_
from lti_tool.store import outbox, rest
from lti_tool.store.gradebook import columns_left, columns_of, disputed_counts
from lti_tool.store.gradebook_states import Wanted, standing_counts, standing_page
from lti_tool.store.people import PAGE
from lti_tool.store.programme import Programme
from lti_tool.web.forms import page_number
from lti_tool.web.ledger_words import other_scales
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("gradebook", __name__, url_prefix="/gradebook")
NO_ANSWER = N_("Your LMS does not answer, or asks for patience.")


@blueprint.get("/")
def scores() -> str:
    """The columns, and the state of each person's points: what needs somebody first."""
    here, page = visitor(), page_number()
    parts = [plan.part for plan in plan_of(here.programme)]
    chosen = request.args.get("show", "")
    wanted = Wanted(state=State(chosen) if chosen in tuple(State) else None, words=request.args.get("q", ""))
    rows, total = standing_page(here.programme, parts, wanted, page=page)
    return render_template(
        "instructor/gradebook/scores.html",
        columns=columns_of(here.programme.id),
        left=columns_left(here.programme.id),
        counts=standing_counts(here.programme, parts),
        disputed=disputed_counts(here.programme.id),
        explained=STATE_EXPLAINED,
        fixes=FIXES,
        held_up=_held_up(here.programme),
        rows=rows,
        wanted=wanted,
        total=total,
        has_parts=len(parts) > 1,
        can_compare=RESULT_SCOPE in here.course.gradebook_scopes,
        scales=other_scales(here.programme),
        page=page,
        pages=max(1, -(-total // PAGE)),
    )


def _held_up(programme: Programme) -> tuple[str, datetime] | None:
    """Why what was released is not in the gradebook yet, and when the next try comes; None while all is well."""
    row = outbox.held_up((COLUMN_KIND, SCORES_KIND), str(programme.id))
    if row is None:
        return None
    fault, resting = fault_in(row.last_error or ""), rest.resting_until(visitor().course.registration_id)
    return (fault.explanation if fault else NO_ANSWER), max(row.next_at, resting or row.next_at, now())


@blueprint.post("/try-again")
def retry() -> Response:
    """Try what the LMS refused once more."""
    here = visitor()
    try_again(here.programme.id, now=now())
    flash(_("The tool is trying again. Reload this page in a moment."), "info")
    return redirect(url_for(".scores"), 303)


@blueprint.post("/compare")
def compare() -> Response:
    """Read the gradebook back now."""
    here = visitor()
    compare_now(here.programme.id, now=now())
    flash(_("The tool is reading the gradebook back. Reload this page in a moment."), "info")
    return redirect(url_for(".scores"), 303)
