"""Somebody in front of a browser: signed in at the LMS, the tool in a frame of the course."""

import re
import time
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Frame, Page

from lti_tool.demo.campus import COURSE, Places
from tests.browser.chromium import PATIENCE_MS

INSIDE = re.compile(r"/l/[^/]+/(me|staff)/")
MOST_HAND_OVERS = 8
LOOK_AGAIN_MS = 50


@dataclass(slots=True)
class Person:
    """One person with one tab."""

    places: Places
    page: Page
    has_scripts: bool = True

    @classmethod
    def signed_in(cls, context: BrowserContext, places: Places, key: str, *, has_scripts: bool = True) -> Self:
        """Choose who one is at the LMS."""
        page = context.new_page()
        page.goto(f"{places.lms}/?q={key}")
        page.locator(f"button[value='{key}']").first.click()
        page.get_by_role("button", name="Be someone else").wait_for()
        return cls(places, page, has_scripts)

    def open_tool(self, course: str = COURSE) -> Frame:
        """Open the tool in the course's frame, and go on by hand where no script does."""
        frame = self.open_frame(course)
        if not self.has_scripts:
            by_hand(frame)
        return self.inside()

    def open_frame(self, course: str = COURSE) -> Frame:
        """Click on the tool's link in the course; the frame, wherever the launch is just now."""
        self.page.goto(f"{self.places.lms}/courses/{course}")
        self.page.get_by_role("link", name="Open here").first.click()
        frame = self._frame()
        assert frame is not None
        return frame

    def inside(self) -> Frame:
        """The frame as soon as the launch has arrived; who waits in vain reads what it shows.

        It changes sites three times on the way, each time into another process of Chromium's. Playwright may lose a
        frame there, so it is looked for anew each time, and the page is opened again if it has none.
        """
        end = time.monotonic() + PATIENCE_MS / 1000
        while (frame := self._frame()) is None or not INSIDE.search(frame.url):
            assert time.monotonic() < end, f"the tool did not open; its frame shows {_words(frame)}"
            if frame is None:
                self.page.reload()
            self.page.wait_for_timeout(LOOK_AGAIN_MS)
        frame.wait_for_load_state()
        return frame

    def _frame(self) -> Frame | None:
        return self.page.locator("iframe.tool").element_handle().content_frame()

    def open_window(self, course: str = COURSE) -> Page:
        """Open the tool in a window of its own."""
        self.page.goto(f"{self.places.lms}/courses/{course}")
        with self.page.expect_popup() as popup:
            self.page.get_by_role("link", name="Open in a new tab").first.click()
        window = popup.value
        if not self.has_scripts:
            by_hand(window)
        window.wait_for_url(INSIDE)
        return window

    def grade(self, student: str, course: str = COURSE) -> str:
        """The grade of somebody as the LMS shows it to this person."""
        self.page.goto(f"{self.places.lms}/courses/{course}/gradebook")
        cell = self.page.locator(f"tr#{student} .score")
        return cell.inner_text() if cell.count() else ""


def _words(frame: Frame | None) -> str:
    return f"{urlsplit(frame.url).path}: {frame.locator('body').inner_text()}" if frame else "nothing"


def by_hand(view: Frame | Page) -> None:
    """Click on "Continue" until the launch has arrived: what people do whose browser runs no scripts."""
    for _hop in range(MOST_HAND_OVERS):
        onward = view.get_by_role("button", name="Continue").or_(view.get_by_role("link", name="Continue here"))
        onward.or_(view.locator("h1")).first.wait_for()
        if INSIDE.search(view.url):
            return
        before = view.url
        onward.first.click()
        view.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]  # bound in the loop
