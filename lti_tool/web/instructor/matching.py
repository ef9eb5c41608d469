"""The board: ask for the best pairs, look at them, publish or discard."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import matching
from lti_tool.store.enrolment import enrolment_counts
from lti_tool.store.matching import (
    Proposal,
    count_active_pairs,
    count_pairs,
    last_proposal,
    pairs_of,
    proposal_of,
    unmatched_of,
)
from lti_tool.web.forms import page_number
from lti_tool.web.telling import said
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("matching", __name__, url_prefix="/matching")
PAIRS = 25  # on one page of the board
UNMATCHED = 100


@blueprint.get("/")
def board() -> str:
    """The newest proposal: its pairs, weakest first, and who is left over and why."""
    here, page = visitor(), page_number()
    proposal = last_proposal(here.programme.id)
    total = count_pairs(proposal.id) if proposal else 0
    return render_template(
        "instructor/matching/board.html",
        proposal=proposal,
        pairs=pairs_of(proposal.id, page=page, size=PAIRS) if proposal else [],
        unmatched=unmatched_of(proposal.id, limit=UNMATCHED) if proposal else [],
        unmatched_most=UNMATCHED,
        total=total,
        page=page,
        pages=max(1, -(-total // PAIRS)),
        enrolled=enrolment_counts(here.programme.id),
        running=count_active_pairs(here.programme.id),
    )


@blueprint.post("/propose")
def propose() -> Response:
    """Have the best pairs computed."""
    here = visitor()
    with said():
        matching.ask_for_proposal(here.programme.id, by=here.person.id, now=now())
    return redirect(url_for(".board"), 303)


@blueprint.post("/publish")
def publish() -> Response:
    """Make the draft's pairs real."""
    here = visitor()
    with said():
        if matching.publish(_proposal().id, by=here.person.id, now=now()):
            flash(_("The pairs are published. Each person now sees their partner."), "success")
        else:
            flash(_("These pairs are no longer a draft. Nothing was changed."), "warning")
    return redirect(url_for(".board"), 303)


@blueprint.post("/discard")
def discard() -> Response:
    """Throw the draft away."""
    here = visitor()
    matching.discard(_proposal().id, by=here.person.id, now=now())
    flash(_("The draft is gone. Nobody saw it."), "success")
    return redirect(url_for(".board"), 303)


def _proposal() -> Proposal:
    """The proposal the form is about, if it is this programme's: what is published is what was looked at."""
    proposal = proposal_of(visitor().programme.id, request.form.get("proposal", 0, type=int))
    return proposal or abort(404)
