"""What stands in the course by itself: a check-in, a reflection, a guide; each leads to the visitor's own one."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.participation import pair_slots
from lti_tool.mentoring.checkins import is_open
from lti_tool.mentoring.enrolment import why_not_join
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.reflections import TITLES, Stage
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.pairs import ended_pairs, own_pairs
from lti_tool.store.programme import settings_of
from lti_tool.store.standby import sent_on_standby
from lti_tool.store.workspace import was_sent
from lti_tool.web.library import contents
from lti_tool.web.student.home import partnerships
from lti_tool.web.student.pair import from_inside
from lti_tool.web.student.reflections import are_asked_of
from lti_tool.web.student.standby import is_asked_on_standby
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("placed", __name__)


@blueprint.get("/check-ins/<int:number>")
def check_in(number: int) -> Response | str:
    """The check-in itself where there is one pair and it is open, or it was sent in reserve; else what is missing, or
    which pair is meant, or that it was sent in a pair before."""
    here, at, enrolment = visitor(), now(), _own()
    settings = settings_of(here.programme)
    if enrolment and is_asked_on_standby(here.programme, enrolment, number):
        return redirect(url_for("student.standby.check_in", number=number), 303)
    found = []
    for one in partnerships(enrolment, here.programme, at) if enrolment else []:
        slots = pair_slots(one.own.pair, one.own.enrolment.id, here.programme)
        found += [(one, slot, is_open(slot, at)) for slot in slots if slot.number == number]
    if len(found) == 1 and found[0][2]:
        return redirect(url_for("student.workspace.check_in", pair_id=found[0][0].own.pair.id, number=number), 303)
    if enrolment and not found and number in sent_on_standby([enrolment.id]).get(enrolment.id, ()):
        return redirect(url_for("student.standby.check_in", number=number), 303)
    return render_template(
        "student/placed/check_in.html",
        number=number,
        exists=1 <= number <= settings.check_in_count,
        was_sent=enrolment is not None and was_sent(enrolment.id, number),
        pairs=found,
        **_missing(enrolment),
    )


@blueprint.get("/placed/reflections/<stage>")
def reflection(stage: str) -> Response | str:
    """The visitor's own reflection, once pairs are published; before that, what is missing."""
    if stage not in set(Stage):
        abort(404)
    enrolment = _own()
    if enrolment and are_asked_of(enrolment, visitor().programme):
        return redirect(url_for(f"student.reflections.{stage}"), 303)
    return render_template("student/placed/reflection.html", name=_(TITLES[Stage(stage)]), **_missing(enrolment))


@blueprint.get("/placed/guides/<key>")
def guide(key: str) -> Response | str:
    """The guide inside the visitor's pair; else which pair is meant, or what is missing."""
    here, enrolment, found = visitor(), _own(), contents().guide(key)
    rows = own_pairs(enrolment.id) or ended_pairs(enrolment.id) if enrolment else []
    pairs = [from_inside(one, enrolment, here.programme) for one in rows] if enrolment else []
    if found and len(pairs) == 1:
        return redirect(url_for("student.pair_guides.guide", pair_id=pairs[0].pair.id, key=key), 303)
    return render_template("student/placed/guide.html", guide=found, pairs=pairs, **_missing(enrolment))


def _own() -> Enrolment | None:
    here = visitor()
    return find_enrolment(here.programme.id, here.person.id)


def _missing(enrolment: Enrolment | None) -> dict[str, object]:
    """What a page needs to say why somebody has no pair."""
    here = visitor()
    obstacle = why_not_join(here.role, True, here.person.is_test_user, Phase(here.programme.phase))
    is_over = enrolment is not None and bool(ended_pairs(enrolment.id))
    return {"enrolment": enrolment, "obstacle": obstacle, "is_over": is_over}
