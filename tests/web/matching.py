"""A draft on the board, and the browser of whoever looks at it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup

from lti_tool.actions.matching import ask_for_proposal, compute_proposal
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Proposal, Scenario, last_proposal, pairs_in, scenarios_of
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.course import Reader, reader

Browsers = Callable[[], PageClient]


@dataclass
class Board:
    """Alice in front of a draft: Bob and Ben teach, Dana, Dora and Dirk learn, and Zoe is left over."""

    pages: PageClient
    at: make.Setting
    path: str
    clock: Clock
    alice: int
    people: dict[str, int]
    browsers: Browsers

    def open(self, page: str = "", **options: Any) -> BeautifulSoup:
        """Open one of the pages of the matching."""
        return self.pages.get(f"{self.path}matching/{page}", **options)

    def send(self, page: BeautifulSoup, action_ends: str, **fields: str) -> BeautifulSoup:
        """Send a form of a page, and see where it leads."""
        self.pages.submit(page, action_ends, fields, status=303)
        return self.pages.follow()

    def compute(self) -> None:
        """The worker comes by."""
        look_again()
        compute_proposal(self.proposal.id, now=self.clock.now)
        look_again()

    @property
    def proposal(self) -> Proposal:
        """The newest proposal."""
        look_again()
        found = last_proposal(self.at.programme_id)
        assert found
        return found

    @property
    def scenarios(self) -> list[Scenario]:
        """Its scenarios."""
        return scenarios_of(self.proposal.id)

    def links(self, scenario: Scenario) -> set[tuple[str, str]]:
        """A scenario's pairs by name, the mentee first."""
        names = {number: name for name, number in self.people.items()}
        return {(names[pair.mentee_id], names[pair.mentor_id]) for pair in pairs_in(scenario.id)}

    def effect(self, kind: str, scenario: Scenario, **who: str) -> BeautifulSoup:
        """The page that shows what a change would mean."""
        numbers = {side: self.people[name] for side, name in who.items()}
        return self.open("edit/effect", query_string={"kind": kind, "scenario": scenario.id, **numbers})

    def student(self, name: str) -> Reader:
        """One of the students in front of their own pages."""
        enrolment = db.session.get_one(Enrolment, self.people[name])
        return reader(
            self.browsers, self.at, enrolment.person_id, role="student", until=self.clock.now.replace(year=2027)
        )

    def publish(self, scenario: Scenario) -> BeautifulSoup:
        """Make a scenario's pairs real."""
        look_again()
        return self.send(self.open(query_string={"scenario": scenario.id}), "/publish", why="looked at")

    def joins(self, name: str, role: str, **answers: Any) -> None:
        """Somebody more joins."""
        self.people[name] = make.enrolment(
            self.at,
            make.person(self.at, f"{name} Example"),
            role=role,
            answers={**make.fitting_answers(role), **answers},
        )

    def do(self, kind: str, scenario: Scenario, **who: str) -> BeautifulSoup:
        """Do a change, having seen what it means."""
        return self.send(self.effect(kind, scenario, **who), "/edit/do", why="as they asked")


def draft(clock: Clock, pages: Browsers) -> Board:
    """A draft that has been computed."""
    at = make.setting(mentor_capacity_limit=3)
    alice = make.person(at, "Alice Ashford", role="instructor")
    people = {}
    for name, role in (
        ("Bob", "mentor"),
        ("Ben", "mentor"),
        ("Dana", "mentee"),
        ("Dora", "mentee"),
        ("Dirk", "mentee"),
    ):
        people[name] = make.enrolment(at, make.person(at, f"{name} Example"), role=role)
    lonely = {**make.fitting_answers("mentee"), "availability": ["sun-08"]}
    people["Zoe"] = make.enrolment(at, make.person(at, "Zoe Example"), role="mentee", answers=lonely)
    key, secret = make.visit(at, alice, role="instructor", until=clock.now.replace(year=2027))
    browser = pages()
    browser.raw().set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
    made = Board(pages=browser, at=at, path=f"/l/{key}/staff/", clock=clock, alice=alice, people=people, browsers=pages)
    ask_for_proposal(at.programme_id, by=alice, now=clock.now)
    made.compute()
    return made
