"""Platform storage: the LMS's page keeps a value for a browser that keeps no cookie in the frame."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from lti_tool.demo_lms.habits import LoginHabits
from tests.conftest import Clock
from tests.outside import BOB, Lms
from tests.pages import PageClient
from tests.web.coming import lms_with

Browsers = Callable[[], PageClient]
IN_FRAME = {"Sec-Fetch-Dest": "iframe"}
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def keeping(app: Flask, clock: Clock) -> Iterator[Lms]:
    """An LMS whose page keeps values for tools."""
    with lms_with(app, clock, login=LoginHabits(storage_target="_parent")) as lms:
        yield lms


def box(page: BeautifulSoup) -> Tag:
    """What a page tells its script about the storage."""
    return page.select("[data-storage]")[0]


def knock(lms: Lms, browser: PageClient, person: str = BOB) -> tuple[Tag, dict[str, str]]:
    """The login's page in a frame of a browser without cookies, and the launch that follows it."""
    with lms.browser(person) as session:
        page = browser.post("/lti/login", lms.begin(session), headers=IN_FRAME)
        told = box(page)
        launch = lms.finish(session, str(told["data-onward"]))
    forget(browser)
    return told, launch


def forget(browser: PageClient) -> None:
    """The browser keeps no cookies."""
    browser.raw()._cookies.clear()


def test_the_value_kept_by_the_lms_opens_a_visit_without_any_cookie(keeping: Lms, pages: Browsers) -> None:
    browser = pages()
    told, launch = knock(keeping, browser)

    asking = browser.post("/lti/launch", launch)
    asked = box(asking)
    sent = {str(one["name"]): str(one["value"]) for one in asking.select("[data-storage] input")}
    browser.post("/lti/launch", sent | {"storage_value": str(told["data-value"])}, status=303, headers=OWN_PAGE)
    entered = browser.last
    forget(browser)
    assert entered
    page = browser.get(entered.location, follow_redirects=True)

    assert (asked["data-key"], asked["data-frame"]) == (told["data-key"], "_parent")
    assert asked["data-origin"] == told["data-origin"] == keeping.url
    assert "Bob Birchwood" in page.get_text()


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        ({"storage_value": "guessed"}, OWN_PAGE),
        ({"storage_value": ""}, OWN_PAGE),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {}),
    ],
)
def test_a_launch_without_the_kept_value_from_our_own_page_is_refused(
    keeping: Lms, pages: Browsers, change: dict[str, Any], headers: dict[str, str]
) -> None:
    browser = pages()
    told, launch = knock(keeping, browser)

    page = browser.post(
        "/lti/launch", {**launch, "storage_value": str(told["data-value"]), **change}, status=400, headers=headers
    )

    assert "browser-not-recognised" in page.get_text()


def test_a_browser_that_keeps_the_cookie_is_not_asked(keeping: Lms, pages: Browsers) -> None:
    browser = pages()
    with keeping.browser(BOB) as session:
        page = browser.post("/lti/login", keeping.begin(session), headers=IN_FRAME)
        launch = keeping.finish(session, str(box(page)["data-onward"]))

    browser.post("/lti/launch", launch, status=303)

    assert browser.status == 303


def test_without_a_script_the_page_leads_on_by_cookie_or_new_window(keeping: Lms, pages: Browsers) -> None:
    browser = pages()
    with keeping.browser(BOB) as session:
        page = browser.post("/lti/login", keeping.begin(session), headers=IN_FRAME)

    links = [str(one["href"]) for one in page.select(".actions a")]
    assert len(links) == 2
    assert all(link.startswith("/lti/login?") and "here=1" in link for link in links)


def test_an_lms_without_storage_gets_the_page_that_tries_cookies(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    with lms.browser(BOB) as session:
        page = browser.post("/lti/login", lms.begin(session), headers=IN_FRAME)

    assert page.select("[data-storage]") == []
    assert page.select("script[src$='cookies.js']")
