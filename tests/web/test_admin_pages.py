"""The admin's pages: the way in, LMSs registered by hand, changed, paused, deleted; invitations; deployments; keys."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.actions.admin import make_link
from lti_tool.actions.platforms import is_invited
from lti_tool.jobs.schedule import tidy
from lti_tool.lti.notifications import SCOPE as NOTICES_SCOPE
from lti_tool.store.admin import AdminVisit, Attempt
from lti_tool.store.db import db, transaction
from lti_tool.store.people import Course, Person
from lti_tool.store.platforms import Deployment, Registration
from lti_tool.store.programme import AuditEntry
from tests import make
from tests.conftest import Clock
from tests.lti.test_presets import KEY_SCHEMA, misfits
from tests.outside import ALICE, BOB, Lms, look_again
from tests.pages import PageClient
from tests.web.admins import signed_in

Browsers = Callable[[], PageClient]
MOODLE = {"site": "moodle.southfield.example", "client_id": "abc123", "deployment_id": "3", "name": "Southfield"}


def only_registration() -> Registration:
    """The one LMS that is registered, as it is now."""
    look_again()
    return db.session.scalars(select(Registration)).one()


# ---- the way in ----


def test_a_sign_in_address_opens_one_visit_and_no_second(app: Flask, pages: Browsers, clock: Clock) -> None:
    code = make_link(now=clock.now)
    browser, other = pages(), pages()
    page = browser.get("/admin/enter", query_string={"code": code})

    browser.submit(page, "/admin/enter", {}, status=303)

    assert "No LMS knows this tool yet" in browser.follow().get_text()
    other.post("/admin/enter", {"code": code}, status=401)
    other.get("/admin/", status=401)


def test_opening_the_address_without_the_button_does_not_use_it_up(app: Flask, pages: Browsers, clock: Clock) -> None:
    code = make_link(now=clock.now)

    pages().get("/admin/enter", query_string={"code": code})

    pages().post("/admin/enter", {"code": code}, status=303)


def test_a_sign_in_address_is_over_after_half_an_hour(app: Flask, pages: Browsers, clock: Clock) -> None:
    code = make_link(now=clock.now)

    clock.advance(minutes=31)

    pages().get("/admin/enter", query_string={"code": code}, status=401)
    pages().post("/admin/enter", {"code": code}, status=401)


def test_an_admins_visit_ends_after_eight_hours_even_when_it_is_used(app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)

    clock.advance(hours=7, minutes=59)
    browser.get("/admin/")
    clock.advance(minutes=1)
    browser.get("/admin/", status=401)
    tidy(app)

    look_again()
    assert db.session.scalar(select(func.count()).select_from(AdminVisit)) == 0


def test_signing_out_closes_the_visit(app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)

    browser.submit(browser.get("/admin/"), "/admin/leave", {}, status=303)

    browser.get("/admin/", status=401)


def test_the_admins_cookie_stays_on_the_admins_pages_and_goes_to_no_other_site(
    app: Flask, pages: Browsers, clock: Clock
) -> None:
    answer = pages().raw().post("/admin/enter", data={"code": make_link(now=clock.now)})

    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("Path=/admin/", "HttpOnly", "Secure", "SameSite=Strict")), cookie


def test_nobody_can_show_the_admins_pages_in_a_frame(app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)

    browser.get("/admin/")

    assert browser.last is not None
    assert "frame-ancestors 'none'" in browser.last.headers["Content-Security-Policy"]


def test_guessing_sign_in_addresses_is_slowed_down(app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = pages()
    statuses = [browser.raw().post("/admin/enter", data={"code": f"guess-{n}"}).status_code for n in range(22)]

    assert statuses == [401] * 20 + [429] * 2
    clock.advance(minutes=11)
    browser.post("/admin/enter", {"code": make_link(now=clock.now)}, status=303)
    tidy(app)
    look_again()
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_guessing_invitations_is_slowed_down(app: Flask, pages: Browsers) -> None:
    browser = pages()
    statuses = {browser.raw().get(f"/lti/register?invite=guess-{n}").status_code for n in range(60)}

    assert statuses == {400}
    browser.get("/lti/register?invite=guess", status=429)


# ---- by hand ----


def test_every_preset_has_a_form(app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)
    links = [str(one["href"]) for one in browser.get("/admin/add/").select(".rows a")]

    for link in links:
        page = browser.get(link)
        assert page.select("input[name=client_id]"), link
    assert len(links) >= 8


def test_a_moodle_is_registered_from_its_address_and_waits_for_its_first_launch(
    app: Flask, pages: Browsers, clock: Clock
) -> None:
    browser = signed_in(pages, clock)

    browser.submit(browser.get("/admin/add/moodle"), "/admin/add/moodle", MOODLE, status=303)

    page = browser.follow()
    assert "Waits for its first launch" in page.get_text()
    assert "Manage tools" in page.get_text()  # what is left to do there
    row = only_registration()
    assert (row.issuer, row.client_id, row.name) == ("https://moodle.southfield.example", "abc123", "Southfield")
    assert row.auth_token_url == "https://moodle.southfield.example/mod/lti/token.php"
    assert db.session.scalars(select(Deployment)).one().deployment_id == "3"


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, pages: Browsers, clock: Clock
) -> None:
    browser = signed_in(pages, clock)
    page = browser.get("/admin/add/moodle")

    page = browser.submit(page, "/admin/add/moodle", MOODLE | {"client_id": "", "site": "not an address"}, status=422)

    assert page.select_one("#f-client_id-problem")
    assert page.select_one("#f-site-problem")
    assert page.select_one("#f-site")["value"] == "not an address"  # type: ignore[index]  # it is there, or this fails
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 0


def test_the_same_lms_cannot_be_registered_twice(app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)
    browser.submit(browser.get("/admin/add/moodle"), "/admin/add/moodle", MOODLE, status=303)

    page = browser.submit(browser.get("/admin/add/moodle"), "/admin/add/moodle", MOODLE, status=422)

    assert page.select_one("#f-client_id-problem")
    only_registration()


def test_a_change_is_saved_and_written_down(app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)
    browser.submit(browser.get("/admin/add/moodle"), "/admin/add/moodle", MOODLE, status=303)
    number = only_registration().id
    page = browser.get(f"/admin/platforms/{number}/edit")
    fields = {str(one["name"]): str(one.get("value", "")) for one in page.select("main input:not([type=hidden])")}
    fields |= {"family": "moodle"}

    browser.submit(page, "/edit", fields | {"jwks_url": "http://plain.example/keys"}, status=422)
    browser.submit(page, "/edit", fields | {"jwks_url": "https://new.example/keys"}, status=303)

    assert only_registration().jwks_url == "https://new.example/keys"
    entry = db.session.scalars(select(AuditEntry).filter_by(what="platform.edit")).one()
    assert entry.before == {"jwks_url": "https://moodle.southfield.example/mod/lti/certs.php"}
    assert entry.after == {"jwks_url": "https://new.example/keys", "through": "admin page"}
    assert "Changed" in browser.follow().get_text()


def test_a_registration_cannot_be_changed_into_another(app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)
    browser.submit(browser.get("/admin/add/moodle"), "/admin/add/moodle", MOODLE, status=303)
    browser.submit(browser.get("/admin/add/moodle"), "/admin/add/moodle", MOODLE | {"client_id": "other"}, status=303)
    assert browser.last is not None
    page = browser.get(f"{browser.last.location}edit")
    fields = {str(one["name"]): str(one.get("value", "")) for one in page.select("main input:not([type=hidden])")}

    page = browser.submit(page, "/edit", fields | {"family": "moodle", "client_id": "abc123"}, status=422)

    assert page.select_one("#f-client_id-problem")


def test_the_other_side_finds_every_value_to_copy(app: Flask, pages: Browsers, clock: Clock) -> None:
    page = signed_in(pages, clock).get("/admin/values")

    shown = {str(one["value"]) for one in page.select("input[readonly]")}
    assert {f"http://localhost:8000/lti/{name}" for name in ("login", "launch", "jwks", "config.json")} <= shown


@pytest.mark.parametrize(
    ("lms", "field", "ends"),
    [
        ("Moodle", "Content Selection URL", "/lti/launch"),
        ("Canvas", "Assignment Selection", "/lti/launch"),
        ("Blackboard Learn", "Tool JWKS URL", "/lti/jwks"),
        ("Brightspace", "OpenID Connect Login URL", "/lti/login"),
        ("Sakai", "LTI 1.3 Tool Keyset URL", "/lti/jwks"),
        ("Open edX", "Deep Linking Launch URL", "/lti/launch"),
        ("Another LMS", "Data privacy launch", "/lti/launch"),
        ("Another LMS", "Submission review", "/lti/launch"),
    ],
)
def test_each_lmss_own_fields_are_named_with_their_values(
    app: Flask, pages: Browsers, clock: Clock, lms: str, field: str, ends: str
) -> None:
    page = signed_in(pages, clock).get("/admin/values")

    (form,) = (one for one in page.select("details") if one.summary and one.summary.get_text(strip=True) == lms)
    (label,) = (one for one in form.select("label") if field in one.get_text())
    assert str(form.select(f"#{label['for']}")[0]["value"]).endswith(ends)


def test_canvas_gets_a_developer_key_without_signing_in(app: Flask, pages: Browsers) -> None:
    document = pages().raw().get("/lti/config.json").get_json()

    assert document["oidc_initiation_url"] == "http://localhost:8000/lti/login"
    assert document["public_jwk_url"] == "http://localhost:8000/lti/jwks"
    assert document["extensions"][0]["platform"] == "canvas.instructure.com"


def test_the_developer_key_asks_for_notices_unless_that_canvas_knows_none(app: Flask, pages: Browsers) -> None:
    client = pages().raw()

    usual, older = (client.get(f"/lti/config.json{query}").get_json() for query in ("", "?notices=no"))

    assert set(usual["scopes"]) - set(older["scopes"]) == {NOTICES_SCOPE}
    assert misfits(usual, KEY_SCHEMA) == misfits(older, KEY_SCHEMA) == []


def test_the_developer_key_names_the_login_paths_of_canvass_regions(app: Flask, pages: Browsers) -> None:
    app.config["CANVAS_REGION_LOGINS"] = {"eu-west-1": "/eu/lti/login"}

    document = pages().raw().get("/lti/config.json").get_json()

    assert document["oidc_initiation_urls"] == {"eu-west-1": "http://localhost:8000/eu/lti/login"}
    assert misfits(document, KEY_SCHEMA) == []


# ---- invitations ----


def test_an_invitation_is_shown_once_works_and_can_be_revoked(app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)

    page = browser.submit(browser.get("/admin/invitations/"), "/admin/invitations/", {"note": "Southfield"})
    address = str(page.select("#f-address")[0]["value"])
    code = parse_qs(urlsplit(address).query)["invite"][0]

    assert is_invited(code, now=clock.now)
    again = browser.get("/admin/invitations/")
    assert code not in str(again)
    assert "Southfield" in again.get_text()
    browser.submit(again, "/revoke", {}, status=303)
    look_again()
    assert not is_invited(code, now=clock.now)


# ---- launches and deployments ----


def test_the_first_good_launch_makes_a_registration_active(lms: Lms, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)
    assert "Waits for its first launch" in browser.get("/admin/").get_text()

    lms.arrive(pages(), ALICE)

    assert "Active" in browser.get("/admin/").get_text()
    assert only_registration().first_launch_at == clock.now


def test_a_new_deployment_waits_for_the_admins_word_where_the_rule_says_so(
    lms: Lms, pages: Browsers, clock: Clock
) -> None:
    with transaction() as session:
        session.query(Deployment).delete()
    browser = signed_in(pages, clock)
    home = f"/admin/platforms/{only_registration().id}/"
    browser.submit(browser.get(home), "/policy", {"policy": "ask"}, status=303)

    refused = lms.launch(pages(), ALICE)

    assert refused.status_code == 403
    assert "deployment-unknown" in refused.get_data(as_text=True)
    assert db.session.scalar(select(func.count()).select_from(Course)) == 0
    assert "1 deployment waits for your word" in browser.get("/admin/").get_text()
    page = browser.get(home)
    assert "deployment-unknown" in page.get_text()
    browser.submit(page, f"/deployments/{only_deployment().id}", {"decision": "allow"}, status=303)
    lms.arrive(pages(), ALICE)
    browser.submit(browser.get(home), f"/deployments/{only_deployment().id}", {"decision": "refuse"}, status=303)
    assert lms.launch(pages(), BOB).status_code == 403


def only_deployment() -> Deployment:
    """The one deployment there is."""
    look_again()
    return db.session.scalars(select(Deployment)).one()


def test_a_deployment_of_another_lms_cannot_be_decided_here(app: Flask, pages: Browsers, clock: Clock) -> None:
    here, there = make.setting(), make.setting(issuer="https://lms.southfield.example")
    browser = signed_in(pages, clock)
    page = browser.get(f"/admin/platforms/{here.registration_id}/")
    token = str(page.select("input[name=csrf_token]")[0]["value"])

    for deployment, decision, status in ((there.deployment_id, "refuse", 404), (here.deployment_id, "maybe", 400)):
        address = f"/admin/platforms/{here.registration_id}/deployments/{deployment}"
        browser.post(address, {"decision": decision, "csrf_token": token}, status=status)

    look_again()
    assert {row.state for row in db.session.scalars(select(Deployment))} == {"accepted"}


def test_a_paused_lms_cannot_launch_until_it_is_resumed(lms: Lms, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)
    home = f"/admin/platforms/{only_registration().id}/"
    message = lms.message(launching := pages(), ALICE)

    browser.submit(browser.get(home), "/pause", {}, status=303)

    assert launching.raw().post("/lti/launch", data=message).status_code == 403
    browser.submit(browser.get(home), "/resume", {}, status=303)
    lms.arrive(pages(), ALICE)


# ---- delete ----


def test_deleting_needs_the_name_and_says_what_is_lost(app: Flask, pages: Browsers, clock: Clock) -> None:
    here = make.setting()
    make.person(here, "Dana Dewdrop")
    browser = signed_in(pages, clock)
    address = f"/admin/platforms/{here.registration_id}/delete"

    page = browser.get(address)
    words = page.get_text(" ", strip=True)
    assert "1 course" in words
    assert "1 programme" in words
    assert "1 person" in words
    browser.submit(page, "/delete", {"name": "Northfeld"}, status=422)
    look_again()
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1

    browser.submit(page, "/delete", {"name": "Northfield"}, status=303)

    page = browser.follow()
    assert "Northfield is deleted" in page.get_text()
    record = page.select(".timeline li")[0].get_text(" ", strip=True)
    assert "LMS deleted" in record
    assert "Northfield" in record
    look_again()
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 0


# ---- keys ----


def test_the_next_key_is_published_at_once_and_signs_a_day_later(app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)
    old = app.extensions["edge"].signing_keys.signer(clock.now).kid

    browser.submit(browser.get("/admin/keys/"), "/keys/rotate", {}, status=303)

    published = [key["kid"] for key in pages().raw().get("/lti/jwks").get_json()["keys"]]
    assert old in published
    keys = app.extensions["edge"].signing_keys
    assert keys.newest.kid in published
    assert keys.signer(clock.now).kid == old
    assert keys.signer(clock.now + timedelta(hours=24)).kid == keys.newest.kid
    assert "Published, not used yet" in browser.follow().get_text()
