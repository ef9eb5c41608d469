"""The tool in browsers that keep fewer cookies than it would like; and that these browsers really do so."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, Playwright

from lti_tool.demo.campus import Places
from tests.browser.audit import faults
from tests.browser.chromium import context, context_without_cookies
from tests.browser.cookie_site import CookieSite, cookie_site
from tests.browser.person import INSIDE, Person, by_hand

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


def frame_at(page: Page, site: CookieSite, host: str) -> Frame:
    """A frame of `site` on a page at 127.0.0.1, after it has set its cookies."""
    port = site.server_port
    page.goto(f"http://127.0.0.1:{port}/around?http://{host}:{port}/set")
    frame = page.frames[1]
    frame.get_by_role("link").click()
    frame.get_by_text("seen").wait_for()
    return frame


def test_the_browser_of_these_tests_returns_only_partitioned_cookies_to_a_frame_of_another_site(
    opened: Browser,
) -> None:
    with cookie_site() as site, context(opened) as browser:
        page = browser.new_page()

        frame_at(page, site, "127.0.0.1")
        on_the_same_site = site.came_back
        frame_at(page, site, "localhost")
        on_another_site = site.came_back

    assert on_the_same_site >= {"plain"}
    assert on_another_site == {"partitioned"}


def test_a_browser_that_blocks_the_cookies_of_a_frame_returns_none(machinery: Playwright, chromium_path: str) -> None:
    with cookie_site() as site:
        tool = f"http://localhost:{site.server_port}"
        with context_without_cookies(
            machinery, chromium_path, tool=tool, around="http://127.0.0.1", has_scripts=True
        ) as browser:
            frame_at(browser.new_page(), site, "localhost")

    assert site.came_back == {""}


@pytest.mark.parametrize("has_scripts", [True, False])
def test_without_any_cookie_in_the_frame_a_new_window_is_offered_and_works(
    has_scripts: bool, machinery: Playwright, chromium_path: str, places: Places
) -> None:
    with context_without_cookies(
        machinery, chromium_path, tool=places.tool, around="http://127.0.0.1", has_scripts=has_scripts
    ) as browser:
        bob = Person.signed_in(browser, places, "bob-birchwood", has_scripts=has_scripts)

        frame = bob.open_frame()
        offered = until_offered(frame, has_scripts=has_scripts)
        found = faults(bob.page, frame) if has_scripts else []
        window = new_window(browser, offered, has_scripts=has_scripts)

        assert window.get_by_role("navigation", name="Main").is_visible()
        assert "Bob Birchwood" in window.get_by_role("banner").inner_text()
        assert "?t=" not in window.url
    assert found == []


def until_offered(frame: Frame, *, has_scripts: bool) -> Locator:
    """The frame's way to a new window; by script, the page first finds out that it has no cookies."""
    if has_scripts:
        frame.get_by_text("Your browser does not let this tool keep you signed in").wait_for()
    else:
        frame.get_by_role("button", name="Continue").click()
    return frame.get_by_role("link", name="Open in a new window")


def new_window(browser: BrowserContext, offered: Locator, *, has_scripts: bool) -> Page:
    """Go on in a new window; the tool in it."""
    with browser.expect_page() as opened_page:
        offered.click()
    window = opened_page.value
    if not has_scripts:
        by_hand(window)
    window.wait_for_url(INSIDE)
    return window


def test_a_launch_without_cookies_is_refused_with_a_way_on(
    machinery: Playwright, chromium_path: str, places: Places
) -> None:
    with context_without_cookies(
        machinery, chromium_path, tool=places.tool, around="http://127.0.0.1", has_scripts=True
    ) as browser:
        bob = Person.signed_in(browser, places, "bob-birchwood")
        frame = bob.open_frame()

        frame.get_by_role("link", name="Continue here").click()

        frame.get_by_role("heading", name="The tool could not be opened").wait_for()
        assert "new window" in frame.locator("main").inner_text()
        assert faults(bob.page, frame) == []


def test_two_courses_in_two_tabs_do_not_mix(opened: Browser, places: Places) -> None:
    with context(opened) as browser:
        bob = Person.signed_in(browser, places, "bob-birchwood")
        biology, chemistry = bob.open_window(), bob.open_window("chemistry-101")

        for tab, course in ((biology, "Biology 101"), (chemistry, "Chemistry 101"), (biology, "Biology 101")):
            tab.get_by_role("link", name="My participation").click()
            tab.get_by_role("link", name="Mentoring", exact=True).click()
            tab.wait_for_url(INSIDE)
            assert course in tab.get_by_role("banner").inner_text()

        headings = [tab.get_by_role("heading", level=1).inner_text() for tab in (biology, chemistry)]
        assert headings[0] != headings[1]  # he takes part in one of them
