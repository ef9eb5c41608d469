"""The login sends exactly what an LMS asks for, and remembers what the launch must prove."""

from dataclasses import replace

import pytest

from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.login import begin_login, login_cookie_name
from lti_tool.lti.platform import Platform, RegistrationId

from .conftest import Memory, Platforms
from .outside import NOW, recorded
from .visiting import OWN_ORIGIN, TARGET, Visitor, query_of


def test_the_request_holds_what_the_specification_asks_and_nothing_else(visitor: Visitor, platform: Platform) -> None:
    start = visitor.login()

    query = query_of(start.url)
    assert start.url.startswith(platform.auth_login_url + "?")
    assert query == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "client-1",
        "redirect_uri": TARGET,
        "login_hint": "alice",
        "state": start.state,
        "nonce": query["nonce"],
    }


@pytest.mark.parametrize("hint", ['{"cmid":3,"launchid":"ltilaunch1_680044225"}', "a b&c=d+e%20", "ü"])
def test_the_message_hint_is_echoed_unchanged(visitor: Visitor, hint: str) -> None:
    start = visitor.login(lti_message_hint=hint)

    assert query_of(start.url)["lti_message_hint"] == hint


def test_an_address_that_has_a_query_keeps_it(visitor: Visitor, platforms: Platforms, platform: Platform) -> None:
    address = platform.auth_login_url + "?tenant=a%26b&empty=&repost=1&scope=theirs"
    visitor.platform = platforms.add(replace(platform, auth_login_url=address))

    query = query_of(visitor.login().url)

    assert query["tenant"] == "a&b"
    assert query["empty"] == ""
    assert query["scope"] == "openid"
    assert "repost" not in query


def test_state_nonce_and_browser_secret_are_long_and_never_repeat(visitor: Visitor) -> None:
    starts = [visitor.login() for _ in range(50)]

    secrets = {value for one in starts for value in (one.state, one.browser_secret, query_of(one.url)["nonce"])}

    assert len(secrets) == 150
    assert min(len(secret) for secret in secrets) >= 43


def test_only_hashes_of_the_secrets_are_remembered(visitor: Visitor, memory: Memory) -> None:
    start = visitor.login()

    kept = repr(memory.records)

    assert start.state not in kept
    assert start.browser_secret not in kept


def test_each_login_has_a_cookie_of_its_own(visitor: Visitor) -> None:
    first, second = visitor.login(), visitor.login()

    names = {login_cookie_name(first.state), login_cookie_name(second.state)}

    assert len(names) == 2
    assert all(name.replace("_", "").isalnum() for name in names)


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"iss": ""}, Refusal.INITIATION_INCOMPLETE),
        ({"login_hint": ""}, Refusal.INITIATION_INCOMPLETE),
        ({"target_link_uri": ""}, Refusal.INITIATION_INCOMPLETE),
        ({"lti_message_hint": "x" * 20_000}, Refusal.INITIATION_TOO_LARGE),
        ({"iss": "https://unknown.example.invalid"}, Refusal.UNKNOWN_PLATFORM),
        ({"iss": "https://lms.example.invalid/"}, Refusal.UNKNOWN_PLATFORM),
        ({"client_id": "unknown"}, Refusal.UNKNOWN_PLATFORM),
        ({"target_link_uri": "https://evil.example.invalid/lti/launch"}, Refusal.FOREIGN_TARGET),
        ({"target_link_uri": "http://tool.example.invalid/lti/launch"}, Refusal.FOREIGN_TARGET),
        ({"target_link_uri": "https://tool.example.invalid:444/"}, Refusal.FOREIGN_TARGET),
        ({"target_link_uri": "https://tool.example.invalid@evil.example.invalid/"}, Refusal.FOREIGN_TARGET),
        ({"target_link_uri": "https://tool.example.invalid\\@evil.example.invalid/"}, Refusal.FOREIGN_TARGET),
        ({"target_link_uri": "//tool.example.invalid/"}, Refusal.FOREIGN_TARGET),
        ({"target_link_uri": "javascript:alert(1)"}, Refusal.FOREIGN_TARGET),
    ],
)
def test_an_initiation_that_cannot_be_right_is_refused(visitor: Visitor, params: dict[str, str], code: Refusal) -> None:
    with pytest.raises(LaunchRefused) as refused:
        visitor.login(**params)

    assert refused.value.reason is code


def test_a_target_may_name_the_default_port(visitor: Visitor) -> None:
    start = visitor.login(target_link_uri="https://TOOL.example.invalid:443/lti/launch")

    assert start.state


def test_a_paused_platform_cannot_begin(visitor: Visitor, platforms: Platforms, platform: Platform) -> None:
    platforms.add(replace(platform, is_paused=True))

    with pytest.raises(LaunchRefused) as refused:
        visitor.login()

    assert refused.value.reason is Refusal.PLATFORM_PAUSED


def test_without_client_id_the_only_registration_of_the_issuer_is_meant(visitor: Visitor) -> None:
    assert visitor.login(client_id="").state


def test_without_client_id_several_registrations_are_not_guessed(
    visitor: Visitor, platforms: Platforms, platform: Platform
) -> None:
    platforms.add(replace(platform, registration_id=RegistrationId(2), client_id="client-2"))

    with pytest.raises(LaunchRefused) as refused:
        visitor.login(client_id="")

    assert refused.value.reason is Refusal.UNKNOWN_PLATFORM


def test_a_recorded_moodle_initiation_begins_a_login(platforms: Platforms, platform: Platform, memory: Memory) -> None:
    initiation = recorded("moodle_initiation")
    platforms.add(replace(platform, issuer="http://localhost:8090", client_id="PeerProbeClient1"))

    start = begin_login(
        initiation | {"target_link_uri": TARGET},
        platforms=platforms,
        memory=memory,
        redirect_uri=TARGET,
        own_origin=OWN_ORIGIN,
        now=NOW,
    )

    assert query_of(start.url)["lti_message_hint"] == initiation["lti_message_hint"]
