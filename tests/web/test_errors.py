"""What visitors read when something cannot be done: a page with a code, what happened, and what to do."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, abort

from lti_tool.lti.errors import Refusal
from lti_tool.web.errors import BY_STATUS
from tests.databases import Databases
from tests.pages import PageClient

Browsers = Callable[[], PageClient]


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """One database is enough: these pages read none."""
    with databases.fresh("sqlite") as url:
        yield url


def test_an_unknown_address_is_a_page(pages: Browsers) -> None:
    page = pages().get("/no/such/page", status=404)

    assert "404" in page.get_text()
    assert page.h1


@pytest.mark.parametrize("status", [*BY_STATUS, 406, 429, 502])
def test_every_status_has_a_page_of_its_own(app: Flask, pages: Browsers, status: int) -> None:
    def refuse() -> str:
        abort(status)

    app.view_functions["public.home"] = refuse

    page = pages().get("/", status=status)

    assert str(status) in page.get_text()


def test_a_fault_is_a_page_that_tells_nothing_of_it(app: Flask, pages: Browsers) -> None:
    def fail() -> str:
        raise ValueError("select * from person")

    app.view_functions["public.home"] = fail

    page = pages().get("/", status=500)

    assert "select" not in page.get_text()


def test_no_refusal_is_a_fault_of_ours() -> None:
    assert {reason.status for reason in Refusal} <= {400, 401, 403}


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/lti/launch", 405),
        ("POST", "/lti/launch", 400),
        ("GET", "/lti/login", 400),
        ("POST", "/lti/login", 400),
        ("GET", "/lti/register", 400),
        ("POST", "/lti/register", 400),
        ("GET", "/l/nobody/", 401),
        ("GET", "/l/nobody/staff/", 401),
        ("GET", "/l/nobody/me/pairs/99999999999999999999/", 401),
        ("GET", "/l//", 404),
        ("PUT", "/healthz", 405),
    ],
)
def test_doors_opened_without_a_key_answer_with_a_page(pages: Browsers, method: str, address: str, status: int) -> None:
    answer = pages().raw().open(address, method=method)

    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert b"<h1" in answer.data


@pytest.mark.parametrize("junk", ["\x00", "\udcff", "%00", "x" * 20_000, "'\"<script>"])
def test_junk_in_a_login_is_refused_not_crashed_on(pages: Browsers, junk: str) -> None:
    form = dict.fromkeys(("iss", "login_hint", "target_link_uri", "client_id"), junk)

    answer = pages().raw().post("/lti/login", data={n: v.encode("utf-8", "surrogateescape") for n, v in form.items()})

    assert 400 <= answer.status_code < 500
    assert b"<script>" not in answer.data


def test_every_answer_has_its_safety_headers(pages: Browsers) -> None:
    for address in ("/", "/no/such/page", "/lti/jwks", "/l/nobody/"):
        headers = pages().raw().get(address).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], address
        assert (headers["Referrer-Policy"], headers["X-Content-Type-Options"]) == ("no-referrer", "nosniff"), address


def test_the_tool_says_that_it_is_alive(pages: Browsers) -> None:
    assert pages().raw().get("/healthz").get_json() == {"status": "ok"}
