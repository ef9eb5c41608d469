"""Who is here: the visit named by the path, in the course and programme that its launch opened.

What opens a visit, and what it remembers between two pages, is told in `visit_session`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Response, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.actions.edge import Edge
from lti_tool.actions.launch import Opened
from lti_tool.mentoring.roster import RUNS_COURSE, MemberRole, present_role
from lti_tool.store.around import around
from lti_tool.store.db import db
from lti_tool.store.errand import Errand
from lti_tool.store.people import Course, Person, Visit, find_member
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme, find_added_staff
from lti_tool.web import framing
from lti_tool.web.errors import AdminVisitOver, LmsPaused, VisitOver
from lti_tool.web.visit_session import VisitSession, admin_cookie_name, cookie_name, is_readable, tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """The person in front of the page, in the course and programme that their launch opened."""

    visit: Visit
    person: Person
    course: Course
    programme: Programme
    role: MemberRole
    return_url: str | None  # the way back that the launch named
    is_added: bool  # somebody who runs the programme added this person to those who do

    @property
    def is_staff(self) -> bool:
        """Whether this person runs the course by the role of the launch, or the programme by being added."""
        return self.role in RUNS_COURSE or self.is_added


def edge() -> Edge:
    """The application's way to LMSs."""
    return cast(Edge, current_app.extensions["edge"])


def now() -> datetime:
    """The present moment; the only clock pages ask."""
    return edge().clock()


def local_day(instant: datetime) -> date:
    """The date of an instant in the programme's time zone."""
    return instant.astimezone(ZoneInfo(visitor().programme.time_zone)).date()


def visitor() -> Visitor:
    """The visitor of this request; every guarded page has one."""
    return cast(Visitor, g.visitor)


def admit() -> AnyResponse | None:
    """Load the visitor of this path, or refuse.

    Raises: VisitOver, the same whether the visit never was, is over or belongs to another browser; LmsPaused.
    """
    visit = cast(VisitSession, session).visit
    if visit is None or visit.key != g.get("visit_key") or visit.expires_at <= now():
        raise VisitOver
    person, course, registration, programme = around(visit)
    _require_running(registration, person)
    role = MemberRole(visit.role)
    g.visitor = Visitor(
        visit=visit,
        person=person,
        course=course,
        programme=programme,
        role=role,
        return_url=visit.return_url,
        is_added=role not in RUNS_COURSE and find_added_staff(programme.id, person.id) is not None,
    )
    return _without_token()


def admit_errand() -> AnyResponse | None:
    """Load the errand of this path, or refuse.

    Raises: VisitOver, the same whether the errand never was, is over or belongs to another browser; LmsPaused.
    """
    errand = cast(VisitSession, session).errand
    if errand is None or errand.key != g.get("visit_key") or errand.expires_at <= now():
        raise VisitOver
    asking = db.session.get_one(Person, errand.person_id)
    _require_running(db.session.get_one(Registration, errand.registration_id), asking)
    g.errand, g.asking = errand, asking
    return _without_token()


def _require_running(registration: Registration, person: Person) -> None:
    """A pause ends at once what is open; it all goes on after the pause, unless its own time is over.

    Raises: LmsPaused
    """
    g.lms = registration  # held, so that it is read once a page
    if registration.is_paused:
        g.launch_locale = person.locale
        framing.of_lms(registration)
        raise LmsPaused


def _without_token() -> AnyResponse | None:
    """Where the cookie came back, the address need not carry the token any longer."""
    if g.form_token is not None or request.method != "GET" or "t" not in request.args:
        return None
    left = [(name, value) for name, value in request.args.items(multi=True) if name != "t"]
    return redirect(request.path + ("?" + urlencode(left) if left else ""), 303)


def admit_staff() -> AnyResponse | None:
    """Load the visitor; a stranger to these pages finds nothing here.

    Raises: VisitOver, where a roster or a later launch has meanwhile said that this person no longer runs the course.
    """
    answer, here = admit(), visitor()
    if not here.is_staff:
        abort(404)
    is_present = (
        is_active_in(here.course.id, here.person.id) if here.is_added else runs_course(here.course.id, here.person.id)
    )
    if not is_present:
        raise VisitOver
    return answer


def is_active_in(course_id: int, person_id: int) -> bool:
    """Whether the person is in the course now."""
    member = find_member(course_id, person_id)
    return member is not None and member.is_active


def runs_course(course_id: int, person_id: int) -> bool:
    """Whether the person is staff of the course now, whatever they were when they launched."""
    member = find_member(course_id, person_id)
    if member is None or not member.is_active:
        return False
    launched_as = MemberRole(member.launched_as) if member.launched_as else None
    return present_role(MemberRole(member.role), launched_as) in RUNS_COURSE


def admit_student() -> AnyResponse | None:
    """Load the visitor; only students have pages of their own, and none while they run the programme."""
    answer, here = admit(), visitor()
    if here.role is not MemberRole.STUDENT or here.is_added:
        abort(404)
    return answer


def admit_admin() -> None:
    """Only the visit of somebody who followed a sign-in address opens the admin's pages.

    Raises: AdminVisitOver
    """
    visit = cast(VisitSession, session).admin
    if visit is None or visit.expires_at <= now():
        raise AdminVisitOver
    g.admin_visit = visit


def take_visit_key(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The visit's key leaves the path before a view sees its arguments."""
    g.visit_key = values.pop("visit", None) if values else None


def give_visit_key(endpoint: str, values: dict[str, Any]) -> None:
    """Links inside a visit stay inside it, and carry the token where there is no cookie."""
    if "visit" in values or not current_app.url_map.is_endpoint_expecting(endpoint, "visit"):
        return
    values["visit"] = g.get("visit_key")
    if g.get("form_token"):
        values["t"] = g.form_token


def begin(opened: Opened, endpoint: str = "visit.enter", **values: Any) -> Response:
    """Send the browser into its new visit, with the cookie and, once, with the token."""
    return _open_door(opened, Visit, endpoint, values)


def begin_errand(opened: Opened) -> Response:
    """Send the browser to the question that its launch raises."""
    return _open_door(opened, Errand, "errand.enter", {})


def _open_door(opened: Opened, table: type[Visit | Errand], endpoint: str, values: dict[str, Any]) -> Response:
    token = tokens(table).dumps(opened.id)
    answer = cast(Response, redirect(url_for(endpoint, visit=opened.key, t=token, **values), 303))
    answer.set_cookie(
        cookie_name(),
        opened.secret,
        path=f"/{'l' if table is Visit else 'e'}/{opened.key}/",
        expires=opened.expires_at,
        **cookie_attributes(),
    )
    return answer


def admin_cookie(answer: AnyResponse, secret: str, expires_at: datetime) -> None:
    """Give the browser the cookie that opens the admin's pages; never sent from another site."""
    answer.set_cookie(
        admin_cookie_name(),
        secret,
        path="/admin/",
        expires=expires_at,
        secure=True,
        httponly=True,
        samesite="Strict",
    )


def cookie_attributes() -> dict[str, Any]:
    """How every cookie of this tool is sent: inside a frame of another site, and to nobody else."""
    partitioned = current_app.config["COOKIE_PARTITIONED"]
    return {"secure": True, "httponly": True, "samesite": "None", "partitioned": partitioned}


def require_readable() -> None:
    """No address with a NUL in it comes as far as a page, and no form of a stranger; a visit's own forms say so beside
    the field."""
    texts = request.args if request.path.startswith("/l/") else request.values
    if not (is_readable(request.path) and all(map(is_readable, texts.values()))):
        abort(400)


def config(name: str) -> Any:
    """One value of the configuration."""
    return current_app.config[name]


def own_url(endpoint: str, **values: Any) -> str:
    """An address of this tool as an LMS must know it, whatever host the request came to."""
    return edge().origin + url_for(endpoint, **values)
