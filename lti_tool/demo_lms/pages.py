"""Pages that everybody sees: choosing who you are, the courses, a course with its tool links, its roster."""

import unicodedata

from flask import Blueprint, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.habits import Start
from lti_tool.demo_lms.oidc import login_form
from lti_tool.demo_lms.people import NORTHFIELD, TENANT_NAMES, Course, Person, Role
from lti_tool.demo_lms.records import Link, Message, Standing, Tool
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.visitor import STAFF, enter, problem, refuse, same_origin_only, signed_in

blueprint = Blueprint("pages", __name__)
blueprint.before_request(same_origin_only)

TEACHERS = frozenset({Role.TEACHER})
RUNNERS = frozenset({Role.TEACHER, Role.ADMINISTRATOR})
LIST_LENGTH = 100


@blueprint.get("/")
def choose_person() -> ResponseReturnValue:
    """Let people choose who they are."""
    words = request.args.get("q", "").strip()
    groups = _people_by_place(campus(), words)
    return render_template("sign_in.html", groups=groups, words=words, length=LIST_LENGTH)


@blueprint.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Become the chosen person in this browser."""
    lms = campus()
    person = lms.college.people.get(request.form.get("person", ""))
    if person is None:
        return problem(400, "There is nobody of that name here.")
    session.clear()
    session["person"] = person.key
    courses = _courses(lms, person)
    if person in lms.college.administrators.values():
        return redirect(url_for("admin.tools"), 303)
    return redirect(url_for("pages.course", key=courses[0]) if len(courses) == 1 else url_for("pages.courses"), 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Be nobody again."""
    session.clear()
    return redirect(url_for("pages.choose_person"), 303)


@blueprint.get("/courses")
def courses() -> ResponseReturnValue:
    """Show the courses that the visitor is in."""
    lms, person = campus(), signed_in()
    return render_template("courses.html", courses=[lms.college.courses[key] for key in _courses(lms, person)])


@blueprint.get("/courses/<key>")
def course(key: str) -> ResponseReturnValue:
    """Show a course with its tool links."""
    lms = campus()
    found, seat = enter(key)
    return render_template(
        "course.html",
        course=found,
        seat=seat,
        links=lms.course_links(key),
        tools=lms.tools,
        may_add=seat.role in RUNNERS,
        choosers=_choosers(lms, found) if seat.role in RUNNERS else [],
    )


@blueprint.get("/courses/<key>/return")
def came_back(key: str) -> ResponseReturnValue:
    """Take people back from the tool, with the message that the tool has for them."""
    found, _ = enter(key)
    return render_template("return.html", course=found)


@blueprint.post("/courses/<key>/links")
def add_link(key: str) -> ResponseReturnValue:
    """Place a tool in the course once more, with a column of the LMS's own when points are given."""
    lms = campus()
    enter(key, RUNNERS)
    title, tool = request.form.get("title", "").strip(), lms.tools.get(request.form.get("client_id", ""))
    points = request.form.get("points", "").strip()
    if not title or len(title) > 255 or tool is None or (points and not (points.isascii() and points.isdecimal())):
        return problem(400, "A link needs a title, a tool, and points as a whole number or none.")
    link = lms.add_link(course=key, client_id=tool.client_id, title=title)
    if points and int(points[:6]):
        lms.add_item(
            course=key,
            client_id=tool.client_id,
            label=title,
            score_maximum=int(points[:6]),
            resource_link_id=link.id,
            details={},
            is_made_by_tool=False,
        )
    return redirect(url_for("pages.course", key=key), 303)


@blueprint.get("/courses/<key>/links/<link_id>")
def open_here(key: str, link_id: str) -> ResponseReturnValue:
    """Show the tool in a frame of the course."""
    found, _ = enter(key)
    start = url_for("pages.launch", key=key, link_id=link_id)
    return render_template("tool.html", course=found, title=_link(campus(), key, link_id).title, start=start)


@blueprint.route("/courses/<key>/links/<link_id>/launch", methods=["GET", "POST"])
def launch(key: str, link_id: str) -> ResponseReturnValue:
    """Begin a launch in this frame or window."""
    _, seat = enter(key)
    target = "iframe" if request.values.get("in") == "iframe" else "window"
    link = _link(campus(), key, link_id)
    return login_form(
        seat.person, client_id=link.client_id, course=key, link=link, document_target=target, title=link.title
    )


@blueprint.get("/courses/<key>/links.json")
def links_json(key: str) -> ResponseReturnValue:
    """List the course's tool links for scripts."""
    enter(key)
    names = campus().tools
    return jsonify(
        [
            {"id": link.id, "title": link.title, "client_id": link.client_id, "tool": names[link.client_id].name}
            for link in campus().course_links(key)
        ]
    )


@blueprint.get("/courses/<key>/people")
def roster(key: str) -> ResponseReturnValue:
    """Show who is in the course, searched and a page at a time."""
    lms = campus()
    found, seat = enter(key, STAFF)
    words = request.args.get("q", "").strip()
    seats = [place for place in lms.college.seats[key] if _matches(place.person, words)]
    return render_template(
        "roster.html",
        course=found,
        words=words,
        total=len(seats),
        rows=[(place, lms.standing(key, place.person.sub)) for place in seats[:LIST_LENGTH]],
        standings=list(Standing),
        may_change=seat.role in RUNNERS,
    )


@blueprint.post("/courses/<key>/people/<person_key>")
def set_standing(key: str, person_key: str) -> ResponseReturnValue:
    """Change whether somebody takes part in the course."""
    lms = campus()
    enter(key, RUNNERS)
    person = lms.college.people.get(person_key)
    place = lms.seat_of_sub(key, person.sub) if person else None
    wanted = request.form.get("standing", "")
    if place is None or place.role is Role.TEACHER or wanted not in list(Standing):
        return problem(400, "This cannot be changed.")
    lms.set_standing(key, place.person.sub, Standing(wanted))
    return redirect(url_for("pages.roster", key=key, q=request.form.get("q") or None) + f"#{person_key}", 303)


@blueprint.get("/courses/<key>/people.json")
def people_json(key: str) -> ResponseReturnValue:
    """List the course's people for scripts, removed ones too."""
    lms = campus()
    enter(key, RUNNERS)
    return jsonify(
        [
            {
                "person": place.person.key,
                "sub": place.person.sub,
                "name": place.person.name,
                "email": place.person.email,
                "role": place.role,
                "sections": list(place.sections),
                "status": lms.standing(key, place.person.sub),
            }
            for place in lms.college.seats[key]
        ]
    )


def _choosers(lms: Campus, course: Course) -> list[Tool]:
    """Answer the tools in which content can be chosen for the course."""
    here = [tool for tool in lms.tools.values() if course.tenant in tool.deployments]
    return [tool for tool in here if tool.takes(Message.DEEP_LINKING) and tool.standing == Start.READY]


def _courses(lms: Campus, person: Person) -> list[str]:
    return [
        key
        for key in list(lms.college.courses)
        if lms.seat(key, person) and lms.standing(key, person.sub) is Standing.ACTIVE
    ]


def _link(lms: Campus, key: str, link_id: str) -> Link:
    link = lms.links.get(link_id)
    if link is None or link.course != key:
        refuse(404, "There is no such link in this course.")
    return link


def _people_by_place(lms: Campus, words: str) -> dict[str, list[tuple[Person, str]]]:
    """Answer the people whose name matches, under the heading where one looks for them."""
    groups: dict[str, list[tuple[Person, str]]] = {}
    for tenant, administrator in lms.college.administrators.items():
        if _matches(administrator, words):
            where = "Whole college" if tenant == NORTHFIELD else TENANT_NAMES[tenant]
            groups[where] = [(administrator, "LMS administrator")]
    for key, found in list(lms.college.courses.items()):
        for seat in sorted(lms.college.seats[key], key=lambda seat: (seat.role is Role.STUDENT, seat.sections)):
            is_student = seat.role is Role.STUDENT
            where = f"{found.title} · " + (f"students, {seat.sections[0]}" if is_student else "staff and others")
            group = groups.setdefault(where, [])
            if len(group) < LIST_LENGTH and _matches(seat.person, words):
                group.append((seat.person, "" if is_student else str(seat.role)))
    return {where: group for where, group in groups.items() if group}


def _matches(person: Person, words: str) -> bool:
    return all(_plain(word) in _plain(f"{person.name} {person.key}") for word in words.split())


def _plain(text: str) -> str:
    """Answer the text without case and accents, so that Zoe finds Zoë."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
