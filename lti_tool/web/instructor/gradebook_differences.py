"""Who is right: cells that have another value in the LMS than was sent, and those that are left as they are."""

from decimal import Decimal, InvalidOperation

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from lti_tool.actions.decisions import Shown, keep_theirs, say_cleared, thaw, use_ours
from lti_tool.lti.quirks import family_of, family_quirks
from lti_tool.store.db import db
from lti_tool.store.gradebook import are_scores_of, columns_of, disputed, disputed_counts
from lti_tool.store.people import PAGE, Person
from lti_tool.store.platforms import Registration
from lti_tool.web.forms import page_number
from lti_tool.web.ledger_words import other_scales
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("differences", __name__, url_prefix="/gradebook/differences")

KINDS = ("open", "kept", "to_clear")
DECISIONS = {"theirs": keep_theirs, "ours": use_ours}


@blueprint.get("/")
def show() -> str:
    """One kind of them, the longest first."""
    return _page()


@blueprint.post("/")
def decide() -> Response | tuple[str, int]:
    """Keep theirs, or use ours, for those that were ticked."""
    shown, choice = _shown(), DECISIONS.get(request.form.get("then", "")) or abort(422)
    if not shown:
        return _page(problem=_("Tick at least one person.")), 422
    here = visitor()
    if not are_scores_of(here.programme.id, shown):
        abort(404)
    changed = choice(here.programme.id, shown, by=here.person.id, now=now())
    if changed:
        return _page(changed=changed), 409
    flash(ngettext("Decided for one value.", "Decided for %(num)s values.", len(shown)), "success")
    return redirect(url_for(".show"), 303)


@blueprint.post("/<int:score_id>/open")
def reopen(score_id: int) -> Response:
    """Ask again about a value that was kept."""
    here = visitor()
    if thaw(here.programme.id, score_id, by=here.person.id, now=now()):
        flash(_("The value is open again. Decide below; the tool reads the gradebook back meanwhile."), "info")
    else:
        _say_nothing_changed(score_id)
    return redirect(url_for(".show"), 303)


@blueprint.post("/<int:score_id>/cleared")
def cleared(score_id: int) -> Response:
    """Somebody emptied a cell in the LMS by hand."""
    here = visitor()
    if say_cleared(here.programme.id, score_id, by=here.person.id, now=now()):
        flash(_("Thank you. The tool looks into the gradebook, where it can. Reload this page in a moment."), "info")
    else:
        _say_nothing_changed(score_id)
    return redirect(url_for(".show", show="to_clear"), 303)


def _say_nothing_changed(score_id: int) -> None:
    """Of a value about which somebody was faster, or that was pressed twice; to everybody else there is no such one."""
    if not are_scores_of(visitor().programme.id, [score_id]):
        abort(404)
    flash(_("Nothing was changed: this was decided already. Below stands what there is now."), "warning")


def _shown() -> Shown:
    """The ticked scores, each with the LMS's value that stood beside it."""
    found: dict[int, Decimal | None] = {}
    for text in request.form.getlist("score"):
        number, _colon, points = text.partition(":")
        try:
            found[int(number)] = Decimal(points) if points else None
        except (ValueError, InvalidOperation):
            abort(422)
    return found


def _page(problem: str = "", changed: list[int] | None = None) -> str:
    here, page = visitor(), page_number()
    kind = request.args.get("show", "")
    kind = kind if kind in KINDS else KINDS[0]
    rows, total = disputed(here.programme.id, kind, page=page)
    lms = db.session.get_one(Registration, here.course.registration_id)
    deciders = select(Person).where(Person.id.in_([score.decided_by for score, _person in rows]))
    return render_template(
        "instructor/gradebook/differences.html",
        kind=kind,
        rows=rows,
        counts=disputed_counts(here.programme.id),
        columns={column.part: column for column in columns_of(here.programme.id)},
        clearing=family_quirks(family_of(lms.family, lms.issuer)).clearing,
        by={person.id: person for person in db.session.scalars(deciders)},
        is_ticked="all" in request.args,
        problem=problem,
        changed=changed or [],
        total=total,
        scales=other_scales(here.programme),
        page=page,
        pages=max(1, -(-total // PAGE)),
    )
