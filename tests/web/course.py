"""A course whose mentors apply and are trained, and everybody's browser: Alice teaches, Bob mentors, Dana is helped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bs4 import BeautifulSoup

from tests import make
from tests.pages import PageClient

Browsers = Callable[[], PageClient]


@dataclass
class Reader:
    """Somebody in front of their own pages."""

    pages: PageClient
    path: str  # of their part: staff or me
    person_id: int

    def open(self, page: str = "", **options: Any) -> BeautifulSoup:
        """Open one of their pages."""
        return self.pages.get(f"{self.path}{page}", **options)

    def submit(self, page: str, action_ends: str, fields: dict[str, Any], *, status: int = 303) -> BeautifulSoup:
        """Send a form of one of their pages; where it leads, or the page with what is wrong."""
        answer = self.pages.submit(self.open(page), action_ends, fields, status=status)
        return self.pages.follow() if status == 303 else answer


@dataclass
class Course:
    """The course, and who came."""

    at: make.Setting
    alice: Reader
    bob: Reader
    dana: Reader
    bob_enrolment: int
    dana_enrolment: int


def reader(browsers: Browsers, at: make.Setting, person_id: int, *, role: str, until: datetime) -> Reader:
    """Somebody with an open visit."""
    key, secret = make.visit(at, person_id, role=role, until=until)
    browser = browsers()
    browser.raw().set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
    return Reader(pages=browser, path=f"/l/{key}/{'me' if role == 'student' else 'staff'}/", person_id=person_id)


def course(browsers: Browsers, until: datetime, **changes: Any) -> Course:
    """Everybody, with Bob and Dana joined."""
    at = make.setting(**({"asks_application": True, "asks_training": True} | changes))
    alice, bob, dana = (
        make.person(at, name, role=role)
        for name, role in (("Alice Ashford", "instructor"), ("Bob Birchwood", "student"), ("Dana Dewdrop", "student"))
    )
    return Course(
        at=at,
        alice=reader(browsers, at, alice, role="instructor", until=until),
        bob=reader(browsers, at, bob, role="student", until=until),
        dana=reader(browsers, at, dana, role="student", until=until),
        bob_enrolment=make.enrolment(at, bob, role="mentor", consent_version=1, consented_at=until),
        dana_enrolment=make.enrolment(at, dana, role="mentee", consent_version=1, consented_at=until),
    )
