"""Notices: an LMS that offers it tells the tool what happened, such as that a course was copied.

Source: Platform Notification Service 1.0, sections 3 and 4; canvas-lms doc/api/pns.md (notices are not repeated, one
handler for each type). A notice may arrive twice all the same: the caller keeps the ids it has acted on.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from lti_tool.lti.claim_parts import LTI, NotificationEndpoint, json_object
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.id_token import issuer_and_audiences, require_parties, require_signature, require_times, take_apart
from lti_tool.lti.keys import KeySets
from lti_tool.lti.platform import Platform, PlatformDirectory
from lti_tool.lti.quirks import tenant_of
from lti_tool.lti.texts import identifier_of

__all__ = [
    "CONTEXT_COPIED",
    "HELLO",
    "SCOPE",
    "Notice",
    "NotificationEndpoint",
    "notices_in",
    "read_notice",
    "subscribe",
    "unsubscribe",
]

SCOPE = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
HELLO = "LtiHelloWorldNotice"
CONTEXT_COPIED = "LtiContextCopyNotice"
_JSON = "application/json"
_MOST_NOTICES = 1_000
_LONGEST_DELIVERY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something that happened in an LMS; `origin_contexts` are the courses that this one was copied from."""

    id: str
    type: str
    registration: Platform
    deployment: str
    context_id: str | None
    origin_contexts: tuple[str, ...]
    timestamp: datetime

    @property
    def tenant(self) -> str:
        """Whose ids these are, where several institutions share the registration."""
        return tenant_of(self.registration, self.deployment)


def subscribe(
    connector: Connector, endpoint: NotificationEndpoint, handler_url: str, notice_types: Iterable[str]
) -> tuple[str, ...]:
    """Has notices of these types sent to the handler; the types that this LMS knows, in the given order.

    Raises: PlatformRefused, PlatformUnavailable; what was subscribed before stays so.
    """
    known = tuple(one for one in dict.fromkeys(notice_types) if one in endpoint.notice_types)
    for notice_type in known:
        _put(connector, endpoint, notice_type, handler_url)
    return known


def unsubscribe(connector: Connector, endpoint: NotificationEndpoint, notice_types: Iterable[str]) -> None:
    """Ends the notices of these types.

    Raises: PlatformRefused, PlatformUnavailable.
    """
    for notice_type in dict.fromkeys(notice_types):
        _put(connector, endpoint, notice_type, "")


def _put(connector: Connector, endpoint: NotificationEndpoint, notice_type: str, handler: str) -> None:
    """One type's handler; an empty one ends the notices."""
    body = {"notice_type": notice_type, "handler": handler}
    connector.put(endpoint.url, scopes=(SCOPE,), content_type=_JSON, json=body, accept=_JSON)


def notices_in(body: bytes) -> tuple[str, ...]:
    """The signed notices of one delivery, unchecked.

    Raises: LaunchRefused for a body that is no delivery.
    """
    if len(body) > _LONGEST_DELIVERY:
        raise LaunchRefused(Refusal.TOKEN_TOO_LARGE)
    try:
        listed = json_object(json.loads(body)).get("notices")
    except (ValueError, RecursionError) as error:
        raise LaunchRefused(Refusal.TOKEN_MALFORMED) from error
    tokens = [json_object(one).get("jwt") for one in listed] if isinstance(listed, list) else [None]
    texts = tuple(token for token in tokens if isinstance(token, str))
    if len(texts) != len(tokens) or len(texts) > _MOST_NOTICES:
        raise LaunchRefused(Refusal.TOKEN_MALFORMED)
    return texts


def read_notice(jwt: str, *, platforms: PlatformDirectory, key_sets: KeySets, now: datetime) -> Notice:
    """The notice in a token, checked like a launch; there is no login, so that nothing is known of its nonce.

    Raises: LaunchRefused; PlatformUnavailable when the platform's keys cannot be fetched.
    """
    token = take_apart(jwt)
    platform = _platform_of(token.payload, platforms)
    require_parties(token.payload, platform)
    require_signature(token, platform, key_sets=key_sets, now=now)
    require_times(token.payload, now)
    if identifier_of(token.payload.get("nonce")) is None:
        raise LaunchRefused(Refusal.NONCE_REFUSED)
    if token.payload.get(LTI + "version") != "1.3.0":
        raise LaunchRefused(Refusal.VERSION_REFUSED)
    deployment = identifier_of(token.payload.get(LTI + "deployment_id"))
    if deployment is None:
        raise LaunchRefused(Refusal.DEPLOYMENT_MISSING)
    if not platforms.has_deployment(platform.registration_id, deployment):
        raise LaunchRefused(Refusal.DEPLOYMENT_UNKNOWN)
    return _notice(token.payload, platform, deployment)


def _platform_of(payload: dict[str, object], platforms: PlatformDirectory) -> Platform:
    """The registration that the notice names; believed only after its signature."""
    issuer, audiences = issuer_and_audiences(payload)
    party = payload.get("azp")
    platform = platforms.find(issuer, party if isinstance(party, str) and party else audiences[0])
    if platform is None:
        raise LaunchRefused(Refusal.UNKNOWN_PLATFORM)
    if platform.is_paused:
        raise LaunchRefused(Refusal.PLATFORM_PAUSED)
    return platform


def _notice(payload: dict[str, object], platform: Platform, deployment: str) -> Notice:
    """What the notice says."""
    said = json_object(payload.get(LTI + "notice"))
    notice_id, notice_type = identifier_of(said.get("id")), identifier_of(said.get("type"))
    at = _instant(said.get("timestamp"))
    if notice_id is None or notice_type is None or at is None:
        raise LaunchRefused(Refusal.CLAIM_MALFORMED)
    origins = payload.get(LTI + "origin_contexts")
    listed = map(identifier_of, origins) if isinstance(origins, list) else ()
    return Notice(
        id=notice_id,
        type=notice_type,
        registration=platform,
        deployment=deployment,
        context_id=identifier_of(json_object(payload.get(LTI + "context")).get("id")),
        origin_contexts=tuple(dict.fromkeys(one for one in listed if one is not None)),
        timestamp=at,
    )


def _instant(value: object) -> datetime | None:
    """An instant in ISO 8601; one without zone is UTC."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return at if at is None else at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
