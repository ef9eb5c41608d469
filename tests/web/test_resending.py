"""An LMS is told how the tool is set now, where it gave an address and a token for that when it was registered."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import requests
from flask import Flask

from lti_tool.actions.secrets import conceal, reveal
from lti_tool.demo_lms.habits import RegistrationHabits
from lti_tool.demo_lms.records import Tool
from lti_tool.store.db import db, transaction
from lti_tool.store.platforms import Registration
from tests.conftest import Clock
from tests.outside import Lms, look_again
from tests.pages import PageClient
from tests.web.admins import signed_in
from tests.web.coming import lms_with, tool_id

Browsers = Callable[[], PageClient]


def row() -> Registration:
    """The only LMS there is."""
    look_again()
    return db.session.query(Registration).one()


def there(lms: Lms) -> Tool:
    """The tool as the LMS knows it."""
    return lms.campus.tools[tool_id(lms)]


def resend(browser: PageClient) -> str:
    """Press the button on the LMS's page; the words of the page that follows."""
    page = browser.get(f"/admin/platforms/{row().id}/")
    browser.submit(page, "/resend", {}, status=303)
    return browser.follow().get_text(" ", strip=True)


def test_after_a_change_of_address_the_lms_has_the_new_one(lms: Lms, app: Flask, pages: Browsers, clock: Clock) -> None:
    lms.campus.tools[tool_id(lms)] = replace(there(lms), name="Old name", jwks_uri="http://localhost:9/old")
    links = list(lms.campus.links)

    words = resend(signed_in(pages, clock))

    assert "has taken over the tool’s present settings" in words
    assert "Our settings sent again" in words
    assert there(lms).name == "Peer Mentoring"
    assert there(lms).jwks_uri == "http://localhost:8000/lti/jwks"
    assert list(lms.campus.links) == links


def test_it_can_be_sent_again_and_again_with_the_token_that_came_last(
    lms: Lms, app: Flask, pages: Browsers, clock: Clock
) -> None:
    browser, first = signed_in(pages, clock), row().management_token

    assert "present settings" in resend(browser)
    assert "present settings" in resend(browser)

    kept = row().management_token
    assert kept
    assert kept != first
    assert reveal(kept, lms.edge.encryption) == lms.campus.registrations[tool_id(lms)]["registration_access_token"]


def test_only_what_the_lms_still_grants_is_asked_for_and_what_is_lacking_is_said(
    lms: Lms, pages: Browsers, clock: Clock
) -> None:
    held = lms.campus.registrations[tool_id(lms)]
    held["scope"] = " ".join(one for one in held["scope"].split() if not one.endswith("/score"))

    words = resend(signed_in(pages, clock))

    assert "does not give every permission" in words
    assert not any(one.endswith("/score") for one in there(lms).scopes)


def test_where_the_lms_gave_no_address_the_page_says_so(app: Flask, pages: Browsers, clock: Clock) -> None:
    with lms_with(app, clock, registration=RegistrationHabits(is_managed=False)):
        page = signed_in(pages, clock).get(f"/admin/platforms/{row().id}/")

    assert "gave the tool no way to change its registration" in page.get_text()
    assert not page.select("form[action$='/resend']")


def test_a_token_whose_secret_is_gone_counts_as_none(lms: Lms, pages: Browsers, clock: Clock) -> None:
    with transaction() as session:
        session.get_one(Registration, row().id).management_token = conceal("x", ["A" * 43 + "="])

    page = signed_in(pages, clock).get(f"/admin/platforms/{row().id}/")

    assert not page.select("form[action$='/resend']")


def test_a_refusal_of_the_lms_changes_nothing_and_is_said(lms: Lms, pages: Browsers, clock: Clock) -> None:
    browser, before = signed_in(pages, clock), row().management_token
    lms.campus.registrations[tool_id(lms)]["registration_access_token"] = "another"

    words = resend(browser)

    assert "refused the registration" in words
    assert row().management_token == before


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer another"])
def test_the_demo_lms_shows_and_changes_a_registration_for_its_token_only(lms: Lms, token: str) -> None:
    url = f"{lms.url}/register/{tool_id(lms)}"

    answers = [requests.request(method, url, headers={"Authorization": token}, timeout=5) for method in ("GET", "PUT")]

    assert [answer.status_code for answer in answers] == [401, 401]


def test_the_lms_gets_the_tools_name_in_other_languages(lms: Lms, pages: Browsers, clock: Clock) -> None:
    resend(signed_in(pages, clock))

    said = lms.campus.registrations[tool_id(lms)]
    setup = said["https://purl.imsglobal.org/spec/lti-tool-configuration"]
    assert said["client_name#fr"] == "Mentorat entre pairs"
    assert setup["description#he"].startswith("חונכות")
    assert {message["label#de"] for message in setup["messages"]} == {"Peer-Mentoring"}
