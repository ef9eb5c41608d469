"""Attacks on the pages: guessed ids, copied ids, frames, cookies, leaks, and names that are programs.

Source: OWASP's advice on access control, clickjacking and cross-site scripting; Deep Linking 2.0 (custom parameters
are copied with a course).
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from lti_tool.actions.placing import ACTIVITY
from lti_tool.actions.workspace import check_in
from lti_tool.demo_lms.vocabulary import MEMBERSHIP
from lti_tool.store.db import db, transaction
from lti_tool.store.people import Course, Person, Visit
from lti_tool.store.platforms import AccessToken, Registration
from lti_tool.store.programme import Programme
from tests import make
from tests.actions.world import setting_of
from tests.attacks.forging import CLAIM, by_the_lms, code_of, payload_of
from tests.conftest import Clock
from tests.outside import ALICE, BIOLOGY, BOB, CHARLIE, CHEMISTRY, DANA, QUENTIN, Lms, look_again, running_lms
from tests.pages import PageClient
from tests.web.admins import signed_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
PROGRAM = "\"'><svg/onload=alert(1) data-xss=1></title></textarea><b data-xss=2>{{7*191}}"


def said(lms: Lms, pages: PageClient, person: str, *, course: str = BIOLOGY, **changes: Any) -> Any:
    """The answer to a launch in which the LMS says these things."""
    message = lms.message(pages, person, course=course)
    claims = payload_of(message["id_token"]) | changes
    return pages.raw().post("/lti/launch", data=message | {"id_token": by_the_lms(lms, claims)})


def test_guessable_ids_a_teacher_finds_nobody_of_another_course(lms: Lms, pages: Browsers) -> None:
    lms.arrive(pages(), ALICE)
    lms.arrive(pages(), BOB)
    at = setting_of(lms)
    bob, dana = (make.enrolment(at, make.person(at, name), role="either") for name in ("Ben Bold", "Dora Dim"))
    pair = make.pair(at, bob, dana, by=lms.person(ALICE).id)
    teacher = pages()
    path = lms.arrive(teacher, QUENTIN, course=CHEMISTRY)
    look_again()
    theirs = list(db.session.scalars(select(Person.id).where(Person.id != lms.person(QUENTIN).id)))

    for number in theirs:
        teacher.get(f"{path}staff/people/{number}", status=404)
        teacher.get(f"{path}staff/participation/{number}", status=404)
    teacher.get(f"{path}me/pairs/{pair}/", status=404)
    found = teacher.get(f"{path}staff/people?q=B").get_text()

    assert "Birchwood" not in found
    assert "Bold" not in found


def test_guessable_ids_a_visits_key_is_random_and_opens_nothing_alone(lms: Lms, pages: Browsers) -> None:
    keys = [urlsplit(lms.arrive(pages(), BOB)).path.split("/")[2] for _time in range(3)]

    for key in keys:
        pages().get(f"/l/{key}/me/", status=401)
        assert len(key) >= 12
    assert len({key[:4] for key in keys}) == 3


def test_a_copied_custom_id_never_opens_the_programme_of_another_course(lms: Lms, pages: Browsers) -> None:
    lms.arrive(pages(), ALICE)
    custom = {f"{CLAIM}custom": {ACTIVITY: lms.programme().key}}
    student, teacher = pages(), pages()

    waiting = said(lms, student, CHARLIE, course=CHEMISTRY, **custom)
    asked = said(lms, teacher, QUENTIN, course=CHEMISTRY, **custom)

    assert waiting.status_code == 200  # "not set up yet"
    assert urlsplit(asked.location).path.startswith("/e/")
    look_again()
    assert list(db.session.scalars(select(Visit.course_id))) == [lms.course().id]


def test_a_copied_custom_id_of_another_lms_means_nothing(
    lms: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    lms.arrive(pages(), ALICE)
    key = lms.programme().key
    with running_lms(app, clock, students=3) as southfield:
        southfield.register()
        custom = {ACTIVITY: key, "context_id_history": lms.course().context_id}
        answer = said(southfield, pages(), ALICE, **{f"{CLAIM}custom": custom})

        assert urlsplit(answer.location).path.startswith("/l/")
        assert southfield.programme().key != key
        assert southfield.programme().copied_from_id is None


def test_clickjacking_only_the_lms_of_the_visit_may_frame_a_page(
    lms: Lms, clock: Clock, pages: Browsers
) -> None:
    browser, admin = pages(), signed_in(pages, clock)
    path = lms.arrive(browser, ALICE)

    browser.get(f"{path}staff/")
    admin.get("/admin/")
    found = []
    for one in (browser, admin):
        assert one.last
        assert "X-Frame-Options" not in one.last.headers or one is admin
        policy = one.last.headers["Content-Security-Policy"].split("; ")
        found.append(next(part for part in policy if part.startswith("frame-ancestors ")).split()[1:])

    assert lms.url in found[0]
    assert {urlsplit(one).hostname for one in found[0]} <= {"127.0.0.1", "localhost"}
    assert found[1] == ["'none'"]


def test_cookies_are_for_us_alone(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    with lms.browser(BOB) as bob:
        login = browser.raw().post("/lti/login", data=lms.begin(bob))
        answer = browser.raw().post("/lti/launch", data=lms.finish(bob, login.location))

    cookies = login.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 3  # the login's, the login's end, the visit's
    for one in cookies:
        parts = {part.strip() for part in one.split(";")}
        assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned"} <= parts
        assert "Path=/" not in parts
        assert not any(part.startswith("Domain") for part in parts)


def test_writing_takes_more_than_a_cookie(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    path = lms.arrive(browser, ALICE)

    browser.post(f"{path}staff/people/refresh", {}, status=400)
    browser.post(f"{path}staff/settings", {"title": "Mine", "csrf_token": "invented"}, status=400)

    assert lms.programme().title == "Peer mentoring"


def test_token_leakage_no_page_lets_its_address_go_or_be_kept(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    message = lms.message(browser, BOB)
    forged = message | {"id_token": message["id_token"][:-8] + "AAAAAAAA"}

    refused = browser.post("/lti/launch", forged, status=401)
    answers = [browser.last, lms.launch(browser, BOB)]
    browser.get(answers[1].location, status=303)
    answers.append(browser.last)
    browser.follow(follow_redirects=True)
    answers.append(browser.last)

    for answer in answers:
        assert answer is not None
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    for secret in (message["id_token"][:40], message["state"]):
        assert secret not in refused.decode()
    assert "t" in parse_qs(urlsplit(answers[1].location).query)
    assert "t=" not in answers[2].location  # where the cookie came back


def test_token_leakage_neither_logs_nor_database_hold_what_an_lms_says_in_anger(
    lms: Lms, pages: Browsers, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    lms.arrive(pages(), ALICE)
    lms.fail("members", status=400, count=9)
    lms.work()
    tokens = list(db.session.scalars(select(AccessToken.token)))

    out = capfd.readouterr()
    logged = out.out + out.err + "".join(one.getMessage() for one in caplog.records)
    assert tokens
    for word in (*tokens, "client_assertion", "Ashford", "alice-ashford@"):
        assert word not in logged
    assert "Ashford" not in (lms.course().roster_problem or "")


@contextmanager
def evil_names(lms: Lms) -> Iterator[None]:
    """Everybody and everything is called by a program."""
    yield
    with transaction() as session:
        session.execute(update(Person).values(name=PROGRAM, given_name=PROGRAM, family_name=PROGRAM, email=PROGRAM))
        session.execute(update(Course).values(title=PROGRAM, group_names={"1": PROGRAM}, roster_problem=PROGRAM))
        session.execute(update(Programme).values(title=PROGRAM, mentor_word=PROGRAM, mentee_word=PROGRAM))
        session.execute(update(Registration).values(name=PROGRAM))


def clean(page: Any) -> str:
    """The page holds the words, and no part of them works."""
    assert not page.select("[data-xss]"), page.select("[data-xss]")
    text: str = page.decode()
    assert "1337" not in text
    assert "<svg/" not in text
    return text


def pages_of(app: Flask, part: str, path: str, **ids: int) -> list[str]:
    """The address of every page of a part of the tool that can be opened."""
    with app.test_request_context():
        found = []
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith(f"{part}.") and "GET" in (rule.methods or ()):
                named = {name: ids.get(name, 1) for name in rule.arguments}
                _host, url = rule.build(named | {"visit": path.split("/")[2]})  # type: ignore[misc]  # None for a host
                found.append(url)
        return found


def test_xss_names_titles_and_comments_are_words_on_every_page(
    lms: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    titles = {
        "name": PROGRAM,
        "locale": PROGRAM,
        f"{CLAIM}context": {"id": "evil-1", "title": PROGRAM, "label": PROGRAM},
        f"{CLAIM}resource_link": {"id": "link-1", "title": PROGRAM},
    }
    browsers = {who: pages() for who in (ALICE, BOB, DANA)}
    paths = {who: urlsplit(said(lms, browsers[who], who, **titles).location).path for who in browsers}
    programme = db.session.scalars(select(Programme)).one()
    at = make.Setting(
        registration_id=lms.person(ALICE).registration_id,
        deployment_id=programme.deployment_id,
        course_id=programme.course_id,
        programme_id=programme.id,
    )
    from_launch = clean(browsers[ALICE].get(paths[ALICE], follow_redirects=True))
    with transaction() as session:
        row = session.get_one(Programme, at.programme_id)
        row.phase, row.cadence, row.starts_on = "running", "own_pace", clock.now.date()
    evil_answers = make.fitting_answers("either") | {"about": PROGRAM, "goal": PROGRAM, "hello": PROGRAM}
    bob = make.enrolment(at, lms.person(BOB).id, role="mentor", answers=evil_answers)
    dana = make.enrolment(at, lms.person(DANA).id, role="mentee", answers=evil_answers)
    pair = make.pair(at, bob, dana, by=lms.person(ALICE).id)
    for one in (bob, dana):
        words = {"met": "yes", "going": "5", "next_step": PROGRAM, "for_staff": PROGRAM}
        check_in(pair, one, 1, words, now=clock.now)
    with evil_names(lms):
        ids = {"pair_id": pair, "number": 1, "person_id": lms.person(BOB).id}

    seen = {}
    for who, part in ((ALICE, "instructor"), (BOB, "student"), (DANA, "student")):
        for url in pages_of(app, part, paths[who], **ids):
            page = browsers[who].get(f"{url}?q={PROGRAM[:4]}", status=200, follow_redirects=True)
            seen[who, url.split("/", 3)[3]] = clean(page)

    assert "&lt;svg" in from_launch
    assert len(seen) >= 15
    assert all("&lt;svg" in text for text in seen.values())


def test_xss_the_admins_pages_show_an_lmss_words_as_words(
    lms: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    lms.arrive(pages(), ALICE)
    with evil_names(lms):
        pass
    admin = signed_in(pages, clock)

    for url in pages_of(app, "admin", "//", number=1, registration_id=1):
        if url.startswith("/admin/") and admin.raw().get(url).status_code == 200:
            clean(admin.get(url))
    clean(admin.get("/admin/"))


def test_xss_what_stands_in_an_address_is_shown_as_words(lms: Lms, pages: Browsers) -> None:
    query = {"invite": PROGRAM, "openid_configuration": PROGRAM, "iss": PROGRAM, "client_id": PROGRAM}

    clean(pages().get("/lti/register", query_string=query, status=400))
    login = query | {"login_hint": PROGRAM, "target_link_uri": "http://localhost:8000/lti/launch"}
    clean(pages().get("/lti/login", query_string=login, headers={"Sec-Fetch-Dest": "iframe"}))
    clean(pages().get("/lti/login", query_string=login, status=403))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://evil.example/", "//evil.example"])
def test_return_url_only_the_lmss_own_is_offered(lms: Lms, pages: Browsers, url: str) -> None:
    browser = pages()

    answer = said(lms, browser, BOB, **{f"{CLAIM}launch_presentation": {"return_url": url}})
    page = browser.get(answer.location, follow_redirects=True)

    assert url not in {str(one.get("href")) for one in page.select("a")}
    assert "evil.example" not in page.decode()


def test_privilege_who_is_gone_from_the_course_has_no_staff_pages_any_more(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    path = lms.arrive(browser, ALICE)
    lms.work()
    browser.get(f"{path}staff/")

    lms.leave(ALICE)
    browser.submit(browser.get(f"{path}staff/people"), "/staff/people/refresh", {}, status=303)
    lms.work()

    assert not lms.member(ALICE).is_active
    browser.get(f"{path}staff/people", status=404)


def test_a_refused_launch_repeats_nothing_of_what_was_sent(lms: Lms, pages: Browsers) -> None:
    browser = pages()

    page = said(lms, browser, BOB, **{f"{CLAIM}message_type": PROGRAM, f"{CLAIM}roles": [f"{MEMBERSHIP}#Learner"]})

    assert page.status_code == 400
    assert "svg" not in page.get_data(as_text=True)
    assert code_of is not None
