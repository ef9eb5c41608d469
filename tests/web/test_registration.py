"""An invitation to register an LMS: used once, only by an LMS that speaks for itself, and never over another one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from lti_tool.actions.platforms import INVITATION_LIFE, NewRegistration, RegistrationExists, add_registration, invite
from lti_tool.demo_lms.dialects import DIALECTS
from lti_tool.lti.gradebook import SCORE_SCOPE
from lti_tool.store.db import db, transaction
from lti_tool.store.platforms import Deployment, Invitation, Registration
from tests.conftest import Clock
from tests.outside import Lms, look_again, running_lms
from tests.pages import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]


@pytest.fixture
def stranger(app: Flask, clock: Clock) -> Iterator[Lms]:
    """An LMS that the tool does not know yet."""
    with running_lms(app, clock) as northfield:
        yield northfield


def registrations() -> list[Registration]:
    """Every LMS the tool knows."""
    look_again()
    return list(db.session.scalars(select(Registration).order_by(Registration.id)))


def test_an_admin_registers_an_lms_with_one_click(stranger: Lms, clock: Clock, pages: Browsers) -> None:
    browser = pages()
    start = stranger.start_of_registration(invite(now=clock.now))

    page = browser.get("/lti/register", query_string=start)
    before = registrations()
    page = browser.submit(page, "/lti/register", {})

    assert before == []
    (row,) = registrations()
    (tool,) = stranger.campus.tools.values()
    assert (row.issuer, row.client_id) == (stranger.url, tool.client_id)
    stranger.arrive(pages(), "bob-birchwood")
    assert len(db.session.scalars(select(Deployment)).all()) == 1  # the launch names the one that is known
    assert tool.redirect_uris == ("http://localhost:8000/lti/launch",)
    assert page.h1


@pytest.mark.parametrize(
    ("lms", "step"),
    [
        ("canvas", "Keep the privacy level “Public”"),
        ("moodle", "Activate the tool in Manage tools"),
        ("brightspace", "Enable the registration, and create a deployment"),
        ("sakai", "Place the tool in at least one site"),
        ("own", "Choose where it may be used"),
    ],
)
def test_the_last_page_of_a_registration_says_what_is_left_to_do_in_that_lms(
    stranger: Lms, clock: Clock, pages: Browsers, lms: str, step: str
) -> None:
    stranger.campus.dialect = DIALECTS[lms]

    page = pages().post("/lti/register", stranger.start_of_registration(invite(now=clock.now)))

    left = [one.get_text() for one in page.select("main ol li")]
    assert any(step in one for one in left), left
    assert "open it there once as an instructor" in left[-1]
    assert "does not give this tool" not in page.get_text()


@pytest.mark.parametrize(("lms", "name"), [("canvas", "Northfield College (Canvas)"), ("moodle", "Moodle {host}")])
def test_a_registration_is_named_after_its_institution_where_a_cloud_has_one_address_for_all(
    stranger: Lms, clock: Clock, pages: Browsers, lms: str, name: str
) -> None:
    stranger.campus.dialect = DIALECTS[lms]

    pages().post("/lti/register", stranger.start_of_registration(invite(now=clock.now)))

    (row,) = registrations()
    assert row.name == name.format(host=stranger.url.removeprefix("http://"))


def test_permissions_that_an_lms_says_it_does_not_give_are_named(stranger: Lms, clock: Clock, pages: Browsers) -> None:
    habits = replace(stranger.campus.dialect.registration, withheld_scopes=frozenset({SCORE_SCOPE}))
    stranger.campus.dialect = replace(stranger.campus.dialect, registration=habits)

    page = pages().post("/lti/register", stranger.start_of_registration(invite(now=clock.now)))

    (lacking,) = [one.get_text(strip=True) for one in page.select("main ul li")]
    assert lacking == "Permission to write points"


def test_an_invitation_works_once(stranger: Lms, clock: Clock, pages: Browsers) -> None:
    code = invite(now=clock.now)
    browser = pages()
    browser.post("/lti/register", stranger.start_of_registration(code))

    page = browser.get("/lti/register", query_string=stranger.start_of_registration(code), status=400)
    browser.post("/lti/register", stranger.start_of_registration(code), status=400)

    assert "invitation" in page.get_text()
    assert len(registrations()) == 1


def test_an_old_or_unknown_invitation_opens_nothing(stranger: Lms, clock: Clock, pages: Browsers) -> None:
    old = invite(now=clock.now)
    clock.advance(seconds=INVITATION_LIFE / timedelta(seconds=1))

    for code in (old, "unknown", ""):
        pages().post("/lti/register", stranger.start_of_registration(code), status=400)

    assert registrations() == []
    assert not stranger.campus.served  # no stranger makes the tool ask anybody anything


def test_the_database_does_not_hold_the_invitation_itself(app: Flask, clock: Clock) -> None:
    code = invite(now=clock.now)

    assert db.session.scalars(select(Invitation)).one().code_hash != code


def test_an_lms_that_fails_leaves_the_invitation_good(stranger: Lms, clock: Clock, pages: Browsers) -> None:
    code = invite(now=clock.now)
    used_up = stranger.start_of_registration(code)
    stranger.campus.registration_tokens.clear()
    browser = pages()

    page = browser.post("/lti/register", used_up, status=400)
    browser.post("/lti/register", stranger.start_of_registration(code))

    assert "refused" in page.get_text()
    assert len(registrations()) == 1


def test_a_registration_that_fails_says_why_what_the_lms_answered_and_what_to_do(
    stranger: Lms, clock: Clock, pages: Browsers
) -> None:
    stranger.campus.dialect = DIALECTS["moodle"]
    start = stranger.start_of_registration(invite(now=clock.now)) | {"registration_token": "stale"}

    page = pages().post("/lti/register", start, status=400)

    text = page.get_text(" ", strip=True)
    assert [one.get_text() for one in page.select("code")] == ["401 token_already_used", "refused"]
    assert "The registration address is still good" in text
    assert "works once, and for an hour" in text
    assert page.select("[data-close] button")
    assert page.select("script[src*='close.js']")


def test_a_registration_that_exists_is_never_overwritten(stranger: Lms, clock: Clock) -> None:
    stranger.register()
    (known,) = registrations()
    again = NewRegistration(
        issuer=known.issuer,
        client_id=known.client_id,
        name="Another",
        family="",
        auth_login_url="https://evil.example/auth",
        auth_token_url="https://evil.example/token",
        auth_audience=None,
        jwks_url="https://evil.example/keys",
    )

    with pytest.raises(RegistrationExists):
        add_registration(again, deployment_id="9", by="command line", now=clock.now)

    (row,) = registrations()
    assert row.jwks_url == f"{stranger.url}/.well-known/jwks.json"
    assert len(db.session.scalars(select(Deployment)).all()) == 1


def test_registering_a_second_time_makes_a_second_registration(stranger: Lms, clock: Clock) -> None:
    stranger.register()
    stranger.register()

    assert len({row.client_id for row in registrations()}) == 2
    assert len({row.issuer for row in registrations()}) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/.well-known/openid-configuration",
        "https://[::1]:8000/x",
        "file:///etc/passwd",
        "ftp://lms.example/x",
        "https://user:secret@lms.example/x",
        "",
    ],
)
def test_no_invitation_leads_into_the_own_network(clock: Clock, pages: Browsers, address: str) -> None:
    form = {"invite": invite(now=clock.now), "openid_configuration": address}

    page = pages().post("/lti/register", form, status=400)

    assert page.h1
    assert registrations() == []


def test_without_the_development_setting_no_lms_on_this_machine_is_asked(
    stranger: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    app.extensions["edge"] = replace(stranger.edge, may_be_local=False)

    pages().post("/lti/register", stranger.start_of_registration(invite(now=clock.now)), status=400)

    assert not stranger.campus.tools


def test_a_paused_lms_cannot_launch(stranger: Lms, pages: Browsers) -> None:
    stranger.register()
    with transaction() as session:
        session.execute(update(Registration).values(is_paused=True))
    with stranger.browser("bob-birchwood") as bob:
        start = stranger.begin(bob)

    page = pages().post("/lti/login", start, status=403)

    assert "platform-paused" in page.get_text()
