"""Attacks on the launch: each threat by its name, with the answer that the tool gives.

Source: LTI security framework 1.0; OAuth 2.0 security best current practice (mix-up, login CSRF); RFC 8725 (JWT).
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from flask import Flask
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select

from lti_tool.demo_lms.vocabulary import INSTITUTION, MEMBERSHIP
from lti_tool.store.db import db
from lti_tool.store.people import Visit
from tests.attacks.forging import (
    CLAIM,
    ONE_DATABASE,
    STRANGER,
    by_the_lms,
    code_of,
    key_id,
    nobody_came,
    payload_of,
    public_pem,
    said,
    signed,
    unsigned,
)
from tests.conftest import Clock
from tests.lti.outside import Outside, Reply
from tests.outside import ALICE, BOB, CHARLIE, CHEMISTRY, TOOL, Lms, look_again, running_lms
from tests.pages import PageClient

Browsers = Callable[[], PageClient]
FOREIGN_TARGETS = (
    "https://evil.example/",
    "//evil.example/",
    "http://localhost:8000@evil.example/",
    "http://localhost:8000.evil.example/lti/launch",
    "http://localhost:80/lti/launch",
    "https://localhost:8000/lti/launch",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "data:text/html,hello",
)


def test_login_csrf_a_launch_made_by_somebody_else_opens_nothing(lms: Lms, pages: Browsers) -> None:
    attackers = lms.message(pages(), CHARLIE, course=CHEMISTRY)

    victim = pages()
    page = victim.post("/lti/launch", attackers, status=400)

    assert "browser-not-recognised" in code_of(page)
    assert nobody_came()
    victim.get("/lti/launch", query_string=attackers, status=405)


def test_session_fixation_each_launch_makes_a_secret_of_its_own(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    first = lms.arrive(browser, CHARLIE, course=CHEMISTRY)
    planted = next(one for one in browser.raw()._cookies.values() if one.key == "visit")

    victim = pages()
    victim.raw().set_cookie("visit", planted.value, path="/", domain="localhost")
    second = lms.arrive(victim, ALICE)

    assert first != second
    look_again()
    assert len(set(db.session.scalars(select(Visit.secret_hash)))) == 2
    attacker = pages()
    attacker.raw().set_cookie("visit", planted.value, path=second, domain="localhost")
    attacker.get(f"{second}staff/", status=401)


def test_id_token_replay_a_form_is_good_once(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    message = lms.message(browser, BOB)
    browser.post("/lti/launch", message, status=303)

    page = browser.post("/lti/launch", message, status=401)

    assert "state-unknown" in code_of(page)


def test_id_token_replay_a_captured_token_fits_no_other_login(lms: Lms, pages: Browsers) -> None:
    captured = lms.message(pages(), ALICE)["id_token"]
    thief = pages()
    state = lms.message(thief, CHARLIE, course=CHEMISTRY)["state"]

    page = thief.post("/lti/launch", {"state": state, "id_token": captured}, status=401)

    assert "nonce-refused" in code_of(page)
    assert nobody_came()


def test_id_token_replay_an_old_token_is_refused(lms: Lms, clock: Clock, pages: Browsers) -> None:
    browser = pages()
    message = lms.message(browser, BOB)
    clock.advance(minutes=9)

    page = browser.post("/lti/launch", message, status=401)

    assert "expired" in code_of(page)


@ONE_DATABASE
@pytest.mark.parametrize("name", ["none", "None", "nOnE", "HS256", "HS512", "RS384", "PS256", "ES256", ""])
@pytest.mark.parametrize("key", ["no key", "the public key", "the key set"])
def test_alg_confusion_only_rs256_of_the_lms_counts(lms: Lms, pages: Browsers, name: str, key: str) -> None:
    browser = pages()
    message = lms.message(browser, ALICE)
    secret = {"no key": b"", "the public key": public_pem(lms), "the key set": str(lms.campus.keys.jwks()).encode()}
    header = {"typ": "JWT", "alg": name, "kid": key_id(message["id_token"])}
    forged = unsigned(header, payload_of(message["id_token"]), secret=secret[key])

    page = browser.post("/lti/launch", message | {"id_token": forged}, status=401)

    assert "algorithm-refused" in code_of(page)
    assert nobody_came()


@pytest.mark.parametrize(
    "kid", ["../../../../dev/null", "' or '1'='1", "http://169.254.169.254/latest", "file:///etc/passwd", "k" * 5000]
)
def test_kid_injection_a_key_id_is_only_looked_up(lms: Lms, pages: Browsers, kid: str) -> None:
    browser = pages()
    message = lms.message(browser, ALICE)

    forged = signed(payload_of(message["id_token"]), STRANGER, kid=kid)
    page = browser.post("/lti/launch", message | {"id_token": forged}, status=401)

    assert "unknown-key" in code_of(page)
    assert kid not in code_of(page)
    assert nobody_came()


@pytest.mark.parametrize("is_known", [True, False])
def test_header_keys_are_not_believed_and_not_fetched(lms: Lms, evil: Outside, pages: Browsers, is_known: bool) -> None:
    own = RSAAlgorithm.to_jwk(STRANGER.public_key(), as_dict=True) | {"kid": "mine"}
    evil.on("GET", "/keys", Reply(json={"keys": [own]}))
    browser = pages()
    message = lms.message(browser, ALICE)
    kid = key_id(message["id_token"]) if is_known else "mine"
    headers = {"jwk": own, "jku": evil.url("/keys"), "x5u": evil.url("/keys"), "x5c": ["MIIB"]}

    forged = signed(payload_of(message["id_token"]), STRANGER, kid=kid, headers=headers)
    page = browser.post("/lti/launch", message | {"id_token": forged}, status=401)

    assert ("bad-signature" if is_known else "unknown-key") in code_of(page)
    assert evil.asked == []
    assert nobody_came()


def test_mix_up_a_token_of_another_registration_does_not_fit_the_login(
    lms: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    with running_lms(app, clock, students=3) as southfield:
        southfield.register()
        browser = pages()
        message = lms.message(browser, ALICE)
        nonce = payload_of(message["id_token"])["nonce"]
        theirs = payload_of(southfield.message(pages(), ALICE)["id_token"]) | {"nonce": nonce}
        page = browser.post("/lti/launch", message | {"id_token": by_the_lms(southfield, theirs)}, status=401)

    assert "registration-mismatch" in code_of(page)
    assert nobody_came()


def test_mix_up_another_lmss_key_does_not_sign_for_this_one(
    lms: Lms, app: Flask, clock: Clock, pages: Browsers
) -> None:
    with running_lms(app, clock, students=3) as southfield:
        southfield.register()
        southfield.arrive(pages(), CHARLIE, course=CHEMISTRY)  # its keys are held now
        browser = pages()
        message = lms.message(browser, ALICE)
        said, kid = payload_of(message["id_token"]), key_id(message["id_token"])
        codes = []
        for forged in (by_the_lms(southfield, said), signed(said, southfield.campus.keys.keys[-1].private, kid=kid)):
            fresh = lms.message(browser, ALICE)
            codes.append(code_of(browser.post("/lti/launch", fresh | {"id_token": forged}, status=401)))

    assert "unknown-key" in codes[0]
    assert "bad-signature" in codes[1]


@ONE_DATABASE
@pytest.mark.parametrize("target", FOREIGN_TARGETS)
def test_open_redirect_a_foreign_target_begins_no_login(lms: Lms, pages: Browsers, target: str) -> None:
    with lms.browser(BOB) as bob:
        start = lms.begin(bob) | {"target_link_uri": target}
    browser = pages()

    page = browser.post("/lti/login", start, status=400)

    assert "evil.example" not in page.decode()
    assert browser.last
    assert "Location" not in browser.last.headers


def test_open_redirect_a_target_changed_on_the_way_is_refused_and_the_visit_stays_here(
    lms: Lms, pages: Browsers
) -> None:
    browser = pages()
    message = lms.message(browser, BOB)
    said = payload_of(message["id_token"]) | {f"{CLAIM}target_link_uri": "https://evil.example/"}

    page = browser.post("/lti/launch", message | {"id_token": by_the_lms(lms, said)}, status=401)
    good = lms.launch(browser, BOB)

    assert "target-mismatch" in code_of(page)
    assert urlsplit(good.location).netloc in ("", urlsplit(TOOL).netloc)


@pytest.mark.parametrize(
    "roles",
    [
        [],
        [f"{INSTITUTION}#Instructor", f"{INSTITUTION}#Faculty"],
        [f"{MEMBERSHIP}#instructor"],
        [f"{MEMBERSHIP}#InstructorX"],
        [f"{MEMBERSHIP}#Instructor "],
        [f"{MEMBERSHIP}/Learner#Instructor"],
        [f"{MEMBERSHIP}/Mentor#Mentor"],
        ["http://evil.example/vocab/lis/v2/membership#Instructor"],
        [f"x{MEMBERSHIP}#Instructor"],
        [f"{MEMBERSHIP}#Learner,Instructor"],
        [f"{MEMBERSHIP}#Learner", f"{INSTITUTION}#Instructor"],
        ["http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin"],
        [{"Instructor": True}],
    ],
)
def test_privilege_what_is_not_the_role_of_staff_opens_no_staff_page(
    lms: Lms, pages: Browsers, roles: list[Any]
) -> None:
    browser = pages()
    message = lms.message(browser, CHARLIE, course=CHEMISTRY)
    said = payload_of(message["id_token"]) | {f"{CLAIM}roles": roles}

    answer = browser.raw().post("/lti/launch", data=message | {"id_token": by_the_lms(lms, said)})

    assert answer.status_code in {303, 400}
    if answer.status_code == 303:
        browser.get(f"{urlsplit(answer.location).path}staff/", status=404)
        browser.get(f"{urlsplit(answer.location).path}staff/people", status=404)


@pytest.mark.parametrize(
    ("acting", "role", "status"),
    [("7", "Learner", 403), ("7", "Instructor", 303), ("$Canvas.masqueradingUser.userId", "Learner", 303)],
)
def test_privilege_whoever_acts_as_a_student_writes_nothing_in_their_name(
    lms: Lms, pages: Browsers, acting: str, role: str, status: int
) -> None:
    role_uri = f"http://purl.imsglobal.org/vocab/lis/v2/membership#{role}"

    answer = said(lms, pages(), BOB, {f"{CLAIM}custom": {"acting_person": acting}, f"{CLAIM}roles": [role_uri]})

    assert answer.status_code == status
    assert nobody_came() is (status == 403)


def test_xsrf_on_the_error_path_the_state_is_checked_before_the_error(lms: Lms, pages: Browsers) -> None:
    state = lms.message(pages(), BOB)["state"]
    said = {"error": "access_denied", "error_description": "Call 555 0100"}

    unknown = pages().post("/lti/launch", {"state": "invented", **said}, status=401)
    foreign = pages().post("/lti/launch", {"state": state, **said}, status=400)

    assert "state-unknown" in code_of(unknown)
    assert "browser-not-recognised" in code_of(foreign)
    assert "555" not in code_of(unknown) + code_of(foreign)


def test_huge_jwt_is_refused_before_it_is_read(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    message = lms.message(browser, BOB)
    said = payload_of(message["id_token"]) | {"name": "Bob " * 20_000}

    page = browser.post("/lti/launch", message | {"id_token": by_the_lms(lms, said)}, status=400)

    assert "token-too-large" in code_of(page)
    assert nobody_came()


def test_a_token_says_nothing_without_the_signature(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    message = lms.message(browser, BOB)
    head, _body, signature = message["id_token"].split(".")
    said = payload_of(message["id_token"]) | {f"{CLAIM}roles": [f"{MEMBERSHIP}#Instructor"]}
    body = jwt.encode(said, "x" * 32, algorithm="HS256").split(".")[1]

    page = browser.post("/lti/launch", message | {"id_token": f"{head}.{body}.{signature}"}, status=401)

    assert "bad-signature" in code_of(page)
