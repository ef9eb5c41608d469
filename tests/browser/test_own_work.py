"""What people do for their points in Chromium: without scripts at 320 px, and axe finds nothing on any of the pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lti_tool.actions.contact import not_reached
from lti_tool.actions.hours import log_hours
from lti_tool.actions.rematch_offers import offer_new_partners
from lti_tool.actions.solo_work import do_alone
from lti_tool.actions.surveys import read_results
from lti_tool.mentoring.hours import Hours
from lti_tool.mentoring.solo_work import Solo, SoloKind
from lti_tool.store.db import transaction
from lti_tool.store.programme import Programme
from lti_tool.store.surveys import SurveyAnswers
from tests import make
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.served import Served, served
from tests.databases import Databases
from tests.pages import PageClient
from tests.web.course import Course, Reader, course

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


@dataclass
class Here:
    """A practicum in which Bob mentors Dana, and Chromium can look at it."""

    programs: Served
    course: Course
    pair_id: int

    def window(self, browser: BrowserContext, who: Reader) -> Page:
        """A window of somebody with an open visit."""
        cookie = who.pages.raw().get_cookie("visit", path=who.path.partition("me/")[0].partition("staff/")[0])
        browser.add_cookies([{"name": "visit", "value": cookie.value, "domain": "localhost", "path": cookie.path}])
        return browser.new_page()

    def url(self, who: Reader, page: str) -> str:
        """The address of one of their pages."""
        return f"{self.programs.places.tool}{who.path}{page}"

    def set_phase(self, phase: str) -> None:
        """As staff or the calendar do it."""
        with transaction() as session:
            session.get_one(Programme, self.course.at.programme_id).phase = phase


@pytest.fixture
def here(chromium_path: str, databases: Databases, tmp_path: Path) -> Iterator[Here]:
    """The programme, with objectives and a last day."""
    assert chromium_path
    with served(databases, tmp_path) as programs:
        now = programs.clock.now
        made = course(
            lambda: PageClient(programs.app),
            now + timedelta(days=100),
            asks_application=False,
            asks_training=False,
            participation="practicum",
            objectives=[["belonging", ""]],
            starts_on=now.date(),
            ends_on=now.date() + timedelta(days=84),
        )
        pair_id = make.pair(made.at, made.bob_enrolment, made.dana_enrolment, by=made.alice.person_id)
        yield Here(programs=programs, course=made, pair_id=pair_id)


def test_work_alone_hours_and_the_survey_without_scripts_on_a_narrow_screen(here: Here, opened: Browser) -> None:
    bob, dana = here.course.bob, here.course.dana
    with context(opened, has_scripts=False) as browser:
        window = here.window(browser, dana)
        window.set_viewport_size({"width": 320, "height": 800})
        window.goto(here.url(dana, f"pairs/{here.pair_id}/alone/"))
        window.get_by_role("button", name="Save").click()
        window.get_by_text("Please choose an answer.").first.wait_for()
        window.get_by_label("Write down the two questions you would ask").check()
        window.get_by_label("Your notes").fill("How do you plan? Whom do you ask?")
        window.get_by_role("button", name="Save").click()
        window.get_by_text("You have done your part").wait_for()
    with context(opened, has_scripts=False) as browser:
        window = here.window(browser, bob)
        window.set_viewport_size({"width": 320, "height": 800})
        window.goto(here.url(bob, "hours/"))
        window.get_by_label("Hours (optional)").fill("2")
        window.get_by_label("On what").fill("Prepared a meeting")
        window.get_by_role("button", name="Log it").click()
        window.get_by_text("Logged: 2 h.").wait_for()
        window.get_by_role("button", name="Take back").click()
        window.get_by_text("Taken back.").wait_for()
        here.set_phase("closing")
        window.goto(here.url(bob, "survey/"))
        window.get_by_role("radiogroup", name="I could say openly").get_by_label("Fully").check()
        window.get_by_role("button", name="Send").click()
        window.get_by_text("nobody can tell which answers are yours").wait_for()


def fill(here: Here) -> None:
    """Something stands on every page."""
    clock, course = here.programs.clock, here.course
    for _time in range(4):
        not_reached(here.pair_id, course.dana_enrolment, now=clock.now)
        clock.advance(days=2)
    solo = Solo(kind=SoloKind.AGENDA, words="Three points")
    for once in ("a", "b"):
        do_alone(here.pair_id, course.dana_enrolment, solo, once=once, now=clock.advance(minutes=10))
    assert offer_new_partners(now=clock.now) == 1
    hours = Hours(on=clock.now.date(), minutes=90, words="Prepared a meeting")
    log_hours(course.bob_enrolment, hours, once="a", now=clock.now)
    make.peer_case(course.bob_enrolment)
    with transaction() as session:
        for number in range(12):
            side = "mentor" if number % 2 else "mentee"
            row = SurveyAnswers(id=str(number), programme_id=course.at.programme_id, side=side)
            row.answers = {"open": str(number % 5 + 1), "helped": "The talks"}
            session.add(row)


def test_axe_finds_nothing_on_the_pages_of_what_people_do(here: Here, opened: Browser) -> None:
    bob, dana, alice = here.course.bob, here.course.dana, here.course.alice
    fill(here)
    found: list[str] = []

    def look(who: Reader, *pages: str) -> None:
        with context(opened) as browser:
            window = here.window(browser, who)
            for page in pages:
                window.goto(here.url(who, page))
                found.extend(faults(window))

    look(
        dana, f"pairs/{here.pair_id}/", f"pairs/{here.pair_id}/alone/", f"pairs/{here.pair_id}/new-partner/", "survey/"
    )
    look(bob, "hours/", "peer-case/", "survey/")
    here.set_phase("closing")
    look(bob, "survey/")
    look(alice, "alone/", "hours/", f"hours/{bob.person_id}", "peer-cases/", "peer-cases/1", "survey/")
    here.set_phase("closed")
    look(alice, "survey/")
    read_results(here.course.at.programme_id, by=alice.person_id, now=here.programs.clock.now)
    look(alice, "survey/", "survey/helped")

    assert found == []
