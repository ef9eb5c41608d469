"""Access tokens for an LMS's services: asked for once, shared by all processes, never logged.

Source: LTI security framework 1.0, section 4.1 (client credentials with a signed assertion).
"""

import hashlib
import re
import secrets
import threading
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

import jwt
import requests

from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.lti.faults import json_of, token_error, unreadable
from lti_tool.lti.keys import SigningKeys
from lti_tool.lti.platform import Platform, RegistrationId
from lti_tool.lti.transport import Fetched, Limits, exchange

_LIMITS = Limits(read_seconds=15, total_seconds=20, body_bytes=256 * 1024)
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Moodle and Canvas refuse an assertion made in what they think is the future.
_BACKDATED = timedelta(seconds=5)
_ASSERTION_LIFE = timedelta(minutes=5)
_UNSTATED_LIFE_SECONDS = 300.0
_MARGIN_SECONDS = 60.0
_REMEMBERED = timedelta(seconds=30)  # without asking the cache that all processes share
_SENDABLE = re.compile(r"[!-~]+")


class TokenCache(Protocol):
    """Where tokens are kept, shared by all processes and separate for each registration."""

    def get(self, registration_id: RegistrationId, scope_key: str, now: datetime) -> tuple[str, datetime] | None:
        """The token and until when it may be used, while it may."""

    def put(self, registration_id: RegistrationId, scope_key: str, token: str, expires_at: datetime) -> None:
        """Keeps the token until it expires, in place of an older one."""

    def drop(self, registration_id: RegistrationId, scope_key: str) -> None:
        """Forgets the token."""


class AccessTokens:
    """The tokens of one platform; threads that need the same one wait for a single request."""

    def __init__(
        self, platform: Platform, *, signing_keys: SigningKeys, cache: TokenCache, session: requests.Session
    ) -> None:
        """Tokens for this registration, signed for with the key whose time it is."""
        self._platform = platform
        self._signing_keys = signing_keys
        self._cache = cache
        self._session = session
        self._lock = threading.Lock()
        self._remembered: dict[str, tuple[str, datetime]] = {}  # by scope key, and until when

    def token(self, scopes: Collection[str], now: datetime, *, instead_of: str | None = None) -> str:
        """A token for these scopes; `instead_of` names one that a service has just refused.

        Raises: PlatformRefused, PlatformUnavailable.
        """
        key = self._scope_key(scopes)
        kept = self._kept(key, now, instead_of)
        if kept is not None:
            return kept
        with self._lock:
            kept = self._kept(key, now, instead_of)
            if kept is not None:
                return kept
            self._cache.drop(self._platform.registration_id, key)
            token, life = self._request(scopes, now)
            self._cache.put(self._platform.registration_id, key, token, now + life)
            return token

    def _kept(self, key: str, now: datetime, instead_of: str | None) -> str | None:
        """The cached token, unless it is the refused one; the cache is asked twice a minute."""
        token, until = self._remembered.get(key, ("", now))
        if until > now and token != instead_of:
            return token
        kept = self._cache.get(self._platform.registration_id, key, now)
        if kept is None or kept[0] == instead_of:
            return None
        token, expires_at = kept
        self._remembered[key] = (token, min(expires_at, now + _REMEMBERED))
        return token

    def _scope_key(self, scopes: Collection[str]) -> str:
        """What tells tokens of one registration apart, of constant length."""
        parts = (self._platform.auth_token_url, self._platform.client_id, *sorted(set(scopes)))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _request(self, scopes: Collection[str], now: datetime) -> tuple[str, timedelta]:
        """A new token and how long to keep it."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(now),
            "scope": " ".join(sorted(set(scopes))),
        }
        answer = exchange(
            self._session,
            "POST",
            self._platform.auth_token_url,
            # Moodle compares this header exactly: no charset.
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json, */*;q=0.5"},
            data=urlencode(form).encode(),
            limits=_LIMITS,
        )
        if not 200 <= answer.status < 300:
            raise token_error(answer, now)
        return _read_grant(answer, frozenset(scopes))

    def _assertion(self, now: datetime) -> str:
        """The signed statement that asks for a token."""
        client_id = self._platform.client_id
        issued_at = now - _BACKDATED
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": self._platform.auth_audience or self._platform.auth_token_url,
            "iat": int(issued_at.timestamp()),
            "exp": int((issued_at + _ASSERTION_LIFE).timestamp()),
            "jti": secrets.token_urlsafe(24),
        }
        key = self._signing_keys.signer(now)
        return jwt.encode(claims, key.private_key, algorithm="RS256", headers={"kid": key.kid})


def _read_grant(answer: Fetched, scopes: frozenset[str]) -> tuple[str, timedelta]:
    """The token in an answer, whatever Content-Type it has (Moodle: text/html)."""
    try:
        grant = json_of(answer)
    except ValueError as error:
        raise unreadable(answer) from error
    token = grant.get("access_token") if isinstance(grant, dict) else None
    if not isinstance(grant, dict) or not isinstance(token, str) or not _SENDABLE.fullmatch(token):
        raise PlatformRefused(ServiceFault.UNREADABLE, status=answer.status)
    granted = grant.get("scope")
    if isinstance(granted, str) and granted and scopes.isdisjoint(granted.split()):
        raise PlatformRefused(ServiceFault.SCOPE_NOT_GRANTED, status=answer.status)
    return token, _life(grant.get("expires_in"))


def _life(expires_in: object) -> timedelta:
    """How long to keep a token: a minute less than it lives, half of a short life."""
    try:
        seconds = float(expires_in) if isinstance(expires_in, str | int | float) else 0.0
    except (ValueError, OverflowError):
        seconds = 0.0
    if not 0 < seconds < 10**8:
        seconds = _UNSTATED_LIFE_SECONDS
    return timedelta(seconds=max(seconds - _MARGIN_SECONDS, seconds / 2))
