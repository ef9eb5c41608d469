"""When something is not working: the way to help works at 320 px without scripts, and axe finds nothing on it."""

import re

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.demo.campus import TEACHER, Places
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

DANA = "dana-dewdrop"


def help_page(window: Page) -> str:
    """The address of Dana's page for what is not working; she is on it afterwards."""
    window.get_by_role("link", name="Open our page").first.click()
    window.get_by_role("link", name="Something isn’t working").first.click()
    window.get_by_role("heading", level=1, name="Something isn’t working").wait_for()
    return window.url


def staff_url(window: Page, page: str) -> str:
    """One of the staff's pages of this visit."""
    return re.sub(r"(/l/[^/]+)/.*", rf"\1/staff/{page}", window.url)


def test_a_report_stops_contact_and_staff_allow_it_again_without_scripts_on_a_narrow_screen(
    opened: Browser, paired: Places
) -> None:
    with context(opened, has_scripts=False) as browser:
        dana = Person.signed_in(browser, paired, DANA, has_scripts=False).open_window()
        dana.set_viewport_size({"width": 320, "height": 800})
        page = help_page(dana)
        dana.get_by_role("link", name="Report it").click()
        dana.get_by_label("What happened?").fill("He waited for me outside.")
        dana.get_by_label("No", exact=True).check()
        dana.get_by_role("button", name="Send, and stop contact").click()
        dana.get_by_text("Contact in this pair is stopped").first.wait_for()
        case = dana.url

        teacher = Person.signed_in(browser, paired, TEACHER, has_scripts=False).open_window()
        teacher.set_viewport_size({"width": 320, "height": 800})
        teacher.goto(staff_url(teacher, "cases/"))
        teacher.get_by_role("link", name="Dana Dewdrop").first.click()
        teacher.get_by_role("button", name="Take this").click()
        teacher.get_by_label("Contact is possible again").check()
        teacher.get_by_label("For the record").last.fill("Spoke with both.")
        teacher.get_by_label("For Dana Dewdrop", exact=False).last.fill("Thank you for telling us.")
        teacher.get_by_role("button", name="Close", exact=True).click()
        teacher.get_by_text("Closed.").first.wait_for()

        dana.goto(case)
        dana.get_by_text("Thank you for telling us.").wait_for()
        dana.goto(page)
        dana.get_by_role("heading", name="1. Try it yourselves").wait_for()


def test_axe_finds_nothing_on_the_pages_for_what_does_not_work(opened: Browser, paired: Places) -> None:
    with context(opened) as browser:
        dana = Person.signed_in(browser, paired, DANA).open_window()
        page = help_page(dana)
        found = []
        for place in ("", "tips/tone", "ask", "safety", "concern", "../pause"):
            dana.goto(page + place)
            found += faults(dana)
        teacher = Person.signed_in(browser, paired, TEACHER).open_window()
        for place in ("pairs/", "cases/", "cases/?show=closed"):
            teacher.goto(staff_url(teacher, place))
            found += faults(teacher)
        teacher.goto(staff_url(teacher, "pairs/?q=dana"))
        teacher.get_by_role("link", name="Dana Dewdrop").first.click()
        found += faults(teacher)

        assert found == []
