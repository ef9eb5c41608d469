"""Who is looking at a page, what that person may see, and whether a form came from our own pages."""

from typing import NoReturn
from urllib.parse import urlsplit

from flask import Response, abort, make_response, render_template, request, session

from lti_tool.demo_lms.people import Course, Person, Role, Seat
from lti_tool.demo_lms.records import Standing
from lti_tool.demo_lms.state import campus

STAFF = frozenset({Role.TEACHER, Role.ASSISTANT, Role.ADMINISTRATOR})


def problem(status: int, sentence: str) -> Response:
    """Answer a page that says what is wrong."""
    return make_response(render_template("problem.html", sentence=sentence), status)


def refuse(status: int, sentence: str) -> NoReturn:
    """Leave the view with a page that says what is wrong."""
    abort(problem(status, sentence))


def visitor() -> Person | None:
    """Answer who is signed in in this browser."""
    return campus().college.people.get(session.get("person", ""))


def signed_in() -> Person:
    """Answer who is signed in, or lead to the sign-in page."""
    person = visitor()
    if person is None:
        refuse(401, "Please choose who you are first.")
    return person


def enter(course_key: str, roles: frozenset[Role] = frozenset(Role)) -> tuple[Course, Seat]:
    """Answer the course and the visitor's seat in it; strangers learn nothing."""
    lms, person = campus(), signed_in()
    course = lms.college.courses.get(course_key)
    seat = lms.seat(course_key, person) if course else None
    if course is None or seat is None or lms.standing(course_key, person.sub) is not Standing.ACTIVE:
        refuse(404, "There is no such page for you.")
    if seat.role not in roles:
        refuse(403, "This page is for other people of the course.")
    return course, seat


def administrator() -> Person:
    """Answer the administrator, if one is signed in."""
    person = signed_in()
    if person not in campus().college.administrators.values():
        refuse(403, "This page is for the LMS administrator.")
    return person


def same_origin_only() -> None:
    """Refuse a form that another site sent; scripts, which name no origin, may pass."""
    if request.method in ("GET", "HEAD"):
        return
    origin = request.headers.get("Origin")
    own = {origin_of(request.host_url), origin_of(campus().url)}
    if (origin and origin not in own) or request.headers.get("Sec-Fetch-Site", "same-origin") in (
        "cross-site",
        "same-site",
    ):
        refuse(403, "This form came from another site.")


def origin_of(url: str) -> str:
    """Answer scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
