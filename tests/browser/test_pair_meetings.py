"""A pair finds a time, meets and writes its notes: by keyboard, at 320 px without JavaScript, and clean for axe."""

import re

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.demo.campus import TEACHER, Places
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


def visit(window: Page) -> str:
    """The address under which all pages of this visit are."""
    return re.sub(r"(/l/[^/]+)/.*", r"\1", window.url)


def to_meetings(window: Page) -> str:
    """From the first page to the meetings of the first pair; their address."""
    window.get_by_role("link", name="Open our page").first.click()
    window.get_by_role("navigation", name="This pair").get_by_role("link", name="Meetings").click()
    window.get_by_role("heading", name="Meetings with").wait_for()
    return window.url


def press(window: Page, kind: str, name: str) -> None:
    """Go to the first link or button of this name in the page's content by the keyboard's focus, and press it."""
    window.locator(f"main {kind}").filter(has_text=re.compile(rf"^\s*{name}\b")).first.focus()
    window.keyboard.press("Enter")


def test_a_meeting_is_proposed_by_keyboard_without_scripts_on_a_narrow_screen(opened: Browser, paired: Places) -> None:
    with context(opened, has_scripts=False) as browser:
        window = Person.signed_in(browser, paired, "dana-dewdrop", has_scripts=False).open_window()
        window.set_viewport_size({"width": 320, "height": 800})
        to_meetings(window)
        press(window, "a", "Propose another time")
        window.get_by_label("Day").fill("2020-01-01")
        window.get_by_label("Time").fill("16:30")
        window.get_by_label("What you would like").fill("The week before the exam")
        press(window, "button", "Propose")
        window.get_by_role("alert").wait_for()
        assert window.get_by_label("What you would like").input_value() == "The week before the exam"
        press(window, "a", "Back")
        press(window, "a", "Log a meeting you had elsewhere")
        window.get_by_label("How long").fill("30")
        press(window, "button", "Save")
        window.get_by_text("It is saved that you met").first.wait_for()
        press(window, "a", "Open")
        press(window, "a", "Write in the notes")
        window.get_by_role("textbox", name="Notes").fill("Next: bring the timetable")
        press(window, "button", "Save")
        window.get_by_text("Next: bring the timetable").first.wait_for()


def test_the_pages_of_meetings(opened: Browser, paired: Places) -> None:
    found: list[str] = []
    with context(opened) as browser:
        window = Person.signed_in(browser, paired, "dana-dewdrop").open_window()
        home = to_meetings(window)
        window.get_by_role("button", name="Not reached").click()
        found += faults(window)
        for page in ("new", "log"):
            window.goto(home.replace("/meetings/", f"/meetings/{page}"))
            found += faults(window)
        window.get_by_label("How long").fill("none")
        window.get_by_role("button", name="Save").click()
        window.get_by_role("alert").wait_for()
        found += faults(window)
        window.get_by_label("How long").fill("5")
        window.get_by_role("button", name="Save").click()
        window.get_by_text("a shorter one if staff accept it").first.wait_for()
        window.get_by_role("link", name="Open").first.click()
        window.get_by_role("heading", name="What happened").wait_for()
        found += faults(window)
        window.get_by_role("link", name="Write in the notes").click()
        found += faults(window)
        window.goto(visit(window) + "/me/calendar/")
        window.get_by_role("button", name="Make a").click()
        window.get_by_label("Private address").wait_for()
        found += faults(window)
        teacher = Person.signed_in(browser, paired, TEACHER).open_window()
        teacher.goto(visit(teacher) + "/staff/meetings/?show=flagged")
        teacher.get_by_text("Too short to count by itself").wait_for()
        found += faults(teacher)

    assert found == []
