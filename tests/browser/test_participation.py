"""The ledger in two browsers: asked, answered, decided and excused; axe finds nothing on any page."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.demo.campus import TEACHER, Places
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person
from tests.browser.test_pair_pages import walked

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


def asked(dana: Page) -> list[str]:
    """Dana asks to be excused; what is wrong with the pages on the way."""
    dana.get_by_role("link", name="My participation").click()
    found = faults(dana)
    dana.get_by_role("link", name="Ask for an excuse").click()
    dana.get_by_role("button", name="Ask").click()
    dana.get_by_role("alert").wait_for()
    found += faults(dana)
    dana.get_by_label("What would you like to be excused from?").select_option(index=1)
    dana.get_by_label("Illness").check()
    dana.get_by_label("What staff should know").fill("I have been ill for a week.")
    dana.get_by_role("button", name="Ask").click()
    dana.get_by_text("Waits for an answer").first.wait_for()
    return found + faults(dana)


def answered(alice: Page) -> list[str]:
    """Alice answers what waits, after an answer without a decision."""
    alice.get_by_role("navigation", name="Participation").get_by_role("link", name="Excuses", exact=True).click()
    alice.get_by_role("link", name="Dana Dewdrop").click()
    alice.get_by_role("button", name="Answer", exact=True).click()
    alice.get_by_role("alert").wait_for()
    found = faults(alice)
    alice.get_by_label("Excuse it", exact=True).check()
    alice.get_by_label("What you say to them").fill("Get well soon.")
    alice.get_by_role("button", name="Answer", exact=True).click()
    alice.get_by_role("heading", name="Excuses").wait_for()
    return found


def decided(alice: Page) -> list[str]:
    """Alice decides the points of one line of Dana's ledger."""
    alice.get_by_role("navigation", name="Main").get_by_role("link", name="Participation").click()
    alice.get_by_role("link", name="Dana Dewdrop").click()
    found = faults(alice)
    alice.get_by_role("link", name="Decide about: Check-in 2").press("Enter")
    alice.get_by_label("Points").fill("3,5")
    alice.get_by_label("Your reason").first.fill("Joined by mail.")
    found += faults(alice)
    alice.get_by_role("button", name="Decide", exact=True).click()
    alice.get_by_text("Staff decided: Joined by mail.").wait_for()
    return found


def excused_all(alice: Page) -> list[str]:
    """Alice excuses the whole class from one check-in, having seen what it does, and takes it back."""
    alice.get_by_role("navigation", name="Main").get_by_role("link", name="Participation").click()
    alice.get_by_role("navigation", name="Participation").get_by_role("link", name="Excuses", exact=True).click()
    alice.get_by_role("link", name="Excuse many at once").click()
    alice.get_by_label("From what?").select_option(value="check_in:1")
    alice.get_by_role("button", name="See what it does").click()
    alice.get_by_role("heading", name="What this excuse does").wait_for()
    found = faults(alice)
    alice.get_by_role("button", name="Excuse", exact=False).first.click()
    alice.get_by_text("You can take it back below").wait_for()
    found += faults(alice)
    alice.get_by_role("button", name="Take it back").first.click()
    alice.get_by_text("Taken back for").wait_for()
    return found


def test_every_page_on_the_way_of_an_excuse_and_a_decision_is_fit_for_everybody(
    opened: Browser, paired: Places
) -> None:
    with ExitStack() as stack:

        def window(key: str) -> Page:
            browser = stack.enter_context(context(opened))
            return Person.signed_in(browser, paired, key).open_window()

        dana, alice = window("dana-dewdrop"), window(TEACHER)
        found = asked(dana)
        alice.get_by_role("navigation", name="Main").get_by_role("link", name="Participation").click()
        found += walked(alice, "Participation")
        found += answered(alice) + decided(alice) + excused_all(alice)
        dana.reload()

        assert "Staff say: Get well soon." in dana.get_by_role("main").inner_text()
        assert "Staff decided: Joined by mail." in dana.get_by_role("main").inner_text()
        assert found == []
