"""Everything can be done without a mouse, and one always sees where one is."""

import pytest
from playwright.sync_api import Browser, Frame, Page

from lti_tool.demo.campus import Places
from tests.browser.chromium import context
from tests.browser.person import INSIDE, Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

MOST_STEPS = 60  # presses of Tab until something must have come
_WHERE = """() => {
    const here = document.activeElement, look = getComputedStyle(here);
    return {
        words: (here.labels?.[0] ?? here).innerText?.trim() ?? "", name: here.name ?? "", tag: here.localName,
        isSeen: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2 && here.matches(":focus-visible"),
    };
}"""


def go_to(page: Page, frame: Frame, words: str = "", *, name: str = "") -> None:
    """Press Tab until the focus is on it; every stop on the way must be visible."""
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = frame.evaluate(_WHERE)
        if here["tag"] == "body":
            continue  # the focus is in the LMS's page still
        assert here["isSeen"], here
        if (words and here["words"].startswith(words)) or (name and here["name"] == name):
            return
    raise AssertionError(f"no way by keyboard to {words or name}")


def test_a_check_in_is_reached_and_sent_by_keyboard_alone(opened: Browser, paired: Places) -> None:
    with context(opened) as browser:
        dana = Person.signed_in(browser, paired, "dana-dewdrop")
        frame = dana.open_tool()
        page = dana.page

        go_to(page, frame, "Check in")
        page.keyboard.press("Enter")
        frame.wait_for_url("**/check-ins/**")
        go_to(page, frame, name="contact")
        page.keyboard.press("Space")
        go_to(page, frame, name="going")
        page.keyboard.press("ArrowDown")
        go_to(page, frame, name="next_step")
        page.keyboard.type("Read chapter three together.")
        go_to(page, frame, "Send")
        page.keyboard.press("Enter")

        frame.get_by_text("Your check-in is saved and counted").wait_for()


def test_the_skip_link_leads_past_the_header(opened: Browser, places: Places) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, places, "dana-dewdrop").open_window()

        window.keyboard.press("Tab")
        window.keyboard.press("Enter")

        assert INSIDE.search(window.url)
        assert window.evaluate("document.activeElement.id") == "main"


def test_a_refused_form_puts_the_focus_on_its_problems_and_keeps_what_was_written(
    opened: Browser, paired: Places
) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, paired, "dana-dewdrop").open_window()
        window.goto(window.get_by_role("link", name="Open our page").first.evaluate("one => one.href") + "check-ins/2")
        far_too_long = "Call on Friday. " * 30
        window.locator("textarea[name=next_step]").fill(far_too_long)

        window.get_by_role("button", name="Send").click()

        window.get_by_role("alert").wait_for()
        assert window.evaluate("document.activeElement.id") == "problems"
        assert window.locator("textarea[name=next_step]").input_value() == far_too_long
