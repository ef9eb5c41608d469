"""The page client: a browser for tests that returns parsed pages and checks each of them."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool.store.db import db

LARGEST_PAGE = 50 * 1024  # bytes


class _Browser(FlaskClient):
    """A client whose requests share nothing with each other or with the test, whatever context the test has open."""

    def open(self, *parts: Any, **options: Any) -> TestResponse:
        """Send one request."""
        with self.application.app_context():
            answer = super().open(*parts, **options)
        if has_app_context():  # what the test reads next is as it is in the database now
            db.session.rollback()
            db.session.expire_all()
        return answer


class PageClient:
    """Fetches pages of the application; what every page must have is checked on each fetch."""

    def __init__(self, app: Flask) -> None:
        # Every fetch has a context of its own, as in the running program.
        self._client: FlaskClient = _Browser(app, app.response_class, use_cookies=True)
        self.last: TestResponse | None = None

    @property
    def status(self) -> int:
        """The status of the last answer."""
        assert self.last is not None
        return self.last.status_code

    def get(self, url: str, *, status: int = 200, **options: Any) -> BeautifulSoup:
        """Open a page."""
        return self._seen(self._client.get(url, **options), status)

    def post(self, url: str, fields: Any = None, *, status: int = 200, **options: Any) -> BeautifulSoup:
        """Send a form."""
        return self._seen(self._client.post(url, data=fields or {}, **options), status)

    def submit(self, page: BeautifulSoup, action_ends: str, fields: dict[str, Any], **options: Any) -> BeautifulSoup:
        """Send the page's form whose address ends so; its hidden fields go along."""
        form = form_of(page, action_ends)
        hidden: dict[str, Any] = {}
        for one in form.select("input[type=hidden]"):
            hidden.setdefault(str(one["name"]), []).append(str(one["value"]))
        return self.post(str(form["action"]), hidden | fields, **options)

    def follow(self, **options: Any) -> BeautifulSoup:
        """Go where the last answer sends the browser."""
        assert self.last is not None
        assert self.last.status_code in {302, 303}, self.last.status_code
        return self.get(self.last.location, **options)

    def raw(self) -> Any:
        """The test client below, for what is no page."""
        return self._client

    def _seen(self, answer: TestResponse, status: int) -> BeautifulSoup:
        self.last = answer
        page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
        assert answer.status_code == status, f"HTTP {answer.status_code}: {page.get_text(' ', strip=True)[:400]}"
        if answer.mimetype == "text/html" and answer.status_code not in {302, 303}:
            check_page(answer.get_data(), page)
        return page


def form_of(page: BeautifulSoup, action_ends: str) -> Tag:
    """The form whose address, without its query, ends so."""
    for form in page.select("form"):
        if str(form["action"]).split("?")[0].endswith(action_ends):
            return form
    raise AssertionError(f"no form …{action_ends}: {[str(form['action']) for form in page.select('form')]}")


def only(page: Tag, selector: str) -> Tag:
    """The one element of a page that is so."""
    (found,) = page.select(selector)
    return found


def words(page: BeautifulSoup) -> str:
    """What a page says between its head and its foot, in one line."""
    main = page.select_one("main")
    assert main
    return " ".join(main.get_text(" ", strip=True).split())


def check_page(body: bytes, page: BeautifulSoup) -> None:
    """What every page promises: one heading that begins its title, whose page it is, labels, unique ids, small."""
    assert len(body) < LARGEST_PAGE, f"{len(body)} bytes"
    headings = [" ".join(one.get_text(" ", strip=True).split()) for one in page.select("h1")]
    assert len(headings) == 1, headings
    assert page.title is not None
    title = " ".join(page.title.get_text().split())
    assert title.startswith(headings[0]), (title, headings[0])
    if page.select("nav.tabs"):
        reader = page.select_one(".header-who")
        assert reader
        assert len(reader.get_text(strip=True)) > len("You are:")
    ids = [str(one["id"]) for one in page.select("[id]")]
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)
    assert page.html is not None
    assert page.html.get("lang")
    for field in page.select("input:not([type=hidden]), select, textarea"):
        assert _label(page, field), f"no label: {field}"
    for form in page.select("form"):
        is_ours = str(form["action"]).startswith("/")  # the token of this tool belongs to nobody else
        if is_ours and str(form.get("method", "get")).lower() == "post":
            assert form.select("input[name=csrf_token]"), f"no CSRF token: {form.get('action')}"
    assert not page.select("script:not([src]):not([type='application/json']), style, [style]")
    assert not re.search(rb"\son[a-z]+=", body), "an inline handler"
    assert not re.search(r"%\(\w+\)s", page.get_text()), "a placeholder without its value"


def _label(page: BeautifulSoup, field: Tag) -> bool:
    has_for = field.get("id") and page.select(f"label[for='{field['id']}']")
    return bool(has_for or field.find_parent("label") or field.get("aria-label") or field.get("aria-labelledby"))
