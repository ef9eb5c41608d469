"""The pages of joining in their order: how far somebody is on each, and where one leads to."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.mentoring.answers import unanswered
from lti_tool.mentoring.enrolment import EnrolmentRole, EnrolmentState, has_agreed
from lti_tool.mentoring.questionnaire import Page, Question, Questionnaire, questionnaire_from_json
from lti_tool.mentoring.settling import Settled
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.web.library import contents
from lti_tool.web.visitor import visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of joining; `open_count` is how many questions on it still must be answered."""

    name: str
    title: str
    url: str
    open_count: int


def steps(enrolment: Enrolment | None) -> list[Step]:
    """Every page of joining in order, for this person's role."""
    answers = enrolment.answers if enrolment else {}
    role = EnrolmentRole(enrolment.role) if enrolment else EnrolmentRole.EITHER
    asked = questionnaire()
    found = [
        Step(
            name="role",
            title=_("How you take part"),
            url=url_for("student.enrolment.role"),
            open_count=0 if enrolment else 1,
        )
    ]
    for one in asked.pages_for(role):
        missing = unanswered(asked.on_page(role, one), answers)
        url = url_for("student.enrolment.page", theme=one.value)
        found.append(Step(name=one.value, title=_(one.heading), url=url, open_count=len(missing)))
    if asked.wishes_for(role):
        url = url_for("student.enrolment.wishes")
        found.append(Step(name="wishes", title=_("Private wishes"), url=url, open_count=0))
    is_in = enrolment is not None and agreed(enrolment)
    url = url_for("student.enrolment.agree")
    return [*found, Step(name="agree", title=_("What we agree on"), url=url, open_count=0 if is_in else 1)]


def onward(name: str) -> Response:
    """The step after this one; back to the list of pages for somebody who is in already."""
    enrolment = own() or abort(404)
    if enrolment.state == EnrolmentState.JOINED:
        flash(_("Saved."), "success")
        return to("student.home.overview" if name == "role" else ".questions")
    order = steps(enrolment)
    place = next((number for number, step in enumerate(order) if step.name == name), -1)
    return redirect(order[min(place + 1, len(order) - 1)].url, 303)


def own() -> Enrolment | None:
    """The visitor's part in the programme, as far as they have begun to join."""
    here = visitor()
    return find_enrolment(here.programme.id, here.person.id)


def questionnaire() -> Questionnaire:
    """The questions of the programme."""
    return questionnaire_from_json(visitor().programme.questionnaire)


def asked_on(name: str, enrolment: Enrolment, settled: Settled | None = None) -> tuple[Question, ...]:
    """The questions of one page, and those of an earlier form of it that still wait for a decision."""
    if name not in set(Page):
        abort(404)
    everything = questionnaire()
    asked = everything.on_page(EnrolmentRole(enrolment.role), Page(name))
    waiting = set(settled.problems) | set(settled.clashes) if settled else set()
    present = {question.key for question in asked}
    return (*asked, *(everything.question(key) for key in sorted(waiting - present)))


def agreed(enrolment: Enrolment) -> bool:
    """Whether somebody has agreed to the texts as they are today."""
    return has_agreed(enrolment.consent_version, enrolment.conduct_version, contents().editions)


def to(endpoint: str, **values: Any) -> Response:
    """On to a page, with what is known of these values."""
    return redirect(url_for(endpoint, **{name: value for name, value in values.items() if value}), 303)
