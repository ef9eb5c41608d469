"""Mentors in reserve in Chromium: checking in without scripts at 320 px, and axe finds nothing on their pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lti_tool.store.db import transaction
from lti_tool.store.matching import Pair
from lti_tool.store.standby import standby_of
from tests import make
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.served import Served, served
from tests.databases import Databases
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.course import Course, Reader, course, reader

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


@dataclass
class Here:
    """Bob mentors Dana, Fay is in reserve, and Chromium can look at it."""

    programs: Served
    course: Course
    fay: Reader
    fay_enrolment: int

    def window(self, browser: BrowserContext, who: Reader, *, width: int = 320) -> Page:
        """A window of somebody with an open visit."""
        cookie = who.pages.raw().get_cookie("visit", path=who.path.partition("me/")[0].partition("staff/")[0])
        browser.add_cookies([{"name": "visit", "value": cookie.value, "domain": "localhost", "path": cookie.path}])
        page = browser.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        return page

    def url(self, who: Reader, page: str = "") -> str:
        """The address of one of their pages."""
        return f"{self.programs.places.tool}{who.path}{page}"


@pytest.fixture
def here(chromium_path: str, databases: Databases, tmp_path: Path) -> Iterator[Here]:
    """The programme, a day after the pairs were published; the days are the machine's, as the browser's are."""
    assert chromium_path
    with served(databases, tmp_path) as programs:
        now = programs.clock.now
        until = now + timedelta(days=100)
        made = course(
            lambda: PageClient(programs.app),
            until,
            asks_application=False,
            asks_training=False,
            cadence="fortnightly",
            participation="default",
            published_at=now,
            starts_on=now.date(),
            ends_on=now.date() + timedelta(days=84),
        )
        person = make.person(made.at, "Fay Fern")
        joined = {"consent_version": 1, "consented_at": until, "changed_at": now}
        fay_enrolment = make.enrolment(made.at, person, role="mentor", **joined)
        pair = make.pair(made.at, made.bob_enrolment, made.dana_enrolment, by=made.alice.person_id)
        with transaction() as session:
            session.get_one(Pair, pair).published_at = now
        programs.clock.advance(days=1)
        fay = reader(lambda: PageClient(programs.app), made.at, person, role="student", until=until)
        yield Here(programs=programs, course=made, fay=fay, fay_enrolment=fay_enrolment)


def is_too_wide(window: Page) -> bool:
    """Whether a page that has come, which is the caller's to wait for, has to be moved sideways."""
    window.wait_for_load_state()  # what it says can be seen before the style sheet has arrived
    return bool(window.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def test_a_mentor_in_reserve_checks_in_without_scripts_on_a_narrow_screen(here: Here, opened: Browser) -> None:
    with context(opened, has_scripts=False) as browser:
        window = here.window(browser, here.fay)
        window.goto(here.url(here.fay))
        narrow = [is_too_wide(window)]
        window.get_by_role("link", name="Check in").first.click()
        send = window.get_by_role("button", name="Send")
        send.wait_for()
        narrow.append(is_too_wide(window))
        send.click()
        window.get_by_text("please answer one of them").first.wait_for()
        window.get_by_label("Not any more").check()
        window.get_by_label("A talk with the staff").check()
        window.get_by_label("Is there anything only your instructor should know?").fill("I have moved away.")
        window.get_by_role("button", name="Send").click()
        window.get_by_text("Your check-in is saved and counted").wait_for()
        window.get_by_text("What you have sent: 1 check-in").click()
        window.get_by_role("link", name="Check-in 1", exact=True).click()
        window.get_by_role("button", name="Save the changes").wait_for()
    with context(opened, has_scripts=False) as browser:
        window = here.window(browser, here.course.alice)
        window.goto(here.url(here.course.alice, "standby/?ready=no"))
        window.get_by_text("I have moved away.").wait_for()
        narrow.append(is_too_wide(window))

    look_again()
    assert standby_of(here.fay_enrolment)[0].answers["ready"] == "no"
    assert not any(narrow)


def test_axe_finds_nothing_on_the_pages_of_the_reserve(here: Here, opened: Browser) -> None:
    alice, bob = here.course.alice, here.course.bob
    found: list[str] = []

    def look(who: Reader, *pages: str) -> None:
        for width in (320, 1280):
            with context(opened) as browser:
                window = here.window(browser, who, width=width)
                for page in pages:
                    window.goto(here.url(who, page))
                    found.extend(faults(window))

    look(here.fay, "", "standby/1", "standby/2", "participation/")
    look(alice, "standby/")
    make.standby(
        here.course.at, here.fay_enrolment, answers={"ready": "no", "would_help": ["talk"], "for_staff": "Hm."}
    )
    make.standby(here.course.at, here.course.bob_enrolment, answers={"hours": "week"})
    look(here.fay, "", "standby/1")
    look(bob, "standby/1")
    look(alice, "standby/", "standby/?ready=no")

    assert found == []
