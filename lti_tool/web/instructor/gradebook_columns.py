"""A column that the LMS has lost: staff have another one made, or choose one that is there."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.gradebook_columns import columns_to_choose, map_column, recreate_column
from lti_tool.lti.errors import LtiError, PlatformRefused, PlatformUnavailable
from lti_tool.lti.gradebook import RESULT_SCOPE
from lti_tool.lti.line_items import LineItem
from lti_tool.mentoring.words import N_
from lti_tool.store.gradebook import Column, part_column
from lti_tool.web.text import sentence
from lti_tool.web.visitor import edge, now, visitor

blueprint = Blueprint("columns", __name__, url_prefix="/gradebook/columns")

MOST_SHOWN = 100  # columns to choose from
NO_ANSWER = N_("The LMS did not answer. Nothing was lost. Try again in a moment.")


@blueprint.get("/<part>")
def show(part: str) -> str:
    """What happened to the column, and the two ways on."""
    return _page(_own(part))


@blueprint.post("/<part>/new")
def recreate(part: str) -> Response:
    """Have another column made."""
    here, column = visitor(), _own(part)
    if recreate_column(here.programme.id, column.part, by=here.person.id, now=now()):
        flash(_("A new column is being made. All points that were released follow by themselves."), "info")
        return redirect(url_for("instructor.gradebook.scores"), 303)
    return _decided_already()


@blueprint.post("/<part>/choose")
def choose(part: str) -> Response | tuple[str, int]:
    """Use a column that the LMS has."""
    here, column, url = visitor(), _own(part), request.form.get("column", "")
    if column.state != "lost":
        return _decided_already()
    if not url:
        return _page(column, problem=_("Choose a column.")), 422
    try:
        is_taken = map_column(here.programme.id, column.part, url, edge=edge(), by=here.person.id, now=now())
    except LtiError as fault:
        return _page(column, problem=_words(fault)), 409
    if not is_taken:
        return _page(column, problem=_("This column is no longer there, or is used already. Choose another.")), 409
    is_safe = _("From now on the points go to this column. A value that stands there is not overwritten.")
    flash(is_safe if _can_compare() else _("From now on the points go to this column."), "success")
    return redirect(url_for("instructor.gradebook.scores"), 303)


def _decided_already() -> Response:
    flash(_("Nothing was changed: it was decided already how it goes on with this column."), "info")
    return redirect(url_for("instructor.gradebook.scores"), 303)


def _can_compare() -> bool:
    return RESULT_SCOPE in visitor().course.gradebook_scopes


def _own(part: str) -> Column:
    """The programme's column of this part."""
    return part_column(visitor().programme.id, part) or abort(404)


def _page(column: Column, problem: str = "") -> str:
    found: list[LineItem] = []
    fault = ""
    if column.state == "lost":
        try:
            found = columns_to_choose(visitor().course, edge=edge())
        except LtiError as error:
            fault = _words(error)
    return render_template(
        "instructor/gradebook/column.html",
        column=column,
        found=found[:MOST_SHOWN],
        more=max(0, len(found) - MOST_SHOWN),
        fault=fault,
        problem=problem,
        can_compare=_can_compare(),
    )


def _words(fault: LtiError) -> str:
    explanation = fault.explanation if isinstance(fault, PlatformRefused | PlatformUnavailable) else None
    return sentence(explanation or NO_ANSWER)
