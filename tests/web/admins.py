"""An admin's browser: signed in through a one-time address, as `lti-tool admin link` prints it."""

from collections.abc import Callable

from flask import g

from lti_tool.actions.admin import make_link
from tests.conftest import Clock
from tests.pages import PageClient


def signed_in(pages: Callable[[], PageClient], clock: Clock) -> PageClient:
    """A browser in which the admin's visit is open."""
    browser = pages()
    browser.post("/admin/enter", {"code": make_link(now=clock.now)}, status=303)
    g.pop("csrf_token", None)  # the test's own context outlives a request, so a form token of before would be shown
    browser.follow()
    return browser
