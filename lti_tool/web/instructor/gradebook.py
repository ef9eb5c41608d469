"""What the LMS's gradebook has, person by person."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.gradebook import try_again
from lti_tool.store.gradebook import column_of, score_counts, score_page
from lti_tool.store.people import PAGE
from lti_tool.web.forms import page_number
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("gradebook", __name__, url_prefix="/gradebook")


@blueprint.get("/")
def scores() -> str:
    """The column, and the state of each score."""
    here, page = visitor(), page_number()
    counts = score_counts(here.programme.id)
    return render_template(
        "instructor/gradebook/scores.html",
        column=column_of(here.programme.id),
        counts=counts,
        rows=score_page(here.programme.id, page=page),
        page=page,
        pages=max(1, -(-sum(counts.values()) // PAGE)),
    )


@blueprint.post("/try-again")
def retry() -> Response:
    """Try what the LMS refused once more."""
    here = visitor()
    try_again(here.programme.id, now=now())
    flash(_("The tool is trying again. Reload this page in a moment."), "info")
    return redirect(url_for(".scores"), 303)
