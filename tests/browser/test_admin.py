"""The admin's pages in Chromium: from the sign-in address to a tested connection, each page looked at by axe."""

import re

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.demo.campus import Places
from lti_tool.demo.programs import Programs
from tests.browser.audit import faults
from tests.browser.chromium import context

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


def at(window: Page, places: Places, path: str) -> list[str]:
    """What is wrong with one of the admin's pages."""
    window.goto(f"{places.tool}/admin/{path}")
    return faults(window)


def test_the_admin_signs_in_tests_a_connection_and_registers_an_lms(
    opened: Browser, started: tuple[Places, Programs]
) -> None:
    places, programs = started
    with context(opened) as browser:
        window = browser.new_page()
        window.goto(programs.command("admin", "link"))
        found = faults(window)
        window.get_by_role("button", name="Sign in").click()
        window.get_by_role("heading", name="LMSs that know this tool").wait_for()
        found += faults(window)
        window.locator("tbody th a").first.click()
        window.get_by_role("link", name="Test the connection").wait_for()
        found += faults(window)
        number = re.findall(r"/platforms/(\d+)/", window.url)[0]
        found += at(window, places, f"platforms/{number}/edit")
        found += at(window, places, f"platforms/{number}/delete")
        window.get_by_role("button", name="Delete for good").click()
        window.get_by_role("alert").wait_for()
        found += faults(window)
        found += at(window, places, f"platforms/{number}/health")
        window.get_by_role("button", name="Test now").click()
        window.get_by_role("status").wait_for()
        found += faults(window)
        for path in ("add/", "add/other", "values", "health/", "keys/"):
            found += at(window, places, path)
        found += at(window, places, "invitations/")
        window.get_by_label("For whom").fill("Southfield")
        window.get_by_role("button", name="Make an invitation").click()
        window.get_by_label("Registration address").wait_for()
        found += faults(window)
        found += at(window, places, "add/moodle")
        window.get_by_role("button", name="Register").click()
        window.get_by_role("alert").wait_for()
        found += faults(window)
        window.goto(places.tool + "/status")
        found += faults(window)

    assert found == []
