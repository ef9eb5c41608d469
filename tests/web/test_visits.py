"""A visit: its cookie, its token where there is no cookie, and what nobody else gets of it."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select, update
from werkzeug.http import parse_cookie

from lti_tool.app import create_app
from lti_tool.jobs.schedule import tidy
from lti_tool.mentoring.questionnaire import Page
from lti_tool.store.db import db, transaction
from lti_tool.store.people import Visit
from lti_tool.web.visit_session import cookie_name
from tests.conftest import Clock
from tests.databases import settings
from tests.outside import ALICE, BOB, CHEMISTRY, DANA, Lms, look_again
from tests.pages import PageClient, form_of
from tests.web.answering import answers

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]


class Cookieless(PageClient):
    """A browser that keeps no cookie of the visit, as in the frame of an LMS on another site."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self._client = app.test_client(use_cookies=False)

    def enter(self, lms: Lms, person: str) -> BeautifulSoup:
        """Launch with a browser that keeps the login's cookie, and go on without."""
        answer = lms.launch(PageClient(lms.app), person)
        return self.get(answer.location, follow_redirects=True)


@pytest.fixture
def cookieless(app: Flask) -> Cookieless:
    """A browser without cookies."""
    return Cookieless(app)


def token_of(url: str) -> str:
    """The token an address carries."""
    return parse_qs(urlsplit(url).query).get("t", [""])[0]


def cookie_of(lms: Lms, pages: Browsers, person: str) -> list[str]:
    """The parts of the visit's cookie as it is set."""
    answer = lms.launch(pages(), person)
    (header,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("visit=")]
    return [part.strip() for part in header.split(";")]


def test_the_visits_cookie_is_for_its_path_and_for_frames_only(lms: Lms, pages: Browsers) -> None:
    _value, *attributes = cookie_of(lms, pages, BOB)

    visit = db.session.scalars(select(Visit)).one()
    assert {one for one in attributes if not one.startswith("Expires")} == {
        "HttpOnly",
        "Secure",
        "SameSite=None",
        "Partitioned",
        f"Path=/l/{visit.key}/",
    }


def test_the_database_holds_no_secret_of_a_visit(lms: Lms, pages: Browsers) -> None:
    (value, *_attributes) = cookie_of(lms, pages, BOB)
    secret = parse_cookie(value)["visit"]

    visit = db.session.scalars(select(Visit)).one()
    assert secret not in (visit.key, visit.secret_hash, str(visit.data))


def test_partitioned_cookies_can_be_switched_off(lms: Lms, app: Flask, pages: Browsers) -> None:
    app.config["COOKIE_PARTITIONED"] = False

    assert "Partitioned" not in cookie_of(lms, pages, BOB)


def test_over_https_the_cookies_name_promises_to_be_secure(database_url: str, clock: Clock, key_folder: Path) -> None:
    over_https = settings(database_url, key_folder.parent, key_folder=key_folder, tool_url="https://tool.example")
    made = create_app(over_https, clock=clock)

    with made.app_context():
        assert cookie_name() == "__Secure-visit"
        db.engine.dispose()
    made.extensions["queue"].close()


def test_the_token_leaves_the_address_when_the_cookie_works(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    answer = lms.launch(browser, BOB)
    browser.get(f"{answer.location}&page=2", status=303)
    assert browser.last

    assert token_of(answer.location)
    assert browser.last.location.endswith("/?page=2")
    page = browser.follow(follow_redirects=True)
    assert "t=" not in "".join(str(one["href"]) for one in page.select("a[href^='/l/']"))


def test_two_courses_in_two_tabs_never_mix(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    biology = lms.arrive(browser, BOB)
    chemistry = lms.arrive(browser, BOB, course=CHEMISTRY)

    first = browser.get(f"{biology}me/")
    second = browser.get(f"{chemistry}me/")
    again = browser.get(f"{biology}me/")

    assert "Biology 101" in first.get_text()
    assert "Biology 101" not in second.get_text()
    assert "Chemistry 101" in second.get_text()
    assert "Biology 101" in again.get_text()


def test_two_people_in_two_tabs_never_mix(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    alice, bob = lms.arrive(browser, ALICE), lms.arrive(browser, BOB)

    browser.get(f"{alice}staff/")
    browser.get(f"{bob}staff/", status=404)
    browser.get(f"{bob}me/")


def test_without_cookies_links_and_forms_carry_the_token_through_the_whole_way_in(
    lms: Lms, cookieless: Cookieless, pages: Browsers
) -> None:
    lms.open_sign_up(pages())
    page = cookieless.enter(lms, BOB)
    page = cookieless.get(str(page.select("a[href*='/me/join/?']")[0]["href"]))
    cookieless.submit(page, "/me/join/", {"role": "mentee", "time_zone": "Europe/London"}, status=303)
    page = cookieless.follow()
    for name in Page:
        cookieless.submit(page, f"/me/join/questions/{name}", answers(page), status=303)
        page = cookieless.follow()
    form = form_of(page, "/me/join/wishes")
    address = str(form["action"]).split("?")[0]  # a browser puts the fields in the place of the query
    page = cookieless.get(address, query_string={"q": "zed", "t": hidden(form, "t")})
    page = cookieless.get(str(page.select("a[href*='/me/join/agree']")[0]["href"]))
    cookieless.submit(page, "/me/join/agree", {"conduct": "yes", "consent": "yes"}, status=303)
    page = cookieless.follow()

    assert "You are in." in page.get_text()
    links = [str(one["href"]) for one in page.select("a[href^='/l/']")]
    assert links
    assert all(token_of(link) for link in links)


def hidden(form: Tag, name: str) -> str:
    """A hidden field's value."""
    return str(form.select(f"input[name={name}]")[0]["value"])


def test_no_page_without_cookie_sets_one_or_says_the_token_elsewhere(lms: Lms, cookieless: Cookieless) -> None:
    cookieless.enter(lms, BOB)

    assert cookieless.last
    assert cookieless.last.headers["Referrer-Policy"] == "no-referrer"
    assert cookieless.last.headers["Cache-Control"] == "no-store"
    assert not cookieless.last.headers.getlist("Set-Cookie")


def test_a_token_is_good_for_two_hours_and_each_page_renews_it(
    lms: Lms, app: Flask, cookieless: Cookieless, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = cookieless.enter(lms, BOB)
    link = str(page.select("a[href*='/me/']")[0]["href"])

    clock = URLSafeTimedSerializer.default_signer.get_timestamp
    later = 0
    monkeypatch.setattr(URLSafeTimedSerializer.default_signer, "get_timestamp", lambda self: clock(self) + later)
    later = 7100
    page = cookieless.get(link)
    fresh = str(page.select("a[href*='/me/']")[0]["href"])
    later = 7300

    cookieless.get(link, status=401)
    cookieless.get(fresh)


@pytest.mark.parametrize("token", ["", "forged", "MQ.aaaa.bbbb"])
def test_a_forged_token_opens_nothing(lms: Lms, pages: Browsers, token: str) -> None:
    path = lms.arrive(pages(), BOB)

    page = pages().get(f"{path}me/", query_string={"t": token}, status=401)

    assert "Biology" not in page.get_text()


def test_another_visits_token_opens_nothing(lms: Lms, pages: Browsers) -> None:
    path = lms.arrive(pages(), ALICE)
    token = token_of(lms.launch(pages(), BOB).location)

    pages().get(f"{path}staff/", query_string={"t": token}, status=401)


def test_another_visits_cookie_opens_nothing(lms: Lms, pages: Browsers) -> None:
    path = lms.arrive(pages(), ALICE)
    bob = lms.launch(pages(), BOB)
    secret = parse_cookie(bob.headers.getlist("Set-Cookie")[0].split(";")[0])["visit"]

    pages().get(f"{path}staff/", headers={"Cookie": f"visit={secret}"}, status=401)


def test_a_visit_that_is_over_opens_nothing_and_is_removed(lms: Lms, app: Flask, clock: Clock, pages: Browsers) -> None:
    browser = pages()
    path = lms.arrive(browser, BOB)
    browser.get(f"{path}me/")

    clock.advance(hours=8)
    browser.get(f"{path}me/", status=401)
    look_again()
    tidy(app)

    assert db.session.scalars(select(Visit)).all() == []
    browser.get(f"{path}me/", status=401)


def test_messages_and_form_tokens_of_a_visit_are_nobody_elses(lms: Lms, pages: Browsers) -> None:
    path = lms.arrive(pages(), BOB)
    with transaction() as session:
        session.execute(update(Visit).values(data={"_flashes": [["info", "For Bob only"]], "csrf_token": "bobs"}))

    page = pages().get(f"{path}me/", status=401)
    posted = pages().post(f"{path}me/join/", {"csrf_token": "bobs"}, status=400)

    assert "For Bob only" not in page.get_text() + posted.get_text()
    look_again()
    assert db.session.scalars(select(Visit)).one().data["_flashes"]


def test_a_message_is_shown_once(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    path = lms.arrive(browser, BOB)
    with transaction() as session:
        session.execute(update(Visit).values(data={"_flashes": [["info", "Only once"]]}))

    texts = [browser.get(f"{path}me/").get_text() for _time in range(2)]

    assert ["Only once" in text for text in texts] == [True, False]


def test_a_form_of_another_visit_is_refused(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    lms.open_sign_up(pages())
    bob, dana = lms.arrive(browser, BOB), lms.arrive(browser, DANA)
    foreign = hidden(form_of(browser.get(f"{dana}me/join/"), "/me/join/"), "csrf_token")

    browser.post(f"{bob}me/join/", {"csrf_token": foreign, "role": "mentee"}, status=400)


def test_a_form_that_is_too_large_is_refused_with_and_without_cookie(
    lms: Lms, pages: Browsers, cookieless: Cookieless
) -> None:
    browser = pages()
    path = lms.arrive(browser, BOB)
    form = {"role": "x" * 700_000}

    browser.post(f"{path}me/join/", form, status=413)
    cookieless.post(f"{path}me/join/", form, status=413)


def test_logs_hold_no_token_no_secret_and_no_name(
    lms: Lms, app: Flask, pages: Browsers, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="lti_tool")
    browser = pages()
    answer = lms.launch(browser, BOB)
    secret = parse_cookie(answer.headers.getlist("Set-Cookie")[0].split(";")[0]).get("visit", "?")
    pages().post("/lti/launch", lms.message(browser, DANA), status=400)
    app.view_functions["student.home.overview"] = broken
    browser.get(f"{urlsplit(answer.location).path}me/", status=500)
    lms.work()

    said = capfd.readouterr()
    logged = said.out + said.err + "".join(one.getMessage() for one in caplog.records if one.name != "werkzeug")
    assert "page.fault" in logged
    for word in (secret, token_of(answer.location), "Bob", "Birchwood", "Dana"):
        assert word not in logged


def broken() -> str:
    """A page with a fault whose text names somebody."""
    raise ValueError("Bob Birchwood")
