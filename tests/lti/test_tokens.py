"""Access tokens: asked for as the specification and Moodle ask it, shared, and never mixed."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jwt
import pytest
from jwt import PyJWK

from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.lti.keys import SigningKeys
from lti_tool.lti.platform import Platform, RegistrationId
from tests.lti.conftest import HERE

from .conftest import Clock, Tokens
from .outside import NOW, Outside, Reply, recorded

SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


def read(connector: Connector, url: str) -> Any:
    """What stands at an address."""
    return connector.get(url, scopes=(SCOPE,), accept="application/json").json


def refused_with(connector: Connector, url: str) -> PlatformRefused:
    """The refusal that a call ends with."""
    with pytest.raises(PlatformRefused) as refused:
        read(connector, url)
    return refused.value


def test_the_token_request_is_what_the_specification_and_moodle_ask(
    connector: Connector, lms: Outside, platform: Platform, signing_keys: SigningKeys
) -> None:
    read(connector, lms.on("GET", "/thing", Reply(json={})))

    (asked,) = lms.asked_for("/token")
    assertion = asked.form["client_assertion"]
    public = PyJWK(dict(signing_keys.current.public_jwk))
    claims = jwt.decode(
        assertion,
        public,
        algorithms=["RS256"],
        audience=platform.auth_token_url,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked.form["grant_type"] == "client_credentials"
    assert asked.form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert asked.form["scope"] == SCOPE
    assert (claims["iss"], claims["sub"]) == ("client-1", "client-1")
    assert claims["exp"] - claims["iat"] == 300
    assert claims["iat"] <= NOW.timestamp()
    assert jwt.get_unverified_header(assertion)["kid"] == signing_keys.current.kid


def test_the_audience_of_the_registration_is_used(
    platform: Platform, lms: Outside, signing_keys: SigningKeys, tokens: Tokens, clock: Clock
) -> None:
    other = replace(platform, auth_audience="https://api.brightspace.com/auth/token")
    connector = Connector(other, signing_keys=signing_keys, tokens=tokens, clock=clock, reach=HERE)

    read(connector, lms.on("GET", "/thing", Reply(json={})))

    claims = jwt.decode(lms.asked_for("/token")[0].form["client_assertion"], options={"verify_signature": False})
    assert claims["aud"] == "https://api.brightspace.com/auth/token"
    connector.close()


def test_many_calls_share_one_token_until_a_minute_before_it_expires(
    connector: Connector, lms: Outside, clock: Clock
) -> None:
    url = lms.on("GET", "/thing", Reply(json={}))

    read(connector, url)
    clock.move(seconds=3539)
    read(connector, url)
    clock.move(seconds=1)
    read(connector, url)

    assert len(lms.asked_for("/token")) == 2


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [(None, 240), ("3600", 3540), (0, 240), (-1, 240), ("soon", 240), (30, 15), (True, 0.5), (10**400, 240)],
)
def test_the_life_of_a_token_is_read_leniently(
    connector: Connector, lms: Outside, tokens: Tokens, expires_in: object, seconds: float
) -> None:
    lms.on("POST", "/token", Reply(json={"access_token": "t", "expires_in": expires_in}))

    read(connector, lms.on("GET", "/thing", Reply(json={})))

    ((_, expires_at),) = tokens.kept.values()
    assert (expires_at - NOW).total_seconds() == seconds


def test_tokens_of_two_registrations_of_one_issuer_are_never_mixed(
    platform: Platform, lms: Outside, signing_keys: SigningKeys, tokens: Tokens, clock: Clock
) -> None:
    url = lms.on("GET", "/thing", Reply(json={}))
    lms.on("POST", "/token", Reply(json={"access_token": "of-1"}), Reply(json={"access_token": "of-2"}))
    second = replace(platform, registration_id=RegistrationId(2), client_id="client-2")
    connectors = [
        Connector(one, signing_keys=signing_keys, tokens=tokens, clock=clock, reach=HERE) for one in (platform, second)
    ]

    for connector in [*connectors, *connectors]:
        read(connector, url)

    sent = [asked.headers["Authorization"] for asked in lms.asked_for("/thing")]
    assert sent == ["Bearer of-1", "Bearer of-2", "Bearer of-1", "Bearer of-2"]
    for connector in connectors:
        connector.close()


def test_different_scopes_get_different_tokens(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/thing", Reply(json={}))

    for scopes in (("a",), ("b",), ("a", "b"), ("b", "a")):
        connector.get(url, scopes=scopes, accept="*/*")

    assert [asked.form["scope"] for asked in lms.asked_for("/token")] == ["a", "b", "a b"]


def test_threads_that_need_a_token_share_one_request(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/thing", Reply(json={}))
    threads = [threading.Thread(target=read, args=(connector, url)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(lms.asked_for("/thing")) == 8
    assert len(lms.asked_for("/token")) == 1


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("only an unknown scope", ServiceFault.SCOPE_NOT_GRANTED),
        ("unknown client (sub)", ServiceFault.CLIENT_REFUSED),
        ("expired assertion", ServiceFault.CLOCKS_DIFFER),
        ("iat 30 s in the future", ServiceFault.CLOCKS_DIFFER),
        ("wrong kid", ServiceFault.CLIENT_REFUSED),
    ],
)
def test_recorded_refusals_of_moodles_token_endpoint_are_understood(
    connector: Connector, lms: Outside, name: str, fault: ServiceFault
) -> None:
    said: Mapping[str, Any] = recorded("moodle_tokens")[name]
    lms.on("POST", "/token", Reply(status=said["status"], json=said.get("json"), text=said.get("text")))

    assert refused_with(connector, lms.url("/thing")).fault is fault


def test_a_recorded_moodle_token_as_html_is_understood(connector: Connector, lms: Outside) -> None:
    said = recorded("moodle_tokens")["ok: one scope"]
    lms.on("POST", "/token", Reply(json=said["json"], headers=said["headers"]))

    assert read(connector, lms.on("GET", "/thing", Reply(json={"ok": True}))) == {"ok": True}


@pytest.mark.parametrize("answer", [{}, [], {"access_token": ""}, {"access_token": "a\nb"}, {"access_token": 5}])
def test_an_answer_without_token_is_refused(connector: Connector, lms: Outside, answer: object) -> None:
    lms.on("POST", "/token", Reply(json=answer))

    assert refused_with(connector, lms.url("/thing")).fault is ServiceFault.UNREADABLE


def test_a_token_for_other_scopes_than_asked_is_refused(connector: Connector, lms: Outside) -> None:
    lms.on("POST", "/token", Reply(json={"access_token": "t", "scope": "something else"}))

    assert refused_with(connector, lms.url("/thing")).fault is ServiceFault.SCOPE_NOT_GRANTED
