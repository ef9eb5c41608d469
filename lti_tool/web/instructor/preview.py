"""The students' pages as a fresh student would see them: the real pages, rehearsed, so that nothing of it stays.

A student who does not exist is written into a transaction that is always rolled back; the student's own page runs for
them, with its checks and its answers. Its addresses are then led back here. So a preview cannot differ from the page,
and cannot leave a trace. What was chosen as a role is remembered with the visit, since no row is there to remember it.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, abort, current_app, g, request, session, url_for
from flask.ctx import RequestContext
from flask.globals import request_ctx
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.questionnaire import Question, QuestionKind, questionnaire_from_json
from lti_tool.mentoring.roster import MemberRole
from lti_tool.store.db import rehearsal
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.impact import section_ids
from lti_tool.store.people import Member, Person
from lti_tool.store.programme import Programme
from lti_tool.web.visitor import Visitor, now, visitor

blueprint = Blueprint("preview", __name__, url_prefix="/preview")
SHOWN = ("student.home.", "student.enrolment.")
ROLE = "preview_role"


@blueprint.get("/", defaults={"page": ""})
@blueprint.route("/<path:page>", methods=["GET", "POST"])
def page(page: str) -> Response:
    """One page of a student's way in."""
    here = visitor()
    there, ours = url_for("student.home.overview"), url_for(".page", page="")
    there, ours = there.split("?", maxsplit=1)[0], ours.split("?", maxsplit=1)[0]
    with rehearsal() as rows, _stand_in(here, rows, page) as student:
        answer = _run(there + page)
        row = find_enrolment(here.programme.id, student.person.id)
        session[ROLE] = row.role if row else session.get(ROLE, EnrolmentRole.MENTEE)
    if answer.location:
        answer.headers["Location"] = answer.location.replace(there, ours)
    else:
        answer.set_data(answer.get_data(as_text=True).replace(there, ours))
    return answer


@contextmanager
def _stand_in(here: Visitor, rows: Session, page: str) -> Iterator[Visitor]:
    """A student of the course who does not exist, for whom sign-up is open."""
    programme = rows.get_one(Programme, here.programme.id)
    programme.phase = Phase.SIGN_UP.value
    person = Person(
        registration_id=here.person.registration_id, subject=secrets.token_hex(16), locale=here.person.locale
    )
    person.time_zone = here.person.time_zone
    rows.add(person)
    rows.flush()
    everywhere = section_ids(here.course.id)  # so that no part is kept from them
    rows.add(Member(course_id=here.course.id, person_id=person.id, role=MemberRole.STUDENT, section_ids=everywhere))
    if page not in {"", "join/"}:
        rows.add(_enrolment(programme, person, is_answered="question" not in page))
    rows.flush()
    student = Visitor(
        visit=here.visit,
        person=person,
        course=here.course,
        programme=programme,
        role=MemberRole.STUDENT,
        return_url=here.return_url,
        is_added=False,
    )
    g.visitor, g.is_preview = student, True
    try:
        yield student
    finally:
        g.visitor = here


def _enrolment(programme: Programme, person: Person, *, is_answered: bool) -> Enrolment:
    role = EnrolmentRole(session.get(ROLE, EnrolmentRole.MENTEE))
    asked = questionnaire_from_json(programme.questionnaire).for_role(role)
    return Enrolment(
        programme_id=programme.id,
        person_id=person.id,
        role=role.value,
        state="draft",
        answers={one.key: _some_answer(one) for one in asked if one.is_required} if is_answered else {},
        time_zone=programme.time_zone,
        changed_at=now(),
    )


def _some_answer(question: Question) -> Any:
    """An answer that lets the student go on."""
    if question.kind in {QuestionKind.TEXT, QuestionKind.WHOLE_NUMBER}:
        return 1 if question.kind is QuestionKind.WHOLE_NUMBER else "…"
    first = question.options[0].key if question.options else ""
    return [first] if question.kind in {QuestionKind.MULTI, QuestionKind.RANK, QuestionKind.GRID} else first


def _run(path: str) -> Response:
    """The student's own page at this path; no other page of the tool can be reached so."""
    inner_request = current_app.request_class({**request.environ, "PATH_INFO": path})
    inner_request.form = request.form  # the body has been read already
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # Flask's documented way to pass the application on
    with RequestContext(app, inner_request.environ, request=inner_request, session=request_ctx.session):
        rule = inner_request.url_rule
        if rule is None or not rule.endpoint.startswith(SHOWN):
            abort(404)
        arguments: Mapping[str, Any] = inner_request.view_args or {}
        inner_request.view_args = {name: value for name, value in arguments.items() if name != "visit"}
        answer: Response = current_app.make_response(current_app.dispatch_request())
    return answer
