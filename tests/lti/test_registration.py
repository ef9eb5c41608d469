"""Dynamic registration: an LMS introduces itself, the tool answers, and no stranger leads the tool inside."""

import socket
from typing import Any

import pytest

from lti_tool.lti.addresses import is_public_ip
from lti_tool.lti.guarded import AddressRefused
from lti_tool.lti.quirks import Family
from lti_tool.lti.reach import Reach
from lti_tool.lti.registration import (
    PlatformConfiguration,
    RegistrationFailed,
    RegistrationFault,
    ToolProfile,
    read_openid_configuration,
    register,
    registration_request,
)
from lti_tool.lti.transport import prepared_session

from .outside import Outside, Reply, recorded

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
PROFILE = ToolProfile(
    name="Peer Mentoring",
    description="Pairs inside a course",
    origin="http://localhost:8000",
    initiate_login_uri="http://localhost:8000/lti/login",
    redirect_uri="http://localhost:8000/lti/launch",
    target_link_uri="http://localhost:8000/lti/launch",
    jwks_uri="http://localhost:8000/lti/jwks",
)


def moodle_at(lms: Outside, **changes: object) -> str:
    """Where a recorded Moodle, moved to this server, describes itself."""
    document = lms._moved(recorded("moodle_registration")["openid configuration"]) | changes
    return lms.on("GET", "/configuration", Reply(json=document))


def read(url: str, token: str | None = "secret") -> PlatformConfiguration:
    """The configuration at an address of this machine."""
    return read_openid_configuration(url, token, reach=Reach(may_be_local=True))


def fault_of(call: Any) -> RegistrationFault:
    """The fault that a call ends with."""
    with pytest.raises(RegistrationFailed) as failed:
        call()
    assert failed.value.sentence.endswith(".")
    return failed.value.fault


def test_the_recorded_configuration_of_moodle_is_read(lms: Outside) -> None:
    configuration = read(moodle_at(lms))

    assert configuration.issuer == lms.origin
    assert configuration.family is Family.MOODLE
    assert configuration.registration_endpoint == lms.url("/mod/lti/openid-registration.php")
    assert configuration.auth_audience is None
    assert lms.asked[0].headers["Authorization"] == "Bearer secret"


def test_without_token_none_is_sent(lms: Outside) -> None:
    read(moodle_at(lms), token=None)

    assert "Authorization" not in lms.asked[0].headers


def test_the_request_says_what_moodle_requires(lms: Outside) -> None:
    request: dict[str, Any] = registration_request(read(moodle_at(lms)), PROFILE)

    assert request["response_types"] == ["id_token"]
    assert request["token_endpoint_auth_method"] == "private_key_jwt"
    assert request["redirect_uris"] == ["http://localhost:8000/lti/launch"]
    assert request[TOOL]["domain"] == "localhost:8000"
    assert {"iss", "sub", "name", "email"} <= set(request[TOOL]["claims"])
    assert "logo_uri" not in request


def test_only_scopes_the_lms_knows_are_asked_for(lms: Outside) -> None:
    score = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
    configuration = read(moodle_at(lms, scopes_supported=["openid", score]))

    assert registration_request(configuration, PROFILE)["scope"] == score


def test_canvas_gets_its_placement_and_privacy_level(lms: Outside) -> None:
    configuration = read(moodle_at(lms, **{PLATFORM: {"product_family_code": "canvas"}}))

    tool: Any = registration_request(configuration, PROFILE)[TOOL]

    assert tool["messages"][0]["placements"] == ["course_navigation"]
    assert tool["https://canvas.instructure.com/lti/privacy_level"] == "public"


def test_a_named_authorization_server_is_the_audience_except_for_canvas(lms: Outside) -> None:
    named = read(moodle_at(lms, authorization_server="https://auth.example.invalid"))
    canvas = read(
        moodle_at(lms, authorization_server="canvas.instructure.com", **{PLATFORM: {"product_family_code": "canvas"}})
    )

    assert named.auth_audience == "https://auth.example.invalid"
    assert canvas.auth_audience is None


@pytest.mark.parametrize("name", ["variant: logo_uri absent", "update: GET current registration"])
def test_recorded_confirmations_of_moodle_are_read(lms: Outside, name: str) -> None:
    said = recorded("moodle_registration")[name]
    configuration = read(moodle_at(lms))
    lms.on("POST", "/mod/lti/openid-registration.php", Reply(status=said["status"], json=said["json"]))

    registered = register(configuration, "secret", {"client_name": "x"}, reach=Reach(may_be_local=True))

    assert registered.client_id == said["json"]["client_id"]
    assert registered.deployment_id == said["json"][TOOL]["deployment_id"]
    assert registered.scopes == frozenset(said["json"]["scope"].split())
    assert lms.asked[-1].headers["Authorization"] == "Bearer secret"
    assert lms.asked[-1].headers["Content-Type"] == "application/json"


def test_a_created_registration_without_deployment_is_read(lms: Outside) -> None:
    configuration = read(moodle_at(lms))
    answer = {
        "client_id": "10000000000001",
        "registration_client_uri": lms.url("/registration/1"),
        "registration_access_token": "manage",
    }
    lms.on("POST", "/mod/lti/openid-registration.php", Reply(status=201, json=answer))

    registered = register(configuration, None, {}, reach=Reach(may_be_local=True))

    assert (registered.client_id, registered.deployment_id) == ("10000000000001", None)
    assert (registered.management_url, registered.management_token) == (lms.url("/registration/1"), "manage")


def test_a_management_address_elsewhere_is_not_kept(lms: Outside) -> None:
    configuration = read(moodle_at(lms))
    answer = {
        "client_id": "1",
        "registration_client_uri": "https://evil.example.invalid/",
        "registration_access_token": "m",
    }
    lms.on("POST", "/mod/lti/openid-registration.php", Reply(status=201, json=answer))

    registered = register(configuration, None, {}, reach=Reach(may_be_local=True))

    assert (registered.management_url, registered.management_token) == (None, None)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("same token again", "token_already_used"),
        ("no Authorization", "missing_registration_token"),
        ("variant: domain without port", "domain_targetlinkuri_mismatch"),
        ("garbage token", None),
    ],
)
def test_recorded_refusals_of_moodle_keep_its_short_code_only(lms: Outside, name: str, said: str | None) -> None:
    exchange = recorded("moodle_registration")[name]
    configuration = read(moodle_at(lms))
    lms.on("POST", "/mod/lti/openid-registration.php", Reply(status=exchange["status"], text=exchange["text"]))

    with pytest.raises(RegistrationFailed) as failed:
        register(configuration, "t", {}, reach=Reach(may_be_local=True))

    assert failed.value.fault is RegistrationFault.REFUSED
    assert failed.value.said == said


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example.invalid"},
        {"issuer": "https://canvas.instructure.com"},
        {"issuer": "not an address"},
    ],
)
def test_a_configuration_that_speaks_for_another_lms_is_refused(lms: Outside, changes: dict[str, object]) -> None:
    url = moodle_at(lms, **changes)

    assert fault_of(lambda: read(url)) is RegistrationFault.ISSUER_REFUSED


def test_canvas_cloud_may_speak_for_all_its_institutions(lms: Outside) -> None:
    url = moodle_at(
        lms,
        issuer="https://canvas.instructure.com",
        authorization_endpoint="https://sso.canvaslms.com/api/lti/authorize_redirect",
        jwks_uri="https://sso.canvaslms.com/api/lti/security/jwks",
        token_endpoint="https://school.instructure.com/login/oauth2/token",
    )

    assert read(url).issuer == "https://canvas.instructure.com"


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/token", "file:///etc/passwd", "http://lms.example.invalid/token", "gopher://x/"]
)
def test_a_configuration_with_an_unusable_address_is_refused(lms: Outside, address: str) -> None:
    url = moodle_at(lms, token_endpoint=address)

    assert fault_of(lambda: read(url)) is RegistrationFault.ADDRESS_REFUSED


@pytest.mark.parametrize("missing", ["issuer", "jwks_uri", "token_endpoint", "authorization_endpoint"])
def test_an_incomplete_configuration_is_refused(lms: Outside, missing: str) -> None:
    url = moodle_at(lms, **{missing: None})

    assert fault_of(lambda: read(url)) is RegistrationFault.UNREADABLE


@pytest.mark.parametrize("reply", [Reply(text="<html>"), Reply(json=[]), Reply(text="x" * 600_000)])
def test_an_answer_that_is_no_configuration_is_refused(lms: Outside, reply: Reply) -> None:
    url = lms.on("GET", "/configuration", reply)

    assert fault_of(lambda: read(url)) is RegistrationFault.UNREADABLE


@pytest.mark.parametrize(
    "url",
    [
        "http://lms.example.invalid/configuration",
        "ftp://lms.example.invalid/",
        "https://user:pass@lms.example.invalid/",
        "//lms.example.invalid/",
        "",
    ],
)
def test_an_address_that_is_not_https_is_refused(url: str) -> None:
    assert fault_of(lambda: read(url)) is RegistrationFault.ADDRESS_REFUSED


def test_this_machine_is_refused_where_it_is_not_allowed(lms: Outside) -> None:
    url = moodle_at(lms)

    assert fault_of(lambda: read_openid_configuration(url, None, reach=Reach())) is RegistrationFault.ADDRESS_REFUSED
    assert not lms.asked


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_refused_over_https_too(lms: Outside, host: str) -> None:
    url = f"https://{host}:{lms.origin.rsplit(':', 1)[1]}/configuration"

    call = lambda: read_openid_configuration(url, None, reach=Reach())  # noqa: E731 - one call, named for the assertion

    assert fault_of(call) is RegistrationFault.ADDRESS_REFUSED
    assert not lms.asked


def test_a_place_of_registration_that_leads_on_is_not_followed(lms: Outside) -> None:
    configuration = read(moodle_at(lms, registration_endpoint=lms.url("/register")))
    lms.on("POST", "/register", Reply(status=307, headers={"Location": lms.url("/inside")}))

    call = lambda: register(configuration, "secret", {}, reach=Reach(may_be_local=True))  # noqa: E731 - one call, named

    assert fault_of(call) is RegistrationFault.REDIRECTED
    assert not lms.asked_for("/inside")


def test_a_name_that_resolves_to_this_machine_is_refused_before_anything_is_sent(
    lms: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(lms.origin.rsplit(":", 1)[1])
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: inside)

    with prepared_session(reach=Reach(may_be_local=True)) as session, pytest.raises(AddressRefused):
        session.get(f"http://lms.example.invalid:{port}/inside", timeout=5)

    assert not lms.asked


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("lms.example.invalid", False),
    ],
)
def test_only_public_addresses_count_as_public(address: str, is_public: bool) -> None:
    assert is_public_ip(address) is is_public


LARGE = 600 * 1024  # beyond what a description of anything needs


def test_a_description_of_any_size_is_not_read_to_its_end(lms: Outside) -> None:
    url = moodle_at(lms, padding="x" * LARGE)

    assert fault_of(lambda: read(url)) is RegistrationFault.UNREADABLE


def test_a_confirmation_of_any_size_is_not_read_to_its_end(lms: Outside) -> None:
    configuration = read(moodle_at(lms))
    answer = {"client_id": "c-1", "padding": "x" * LARGE}
    lms.on("POST", "/mod/lti/openid-registration.php", Reply(json=answer))

    fault = fault_of(lambda: register(configuration, "secret", {}, reach=Reach(may_be_local=True)))

    assert fault is RegistrationFault.UNREADABLE
