"""Platform storage in Chromium: no cookie in the frame, and yet the tool opens there; the LMS's page remembers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, Route

from lti_tool.demo.campus import Places
from lti_tool.demo.programs import running
from lti_tool.demo.registering import register
from tests.bench.programs import free_port
from tests.browser.chromium import context, context_without_cookies
from tests.browser.person import Person
from tests.browser.served import served
from tests.databases import Databases
from tests.outside import BOB

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


@pytest.mark.parametrize("dialect", ["blackboard", "brightspace", "canvas", "sakai"])
def test_the_lms_remembers_for_a_browser_that_keeps_no_cookie_in_the_frame(
    dialect: str, machinery: Playwright, chromium_path: str, tmp_path: Path
) -> None:
    with person_without_cookies(dialect, machinery, chromium_path, tmp_path) as bob:
        frame = bob.open_tool()

        assert "Bob Birchwood" in frame.get_by_role("banner").inner_text()
        assert "t=" in frame.url


@pytest.mark.parametrize("late", ["static/storage.js", "storage"], ids=["nothing listens", "what keeps is not there"])
def test_an_lms_that_is_slower_than_the_tool_is_asked_again(
    late: str, machinery: Playwright, chromium_path: str, tmp_path: Path
) -> None:
    with person_without_cookies("canvas", machinery, chromium_path, tmp_path) as bob:
        kept_back: list[Route] = []

        def keep_back(request: Route) -> None:
            kept_back.append(request)

        bob.page.route(f"{bob.places.lms}/{late}", keep_back)

        frame = bob.open_frame()
        frame.get_by_text("Please open it in a window of its own").wait_for()  # meanwhile there is another way

        for request in kept_back:
            request.continue_()
        frame = bob.inside()

        assert "Bob Birchwood" in frame.get_by_role("banner").inner_text()
        assert "t=" in frame.url


@contextmanager
def person_without_cookies(dialect: str, machinery: Playwright, chromium_path: str, folder: Path) -> Iterator[Person]:
    """Bob in front of one LMS, whose pages let the tool keep no cookie."""
    places = Places(tool=f"http://localhost:{free_port()}", lms=f"http://127.0.0.1:{free_port()}")
    with running(places, folder / "demo", lms=dialect) as programs:
        register(places, programs.command, lms=dialect)
        with context_without_cookies(
            machinery, chromium_path, tool=places.tool, around="http://127.0.0.1", has_scripts=True
        ) as browser:
            yield Person.signed_in(browser, places, "bob-birchwood")


CAPABLE = """addEventListener("message", ({ data, source, origin }) => {
    const said = { subject: data?.subject + ".response", message_id: data?.message_id };
    const answer = (more) => source.postMessage({ ...said, ...more }, origin);
    const can = ["lti.put_data", "lti.get_data"].map((subject) => ({ subject, frame: "_parent" }));
    if (data?.subject === "lti.capabilities") answer({ supported_messages: can });
    else if (REFUSES && data?.message_id) answer({ error: { code: "bad_request", message: "no" } });
});"""


@pytest.mark.parametrize(
    "script",
    ["", CAPABLE.replace("REFUSES", "false"), CAPABLE.replace("REFUSES", "true")],
    ids=["says nothing", "never answers", "refuses"],
)
def test_an_lms_whose_storage_does_not_work_gives_way_to_the_cookie(
    script: str, opened: Browser, databases: Databases, tmp_path: Path
) -> None:
    with served(databases, tmp_path, students=5) as here, context(opened) as browser:
        habits = here.lms.campus.dialect
        here.lms.campus.dialect = replace(habits, login=replace(habits.login, storage_target="_parent"))
        bob = Person.signed_in(browser, here.places, BOB)
        bob.page.route(
            f"{here.lms.url}/static/storage.js", lambda way: way.fulfill(body=script, content_type="text/javascript")
        )

        frame = bob.open_tool()

        assert "Bob Birchwood" in frame.get_by_role("banner").inner_text()
        assert "t=" not in frame.url  # the cookie came back
