"""A pair's conversation: who can read it stands above it, and so does every member of staff who did."""

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _

from lti_tool.mentoring.words import N_, Sentence
from lti_tool.mentoring.workspace import Due
from lti_tool.store.conversation import last_written_at, readings_of, unread
from lti_tool.web.library import contents
from lti_tool.web.student import threads
from lti_tool.web.student.pair import OwnPair, here_in
from lti_tool.web.student.threads import Answer, Place

blueprint = Blueprint("pair_thread", __name__, url_prefix="/pairs/<int:pair_id>/messages")


@blueprint.get("/")
def show(pair_id: int) -> str:
    """What was written, newest first, below the form for a new message; a guide's short version can be its draft."""
    guide = contents().guide(request.args.get("guide", ""))
    return threads.show(_place(pair_id), draft=guide.text_version.strip() if guide else "")


@blueprint.post("/")
def write(pair_id: int) -> Answer:
    """Send a message."""
    return threads.write(_place(pair_id))


@blueprint.route("/<int:message_id>", methods=["GET", "POST"])
def own(pair_id: int, message_id: int) -> Answer:
    """Change one's own message."""
    return threads.own(_place(pair_id), message_id)


@blueprint.post("/<int:message_id>/remove")
def remove(pair_id: int, message_id: int) -> Answer:
    """Take one's own message away."""
    return threads.remove(_place(pair_id), message_id)


@blueprint.route("/<int:message_id>/report", methods=["GET", "POST"])
def report(pair_id: int, message_id: int) -> Answer:
    """Ask staff to look at a message."""
    return threads.report(_place(pair_id), message_id)


def dues(own: OwnPair, _now: datetime) -> list[Due]:
    """Messages that the reader has not seen."""
    count, _oldest = _unread(own)
    if not count:
        return []
    words = N_("There is a new message for you.") if count == 1 else N_("There are %(count)s new messages for you.")
    return [Due(kind="message", reason=Sentence(words, {"count": count}), place="thread")]


def panel(own: OwnPair, _now: datetime) -> dict[str, Any]:
    """What the overview says of the conversation."""
    return {"unread": _unread(own)[0], "last_at": last_written_at(own.pair.id)}


def _unread(own: OwnPair) -> tuple[int, datetime | None]:
    return unread(own.enrolment.person_id, own.programme.id, own.pair.id)


def _place(pair_id: int) -> Place:
    own = here_in(pair_id)
    return Place(
        pair_id=own.pair.id,
        endpoint="student.pair_thread",
        layout="student/pair/base.html",
        title=_("Conversation"),
        why_closed=own.why_closed,
        context={"own": own, "readings": readings_of(own.pair.id)},
    )
