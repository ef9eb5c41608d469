"""Attacks by words: names, titles, comments and addresses that are programs, on every page that shows them.

Source: OWASP, cross-site scripting prevention. What an LMS sends is untrusted: people choose names, teachers titles.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from lti_tool.actions.workspace import check_in
from lti_tool.store.db import db, transaction
from lti_tool.store.people import Course, Person
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme
from tests import make
from tests.attacks.forging import CLAIM, PROGRAM, said
from tests.conftest import Clock
from tests.outside import ALICE, BOB, DANA, Lms
from tests.pages import PageClient
from tests.web.admins import signed_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
AS_WORDS = "&lt;svg/onload=alert(1) data-xss=1&gt;&lt;/title&gt;&lt;/textarea&gt;&lt;b data-xss=2&gt;{{7*191}}"


def name_everything() -> None:
    """Everybody and everything is called by a program."""
    with transaction() as session:
        session.execute(update(Person).values(name=PROGRAM, given_name=PROGRAM, family_name=PROGRAM, email=PROGRAM))
        session.execute(update(Course).values(title=PROGRAM, group_names={"1": PROGRAM}, roster_problem=PROGRAM))
        session.execute(update(Programme).values(title=PROGRAM, mentor_word=PROGRAM, mentee_word=PROGRAM))
        session.execute(update(Registration).values(name=PROGRAM))


def clean(page: Any) -> str:
    """The page holds the words, and no part of them works."""
    assert not page.select("[data-xss]"), page.select("[data-xss]")
    text: str = page.decode()
    assert "<svg/" not in text
    return text


def pages_of(app: Flask, part: str, path: str, **ids: int | str) -> list[str]:
    """The address of every page of a part of the tool that can be opened."""
    with app.test_request_context():
        found = []
        for rule in app.url_map.iter_rules():
            is_file = rule.endpoint.endswith(".download")
            if rule.endpoint.startswith(f"{part}.") and "GET" in (rule.methods or ()) and not is_file:
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
    paths = {who: urlsplit(said(lms, browsers[who], who, titles).location).path for who in browsers}
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
    evil_answers = make.fitting_answers("either") | {"note_to_partner": PROGRAM, "interests_own": PROGRAM}
    bob = make.enrolment(at, lms.person(BOB).id, role="mentor", answers=evil_answers)
    dana = make.enrolment(at, lms.person(DANA).id, role="mentee", answers=evil_answers)
    pair = make.pair(at, bob, dana, by=lms.person(ALICE).id)
    for one in (bob, dana):
        words = {"met": "yes", "going": "5", "next_step": PROGRAM, "for_staff": PROGRAM}
        check_in(pair, one, 1, words, now=clock.now)
    name_everything()
    ids = {"pair_id": pair, "number": 1, "person_id": lms.person(BOB).id, "key": "aims", "name": "times"}

    seen = {}
    for who, part in ((ALICE, "instructor"), (BOB, "student"), (DANA, "student")):
        for url in pages_of(app, part, paths[who], **ids):
            page = browsers[who].get(f"{url}?q={PROGRAM[:4]}", status=200, follow_redirects=True)
            seen[who, url.split("/", 3)[3]] = clean(page)

    assert AS_WORDS in from_launch
    assert len(seen) >= 15
    assert all(AS_WORDS in text for text in seen.values())


def test_xss_the_admins_pages_show_an_lmss_words_as_words(lms: Lms, app: Flask, clock: Clock, pages: Browsers) -> None:
    lms.arrive(pages(), ALICE)
    name_everything()
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
