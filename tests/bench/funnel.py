"""The funnel of a large course: its page, beside one bare query that fetches the same people's rows.

The bar is the project's own: at most 200 ms of server time more than the bare query, whatever the machine.
"""

from typing import Any

from sqlalchemy import insert, select, text

from lti_tool.store.application import Application
from lti_tool.store.db import transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.people import Member, Person
from lti_tool.store.training import Training
from tests import make
from tests.bench.figures import Bar, Figure
from tests.bench.place import NAMES_IN_WORDS, Place
from tests.bench.staff_page import page_and_query, staff, student
from tests.conftest import NOON
from tests.databases import NAMES

SECTION = "Funnel"
MOST_MS = 200
ROWS = text(
    "select member.id, member.section_ids, member.launched_at, person.name, enrolment.role, enrolment.state,"
    " enrolment.capacity, enrolment.consent_version, application.state, training.finished_at"
    " from member join person on person.id = member.person_id"
    " left join enrolment on enrolment.person_id = person.id and enrolment.programme_id = :programme"
    " left join application on application.enrolment_id = enrolment.id"
    " left join training on training.enrolment_id = enrolment.id and training.course = 'mentor'"
    " where member.course_id = :course and member.is_active and member.role = 'student'"
)


def measure(place: Place) -> list[Figure]:
    """The figures about the funnel, on both databases."""
    people = place.size(2000, 200)
    return [figure for database in NAMES for figure in _database(place, database, people)]


def _database(place: Place, database: str, people: int) -> list[Figure]:
    with place.databases.fresh(database) as url, place.installation(url) as app:
        at = _course(people)
        client, address = staff(app, at)
        values = {"programme": at.programme_id, "course": at.course_id}
        rounds, lists = (
            [
                page_and_query(client, f"{address}cohort/{path}", ROWS, values, rows=people)
                for _ in range(place.size(9, 3) + 1)
            ][1:]
            for path in ("", "joined")
        )
    where = f"{people:,} people, {NAMES_IN_WORDS[database]}"
    return [
        _figure(f"page of numbers, {where}", rounds),
        _figure(f"page of names, {where}", lists),
        Figure(
            section=SECTION,
            what=f"page of numbers beyond the query, {where}",
            unit="ms",
            peer="what is allowed",
            rounds=tuple((max(ours - theirs, 0.01), float(MOST_MS)) for ours, theirs in rounds),
            bar=Bar(name="F1", value=1),
        ),
    ]


def _figure(what: str, rounds: list[tuple[float, float]]) -> Figure:
    return Figure(section=SECTION, what=what, unit="ms", peer="bare query of the same rows", rounds=tuple(rounds))


def _course(people: int) -> make.Setting:
    """A course whose people stand at every stage, in thirty sections."""
    at = make.setting(asks_application=True, asks_training=True)
    with transaction() as session:
        rows = [student(at, number) for number in range(people)]
        session.execute(insert(Person), rows)
        ids = list(session.scalars(select(Person.id).order_by(Person.id)))
        session.execute(insert(Member), [_member(at, number, one) for number, one in enumerate(ids)])
        joined = [(number, one) for number, one in enumerate(ids) if number % 5]
        session.execute(insert(Enrolment), [_enrolment(at, number, one) for number, one in joined])
        mentors = list(session.scalars(select(Enrolment.id).where(Enrolment.role != "mentee").order_by(Enrolment.id)))
        session.execute(insert(Application), [_application(number, one) for number, one in enumerate(mentors)])
        session.execute(insert(Training), [_training(number, one) for number, one in enumerate(mentors)])
    return at


def _member(at: make.Setting, number: int, person_id: int) -> dict[str, Any]:
    return {
        "course_id": at.course_id,
        "person_id": person_id,
        "role": "student",
        "is_in_roster": True,
        "section_ids": [f"section-{number % 30}"],
        "launched_at": NOON if number % 7 else None,
    }


def _enrolment(at: make.Setting, number: int, person_id: int) -> dict[str, Any]:
    return {
        "programme_id": at.programme_id,
        "person_id": person_id,
        "role": ("mentor", "mentee", "mentee", "either")[number % 4],
        "state": "joined" if number % 9 else "draft",
        "time_zone": "Europe/London",
        "answers": make.fitting_answers("either"),
        "capacity": 1 + number % 3,
        "consent_version": 1 if number % 9 else None,
        "changed_at": NOON,
    }


def _application(number: int, enrolment_id: int) -> dict[str, Any]:
    state = ("draft", "submitted", "asked", "approved", "approved", "declined")[number % 6]
    return {"enrolment_id": enrolment_id, "state": state, "answers": {"motivation": "word " * 90}, "changed_at": NOON}


def _training(number: int, enrolment_id: int) -> dict[str, Any]:
    finished = NOON if number % 2 else None
    return {"enrolment_id": enrolment_id, "course": "mentor", "finished_at": finished, "changed_at": NOON}
