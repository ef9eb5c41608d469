"""Attacks on the pages: guessed ids, copied ids, frames, cookies, leaks, and names that are programs.

Source: OWASP's advice on access control, clickjacking and cross-site scripting; Deep Linking 2.0 (custom parameters
are copied with a course).
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.placing import ACTIVITY
from lti_tool.demo_lms.vocabulary import MEMBERSHIP
from lti_tool.store.db import db
from lti_tool.store.people import Person, Visit
from lti_tool.store.platforms import AccessToken
from tests import make
from tests.actions.world import setting_of
from tests.attacks.forging import CLAIM, PROGRAM, by_the_lms, payload_of, said
from tests.conftest import Clock
from tests.outside import ALICE, BOB, CHARLIE, CHEMISTRY, DANA, QUENTIN, Lms, look_again, running_lms
from tests.pages import PageClient
from tests.web.admins import signed_in

Browsers = Callable[[], PageClient]


def framers(browser: PageClient) -> list[str]:
    """Who may show the last page in a frame."""
    assert browser.last
    assert "X-Frame-Options" not in browser.last.headers  # it knows no list, and would win in old browsers
    policy = browser.last.headers["Content-Security-Policy"].split("; ")
    return next(part for part in policy if part.startswith("frame-ancestors ")).split()[1:]


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

    waiting = said(lms, student, CHARLIE, custom, course=CHEMISTRY)
    asked = said(lms, teacher, QUENTIN, custom, course=CHEMISTRY)

    assert waiting.status_code == 200  # "not set up yet"
    assert urlsplit(asked.location).path.startswith("/e/")
    look_again()
    assert list(db.session.scalars(select(Visit.course_id))) == [lms.course().id]


def test_a_copied_custom_id_of_another_lms_means_nothing(lms: Lms, app: Flask, clock: Clock, pages: Browsers) -> None:
    lms.arrive(pages(), ALICE)
    key = lms.programme().key
    with running_lms(app, clock, students=3) as southfield:
        southfield.register()
        custom = {ACTIVITY: key, "context_history": lms.course().context_id}
        answer = said(southfield, pages(), ALICE, {f"{CLAIM}custom": custom})

        assert urlsplit(answer.location).path.startswith("/l/")
        assert southfield.programme().key != key
        assert southfield.programme().copied_from_id is None


def test_account_relink_an_equal_email_is_not_an_equal_person(
    lms: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    lms.arrive(pages(), ALICE)
    browser = pages()
    message = lms.message(browser, DANA)
    claims = payload_of(message["id_token"])
    claims |= {"email": lms.person(ALICE).email, "name": lms.person(ALICE).name}
    answer = browser.raw().post("/lti/launch", data=message | {"id_token": by_the_lms(lms, claims)})
    with running_lms(app, clock, students=3) as southfield:
        southfield.register()
        southfield.arrive(pages(), CHARLIE, course=CHEMISTRY)
        lms.arrive(pages(), CHARLIE, course=CHEMISTRY)
    look_again()
    charlies = db.session.scalars(select(Person.registration_id).filter_by(email="charlie-chalk@northfield.example"))

    browser.get(f"{urlsplit(answer.location).path}staff/", status=404)
    assert lms.person(ALICE).id != lms.person(DANA).id
    assert (lms.member(ALICE).role, lms.member(DANA).role) == ("instructor", "student")
    assert len(set(charlies)) == 2


def test_clickjacking_only_the_lms_of_the_visit_may_frame_a_page(
    lms: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    browser, admin = pages(), signed_in(pages, clock)
    path = lms.arrive(browser, ALICE)
    app.extensions["edge"] = replace(lms.edge, may_be_local=False)  # as an installation is

    browser.get(f"{path}staff/")
    admin.get("/admin/")

    assert framers(browser) == [lms.url]
    assert framers(admin) == ["'none'"]


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
    browser.post(f"{path}staff/settings/grading", {"title": "Mine", "csrf_token": "invented"}, status=400)

    assert lms.programme().title == "Peer mentoring"


def test_token_leakage_no_page_lets_its_address_go_or_be_kept(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    message = lms.message(browser, BOB)
    forged = message | {"id_token": message["id_token"][:-8] + "AAAAAAAA"}

    refused = browser.post("/lti/launch", forged, status=401)
    entered = lms.launch(browser, BOB)
    answers = [browser.last, entered]
    browser.get(entered.location, status=303)
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
    assert "t" in parse_qs(urlsplit(entered.location).query)
    assert answers[2]
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


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://evil.example/", "//evil.example"])
def test_return_url_only_the_lmss_own_is_offered(lms: Lms, pages: Browsers, url: str) -> None:
    browser = pages()

    answer = said(lms, browser, BOB, {f"{CLAIM}launch_presentation": {"return_url": url}})
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
    browser.get(f"{path}staff/people", status=401)


def test_a_refused_launch_repeats_nothing_of_what_was_sent(lms: Lms, pages: Browsers) -> None:
    browser = pages()

    page = said(lms, browser, BOB, {f"{CLAIM}message_type": PROGRAM, f"{CLAIM}roles": [f"{MEMBERSHIP}#Learner"]})

    assert page.status_code == 400
    assert "<svg/" not in page.get_data(as_text=True)
    assert "191" not in page.get_data(as_text=True)
