"""A token that an LMS signed, checked step by step: envelope, header, parties, signature, times.

Launches and notices use the same steps; the token is decoded once, here.
Source: LTI security framework 1.0, section 5.1.3; OpenID Connect core, section 3.1.3.7.
"""

import base64
import binascii
import json
import math
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.keys import KeySets
from lti_tool.lti.platform import Platform

_LONGEST_TOKEN = 64 * 1024
_LEEWAY_SECONDS = 60
_OLDEST_SECONDS = 3600

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdToken:
    """A token taken apart; nothing in it is believed before the checks below."""

    header: Json
    payload: Json
    signed: bytes
    signature: bytes


def take_apart(token: str) -> IdToken:
    """The parts of a compact signed token of bearable size, with a header that this tool accepts.

    Raises: LaunchRefused. Keys and addresses of keys inside the header are never looked at.
    """
    if len(token) > _LONGEST_TOKEN:
        raise LaunchRefused(Refusal.TOKEN_TOO_LARGE)
    try:
        header, payload, signature = token.encode("ascii").split(b".")
        parts = IdToken(
            header=_decode_object(header),
            payload=_decode_object(payload),
            signed=header + b"." + payload,
            signature=_decode(signature),
        )
    except (ValueError, RecursionError) as error:
        raise LaunchRefused(Refusal.TOKEN_MALFORMED) from error
    _require_header(parts.header)
    return parts


def _require_header(header: Json) -> None:
    """RS256 with a named key, and no extension that must be understood."""
    if "crit" in header:
        raise LaunchRefused(Refusal.HEADER_REFUSED)
    if header.get("alg") != "RS256":
        raise LaunchRefused(Refusal.ALGORITHM_REFUSED)
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise LaunchRefused(Refusal.KEY_ID_MISSING)


def require_parties(payload: Json, platform: Platform) -> None:
    """Issuer, audience and authorised party name the platform and this tool.

    Source: a token for several audiences must name its authorised party, and that must be us.
    """
    issuer, audiences = issuer_and_audiences(payload)
    if issuer != platform.issuer or platform.client_id not in audiences:
        raise LaunchRefused(Refusal.REGISTRATION_MISMATCH)
    party = payload.get("azp")
    if party != platform.client_id and (party is not None or len(audiences) > 1):
        raise LaunchRefused(Refusal.AUDIENCE_REFUSED)


def issuer_and_audiences(payload: Json) -> tuple[str, list[str]]:
    """Who says the token and for whom.

    Shape: at least one audience.
    Raises: LaunchRefused where either is missing.
    """
    issuer, audience = payload.get("iss"), payload.get("aud")
    said = audience if isinstance(audience, list) else [audience]
    audiences = [one for one in said if isinstance(one, str) and one]
    if not isinstance(issuer, str) or not audiences or len(audiences) != len(said):
        raise LaunchRefused(Refusal.IDENTITY_MISSING)
    return issuer, audiences


def require_signature(token: IdToken, platform: Platform, *, key_sets: KeySets, now: datetime) -> None:
    """The signature is the platform's.

    Raises: LaunchRefused; PlatformUnavailable when its keys cannot be fetched.
    """
    key = key_sets.key_for(platform, str(token.header["kid"]), now)
    try:
        key.verify(token.signature, token.signed, PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise LaunchRefused(Refusal.BAD_SIGNATURE) from error


def require_times(payload: Json, now: datetime) -> None:
    """The token is valid now, give or take a minute, and was made within the last hour."""
    at = now.timestamp()
    issued, expires = instant_of(payload.get("iat")), instant_of(payload.get("exp"))
    if issued is None or expires is None:
        raise LaunchRefused(Refusal.TIMES_MISSING)
    if at >= expires + _LEEWAY_SECONDS:
        raise LaunchRefused(Refusal.EXPIRED)
    if at > issued + _OLDEST_SECONDS + _LEEWAY_SECONDS:
        raise LaunchRefused(Refusal.TOO_OLD)
    if max(issued, instant_of(payload.get("nbf")) or 0) > at + _LEEWAY_SECONDS:
        raise LaunchRefused(Refusal.NOT_YET_VALID)


def instant_of(value: object) -> float | None:
    """A numeric date, or None when it is missing or no sane number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < 1e12 and math.isfinite(value) else None


def _decode_object(part: bytes) -> Json:
    """The JSON object in one part of a token.

    Raises: ValueError.
    """
    value = json.loads(_decode(part), parse_float=_finite, parse_constant=_finite)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - callers treat every malformed part alike
    return value


def _finite(text: str) -> float:
    """A number that JSON can write; Python also reads NaN and Infinity, which PostgreSQL does not keep.

    Raises: ValueError.
    """
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not a number of JSON")
    return number


def _decode(part: bytes) -> bytes:
    """The bytes of a base64url part, strictly.

    Raises: ValueError.
    """
    try:
        return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
