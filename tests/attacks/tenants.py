"""Two institutions that have the same issuer, and even the same ids: as Canvas cloud and Blackboard have it."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import requests
from flask import Flask
from sqlalchemy import select, update

from lti_tool.demo_lms.people import Person as LmsPerson
from lti_tool.store.db import db, transaction
from lti_tool.store.people import Course, Member, Person
from lti_tool.store.platforms import Deployment, Registration
from lti_tool.store.programme import Programme
from tests.conftest import Clock
from tests.outside import BIOLOGY, Lms, look_again, running_lms

CANVAS = "https://canvas.instructure.com"
BLACKBOARD = "https://blackboard.com"
FAMILY = "blackboard"


class Tenant(Lms):
    """One institution; its rows are found by its client id, since its issuer is not its own."""

    @property
    def client_id(self) -> str:
        """The id under which the tool is known here."""
        return next(iter(self.campus.tools))

    @property
    def registration(self) -> Registration:
        """Its registration's row."""
        look_again()
        return db.session.scalars(select(Registration).filter_by(client_id=self.client_id)).one()

    @property
    def deployment(self) -> str:
        """The deployment's id as the LMS writes it."""
        return next(iter(self.campus.tools[self.client_id].deployments.values()))

    @property
    def tenant(self) -> str:
        """Whose ids the rows have: the deployment's, where the registration is not its own."""
        return self.deployment if self.registration.family == FAMILY else ""

    def finish(self, browser: requests.Session, location: str) -> dict[str, str]:
        """The vendor's one address for all leads on to the institution's own."""
        parts = urlsplit(location)
        return super().finish(browser, f"{self.url}{parts.path}?{parts.query}")

    def course(self, key: str = BIOLOGY) -> Course:
        """The course's row."""
        context = self.campus.college.courses[key].context_id
        query = select(Course).filter_by(registration_id=self.registration.id, tenant=self.tenant)
        return db.session.scalars(query.filter_by(context_id=context)).one()

    def person(self, key: str) -> Person:
        """The person's row."""
        query = select(Person).filter_by(registration_id=self.registration.id, tenant=self.tenant)
        return db.session.scalars(query.filter_by(subject=self.sub(key))).one()

    def programme(self, key: str = BIOLOGY) -> Programme:
        """The programme that this institution's link shows in the course."""
        query = select(Programme).join(Deployment, Deployment.id == Programme.deployment_id)
        return db.session.scalars(
            query.where(Programme.course_id == self.course(key).id, Deployment.deployment_id == self.deployment)
        ).one()

    def names(self, key: str = BIOLOGY) -> set[str]:
        """Everybody whom the tool knows in the course."""
        query = select(Person.name).join(Member, Member.person_id == Person.id)
        return set(db.session.scalars(query.where(Member.course_id == self.course(key).id)))

    def move_to(self, issuer: str) -> None:
        """From now on the LMS signs under this name."""
        with transaction() as session:
            session.execute(update(Registration).filter_by(client_id=self.client_id).values(issuer=issuer))
        habits = replace(self.campus.dialect.registration, fixed_issuer=issuer)
        self.campus.dialect = replace(self.campus.dialect, registration=habits)

    def rename(self, key: str, name: str) -> None:
        """Somebody is called otherwise here, so that one sees whose data a page shows."""
        given, _, family = name.partition(" ")
        people = self.campus.college.people
        self.reseat({**people, key: replace(people[key], given=given, family=family)})

    def reseat(self, people: Mapping[str, LmsPerson]) -> None:
        """Everybody sits where they sat, as they are now."""
        college = self.campus.college
        seats = {
            course: tuple(replace(one, person=people[one.person.key]) for one in listed)
            for course, listed in college.seats.items()
        }
        self.campus.college = replace(college, people=dict(people), seats=seats)
        self.campus._seat_index = {(course, one.person.sub): one for course in seats for one in seats[course]}
        self.campus._rosters.clear()


@contextmanager
def canvas_cloud(app: Flask, clock: Clock) -> Iterator[tuple[Tenant, Tenant]]:
    """Two institutions of one issuer: courses, people, links and deployments have equal ids; the client ids differ."""
    with ExitStack() as stack:
        made = [stack.enter_context(running_lms(app, clock, students=12)) for _one in range(2)]
        north, south = (Tenant(url=one.url, campus=one.campus, app=app) for one in made)
        for one in (north, south):
            one.register()
            one.move_to(CANVAS)
        yield north, south


@contextmanager
def blackboard(
    app: Flask, clock: Clock, *, has_own_ids: bool = True, issuer: str = BLACKBOARD, family: str = FAMILY
) -> Iterator[tuple[Tenant, Tenant]]:
    """Two institutions of one issuer and one client id, told apart by their deployments alone.

    The vendor signs for both and gives tokens for both. Courses and people have ids of their own, as UUIDs are, or
    the same ones, as a server and its copy for tests have them.
    """
    with canvas_cloud(app, clock) as (north, south):
        north.move_to(issuer)
        with transaction() as session:
            retired = session.get_one(Registration, south.registration.id)
            retired.client_id, retired.is_paused = "nobody", True
            mine = {"registration_id": north.registration.id, "deployment_id": "south-1"}
            session.execute(update(Deployment).filter_by(registration_id=retired.id).values(**mine))
            session.execute(update(Registration).filter_by(client_id=north.client_id).values(family=family))
        _share(north, south)
        if has_own_ids:
            _own_ids(south)
        yield north, south


def _share(north: Tenant, south: Tenant) -> None:
    """One application for both: client id, keys, issuer; the second institution's deployment is its own."""
    (theirs,) = south.campus.tools.values()
    tool = replace(theirs, client_id=north.client_id, deployments={"northfield": "south-1"})
    south.campus.tools = {tool.client_id: tool}
    south.campus.tool_keys = dict(north.campus.tool_keys)
    south.campus.links = {key: replace(one, client_id=tool.client_id) for key, one in south.campus.links.items()}
    south.campus.keys = north.campus.keys
    south.campus.access_tokens = north.campus.access_tokens
    south.campus.dialect = north.campus.dialect


def _own_ids(south: Tenant) -> None:
    """Courses and people with ids that no other institution has."""
    college = south.campus.college
    people = {key: replace(one, sub=f"south-{one.sub}") for key, one in college.people.items()}
    courses = {key: replace(one, context_id=f"south-{one.context_id}") for key, one in college.courses.items()}
    admins = {key: people[one.key] for key, one in college.administrators.items()}
    south.campus.college = replace(college, people=people, courses=courses, administrators=admins)
    south.reseat(people)
