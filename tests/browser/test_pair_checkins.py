"""Check-ins, being away and what staff look at: without scripts on a narrow screen, and axe finds nothing."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.demo.campus import TEACHER, Places
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

STUDENT = "nandu-pena"


def visit(window: Page) -> str:
    """The address under which all pages of this visit are."""
    return re.sub(r"(/l/[^/]+)/.*", r"\1", window.url)


def open_pair(window: Page) -> str:
    """The address of the first pair's page."""
    window.goto(visit(window) + "/me/")
    window.get_by_role("link", name="Open our page").first.click()
    window.wait_for_url(re.compile("/me/pairs/"))
    return window.url


def test_a_hard_week_is_said_without_scripts_and_reaches_the_staff(opened: Browser, paired: Places) -> None:
    with context(opened, has_scripts=False) as browser:
        window = Person.signed_in(browser, paired, STUDENT, has_scripts=False).open_window()
        window.set_viewport_size({"width": 320, "height": 800})
        open_pair(window)
        window.get_by_role("navigation", name="This pair").get_by_role("link", name="Check-ins").click()
        window.get_by_role("link", name="Answer Check-in 2").click()
        window.get_by_role("group", name="Mood").get_by_label("Very hard").check()
        window.get_by_label("I get no answer").check()
        window.get_by_role("button", name="Send").click()
        window.get_by_role("heading", name="Thank you for saying so").wait_for()
        window.get_by_text("Write once more, in one sentence").wait_for()
        window.get_by_role("link", name="988").wait_for()
        window.goto(visit(window) + "/me/away/")
        window.get_by_label("On which day are you back?").fill((date.today() + timedelta(days=3)).isoformat())  # noqa: DTZ011  # the programs of this test have the machine's clock
        window.get_by_label("Exams or deadlines").check()
        window.get_by_role("button", name="Save").click()
        window.get_by_text("your partner sees when you are back").wait_for()
        window.goto(visit(window) + "/me/away/")
        window.get_by_role("button", name="I am back").click()
        window.get_by_text("Welcome back").wait_for()

        teacher = Person.signed_in(browser, paired, TEACHER, has_scripts=False).open_window()
        teacher.set_viewport_size({"width": 320, "height": 800})
        teacher.goto(visit(teacher) + "/staff/tasks/")
        teacher.locator(".rows a.person-name").first.click()
        teacher.get_by_label("Your note").fill("We talked on the phone.")
        teacher.get_by_label("This is done").check()
        teacher.get_by_role("button", name="Save").click()
        teacher.get_by_text("Saved.").first.wait_for()


def test_the_pages_of_check_ins_and_what_staff_see_of_them(opened: Browser, paired: Places) -> None:
    found: list[str] = []
    with context(opened) as browser:
        window = Person.signed_in(browser, paired, STUDENT).open_window()
        pair = open_pair(window)
        for path in ("", "check-ins/", "check-ins/1", "check-ins/2/after"):
            window.goto(pair + path)
            found.extend(faults(window))
        for path in ("/me/away/", "/me/reflections/"):
            window.goto(visit(window) + path)
            found.extend(faults(window))
        teacher = Person.signed_in(browser, paired, TEACHER).open_window()
        for path in ("tasks/", "asked/", "asked/plan", "reflections/", "check-ins/"):
            teacher.goto(f"{visit(teacher)}/staff/{path}")
            found.extend(faults(teacher))

    assert found == []
