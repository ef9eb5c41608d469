"""Attacks by words: names, titles, comments and addresses that are programs, on every page that shows them.

Source: OWASP, cross-site scripting prevention. What an LMS sends is untrusted: people choose names, teachers titles.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select, update

from lti_tool.actions.cases import add_words, begin
from lti_tool.actions.pair_life import say_farewell
from lti_tool.actions.platforms import invite
from lti_tool.actions.programme import remember_version
from lti_tool.actions.standing import note_done
from lti_tool.actions.workspace import check_in
from lti_tool.demo_lms.vocabulary import INSTITUTION
from lti_tool.mentoring.case_forms import Farewell, Reported
from lti_tool.mentoring.cases import CaseKind
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column
from lti_tool.store.matching import Proposal, Unmatched
from lti_tool.store.people import Course, Person
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme
from tests import make
from tests.attacks.forging import CLAIM, PROGRAM, payload_of, said
from tests.attacks.shared import pages_of, write_everywhere
from tests.conftest import Clock
from tests.lti.outside import Outside, Reply
from tests.outside import ALICE, BOB, DANA, Lms
from tests.pages import PageClient
from tests.web.admins import signed_in

Browsers = Callable[[], PageClient]
AS_WORDS = "&lt;svg/onload=alert(1) data-xss=1&gt;&lt;/title&gt;&lt;/textarea&gt;&lt;b data-xss=2&gt;{{7*191}}"

KINDS = {"choose": "assign", "effect": "lock"}  # what a change by hand is about, by page
RETURN_URL = "https://lms.example/back?a=1&b='--%3Csvg%3E"
LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"


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


def a_draft(at: make.Setting, *, by: int, now: datetime) -> tuple[int, int, int]:
    """A draft of pairs with somebody left over, in a programme with every page about points: mentor, mentee, who."""
    other, another, third = (
        make.enrolment(at, make.person(at, f"{role} {number}"), role=role)
        for number, role in enumerate(("mentor", "mentee", "mentee"))
    )
    with transaction() as session:
        session.get_one(Programme, at.programme_id).participation = "practicum"  # has every page that earns points
        session.query(Column).filter_by(programme_id=at.programme_id).delete()
        session.add(Column(programme_id=at.programme_id, state="lost", maximum=100, problem=PROGRAM))
        draft = Proposal(programme_id=at.programme_id, state="draft", asked_by=by, asked_at=now)
        session.add(draft)
        session.flush()
        shown = make.scenario(session, draft, pairs=[(another, other)])
        alone = Unmatched(proposal_id=draft.id, scenario_id=shown, enrolment_id=third, side="mentee")
        alone.reason = {"text": PROGRAM, "values": {}}
        session.add(alone)
    return other, another, third


def pair_that_wrote(at: make.Setting, people: dict[str, int], *, now: datetime) -> dict[str, int]:
    """Bob and Dana, who have written a program wherever a pair writes; the numbers of what there is, by their names."""
    answers = make.fitting_answers("either") | {"note_to_partner": PROGRAM, "interests_own": PROGRAM}
    bob = make.enrolment(at, people[BOB], role="mentor", answers=answers)
    dana = make.enrolment(at, people[DANA], role="mentee", answers=answers)
    applied = {"motivation": PROGRAM, "struggle": PROGRAM, "reference": PROGRAM, "reply": PROGRAM, "training": "yes"}
    make.application(bob, state="asked", answers=applied, message=PROGRAM, note=PROGRAM)
    pair = make.pair(at, bob, dana, by=people[ALICE])
    for one in (bob, dana):
        check_in(pair, one, 1, {"met": "yes", "going": "5", "next_step": PROGRAM, "for_staff": PROGRAM}, now=now)
    make.plan(pair, bob, words=PROGRAM)
    make.meeting(pair, bob, dana)
    worry = Reported(kind=CaseKind.CONCERN, answers={"what": PROGRAM, "told": "yes"})
    case = begin(pair, bob, worry, about_id=dana, once="1", now=now)
    for kind in ("note", "answer", "addition"):
        add_words(case, PROGRAM, kind=kind, once=kind, by=people[DANA], now=now)
    note_done(pair, PROGRAM, once="1", by=people[ALICE], now=now)
    say_farewell(pair, bob, Farewell(thanks=PROGRAM, stays=True, contact=PROGRAM), now=now)
    make.standby(at, bob, answers={"for_staff": PROGRAM})
    return {
        "pair_id": pair,
        "enrolment_id": bob,
        "case_id": case,
        "task_id": make.staff_task(at, pair, dana, note=PROGRAM),
        "reflection_id": make.reflection(at, bob, text=PROGRAM, is_shared=True),
        "peer_case_id": make.peer_case(bob, text=PROGRAM),
        "excuse_id": make.excuse(at, bob, words=PROGRAM),
    }


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
        row.asks_application = row.asks_training = True
        remember_version(row)
    people = {who: lms.person(who).id for who in (ALICE, BOB, DANA)}
    written = pair_that_wrote(at, people, now=clock.now)
    pair = written["pair_id"]
    other, another, third = a_draft(at, by=people[ALICE], now=clock.now)
    name_everything()
    shared = write_everywhere(at, pair, PROGRAM, staff=people[ALICE], mentor=people[BOB], mentee=people[DANA])
    app.extensions["edge"] = replace(app.extensions["edge"], channel_hosts=frozenset({"hooks.slack.com"}))
    asked = f"&item=total&mentee={another}&mentor={other}&who={third}&pair={pair}&kind="
    ids = written | {"number": 1, "person_id": people[BOB], "key": "aims", "name": "roles", "topic": "tone"}
    ids |= {"page": "join/", "theme": "times", "stage": "joined", "sheet": "about"}

    seen = {}
    for who, part in ((ALICE, "instructor"), (BOB, "student"), (DANA, "student")):
        for url in pages_of(app, part, paths[who], shared(people[who]), **ids):
            page = browsers[who].get(
                f"{url}?q={PROGRAM[:4]}{asked}{KINDS.get(url.rpartition('/')[2], '')}",
                status=200,
                follow_redirects=True,
            )
            seen[who, url.split("/", 3)[3]] = clean(page)

    assert AS_WORDS in from_launch
    assert len(seen) >= 15
    assert all(AS_WORDS in text for text in seen.values())


def test_xss_the_admins_pages_show_an_lmss_words_as_words(lms: Lms, app: Flask, clock: Clock, pages: Browsers) -> None:
    lms.arrive(pages(), ALICE)
    name_everything()
    admin = signed_in(pages, clock)

    urls = [url for url in pages_of(app, "admin", "//", number=1, registration_id=1) if url.startswith("/admin/")]
    seen = [clean(admin.get(url)) for url in urls if admin.raw().get(url).status_code == 200]

    assert AS_WORDS in clean(admin.get("/admin/"))
    assert sum(AS_WORDS in text for text in seen) >= 2


def test_xss_what_stands_in_an_address_goes_along_encoded_and_is_shown_nowhere(lms: Lms, pages: Browsers) -> None:
    query = {"invite": PROGRAM, "openid_configuration": PROGRAM, "iss": PROGRAM, "client_id": PROGRAM}

    register = clean(pages().get("/lti/register", query_string=query, status=400))
    login = query | {"login_hint": PROGRAM, "target_link_uri": "http://localhost:8000/lti/launch"}
    framed = clean(pages().get("/lti/login", query_string=login, headers={"Sec-Fetch-Dest": "iframe"}))
    refused = clean(pages().get("/lti/login", query_string=login, status=403))

    assert "data-xss" not in register + refused
    assert "data-xss=" not in framed
    assert quote_plus(PROGRAM) in framed


def test_xss_what_a_launch_asks_on_shows_an_lmss_words_as_words(
    lms: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    lms.arrive(pages(), ALICE)
    lms.arrive(pages(), BOB)
    name_everything()
    titles = {"name": PROGRAM, f"{CLAIM}context": {"id": "evil-1", "title": PROGRAM, "label": PROGRAM}}
    link = {f"{CLAIM}resource_link": {"id": "evil-link", "title": PROGRAM}}
    key = {f"{CLAIM}custom": {"pm_activity": lms.programme().key, "context_history": PROGRAM}}
    asking, choosing_one, office = pages(), pages(), pages()

    asked = said(lms, asking, ALICE, titles | link | key)
    question = asking.get(asked.location, follow_redirects=True)
    again = asking.submit(question, "/link/", {"choice": PROGRAM}, status=422)
    content = choosing_one.get(choice(lms, choosing_one, titles), follow_redirects=True)
    wrong = choosing_one.submit(content, "/new", {"title": PROGRAM, "points": PROGRAM}, status=422)
    answer = choosing_one.submit(wrong, "/new", {"title": PROGRAM, "points": "40"})
    data = office.get(privacy(lms, office, {"name": PROGRAM}), follow_redirects=True)
    unconfirmed = office.submit(data, "/erase", {"confirm": PROGRAM}, status=422)
    gone = office.submit(unconfirmed, "/erase", {"confirm": "yes"}, status=303)

    seen = [clean(one) for one in (question, again, content, wrong, answer, data, unconfirmed, gone)]
    clean(office.follow())
    assert [AS_WORDS in text for text in seen] == [True, True, True, True, True, True, True, False]
    assert choosing_one.last
    assert answer.select("form[data-send]")[0]["action"] == RETURN_URL
    assert payload_of(str(answer.select("input[name=JWT]")[0]["value"]))[f"{LINKING}data"] == PROGRAM


def choice(lms: Lms, browser: PageClient, more: dict[str, Any]) -> str:
    """Where staff choose content for an LMS that writes programs into everything that it may write there."""
    settings = {
        "deep_link_return_url": RETURN_URL,
        "accept_types": ["ltiResourceLink", PROGRAM],
        "accept_presentation_document_targets": [PROGRAM],
        "title": PROGRAM,
        "text": PROGRAM,
        "data": PROGRAM,
    }
    claims = {f"{CLAIM}message_type": "LtiDeepLinkingRequest", f"{LINKING}deep_linking_settings": settings}
    return str(said(lms, browser, ALICE, more | claims).location)


def privacy(lms: Lms, browser: PageClient, more: dict[str, Any]) -> str:
    """Where an administrator looks after Bob's data."""
    claims = {
        f"{CLAIM}message_type": "LtiDataPrivacyLaunchRequest",
        f"{CLAIM}for_user": {"user_id": lms.sub(BOB), "name": PROGRAM},
        f"{CLAIM}roles": [f"{INSTITUTION}#Administrator"],
    }
    return str(said(lms, browser, ALICE, more | claims).location)


def test_xss_error_pages_show_nothing_of_an_lmss_words(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    message = lms.message(browser, BOB)
    told = {"error": PROGRAM, "error_description": PROGRAM, "error_uri": f"javascript:{PROGRAM}"}
    presentation = {
        f"{CLAIM}launch_presentation": {"return_url": f"{lms.url}/back?{quote(PROGRAM)}", "locale": PROGRAM}
    }

    by_error = browser.post("/lti/launch", {"state": message["state"]} | told, status=400)
    refused = said(lms, browser, BOB, presentation | {f"{CLAIM}version": PROGRAM})
    outside = said(
        lms, browser, BOB, presentation | {f"{CLAIM}context": {}, f"{CLAIM}tool_platform": {"name": PROGRAM}}
    )
    nobody = browser.post("/lti/launch", {"state": PROGRAM, "id_token": PROGRAM}, status=401)

    assert "191" not in clean(by_error)
    assert AS_WORDS not in clean(by_error) + clean(nobody)
    for answer in (refused, outside):
        clean(BeautifulSoup(answer.get_data(as_text=True), "html.parser"))
    assert (refused.status_code, outside.status_code) == (400, 200)


def test_xss_what_a_registration_says_is_words_for_the_admin(
    lms: Lms, evil: Outside, app: Flask, clock: Clock, pages: Browsers
) -> None:
    own = {
        "issuer": evil.origin,
        "authorization_endpoint": evil.url("/auth?'--%3Csvg%3E"),
        "token_endpoint": evil.url("/token"),
        "jwks_uri": evil.url("/jwks"),
        "registration_endpoint": evil.url("/register"),
        "scopes_supported": [PROGRAM],
        "https://purl.imsglobal.org/spec/lti-platform-configuration": {
            "product_family_code": PROGRAM,
            "version": PROGRAM,
        },
    }
    confirmed = {
        "client_id": PROGRAM,
        "https://purl.imsglobal.org/spec/lti-tool-configuration": {"deployment_id": PROGRAM},
    }
    evil.on("GET", "/config", Reply(json=own))
    evil.on("POST", "/register", Reply(status=403, text=PROGRAM), Reply(json=confirmed))
    form = {"invite": invite(now=clock.now, note=PROGRAM), "openid_configuration": evil.url("/config")}

    refused = pages().post("/lti/register", form, status=400)
    connected = pages().post("/lti/register", form)
    invite(now=clock.now, note=PROGRAM)
    admin = signed_in(pages, clock)
    seen = [clean(admin.get(f"/admin/{path}")) for path in ("", "platforms/2/", "platforms/2/edit", "invitations/")]

    assert AS_WORDS not in clean(refused) + clean(connected)
    assert all(AS_WORDS in text for text in seen)
