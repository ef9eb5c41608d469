"""Repairs: partners for who came late, lost somebody or asks for another, while running pairs mostly stay."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool.actions import matching
from lti_tool.actions.repairs import CHANGES_AT_MOST
from lti_tool.actions.scenarios import TooMany
from lti_tool.store.matching import Pair, last_proposal, running_pairs
from lti_tool.store.pairs import Partner, members_of
from lti_tool.web.instructor.said import NAME_AT_MOST
from lti_tool.web.telling import said as rules_said
from lti_tool.web.text import person_name
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("repair", __name__, url_prefix="/matching/repair")


@blueprint.get("/")
def ask() -> str:
    """How many running pairs may change, and, for a re-match, which one ends."""
    here = visitor()
    pair = _given_up()
    proposal = last_proposal(here.programme.id)
    return render_template(
        "instructor/matching/repair.html",
        pair=pair,
        members=members_of(pair.id) if pair else [],
        running=len(running_pairs(here.programme.id)),
        is_draft=proposal is not None and proposal.state in {"draft", "waiting"},
        numbers=list(range(CHANGES_AT_MOST + 1)),
    )


@blueprint.post("/")
def start() -> Response:
    """Have it computed."""
    here, pair = visitor(), _given_up()
    may_change = min(max(request.form.get("may_change", 0, type=int), 0), CHANGES_AT_MOST)
    try:
        with rules_said():
            is_asked = matching.ask_for_repair(
                here.programme.id,
                may_change=may_change,
                given_up=[pair.id] if pair else [],
                name=_name(members_of(pair.id) if pair else [], may_change),
                by=here.person.id,
                now=now(),
            )
            if is_asked:
                flash(_("The repair is being computed. Nothing was changed, and nobody else sees it."), "success")
            else:
                flash(
                    _("Other pairs are being computed. Ask again when they are there. Nothing was changed."), "warning"
                )
    except TooMany:
        flash(_("There are twelve scenarios already. Throw one away first. Nothing was changed."), "warning")
    return redirect(url_for("instructor.scenarios.compare" if _has_draft() else "instructor.matching.board"), 303)


def _has_draft() -> bool:
    proposal = last_proposal(visitor().programme.id)
    return proposal is not None and proposal.state == "draft"


def _given_up() -> Pair | None:
    """The running pair that is to end, if the address or the form names one of this programme's."""
    number = request.values.get("pair", 0, type=int)
    if not number:
        return None
    found = [one for one in running_pairs(visitor().programme.id) if one.id == number and one.kind == "mentoring"]
    return found[0] if found and len(members_of(number)) == 2 else abort(404)


def _name(members: list[Partner], may_change: int) -> str:
    if members:
        names = ", ".join(person_name(one.person) for one in members)
        return str(_("Re-match: %(names)s", names=names))[:NAME_AT_MOST]
    if not may_change:
        return str(_("Repair without changes"))
    return str(
        ngettext("Repair, %(num)s running pair may change", "Repair, %(num)s running pairs may change", may_change)
    )
