"""The Chromium of the browser tests: where it is, how it is started, what it says while pages are open."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Playwright, Response, ViewportSize, WebError

# The flag is what Chromium offers to sites that test themselves; test_third_party_cookies proves that it works.
ARGUMENTS = (
    "--test-third-party-cookie-phaseout",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
WINDOW: ViewportSize = {"width": 1280, "height": 900}
BLOCK = 2  # Chromium's CONTENT_SETTING_BLOCK
PATIENCE_MS = 60_000  # for whatever a page waits for: machines that test are busy, and speed is the bench's


def executable() -> str | None:
    """The Chromium of this machine: $CHROMIUM, else the one on the PATH."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return found if found and Path(found).exists() else None


def required() -> str:
    """The same; without one the test is skipped, loudly, or has failed where a browser is required, as in CI."""
    path = executable()
    if path is None:
        words = "NO CHROMIUM: the browser tests did not run. Install chromium, or set CHROMIUM=/path/to/it."
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(words)
        pytest.skip(words)
    return path


def arguments() -> list[str]:
    """How Chromium is started: quiet, without third-party cookies; as root it cannot have its sandbox."""
    return [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def start(playwright: Playwright, path: str) -> Browser:
    """A running Chromium."""
    return playwright.chromium.launch(executable_path=path, args=arguments())


class Watch:
    """Listens to everything that happens in one browser; what is wrong with it stands in `complaints`."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        context.on("console", self._said)
        context.on("weberror", self._broke)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # A document with an error status is a page of its own; for everything else see `_answered`.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _broke(self, fault: WebError) -> None:
        self.complaints.append(f"script: {fault.error}")

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400 and not answer.request.is_navigation_request():
            self.complaints.append(f"HTTP {answer.status}: {answer.url}")


@contextmanager
def context(browser: Browser, *, has_scripts: bool = True) -> Iterator[BrowserContext]:
    """A browser of one person's own; at its end it must have had nothing to complain about."""
    made = browser.new_context(java_script_enabled=has_scripts, viewport=WINDOW, reduced_motion="reduce")
    yield from _watched(made)


@contextmanager
def context_without_cookies(
    playwright: Playwright, path: str, *, tool: str, around: str, has_scripts: bool
) -> Iterator[BrowserContext]:
    """A browser that keeps no cookie of the tool, not even a partitioned one, on pages of the site `around` it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = Path(folder) / "Default"
        profile.mkdir()
        blocked = {f"{tool},{around}": {"setting": BLOCK}}
        settings = {"profile": {"content_settings": {"exceptions": {"cookies": blocked}}}}
        (profile / "Preferences").write_text(json.dumps(settings))
        made = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=path,
            args=arguments(),
            java_script_enabled=has_scripts,
            viewport=WINDOW,
            reduced_motion="reduce",
        )
        yield from _watched(made)


def _watched(made: BrowserContext) -> Iterator[BrowserContext]:
    made.set_default_timeout(PATIENCE_MS)
    watch = Watch(made)
    try:
        yield made
    finally:
        made.close()
    assert watch.complaints == []
