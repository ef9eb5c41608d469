"""A check-in that stands in the course by itself: it leads to the one of the visitor's own pair."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lti_tool.actions.participation import pair_slots
from lti_tool.mentoring.checkins import is_open
from lti_tool.mentoring.enrolment import why_not_join
from lti_tool.mentoring.programme import Phase
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.programme import settings_of
from lti_tool.web.student.home import partnerships
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("placed", __name__, url_prefix="/check-ins")


@blueprint.get("/<int:number>")
def check_in(number: int) -> Response | str:
    """The check-in itself where there is one pair and it is open; else what is missing, or which pair is meant."""
    here, at = visitor(), now()
    enrolment = find_enrolment(here.programme.id, here.person.id)
    settings = settings_of(here.programme)
    found = []
    for one in partnerships(enrolment, here.programme, at) if enrolment else []:
        slots = pair_slots(one.own.pair, one.own.enrolment.id, here.programme)
        found += [(one, slot, is_open(slot, at)) for slot in slots if slot.number == number]
    if len(found) == 1 and found[0][2]:
        return redirect(url_for("student.workspace.check_in", pair_id=found[0][0].own.pair.id, number=number), 303)
    return render_template(
        "student/placed/check_in.html",
        number=number,
        exists=1 <= number <= settings.check_in_count,
        pairs=found,
        enrolment=enrolment,
        obstacle=why_not_join(here.role, True, here.person.is_test_user, Phase(here.programme.phase)),
    )
