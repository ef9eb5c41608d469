"""The storage that pages of the LMS offer to tools in their frames, in a real browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium
from tests.serving import serving

from .stand_in import Tool

pytestmark = pytest.mark.browser

# Sends one message to a frame of the page, or to the page itself, and answers what comes back.
ASK = """([frame, message]) => new Promise((answered) => {
  window.addEventListener("message", function hear({ data }) {
    if (data.subject !== message.subject + ".response" || data.message_id !== message.message_id) return;
    window.removeEventListener("message", hear);
    answered(data);
  });
  (frame ? window.frames[frame] : window).postMessage(message, "*");
  setTimeout(() => answered(null), 1500);
})"""


@pytest.fixture
def visited(speaking: Callable[..., Tool]) -> Iterator[Callable[[str], Page]]:
    """Answer the page of the course in which a tool of this dialect's LMS is framed."""
    path = chromium.required()
    with sync_playwright() as playwright, ExitStack() as servers:
        browser = chromium.start(playwright, path)

        def visit(dialect: str) -> Page:
            app = speaking(dialect).come_in().client.application
            url = servers.enter_context(serving(lambda _origin: app))
            page = browser.new_page()
            page.goto(f"{url}/?q=bob-birchwood")
            page.click("button[value=bob-birchwood]")
            page.goto(f"{url}/courses/biology-101")
            page.click("text=Open here")
            page.wait_for_selector("iframe.tool")
            page.wait_for_load_state("domcontentloaded")
            return page

        yield visit
        browser.close()


def ask(page: Page, frame: str, subject: str, **fields: Any) -> Any:
    return page.evaluate(ASK, [frame, {"subject": subject, "message_id": f"m-{subject}", **fields}])


def test_canvas_keeps_values_in_a_frame_of_its_own_and_refuses_old_names(visited: Callable[[str], Page]) -> None:
    page, frame = visited("canvas"), "post_message_forwarding"

    said = ask(page, "", "lti.capabilities")
    put = ask(page, frame, "lti.put_data", key="state", value="secret")
    got = ask(page, frame, "lti.get_data", key="state")
    gone = [ask(page, frame, "lti.put_data", key="state", value=None), ask(page, frame, "lti.get_data", key="state")]
    old = ask(page, frame, "org.imsglobal.lti.get_data", key="state")

    assert {"subject": "lti.put_data", "frame": frame} in said["supported_messages"]
    assert (put["value"], got["value"], gone[1]["value"]) == ("secret", "secret", None)
    assert old["error"]["code"] == "unsupported_subject"


def test_brightspace_keeps_values_itself_and_knows_the_old_names(visited: Callable[[str], Page]) -> None:
    page = visited("brightspace")

    put = ask(page, "", "org.imsglobal.lti.put_data", key="state", value="secret")
    got = ask(page, "", "lti.get_data", key="state")
    bad = ask(page, "", "lti.put_data", key="state", value=7)

    assert (put["value"], got["value"], bad["error"]["code"]) == ("secret", "secret", "bad_request")
