"""Pages of the people who take part. One guard for all of them: a page cannot be mounted unguarded."""

from types import ModuleType

from flask import Blueprint
from flask_babel import gettext as _

from lti_tool.web import visitor
from lti_tool.web.forms import new_once
from lti_tool.web.frame import Tab, frame
from lti_tool.web.student import (
    announcements,
    application,
    calendar,
    enrolment,
    home,
    hours,
    library,
    mentors_board,
    pair,
    pair_agreement,
    pair_alone,
    pair_away,
    pair_checkins,
    pair_goals,
    pair_guides,
    pair_help,
    pair_life,
    pair_meeting,
    pair_meetings,
    pair_notes,
    pair_rematch,
    pair_shelf,
    pair_tasks,
    pair_thread,
    pair_why,
    participation,
    peer_case,
    placed,
    reflections,
    standby,
    survey,
    training,
    workspace,
)

student = Blueprint("student", __name__, url_prefix="/l/<visit>/me")
student.before_request(visitor.admit_student)
_PAGES = (
    home,
    enrolment,
    application,
    training,
    workspace,
    pair_agreement,
    pair_goals,
    pair_tasks,
    placed,
    participation,
    pair_meetings,
    pair_meeting,
    pair_notes,
    calendar,
    announcements,
    library,
    mentors_board,
    pair_guides,
    pair_shelf,
    pair_thread,
    pair_help,
    pair_life,
    pair_checkins,
    pair_away,
    pair_alone,
    pair_rematch,
    hours,
    peer_case,
    standby,
    survey,
    reflections,
    pair_why,
)
for _page in _PAGES:
    student.register_blueprint(_page.blueprint)


def _of(*pages: ModuleType) -> tuple[str, ...]:
    return tuple(f"student.{one.blueprint.name}" for one in pages)


_ANSWERS = _of(enrolment, application)
_TRAINING = _of(training)
_LIBRARY = _of(library)
_PARTICIPATION = _of(participation, hours, peer_case, survey)
_MENTORING = tuple({*_of(*_PAGES)} - {*_ANSWERS, *_TRAINING, *_LIBRARY, *_PARTICIPATION})


@student.context_processor
def _pair() -> dict[str, object]:
    return {"PAIR_PAGES": pair.PAGES, "new_once": new_once}


@student.context_processor
def _frame() -> dict[str, object]:
    return frame(
        Tab("student.home.overview", _("Mentoring"), _MENTORING),
        Tab("student.enrolment.questions", _("My answers"), _ANSWERS),
        Tab("student.training.overview", _("Training"), _TRAINING),
        Tab("student.library.show", _("Library"), _LIBRARY),
        Tab("student.participation.points", _("My participation"), _PARTICIPATION),
    )
