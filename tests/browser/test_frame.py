"""In an LMS's frame the tool tells the page around it how tall it is."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage

from tests.browser.chromium import context
from tests.browser.person import Person
from tests.browser.served import served
from tests.databases import Databases
from tests.outside import BOB

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

# What the LMS's own page hears, told to the test; in the tool's frame nobody listens.
LISTENING = """if (window === window.top) addEventListener("message", ({ data, origin }) => {
    if (data?.subject === "lti.frameResize") console.info("heard " + JSON.stringify({ height: data.height, origin }));
});"""


def test_the_page_around_the_frame_hears_how_tall_the_tools_page_is(
    opened: Browser, databases: Databases, tmp_path: Path
) -> None:
    heard: list[dict[str, object]] = []

    def hear(message: ConsoleMessage) -> None:
        if message.text.startswith("heard "):
            heard.append(json.loads(message.text.removeprefix("heard ")))

    with served(databases, tmp_path, students=5) as here, context(opened) as browser:
        bob = Person.signed_in(browser, here.places, BOB)
        bob.page.add_init_script(LISTENING)
        bob.page.on("console", hear)

        frame = bob.open_tool()
        frame.get_by_role("navigation", name="Main").wait_for()
        tall = frame.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
        if not any(one["height"] == tall for one in heard):
            bob.page.wait_for_event("console", lambda message: f'"height":{tall}' in message.text)
        with bob.page.expect_console_message(lambda message: message.text.startswith("heard ")):
            frame.evaluate("document.querySelector('main').style.paddingBottom = '1234px'")

    assert {one["origin"] for one in heard} == {here.places.tool}
    assert heard[-1]["height"] == tall + 1234
