"""What one person answered, as far as it is for staff; private wishes only on request, which is recorded."""

from flask import Blueprint, abort, render_template

from lti_tool.actions.enrolment import note_look_at_wishes
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.questionnaire import Audience, Question, questionnaire_from_json
from lti_tool.mentoring.visibility import Written
from lti_tool.mentoring.visibility import seen_by as declared
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment, find_enrolment, wished
from lti_tool.store.people import Person, find_member
from lti_tool.web.forms import readable
from lti_tool.web.text import seen_by
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("enrolment", __name__, url_prefix="/answers")
WISH_KINDS = {"wish_together": "together", "wish_apart": "apart"}  # by question key


@blueprint.get("/<int:person_id>")
def person(person_id: int) -> str:
    """The answers whose label names the staff."""
    return _page(person_id, None)


@blueprint.post("/<int:person_id>/wishes")
def wishes(person_id: int) -> str:
    """The same with the private wishes; who looked is recorded."""
    if Audience.INSTRUCTOR not in declared(Written.WISHES):
        abort(404)
    here = visitor()
    enrolment = _enrolment(person_id)
    if enrolment is None:
        return _page(person_id, None)
    note_look_at_wishes(enrolment.id, by=here.person.id, now=now())
    return _page(person_id, _wishes(enrolment.id))


def _page(person_id: int, shown: list[tuple[Question, list[Person]]] | None) -> str:
    enrolment = _enrolment(person_id)
    return render_template(
        "instructor/enrolment/person.html",
        somebody=db.session.get_one(Person, person_id),
        enrolment=enrolment,
        answers=_answers(enrolment) if enrolment else [],
        wishes=shown,
        seen_by=seen_by(declared(Written.WISHES)),
    )


def _enrolment(person_id: int) -> Enrolment | None:
    """The person's part in this programme; people of other courses do not exist here."""
    here = visitor()
    if find_member(here.course.id, person_id) is None:
        abort(404)
    return find_enrolment(here.programme.id, person_id)


def _answers(enrolment: Enrolment) -> list[tuple[str, str]]:
    asked = questionnaire_from_json(visitor().programme.questionnaire).for_role(EnrolmentRole(enrolment.role))
    return readable(asked, enrolment.answers, Audience.INSTRUCTOR)


def _wishes(enrolment_id: int) -> list[tuple[Question, list[Person]]]:
    """Each question about people with those who were named, whether or not it is asked just now."""
    questionnaire = questionnaire_from_json(visitor().programme.questionnaire)
    everything = {one.key: one for one in (*questionnaire.questions, *questionnaire.removed)}
    return [(everything[key], wished(enrolment_id, kind)) for key, kind in WISH_KINDS.items() if key in everything]
