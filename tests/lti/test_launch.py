"""A launch is believed only after every check; each way around one is refused."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lti_tool.lti.errors import LaunchRefused, PlatformUnavailable, Refusal
from lti_tool.lti.launch import Launch
from lti_tool.lti.platform import Platform

from .conftest import Platforms
from .outside import NOW, Outside, Reply, jwk, part, signed
from .visiting import ABSENT, LTI, TARGET, Visitor


def refusal_of(visitor: Visitor, form: Mapping[str, str], **more: object) -> Refusal:
    """The code with which this form is refused."""
    with pytest.raises(LaunchRefused) as refused:
        visitor.post(form, **more)
    return refused.value.reason


def refusal_of_claims(visitor: Visitor, changes: Mapping[str, object]) -> Refusal:
    """The code with which a launch with these claims is refused."""
    with pytest.raises(LaunchRefused) as refused:
        visitor.launch(changes)
    return refused.value.reason


def test_a_launch_says_who_came_from_where(visitor: Visitor, platform: Platform) -> None:
    launch: Launch = visitor.launch()

    assert launch.platform == platform
    assert launch.claims.name == "Alice Teacher"
    assert launch.claims.context is not None
    assert launch.claims.context.id == "course-1"


def test_a_token_without_algorithm_is_refused(visitor: Visitor) -> None:
    start = visitor.login()
    token = f"{part({'alg': 'none', 'kid': 'lms-key'})}.{part(visitor.payload(start))}."

    assert refusal_of(visitor, {"state": start.state, "id_token": token}) is Refusal.ALGORITHM_REFUSED


def test_a_token_signed_with_the_public_key_as_secret_is_refused(visitor: Visitor) -> None:
    start = visitor.login()
    head = f"{part({'alg': 'HS256', 'kid': 'lms-key'})}.{part(visitor.payload(start))}"
    public = visitor.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    mac = hmac.new(public, head.encode(), hashlib.sha256).hexdigest()

    assert refusal_of(visitor, {"state": start.state, "id_token": f"{head}.{mac}"}) is Refusal.ALGORITHM_REFUSED


def test_a_token_of_another_key_under_a_known_id_is_refused(visitor: Visitor, stranger_key: rsa.RSAPrivateKey) -> None:
    start = visitor.login()
    token = signed(visitor.payload(start), stranger_key, "lms-key")

    assert refusal_of(visitor, {"state": start.state, "id_token": token}) is Refusal.BAD_SIGNATURE


def test_a_key_inside_the_header_is_not_looked_at(visitor: Visitor, stranger_key: rsa.RSAPrivateKey) -> None:
    start = visitor.login()
    token = signed(
        visitor.payload(start), stranger_key, "mine", {"jwk": jwk(stranger_key, "mine"), "jku": "https://evil"}
    )

    assert refusal_of(visitor, {"state": start.state, "id_token": token}) is Refusal.UNKNOWN_KEY


def test_a_token_that_demands_an_extension_is_refused(visitor: Visitor) -> None:
    start = visitor.login()
    token = signed(visitor.payload(start), visitor.key, "lms-key", {"crit": ["exp"]})

    assert refusal_of(visitor, {"state": start.state, "id_token": token}) is Refusal.HEADER_REFUSED


def test_a_changed_payload_is_refused(visitor: Visitor) -> None:
    start = visitor.login()
    header, _, signature = visitor.token(start).split(".")
    token = f"{header}.{part(visitor.payload(start, {'sub': 'bob-1'}))}.{signature}"

    assert refusal_of(visitor, {"state": start.state, "id_token": token}) is Refusal.BAD_SIGNATURE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aud": ["client-1", "other"]}, Refusal.AUDIENCE_REFUSED),
        ({"aud": ["client-1", "other"], "azp": "other"}, Refusal.AUDIENCE_REFUSED),
        ({"azp": "other"}, Refusal.AUDIENCE_REFUSED),
        ({"aud": "other"}, Refusal.REGISTRATION_MISMATCH),
        ({"aud": []}, Refusal.IDENTITY_MISSING),
        ({"aud": ABSENT}, Refusal.IDENTITY_MISSING),
        ({"iss": "https://evil.example.invalid"}, Refusal.REGISTRATION_MISMATCH),
        ({"iss": "https://lms.example.invalid/"}, Refusal.REGISTRATION_MISMATCH),
        ({"nonce": "another"}, Refusal.NONCE_REFUSED),
        ({"nonce": ABSENT}, Refusal.NONCE_REFUSED),
        ({LTI + "message_type": "LtiStartProctoring"}, Refusal.UNSUPPORTED_MESSAGE),
        ({LTI + "message_type": ["LtiResourceLinkRequest"]}, Refusal.UNSUPPORTED_MESSAGE),
        ({LTI + "deployment_id": "unknown"}, Refusal.DEPLOYMENT_UNKNOWN),
        ({LTI + "deployment_id": "x" * 256}, Refusal.CLAIM_MALFORMED),
        ({LTI + "target_link_uri": "https://evil.example.invalid/"}, Refusal.TARGET_MISMATCH),
        ({LTI + "target_link_uri": TARGET + "/other"}, Refusal.TARGET_MISMATCH),
        ({LTI + "roles": "Instructor"}, Refusal.CLAIM_MALFORMED),
        ({LTI + "resource_link": []}, Refusal.RESOURCE_LINK_MISSING),
    ],
)
def test_a_claim_that_does_not_fit_is_refused_with_its_code(
    visitor: Visitor, changes: Mapping[str, object], code: Refusal
) -> None:
    assert refusal_of_claims(visitor, changes) is code


@pytest.mark.parametrize(
    ("iat", "exp", "code"),
    [
        (0, ABSENT, Refusal.TIMES_MISSING),
        (ABSENT, 60, Refusal.TIMES_MISSING),
        (0, "soon", Refusal.TIMES_MISSING),
        (0, True, Refusal.TIMES_MISSING),
        (-300, -60, Refusal.EXPIRED),
        (-24 * 3600, 3600, Refusal.TOO_OLD),
        (-3661, 3600, Refusal.TOO_OLD),
        (61, 120, Refusal.NOT_YET_VALID),
    ],
)
def test_a_token_out_of_its_time_is_refused(visitor: Visitor, iat: object, exp: object, code: Refusal) -> None:
    def at(seconds: object) -> object:
        is_number = isinstance(seconds, int) and not isinstance(seconds, bool)
        return int(NOW.timestamp()) + seconds if is_number else seconds  # type: ignore[operator] # a number here

    assert refusal_of_claims(visitor, {"iat": at(iat), "exp": at(exp)}) is code


def test_a_token_not_valid_before_later_is_refused(visitor: Visitor) -> None:
    assert refusal_of_claims(visitor, {"nbf": int(NOW.timestamp()) + 61}) is Refusal.NOT_YET_VALID


@pytest.mark.parametrize(("iat", "exp"), [(60, 120), (-3600, 30), (-120, -59)])
def test_a_minute_of_difference_between_clocks_is_forgiven(visitor: Visitor, iat: int, exp: int) -> None:
    now = int(NOW.timestamp())

    launch = visitor.launch({"iat": now + iat, "exp": now + exp})

    assert launch.claims.subject == "alice-1"


@pytest.mark.parametrize("audience", [["client-1"], "client-1"])
def test_an_audience_as_text_or_as_list_of_one_is_accepted(visitor: Visitor, audience: object) -> None:
    launch = visitor.launch({"aud": audience, "azp": "client-1"})

    assert launch.claims.client_id == "client-1"


def test_several_audiences_with_us_as_authorised_party_are_accepted(visitor: Visitor) -> None:
    launch = visitor.launch({"aud": ["other", "client-1"], "azp": "client-1"})

    assert launch.claims.client_id == "client-1"


def test_a_form_without_token_is_refused(visitor: Visitor) -> None:
    assert refusal_of(visitor, {"state": visitor.login().state}) is Refusal.FORM_INCOMPLETE


def test_a_token_of_absurd_size_is_refused(visitor: Visitor) -> None:
    start = visitor.login()

    code = refusal_of(visitor, {"state": start.state, "id_token": visitor.token(start, {"x": "y" * 70_000})})

    assert code is Refusal.TOKEN_TOO_LARGE


def test_a_token_nested_without_end_is_refused(visitor: Visitor) -> None:
    start = visitor.login()
    deep = part(0).replace(part(0), "W1tb" * 10_000)

    code = refusal_of(visitor, {"state": start.state, "id_token": f"{deep}.{part({})}.AAAA"})

    assert code is Refusal.TOKEN_MALFORMED


def test_a_paused_platform_cannot_launch_even_with_a_login_begun_before(
    visitor: Visitor, platforms: Platforms, platform: Platform
) -> None:
    start = visitor.login()
    platforms.add(replace(platform, is_paused=True))

    code = refusal_of(visitor, {"state": start.state, "id_token": visitor.token(start)})

    assert code is Refusal.PLATFORM_PAUSED


def test_a_removed_registration_cannot_launch(visitor: Visitor, platforms: Platforms) -> None:
    start = visitor.login()
    platforms.known.clear()

    code = refusal_of(visitor, {"state": start.state, "id_token": visitor.token(start)})

    assert code is Refusal.UNKNOWN_PLATFORM


def test_a_platform_without_key_set_is_unavailable_not_wrong(visitor: Visitor, lms: Outside) -> None:
    lms.on("GET", "/jwks", Reply(status=500))

    with pytest.raises(PlatformUnavailable):
        visitor.launch()


def test_a_refusal_of_a_signed_launch_knows_the_way_back(visitor: Visitor) -> None:
    back = "https://lms.example.invalid/course/1"

    with pytest.raises(LaunchRefused) as refused:
        visitor.launch({LTI + "roles": ABSENT, LTI + "launch_presentation": {"return_url": back}})

    assert refused.value.return_url == back


def test_an_unsigned_way_back_is_not_offered(visitor: Visitor, stranger_key: rsa.RSAPrivateKey) -> None:
    start = visitor.login()
    payload = visitor.payload(start, {LTI + "launch_presentation": {"return_url": "https://evil.example.invalid"}})

    with pytest.raises(LaunchRefused) as refused:
        visitor.post({"state": start.state, "id_token": signed(payload, stranger_key, "lms-key")})

    assert refused.value.return_url is None


def test_half_a_surrogate_pair_in_a_nonce_is_refused_not_a_fault(visitor: Visitor) -> None:
    assert refusal_of_claims(visitor, {"nonce": "\ud800"}) is Refusal.NONCE_REFUSED


def test_every_refusal_is_a_client_error_with_words_and_advice() -> None:
    for refusal in Refusal:
        assert refusal.status in {400, 401, 403}
        assert refusal.sentence.endswith(".")
        assert refusal.advice.endswith(".")
        assert json.dumps(refusal) == f'"{refusal.value}"'
