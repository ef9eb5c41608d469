"""The mentors' board: mentors of a programme help each other, and the staff read along and answer."""

from flask import Blueprint, abort
from flask_babel import gettext as _

from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.participants import is_mentor
from lti_tool.web.student import threads
from lti_tool.web.student.threads import Answer, Place
from lti_tool.web.visitor import visitor

blueprint = Blueprint("mentors_board", __name__, url_prefix="/mentors-board")
OVER = Sentence(N_("This programme has ended, so nothing more is written here. What was written stays readable."))


@blueprint.before_request
def _is_mentor() -> None:
    """For everybody but mentors there is no such page."""
    here = visitor()
    if not is_mentor(here.programme, find_enrolment(here.programme.id, here.person.id)):
        abort(404)


@blueprint.get("/")
def show() -> str:
    """What was written, newest first, below the form for a new message."""
    return threads.show(_place())


@blueprint.post("/")
def write() -> Answer:
    """Write to the other mentors."""
    return threads.write(_place())


@blueprint.route("/<int:message_id>", methods=["GET", "POST"])
def own(message_id: int) -> Answer:
    """Change one's own message."""
    return threads.own(_place(), message_id)


@blueprint.post("/<int:message_id>/remove")
def remove(message_id: int) -> Answer:
    """Take one's own message away."""
    return threads.remove(_place(), message_id)


@blueprint.route("/<int:message_id>/report", methods=["GET", "POST"])
def report(message_id: int) -> Answer:
    """Ask staff to look at a message."""
    return threads.report(_place(), message_id)


def _place() -> Place:
    is_over = Phase(visitor().programme.phase) is Phase.CLOSED
    return Place(
        pair_id=None,
        endpoint="student.mentors_board",
        layout="student/thread/board.html",
        title=_("The mentors’ board"),
        why_closed=OVER if is_over else None,
    )
