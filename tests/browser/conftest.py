"""One Chromium and one set of programs for all browser tests; without a Chromium they are skipped, loudly."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from lti_tool.demo.campus import Places
from lti_tool.demo.programs import Programs
from tests.browser import chromium
from tests.browser.place import JOINED, bring_back, bring_back_pairs, place
from tests.databases import in_memory


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium is."""
    return chromium.required()


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


@pytest.fixture(scope="session")  # pytest-xdist runs files of other packages in between
def running(chromium_path: str) -> Iterator[tuple[Places, Programs]]:
    """The tool, its worker and the demo LMS, with whatever tests have done in them; their pages need Chromium."""
    assert chromium_path
    with TemporaryDirectory(dir=in_memory(), prefix="place-") as folder, place(Path(folder) / "demo") as made:
        yield made


@pytest.fixture(scope="module")
def started(running: tuple[Places, Programs]) -> tuple[Places, Programs]:
    """The same programs; some students have joined, and no test has done anything."""
    bring_back(running[1], JOINED)
    return running


@pytest.fixture(scope="module")
def places(started: tuple[Places, Programs]) -> Places:
    """Where the programs are."""
    return started[0]


@pytest.fixture(scope="module")
def paired(started: tuple[Places, Programs]) -> Places:
    """The same, after the teacher has published pairs: every mentee has a partner, Dana among them."""
    bring_back_pairs(*started)
    return started[0]
