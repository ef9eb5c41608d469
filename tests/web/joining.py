"""One student on the way in, through the pages, in one window or several."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self

from bs4 import BeautifulSoup

from lti_tool.mentoring.questionnaire import Page
from lti_tool.store.enrolment import Enrolment, find_enrolment
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.answering import answers

Browsers = Callable[[], PageClient]
PAGES = [page.value for page in Page]


@dataclass
class Bob:
    """Bob in front of his visit's pages."""

    pages: PageClient
    at: make.Setting
    person_id: int
    path: str
    cookie: tuple[str, str]

    @classmethod
    def arrived(cls, at: make.Setting, clock: Clock, pages: Browsers) -> Self:
        """Bob, who has not begun to join."""
        person = make.person(at, "Bob Birchwood")
        cookie = make.visit(at, person, role="student", until=clock.now.replace(year=2027))
        bob = cls(pages=pages(), at=at, person_id=person, path=f"/l/{cookie[0]}/me/", cookie=cookie)
        return bob.in_window(bob.pages)

    def in_window(self, pages: PageClient) -> Self:
        """The same person in a window of its own."""
        key, secret = self.cookie
        pages.raw().set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
        return replace(self, pages=pages)

    def open(self, page: str, **options: Any) -> BeautifulSoup:
        """Open one of his pages."""
        return self.pages.get(f"{self.path}{page}", **options)

    def choose(self, role: str = "mentee") -> BeautifulSoup:
        """The first step."""
        form = {"role": role, "time_zone": "Europe/London"}
        return self.pages.submit(self.open("join/"), "/me/join/", form, status=303)

    def answer(self, **given: object) -> None:
        """Every page of questions."""
        for page in PAGES:
            self.answer_page(page, **given)

    def answer_page(self, name: str, status: int = 303, **given: object) -> BeautifulSoup:
        """One page of questions; of what is given, what is asked there."""
        return self.send_page(name, self.open(f"join/questions/{name}"), status, **given)

    def send_page(self, name: str, page: BeautifulSoup, status: int = 303, **given: object) -> BeautifulSoup:
        """Send a page of questions that was opened before."""
        asked = {str(one["name"]).removeprefix("was-") for one in page.select("input[name^=was-]")}
        mine = {key: value for key, value in given.items() if key.partition("-")[0] in asked}
        return self.pages.submit(page, f"/me/join/questions/{name}", answers(page, **mine), status=status)

    def send_only(self, name: str, page: BeautifulSoup, status: int = 303, **given: object) -> BeautifulSoup:
        """Send a page as it is drawn, but for what is given."""
        return self.pages.submit(page, f"/me/join/questions/{name}", as_drawn(page) | given, status=status)

    def save_quietly(self, name: str, page: BeautifulSoup, *, is_whole: bool = True, **given: object) -> dict[str, str]:
        """What the page's script does while he writes; what the page is drawn with from then on."""
        self.send_only(name, page, 200, **given, quiet="yes")
        assert self.pages.last is not None
        told = self.pages.last.get_json()
        assert told["is_whole"] is is_whole
        drawn: dict[str, str] = told["drawn"]
        return drawn

    def agree(self, status: int = 303, **form: str) -> BeautifulSoup:
        """The last step."""
        form = form or {"conduct": "yes", "consent": "yes"}
        return self.pages.submit(self.open("join/agree"), "/me/join/agree", form, status=status)

    @property
    def enrolment(self) -> Enrolment:
        """His row."""
        look_again()
        found = find_enrolment(self.at.programme_id, self.person_id)
        assert found
        return found


def as_drawn(page: BeautifulSoup) -> dict[str, Any]:
    """What a browser sends of the page's questions when nobody touches them."""
    filled: dict[str, Any] = {}
    for box in page.select("main input[type=checkbox][checked], main input[type=radio][checked]"):
        filled.setdefault(str(box["name"]), []).append(str(box["value"]))
    for field in page.select("main input.input"):
        filled[str(field["name"])] = str(field.get("value", ""))
    for area in page.select("main textarea"):
        filled[str(area["name"])] = area.get_text().removeprefix("\n")
    for field in page.select("main select"):
        chosen = field.select_one("option[selected]")
        filled[str(field["name"])] = str(chosen["value"]) if chosen else ""
    return filled
