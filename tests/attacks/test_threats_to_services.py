"""Attacks from the other side: addresses that lead elsewhere, answers without end, registrations by strangers.

Source: OWASP, server-side request forgery prevention; LTI Dynamic Registration 1.0.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from lti_tool.actions.platforms import invite
from lti_tool.demo_lms import names_roles
from lti_tool.demo_lms.paging import page as lms_page
from lti_tool.lti import roster as roster_edge
from lti_tool.store.db import db, transaction
from lti_tool.store.people import Course, Member
from lti_tool.store.platforms import AccessToken, Deployment, Registration
from lti_tool.web import lti as doors
from tests.attacks.forging import ONE_DATABASE, code_of, nobody_came
from tests.conftest import Clock
from tests.lti.outside import Outside, Reply
from tests.outside import ALICE, BOB, Lms, look_again, running_lms
from tests.pages import PageClient

Browsers = Callable[[], PageClient]
INSIDE = "http://169.254.169.254/latest/meta-data"


def registrations() -> list[Registration]:
    """Every LMS the tool knows."""
    look_again()
    return list(db.session.scalars(select(Registration).order_by(Registration.id)))


def configuration(evil: Outside, **changes: Any) -> dict[str, Any]:
    """What an attacker's LMS says about itself."""
    own = {
        "issuer": evil.origin,
        "authorization_endpoint": evil.url("/auth"),
        "token_endpoint": evil.url("/token"),
        "jwks_uri": evil.url("/jwks"),
        "registration_endpoint": evil.url("/register"),
        "scopes_supported": ["openid"],
    }
    return own | changes


def attempt(evil: Outside, pages: Browsers, clock: Clock, *, status: int = 400) -> str:
    """Register the attacker's LMS with an invitation; what the page says."""
    form = {
        "invite": invite(now=clock.now),
        "openid_configuration": evil.url("/config"),
        "registration_token": "secret-token",
    }
    return code_of(pages().post("/lti/register", form, status=status))


def test_ssrf_a_configuration_that_leads_inside_by_a_redirect_is_refused(
    lms: Lms, evil: Outside, clock: Clock, pages: Browsers
) -> None:
    evil.on("GET", "/config", Reply(status=302, headers={"Location": INSIDE}))

    assert "must be a public one" in attempt(evil, pages, clock)
    assert len(registrations()) == 1


def test_ssrf_a_redirected_configuration_gets_no_token_and_a_redirected_registration_nothing(
    lms: Lms, evil: Outside, clock: Clock, pages: Browsers
) -> None:
    evil.on("GET", "/config", Reply(status=302, headers={"Location": evil.url("/moved")}))
    evil.on("GET", "/moved", Reply(json=configuration(evil)))
    evil.on("POST", "/register", Reply(status=307, headers={"Location": evil.url("/inside")}))

    assert "which this tool does not follow" in attempt(evil, pages, clock)
    assert "Authorization" not in evil.asked_for("/moved")[0].headers
    assert evil.asked_for("/inside") == []
    assert len(registrations()) == 1


@ONE_DATABASE
@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"])
@pytest.mark.parametrize(
    "address",
    [
        INSIDE,
        "https://10.0.0.1/x",
        "https://[fd00::1]/x",
        "https://169.254.169.254/x",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/x",
    ],
)
def test_ssrf_a_configuration_that_leads_inside_is_refused(
    lms: Lms, evil: Outside, clock: Clock, pages: Browsers, name: str, address: str
) -> None:
    evil.on("GET", "/config", Reply(json=configuration(evil, **{name: address})))

    attempt(evil, pages, clock)

    assert [one.path for one in evil.asked] == ["/config"]
    assert len(registrations()) == 1


@pytest.mark.parametrize(("place", "status"), [(INSIDE, 503), (INSIDE.replace("http", "https"), 403), ("/jwks", 503)])
def test_ssrf_a_key_set_that_leads_inside_or_in_a_circle_is_not_followed(
    lms: Lms, evil: Outside, pages: Browsers, place: str, status: int
) -> None:
    evil.on("GET", "/jwks", Reply(status=302, headers={"Location": place}))
    browser = pages()
    message = lms.message(browser, ALICE)
    with transaction() as session:
        session.execute(update(Registration).values(jwks_url=evil.url("/jwks")))

    browser.post("/lti/launch", message, status=status)

    assert len(evil.asked) == 1
    assert nobody_came()


def test_ssrf_a_next_page_elsewhere_gets_neither_request_nor_token(
    lms: Lms, evil: Outside, pages: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere(*given: Any, **how: Any) -> Any:
        shown, _headers = lms_page(*given, **how)
        return shown, {"Link": f'<{evil.url("/page2")}>; rel="next"'}

    monkeypatch.setattr(names_roles, "page", elsewhere)

    lms.arrive(pages(), ALICE)
    lms.work()

    assert evil.asked == []
    assert lms.course().roster_state == "failed"
    assert len(db.session.scalars(select(Member)).all()) == 1


def test_ssrf_a_service_that_redirects_gets_no_second_request(lms: Lms, evil: Outside, pages: Browsers) -> None:
    evil.on("GET", "/roster", Reply(status=307, headers={"Location": evil.url("/inside")}))
    lms.arrive(pages(), ALICE)
    with transaction() as session:
        session.execute(update(Course).values(memberships_url=evil.url("/roster")))

    lms.work()

    assert evil.asked_for("/inside") == []
    assert len(db.session.scalars(select(Member)).all()) == 1


def test_huge_rosters_end_with_an_error_and_change_nothing(
    lms: Lms, pages: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster_edge, "_MOST_MEMBERS", 20)

    lms.arrive(pages(), ALICE)
    lms.work()

    assert lms.course().roster_state == "failed"
    assert len(db.session.scalars(select(Member)).all()) == 1


def test_shared_caches_equal_key_ids_of_two_lmss_are_two_keys(
    lms: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    kid = lms.campus.keys.keys[-1].kid
    with running_lms(app, clock, students=3) as southfield:
        southfield.campus.keys.keys[-1].jwk["kid"] = kid
        southfield.register()
        lms.arrive(pages(), ALICE)
        southfield.arrive(pages(), ALICE)  # each is checked by its own key of that name
        browser = pages()
        message = lms.message(browser, BOB)
        lms.campus.keys.keys[:] = southfield.campus.keys.keys
        forged = lms.message(browser, BOB)

        page = browser.post("/lti/launch", forged, status=401)
        browser.post("/lti/launch", message, status=303)

    assert "bad-signature" in code_of(page)


def test_shared_caches_each_lms_sees_tokens_of_its_own_only(
    lms: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    with running_lms(app, clock, students=3) as southfield:
        southfield.register()
        for one in (lms, southfield):
            one.arrive(pages(), ALICE)
        lms.work()

        tokens: dict[int, set[str]] = {}
        for row in db.session.scalars(select(AccessToken)):
            tokens.setdefault(row.registration_id, set()).add(row.token)
        statuses = {request.status for one in (lms, southfield) for request in one.campus.served}
        issued = [set(one.campus.access_tokens) for one in (lms, southfield)]

    assert sorted(map(sorted, tokens.values())) == sorted(map(sorted, issued))
    assert 401 not in statuses


def test_registration_abuse_without_invitation_the_tool_asks_nobody(lms: Lms, evil: Outside, pages: Browsers) -> None:
    form = {"invite": "guessed", "openid_configuration": evil.url("/config")}

    pages().post("/lti/register", form, status=400)

    assert evil.asked == []
    assert len(registrations()) == 1


def test_registration_abuse_guessing_is_slowed_down(lms: Lms, pages: Browsers, clock: Clock) -> None:
    browser = pages()
    for number in range(doors.REGISTRATIONS):
        browser.raw().post("/lti/register", data={"invite": f"guess-{number}"})

    browser.post("/lti/register", {"invite": invite(now=clock.now)}, status=429)
    clock.advance(minutes=11)

    browser.post("/lti/register", {"invite": "guess"}, status=400)


def test_registration_abuse_a_newcomer_replaces_nobody(lms: Lms, evil: Outside, clock: Clock, pages: Browsers) -> None:
    (known,) = registrations()
    client_id, keys = known.client_id, known.jwks_url
    with transaction() as session:  # as if the attacker's host were the LMS's
        session.execute(update(Registration).values(issuer=evil.origin))
    evil.on("GET", "/config", Reply(json=configuration(evil)))
    evil.on("POST", "/register", Reply(json={"client_id": client_id}))

    said = attempt(evil, pages, clock)

    assert "Nothing was changed" in said
    (first,) = registrations()
    assert (first.client_id, first.jwks_url) == (client_id, keys)


@pytest.mark.parametrize(
    "issuer", ["https://canvas.instructure.com", "https://blackboard.com", "https://lms.northfield.example", "x"]
)
def test_registration_abuse_nobody_speaks_for_another_lms(
    lms: Lms, evil: Outside, clock: Clock, pages: Browsers, issuer: str
) -> None:
    evil.on("GET", "/config", Reply(json=configuration(evil, issuer=issuer)))

    attempt(evil, pages, clock)

    assert evil.asked_for("/register") == []
    assert len(registrations()) == 1


def test_registration_abuse_a_registration_is_pending_until_a_good_launch(
    lms: Lms, evil: Outside, clock: Clock, pages: Browsers
) -> None:
    evil.on("GET", "/config", Reply(json=configuration(evil)))
    evil.on("POST", "/register", Reply(json={"client_id": "theirs"}))

    attempt(evil, pages, clock, status=200)
    lms.arrive(pages(), ALICE)

    first, second = registrations()
    assert first.first_launch_at is not None
    assert second.first_launch_at is None


def test_a_deployment_that_waits_for_the_admin_opens_nothing(lms: Lms, pages: Browsers) -> None:
    with transaction() as session:
        session.execute(update(Deployment).values(state="pending"))
    browser = pages()

    page = browser.post("/lti/launch", lms.message(browser, ALICE), status=403)

    assert "deployment-unknown" in code_of(page)
    assert nobody_came()
