"""Joining without scripts, by keyboard alone, on a narrow screen; and what scripts add to it."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route

from lti_tool.demo.campus import Places
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

NARROW = {"width": 320, "height": 640}
MOST_STEPS = 400  # presses of Tab until something must have come


def press(window: Page, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        window.keyboard.press(key)


def tab_to(window: Page, css: str) -> None:
    """Press Tab until the focus is on such a control."""
    for _step in range(MOST_STEPS):
        window.keyboard.press("Tab")
        if window.locator(f":is({css}):focus").count():
            return
    raise AssertionError(f"no way by keyboard to {css}")


def test_a_student_without_scripts_with_the_keyboard_alone_on_a_narrow_screen_joins(
    opened: Browser, places: Places
) -> None:
    with context(opened, has_scripts=False) as browser:
        student = Person.signed_in(browser, places, "olive-oddsocks", has_scripts=False)
        window = student.open_window()
        window.set_viewport_size(NARROW)

        tab_to(window, "main a.button-primary")
        press(window, "Enter")
        window.wait_for_url(re.compile("/join/$"))
        tab_to(window, "input[name=role]")
        press(window, "ArrowDown", "Tab", "Tab", "Enter")  # mentee; the list of time zones; the button
        window.wait_for_url(re.compile("/join/questions/help"))
        tab_to(window, "select[name=help_wanted-1]")
        press(window, "ArrowDown")
        go_on(window, "times")
        tab_to(window, "input[name=availability]")
        press(window, "Space", "Tab", "Space")
        go_on(window, "studies")
        go_on(window, "about")
        tab_to(window, "input[name=languages]")
        press(window, "Space")
        go_on(window, "partner")
        go_on(window, "wishes")
        tab_to(window, "main .actions > a.button-primary")
        press(window, "Enter")
        window.wait_for_url(re.compile("/join/agree"))
        tab_to(window, "input[name=conduct]")
        press(window, "Space", "Tab", "Space", "Tab", "Enter")

        window.get_by_role("heading", level=1, name="You are in").wait_for()


def go_on(window: Page, name: str) -> None:
    """Reach the button that saves, and wait for the next page."""
    tab_to(window, "main .actions button.button-primary")
    press(window, "Enter")
    window.wait_for_url(re.compile(f"/join/(questions/)?{name}"))


def test_the_browsers_time_zone_is_offered_where_nobody_has_said_one(opened: Browser, places: Places) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, places, "pippa-paperclip").open_window()

        def nobody_said(route: Route) -> None:
            """As for somebody whose LMS names no zone."""
            answer = route.fetch()
            marked = answer.text().replace("<div>", '<div data-guess-zone="Your browser says: {zone}.">')
            route.fulfill(response=answer, body=marked)

        window.route("**/join/", nobody_said)
        window.get_by_role("link", name="Begin").click()

        zone = window.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
        window.get_by_text(f"Your browser says: {zone}").wait_for()
        assert window.locator("select[name=time_zone]").input_value() == zone


def test_a_day_and_a_block_are_chosen_at_once_and_taken_back(opened: Browser, places: Places) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, places, "umar-umbrella").open_window()
        window.get_by_role("link", name="Begin").click()
        window.locator("input[name=role][value=mentee]").check()
        window.get_by_role("button", name="Save and go on").click()
        window.wait_for_url("**/join/questions/help")
        window.goto(window.url.replace("/help", "/times"))

        window.get_by_role("button", name="Choose all of: Monday").click()
        monday = window.locator("input[value^='mon-']:checked").count()
        window.get_by_role("button", name="Choose all of: 18–20").click()
        evenings = window.locator("input[value$='-18']:checked").count()
        window.get_by_role("button", name="Choose all of: Monday").click()

        assert (monday, evenings) == (7, 7)
        assert window.locator("input[value^='mon-']:checked").count() == 0
        assert faults(window) == []
