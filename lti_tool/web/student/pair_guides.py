"""The conversation guides inside a pair: with the habits for every talk, and the first with why people were matched."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, render_template

from lti_tool.mentoring.guides import FIRST_MEETING, fitting_now, to_ask_about
from lti_tool.mentoring.words import Sentence
from lti_tool.web.guides import techniques
from lti_tool.web.library import contents
from lti_tool.web.student.pair import OwnPair, here_in
from lti_tool.web.visitor import local_day

blueprint = Blueprint("pair_guides", __name__, url_prefix="/pairs/<int:pair_id>/guides")


@blueprint.get("/")
def show(pair_id: int) -> str:
    """All guides, each with what it is for."""
    return render_template("student/guides/show.html", own=here_in(pair_id), guides=contents().guides)


@blueprint.get("/<key>")
def guide(pair_id: int, key: str) -> str:
    """One guide."""
    own, found = here_in(pair_id), contents().guide(key) or abort(404)
    reasons = [Sentence(one["text"], one["values"]) for one in own.pair.reasons] if key == FIRST_MEETING else []
    return render_template(
        "student/guides/guide.html",
        own=own,
        guide=found,
        asked=to_ask_about(reasons),
        techniques=techniques(),
    )


def panel(own: OwnPair, now: datetime) -> dict[str, Any]:
    """The guide that fits the present week, if one does."""
    began = local_day(own.pair.published_at or now)
    key = fitting_now(began, own.programme.ends_on, local_day(now))
    return {"guide": contents().guide(key) if key and own.is_writable else None}
