"""Platform storage in Chromium: no cookie in the frame, and yet the tool opens there; the LMS's page remembers."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from lti_tool.demo.campus import Places
from lti_tool.demo.programs import running
from lti_tool.demo.registering import register
from tests.bench.programs import free_port
from tests.browser.chromium import context_without_cookies
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


@pytest.mark.parametrize("dialect", ["brightspace", "canvas"])
def test_the_lms_remembers_for_a_browser_that_keeps_no_cookie_in_the_frame(
    dialect: str, machinery: Playwright, chromium_path: str, tmp_path: Path
) -> None:
    places = Places(tool=f"http://localhost:{free_port()}", lms=f"http://127.0.0.1:{free_port()}")
    with running(places, tmp_path / "demo", lms=dialect) as programs:
        register(places, programs.command, lms=dialect)
        with context_without_cookies(
            machinery, chromium_path, tool=places.tool, around="http://127.0.0.1", has_scripts=True
        ) as browser:
            bob = Person.signed_in(browser, places, "bob-birchwood")

            frame = bob.open_frame()
            frame.get_by_role("navigation", name="Main").wait_for()

            assert "Bob Birchwood" in frame.get_by_role("banner").inner_text()
            assert "t=" in frame.url
