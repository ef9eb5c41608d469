"""The outside world of these tests: the demo LMS over HTTP, with its faults, and people who come from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.actions.edge import Edge
from lti_tool.actions.platforms import invite, register_platform
from lti_tool.demo_lms.app import create_demo_lms
from lti_tool.demo_lms.faults import Fault
from lti_tool.demo_lms.registration import invitation
from lti_tool.demo_lms.state import Campus, Grade, Standing
from lti_tool.jobs.handlers import work_off
from lti_tool.lti.registration import ToolProfile
from lti_tool.store.db import db
from lti_tool.store.gradebook import Score
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.people import Course, Member, Person
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme
from tests.conftest import Clock
from tests.pages import PageClient
from tests.serving import serving

TOOL = "http://localhost:8000"
BIOLOGY = "biology-101"
CHEMISTRY = "chemistry-101"
ALICE, THEO, IRIS = "alice-ashford", "theo-thimble", "iris-ironwood"
BOB, DANA, ZOE = "bob-birchwood", "dana-dewdrop", "zoe-angstrom"
OLGA, TESTER = "olga-overlook", "test-student"
CHARLIE, QUENTIN = "charlie-chalk", "quentin-quicklime"
PROFILE = ToolProfile(
    name="Peer Mentoring",
    description="Pairs",
    origin=TOOL,
    initiate_login_uri=f"{TOOL}/lti/login",
    redirect_uri=f"{TOOL}/lti/launch",
    target_link_uri=f"{TOOL}/lti/launch",
    jwks_uri=f"{TOOL}/lti/jwks",
    deep_linking_uri=f"{TOOL}/lti/launch",
)


@dataclass
class Lms:
    """A running demo LMS that knows the application under test."""

    url: str
    campus: Campus
    app: Flask

    @property
    def edge(self) -> Edge:
        """The application's way to LMSs."""
        edge: Edge = self.app.extensions["edge"]
        return edge

    def start_of_registration(self, code: str) -> dict[str, str]:
        """What the LMS sends along when its admin pastes the invitation's address."""
        address = invitation(self.campus, f"{TOOL}/lti/register?invite={code}")
        return dict(parse_qsl(urlsplit(address).query))

    def register(self) -> None:
        """Register the application here, as an invitation does it."""
        now = self.edge.clock()
        start = self.start_of_registration(invite(now=now))
        assert register_platform(
            start["invite"],
            configuration_url=start["openid_configuration"],
            token=start["registration_token"],
            profile=PROFILE,
            edge=self.edge,
            now=now,
        )
        for client_id in self.campus.tools:
            self.campus.tool_keys[client_id] = dict(self.edge.signing_keys.jwks())

    def browser(self, person: str) -> requests.Session:
        """A browser in which this person is signed in to the LMS."""
        browser = requests.Session()
        browser.post(f"{self.url}/sign-in", data={"person": person}, allow_redirects=False)
        return browser

    def begin(self, browser: requests.Session, *, course: str = BIOLOGY, link: int = 0) -> dict[str, str]:
        """What the LMS sends to the tool's login after a click on a link of the course."""
        there = self.campus.course_links(course)[link]
        return _hidden(browser.get(f"{self.url}/courses/{course}/links/{there.id}/launch"))[1]

    def finish(self, browser: requests.Session, location: str) -> dict[str, str]:
        """What the LMS answers to the tool's question who is there."""
        action, fields = _hidden(browser.get(location))
        if action.endswith("/auth"):
            action, fields = _hidden(browser.post(self.url + "/auth", data=fields))
        assert action == f"{TOOL}/lti/launch"
        return fields

    def message(self, pages: PageClient, person: str, *, course: str = BIOLOGY, link: int = 0) -> dict[str, str]:
        """The launch form for this person, with the login made in these pages' browser."""
        with self.browser(person) as browser:
            answer = pages.raw().post("/lti/login", data=self.begin(browser, course=course, link=link))
            assert answer.status_code == 302, answer.get_data(as_text=True)
            return self.finish(browser, answer.location)

    def launch(self, pages: PageClient, person: str, *, course: str = BIOLOGY, link: int = 0) -> TestResponse:
        """The tool's answer to this person's launch."""
        answer: TestResponse = pages.raw().post(
            "/lti/launch", data=self.message(pages, person, course=course, link=link)
        )
        return answer

    def arrive(self, pages: PageClient, person: str, *, course: str = BIOLOGY, link: int = 0) -> str:
        """Launch, and stand in the visit; its path."""
        answer = self.launch(pages, person, course=course, link=link)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return urlsplit(answer.location).path

    def fail(self, area: str, *, count: int = 1, **how: Any) -> None:
        """Let the next requests to this part of the LMS fail."""
        self.campus.faults.add(Fault(area=area, **how), count=count)

    def leave(self, person: str, *, course: str = BIOLOGY, standing: Standing = Standing.REMOVED) -> None:
        """Somebody leaves the course, or comes back."""
        self.campus.set_standing(course, self.sub(person), standing)

    def open_sign_up(self, pages: PageClient, *, course: str = BIOLOGY) -> str:
        """Alice opens the tool and lets students join, with one click; the path of her visit."""
        path = self.arrive(pages, ALICE, course=course)
        pages.submit(pages.get(f"{path}staff/"), "/set-up/open", {}, status=303)
        return path

    def sub(self, person: str) -> str:
        """The person's id as the tool knows it."""
        return self.campus.college.people[person].sub

    def grade(self, person: str, *, item: int = 0) -> Grade | None:
        """What the gradebook holds for a person in one column."""
        return self.campus.grades.get((list(self.campus.line_items)[item], self.sub(person)))

    def given(self, person: str) -> Decimal | None:
        """The person's points in the first column."""
        found = self.grade(person)
        return None if found is None or found.given is None else Decimal(str(found.given))

    def teacher_grades(self, person: str, score: float) -> None:
        """Alice writes a grade of her own into the first column."""
        item = next(iter(self.campus.line_items))
        with self.browser(ALICE) as browser:
            answer = browser.post(f"{self.url}/courses/{BIOLOGY}/gradebook/{item}/{person}", data={"score": score})
        assert answer.ok

    def asked(self, ends: str, *, method: str = "GET") -> int:
        """How many requests of the tool to addresses that end so were answered."""
        return sum(one.method == method and one.path.endswith(ends) for one in self.campus.served)

    def work(self) -> int:
        """Let the worker do everything that is due."""
        look_again()
        count = work_off(self.app)
        look_again()
        return count

    def person(self, key: str) -> Person:
        """The person's row."""
        look_again()
        return db.session.execute(select(Person).filter_by(subject=self.sub(key))).scalar_one()

    def member(self, key: str, *, course: str = BIOLOGY) -> Member:
        """The person's row in the course."""
        query = select(Member).filter_by(person_id=self.person(key).id, course_id=self.course(course).id)
        return db.session.execute(query).scalar_one()

    def course(self, key: str = BIOLOGY) -> Course:
        """The course's row."""
        look_again()
        query = select(Course).join(Registration, Registration.id == Course.registration_id)
        query = query.where(Registration.issuer == self.url)
        return db.session.execute(
            query.where(Course.context_id == self.campus.college.courses[key].context_id)
        ).scalar_one()

    def programme(self, key: str = BIOLOGY) -> Programme:
        """The course's first programme."""
        query = select(Programme).filter_by(course_id=self.course(key).id).order_by(Programme.id).limit(1)
        return db.session.execute(query).scalar_one()

    def score(self, key: str) -> Score:
        """The person's score."""
        return db.session.execute(select(Score).filter_by(person_id=self.person(key).id)).scalar_one()


def _hidden(answer: requests.Response) -> tuple[str, dict[str, str]]:
    assert answer.ok, answer.text
    form = BeautifulSoup(answer.text, "html.parser").select("form")[0]
    fields = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
    return str(form["action"]), fields


def look_again() -> None:
    """Whatever the test reads next is as it is in the database now."""
    db.session.rollback()
    db.session.expire_all()


def outbox_rows(kind: str) -> list[OutboxRow]:
    """The rows of one kind, oldest first, as they are now."""
    look_again()
    return list(db.session.scalars(select(OutboxRow).filter_by(kind=kind).order_by(OutboxRow.id)))


@contextmanager
def running_lms(app: Flask, clock: Clock, *, page_size: int = 10, students: int = 40) -> Iterator[Lms]:
    """A demo LMS on a free port of this machine, until the block ends."""
    programs: list[Flask] = []

    def make(url: str) -> Flask:
        programs.append(create_demo_lms(url=url, page_size=page_size, students=students, clock=clock))
        return programs[0]

    with serving(make) as url:
        yield Lms(url=url, campus=programs[0].extensions["demo_lms"], app=app)
