"""Notices are asked for where an LMS offers them, and believed after the checks of a launch."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from lti_tool.lti.claim_parts import NotificationEndpoint
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import LaunchRefused, PlatformRefused, Refusal
from lti_tool.lti.keys import KeySets
from lti_tool.lti.notifications import (
    CONTEXT_COPIED,
    HELLO,
    SCOPE,
    Notice,
    notices_in,
    read_notice,
    subscribe,
    unsubscribe,
)
from lti_tool.lti.platform import Platform

from .conftest import Platforms
from .outside import NOW, Outside, Reply, signed
from .visiting import ABSENT, LTI

HANDLER = "https://tool.example.invalid/lti/notices"


@pytest.fixture
def endpoint(lms: Outside) -> NotificationEndpoint:
    """The LMS's service, which knows two types."""
    lms.on("PUT", "/pns", Reply(json={}))
    return NotificationEndpoint(
        url=lms.url("/pns"), scopes=frozenset({SCOPE}), notice_types=frozenset({HELLO, CONTEXT_COPIED})
    )


def payload_of(platform: Platform, changes: Mapping[str, object] | None = None) -> dict[str, Any]:
    """A notice of a copied course, with claims changed or ABSENT."""
    at = int(NOW.timestamp())
    claims: dict[str, object] = {
        "iss": platform.issuer,
        "aud": platform.client_id,
        "azp": platform.client_id,
        "iat": at,
        "exp": at + 3600,
        "nonce": "n-1",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": "deployment-1",
        LTI + "notice": {"id": "notice-1", "timestamp": "2026-11-22T08:59:58Z", "type": CONTEXT_COPIED},
        LTI + "context": {"id": "course-2", "title": "Peer 1, again"},
        LTI + "origin_contexts": ["course-1"],
    }
    claims |= changes or {}
    return {name: value for name, value in claims.items() if value is not ABSENT}


@pytest.fixture
def reading(platforms: Platforms, key_sets: KeySets, lms_key: rsa.RSAPrivateKey, platform: Platform) -> Any:
    """Reads a notice with these changes."""

    def read(changes: Mapping[str, object] | None = None, *, now: datetime = NOW) -> Notice:
        token = signed(payload_of(platform, changes), lms_key, "lms-key")
        return read_notice(token, platforms=platforms, key_sets=key_sets, now=now)

    return read


def test_types_that_the_lms_knows_are_subscribed(
    connector: Connector, endpoint: NotificationEndpoint, lms: Outside
) -> None:
    done = subscribe(connector, endpoint, HANDLER, [CONTEXT_COPIED, "LtiUnknownNotice", HELLO])

    asked = lms.asked_for("/pns")
    assert done == (CONTEXT_COPIED, HELLO)
    assert [one.method for one in asked] == ["PUT", "PUT"]
    assert asked[0].json == {"notice_type": CONTEXT_COPIED, "handler": HANDLER}
    assert asked[0].headers["Content-Type"] == "application/json"
    assert lms.asked_for("/token")[0].form["scope"] == SCOPE


def test_an_empty_handler_ends_the_notices(connector: Connector, endpoint: NotificationEndpoint, lms: Outside) -> None:
    unsubscribe(connector, endpoint, [HELLO])

    assert lms.asked_for("/pns")[0].json == {"notice_type": HELLO, "handler": ""}


def test_a_refused_subscription_is_an_error(connector: Connector, endpoint: NotificationEndpoint, lms: Outside) -> None:
    lms.on("PUT", "/pns", Reply(status=400, json={"errors": "handler"}))

    with pytest.raises(PlatformRefused):
        subscribe(connector, endpoint, HANDLER, [HELLO])


def test_a_notice_says_what_happened_where(reading: Any, platform: Platform) -> None:
    assert reading() == Notice(
        id="notice-1",
        type=CONTEXT_COPIED,
        registration=platform,
        deployment="deployment-1",
        context_id="course-2",
        origin_contexts=("course-1",),
        timestamp=datetime(2026, 11, 22, 8, 59, 58, tzinfo=UTC),
    )


def test_a_notice_without_course_is_read(reading: Any) -> None:
    notice = reading({LTI + "context": ABSENT, LTI + "origin_contexts": ABSENT})

    assert (notice.context_id, notice.origin_contexts) == (None, ())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://evil.example.invalid"}, Refusal.UNKNOWN_PLATFORM),
        ({"aud": "other", "azp": ABSENT}, Refusal.UNKNOWN_PLATFORM),
        ({"aud": ["client-1", "other"], "azp": ABSENT}, Refusal.AUDIENCE_REFUSED),
        ({"aud": ["other"]}, Refusal.REGISTRATION_MISMATCH),
        ({"aud": []}, Refusal.IDENTITY_MISSING),
        ({"exp": ABSENT}, Refusal.TIMES_MISSING),
        ({"exp": 1}, Refusal.EXPIRED),
        ({"nonce": ABSENT}, Refusal.NONCE_REFUSED),
        ({LTI + "version": "1.1"}, Refusal.VERSION_REFUSED),
        ({LTI + "deployment_id": ABSENT}, Refusal.DEPLOYMENT_MISSING),
        ({LTI + "deployment_id": "unknown"}, Refusal.DEPLOYMENT_UNKNOWN),
        ({LTI + "notice": ABSENT}, Refusal.CLAIM_MALFORMED),
        ({LTI + "notice": {"id": "x", "type": HELLO, "timestamp": "soon"}}, Refusal.CLAIM_MALFORMED),
        ({LTI + "notice": {"type": HELLO, "timestamp": "2026-11-22T08:59:58Z"}}, Refusal.CLAIM_MALFORMED),
    ],
)
def test_a_notice_that_does_not_fit_is_refused_with_its_code(
    reading: Any, changes: Mapping[str, object], code: Refusal
) -> None:
    with pytest.raises(LaunchRefused) as refused:
        reading(changes)

    assert refused.value.reason is code


def test_a_notice_of_another_key_is_refused(
    platforms: Platforms, key_sets: KeySets, stranger_key: rsa.RSAPrivateKey, platform: Platform
) -> None:
    token = signed(payload_of(platform), stranger_key, "lms-key")

    with pytest.raises(LaunchRefused) as refused:
        read_notice(token, platforms=platforms, key_sets=key_sets, now=NOW)

    assert refused.value.reason is Refusal.BAD_SIGNATURE


def test_an_old_notice_is_refused(reading: Any) -> None:
    with pytest.raises(LaunchRefused) as refused:
        reading(now=NOW + timedelta(hours=2))

    assert refused.value.reason is Refusal.EXPIRED


def test_a_paused_platform_tells_nothing(reading: Any, platforms: Platforms, platform: Platform) -> None:
    platforms.add(replace(platform, is_paused=True))

    with pytest.raises(LaunchRefused) as refused:
        reading()

    assert refused.value.reason is Refusal.PLATFORM_PAUSED


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026-11-22T10:00:00+02:00", datetime(2026, 11, 22, 8, 0, tzinfo=UTC)),
        ("2026-11-22T08:00:00.123456", datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_the_instant_of_a_notice_is_read_in_any_zone(reading: Any, said: str, at: datetime) -> None:
    notice = reading({LTI + "notice": {"id": "n", "type": HELLO, "timestamp": said}})

    assert notice.timestamp == at


def test_a_delivery_holds_several_notices() -> None:
    assert notices_in(b'{"notices": [{"jwt": "a.b.c"}, {"jwt": "d.e.f"}]}') == ("a.b.c", "d.e.f")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"notices": {}}', b'{"notices": [{}]}', b'{"notices": ["a"]}', b"\xff", b"[" * 100_000],
    ids=["empty", "list", "nothing", "object", "no token", "text", "bytes", "deep"],
)
def test_a_body_that_is_no_delivery_is_refused(body: bytes) -> None:
    with pytest.raises(LaunchRefused) as refused:
        notices_in(body)

    assert refused.value.reason is Refusal.TOKEN_MALFORMED
