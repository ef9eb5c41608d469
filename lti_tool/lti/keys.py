"""Keys: the platforms', which prove what they say; the tool's own are in `signing` and named here too.

Source: RFC 7517 (key sets), LTI security framework 1.0 sections 6.3 and 7.
"""

import base64
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from lti_tool.lti.errors import LaunchRefused, PlatformRefused, PlatformUnavailable, Refusal, ServiceFault
from lti_tool.lti.following import find
from lti_tool.lti.platform import Platform, RegistrationId
from lti_tool.lti.reach import Reach
from lti_tool.lti.signing import (
    SMALLEST_KEY_BITS,
    SigningKey,
    SigningKeys,
    StoredKey,
    UnusableSigningKey,
    add_signing_key,
    decrypt_pem,
    encrypt_pem,
    load_signing_keys,
    signing_keys_from,
)
from lti_tool.lti.transport import Fetched, Limits, prepared_session

__all__ = [
    "KeySets",
    "SigningKey",
    "SigningKeys",
    "StoredKey",
    "UnusableSigningKey",
    "add_signing_key",
    "decrypt_pem",
    "encrypt_pem",
    "key_set",
    "load_signing_keys",
    "signing_keys_from",
]

_LIMITS = Limits(read_seconds=10, total_seconds=15, body_bytes=512 * 1024)
_LONGEST_LIFE = timedelta(hours=24)
_USUAL_LIFE = timedelta(hours=1)
_SHORTEST_LIFE = timedelta(minutes=1)
_REFETCH_PAUSE = timedelta(minutes=1)
_FAILURE_PAUSE = timedelta(seconds=10)
_MOST_KEYS = 100
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    """A fetched key set; replaced whole, so that threads may read it without the lock."""

    url: str
    keys: Mapping[str, rsa.RSAPublicKey]
    fresh_until: datetime


@dataclass(slots=True)
class _Held:
    """What is known of one registration's key set."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    set: _Set | None = None
    refetch_from: datetime | None = None
    failing: tuple[str, datetime] | None = None


class KeySets:
    """The public keys of all platforms, held in this process: one fetch per key set and lifetime.

    An unknown key id fetches the set once more, at most once a minute for a registration, so that a platform's new key
    works at once and a forger's invented ones cost nothing.
    """

    def __init__(self, reach: Reach) -> None:
        """Empty; keys are fetched when the first launch asks for them."""
        self._reach = reach
        self.session = prepared_session(reach=reach, retries=1)
        self._held: dict[RegistrationId, _Held] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Ends the kept connections."""
        self.session.close()

    def key_for(self, platform: Platform, kid: str, now: datetime) -> rsa.RSAPublicKey:
        """The platform's key of this id.

        Raises: LaunchRefused(UNKNOWN_KEY or PRIVATE_NETWORK); PlatformUnavailable when the key set cannot be fetched.
        """
        held = self._holder(platform.registration_id)
        key = (_fresh_keys(held, platform, now) or {}).get(kid)
        if key is None:
            with held.lock:
                key = self._renewed(held, platform, kid, now)
        if key is None:
            raise LaunchRefused(Refusal.UNKNOWN_KEY)
        return key

    def _holder(self, registration_id: RegistrationId) -> _Held:
        """The registration's place, the same one for every thread."""
        held = self._held.get(registration_id)
        if held is None:
            with self._lock:
                held = self._held.setdefault(registration_id, _Held())
        return held

    def _renewed(self, held: _Held, platform: Platform, kid: str, now: datetime) -> rsa.RSAPublicKey | None:
        """The key after as few fetches as needed; the caller holds the lock."""
        keys = _fresh_keys(held, platform, now)
        if keys is None:
            self._fetch(held, platform, now)
        elif kid not in keys and (held.refetch_from is None or now >= held.refetch_from):
            held.refetch_from = now + _REFETCH_PAUSE
            self._fetch(held, platform, now)
        return (_fresh_keys(held, platform, now) or {}).get(kid)

    def _fetch(self, held: _Held, platform: Platform, now: datetime) -> None:
        """The platform's current set, or PlatformUnavailable at once while the last failure is seconds ago."""
        url = platform.jwks_url
        if held.failing is not None and held.failing[0] == url and now < held.failing[1]:
            raise PlatformUnavailable
        try:
            keys, life = self._download(url)
        except PlatformUnavailable:
            held.failing = (url, now + _FAILURE_PAUSE)
            raise
        held.set, held.failing = _Set(url=url, keys=keys, fresh_until=now + life), None

    def _download(self, url: str) -> tuple[Mapping[str, rsa.RSAPublicKey], timedelta]:
        """The usable keys at an address and how long they may be kept."""
        try:
            answer = key_set(self.session, url, reach=self._reach)
            document = json.loads(answer.body) if answer.status == 200 else None
        except PlatformRefused as error:
            if error.fault is ServiceFault.PRIVATE_ADDRESS:
                raise LaunchRefused(Refusal.PRIVATE_NETWORK) from error
            raise PlatformUnavailable from error
        except (ValueError, RecursionError) as error:
            raise PlatformUnavailable from error
        if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
            raise PlatformUnavailable(status=answer.status)
        return _usable_keys(document["keys"][:_MOST_KEYS]), _life(answer.headers.get("Cache-Control", ""))


def key_set(session: requests.Session, url: str, *, reach: Reach) -> Fetched:
    """The answer at the address of a key set, or where that leads.

    Raises: PlatformUnavailable, PlatformRefused.
    """
    return find(session, url, headers={"Accept": "application/json"}, limits=_LIMITS, reach=reach).answer


def _fresh_keys(held: _Held, platform: Platform, now: datetime) -> Mapping[str, rsa.RSAPublicKey] | None:
    """The held keys (perhaps none), if they are of the platform's address and within their lifetime."""
    current = held.set
    if current is None or current.url != platform.jwks_url or now >= current.fresh_until:
        return None
    return current.keys


def _life(cache_control: str) -> timedelta:
    """How long a key set may be kept: what the platform says, between a minute and a day."""
    said = _MAX_AGE.search(cache_control)
    life = timedelta(seconds=int(said[1])) if said else _USUAL_LIFE
    return max(_SHORTEST_LIFE, min(life, _LONGEST_LIFE))


def _usable_keys(entries: list[object]) -> dict[str, rsa.RSAPublicKey]:
    """RSA signing keys of 2048 bits or more, by id; everything else in a set is somebody else's business."""
    keys: dict[str, rsa.RSAPublicKey] = {}
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("kid"), str) and (key := _public_key(entry)):
            keys.setdefault(entry["kid"], key)
    return keys


def _public_key(entry: Mapping[str, object]) -> rsa.RSAPublicKey | None:
    """The key of one JWK, if it is meant and fit for RS256 signatures."""
    if entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig" or entry.get("alg", "RS256") != "RS256":
        return None
    try:
        key = rsa.RSAPublicNumbers(_number(entry.get("e")), _number(entry.get("n"))).public_key()
    except (ValueError, TypeError, OverflowError):
        return None
    return key if key.key_size >= SMALLEST_KEY_BITS else None


def _number(text: object) -> int:
    """A base64url number."""
    if not isinstance(text, str):
        raise TypeError
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
