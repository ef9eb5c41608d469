"""One Chromium and one set of programs for all browser tests; without a Chromium they are skipped, loudly."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from lti_tool.demo.campus import Places
from lti_tool.demo.programs import Programs
from tests.browser import chromium
from tests.browser.place import place, publish_pairs


@pytest.fixture(scope="package")
def chromium_path() -> str:
    """Where Chromium is."""
    path = chromium.executable()
    if path is None:
        words = "NO CHROMIUM: the browser tests did not run. Install chromium, or set CHROMIUM=/path/to/it."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
    return path


@pytest.fixture(scope="package")
def machinery(chromium_path: str) -> Iterator[Playwright]:
    """What drives Chromium."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def opened(machinery: Playwright, chromium_path: str) -> Iterator[Browser]:
    """A running Chromium without third-party cookies."""
    browser = chromium.start(machinery, chromium_path)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def started(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Places, Programs]]:
    """The tool, its worker and the demo LMS."""
    with place(tmp_path_factory.mktemp("place") / "demo") as made:
        yield made


@pytest.fixture(scope="package")
def places(started: tuple[Places, Programs]) -> Places:
    """Where the programs are."""
    return started[0]


@pytest.fixture(scope="package")
def paired(places: Places) -> Places:
    """The same, after the teacher has published pairs: every mentee has a partner, Dana among them."""
    publish_pairs(places)
    return places
