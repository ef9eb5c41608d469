"""A page that saves itself: what a reload, a lost connection and a quick press on the button do to what was typed."""

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.demo.campus import Places
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


def at_studies(browser_context: object, places: Places, key: str) -> Page:
    """A student on a page of questions, with nothing answered there."""
    window = Person.signed_in(browser_context, places, key).open_window()  # type: ignore[arg-type]  # a context
    window.get_by_role("link", name="Begin").click()
    window.locator("input[name=role][value=mentee]").check()
    window.get_by_role("button", name="Save and go on").click()
    window.wait_for_url("**/join/questions/help")
    window.goto(window.url.replace("/help", "/studies"))
    return window


def test_what_was_filled_in_is_there_after_a_reload_and_in_another_window(opened: Browser, places: Places) -> None:
    with context(opened) as browser:
        window = at_studies(browser, places, "vera-vellum")
        window.get_by_label("A career in the field").check()
        window.get_by_text("Saved.").wait_for()
        found = faults(window)
        other = browser.new_page()
        other.goto(window.url)
        window.reload()

        assert window.get_by_label("A career in the field").is_checked()
        assert other.get_by_label("A career in the field").is_checked()
        window.get_by_label("Further study").check()
        window.get_by_role("button", name="Save and go on").click()
        window.wait_for_url("**/join/questions/about")
        assert found == []


def test_a_lost_connection_loses_nothing_and_says_so(opened: Browser, places: Places) -> None:
    with context(opened) as browser:
        window = at_studies(browser, places, "wren-windmill")
        browser.set_offline(True)
        window.get_by_label("Meeting people").check()
        window.get_by_text("Not saved yet").wait_for()
        browser.set_offline(False)
        window.get_by_text("Saved.", exact=True).wait_for()
        window.reload()

        assert window.get_by_label("Meeting people").is_checked()
