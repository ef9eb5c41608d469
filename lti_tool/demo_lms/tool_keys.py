"""Tokens that a tool signs: whose key it is, whether the signature is right; keys are fetched again if new or old."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
import requests

from lti_tool.demo_lms.habits import Start
from lti_tool.demo_lms.records import Tool
from lti_tool.demo_lms.state import Campus

# Times are checked against the campus's clock, audience and issuer with sentences of their own.
_ONLY_SIGNATURE: Any = dict.fromkeys(("verify_exp", "verify_iat", "verify_nbf", "verify_aud", "verify_iss"), False)


class NotProven(Exception):
    """What the tool sent does not prove who the tool is."""


def signed_claims(lms: Campus, token: str, *, named_by: str) -> tuple[Tool, Mapping[str, Any]]:
    """Answer the tool whose client id stands in the claim `named_by`, and the claims that it has signed.

    Raises: NotProven with the first reason.
    """
    try:
        header = jwt.get_unverified_header(token)
        claimed = jwt.decode(token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise NotProven("This is not a JWT.") from None
    tool = lms.tools.get(str(claimed.get(named_by)))
    if tool is None:
        raise NotProven("The client is unknown.")
    if tool.standing == Start.DISABLED:
        raise NotProven("The client is disabled.")
    if header.get("alg") != "RS256":
        raise NotProven("The token must be signed with RS256.")
    key = _tool_key(lms, tool, str(header.get("kid", "")))
    try:
        return tool, jwt.decode(token, key, algorithms=["RS256"], options=_ONLY_SIGNATURE)
    except jwt.InvalidTokenError:
        raise NotProven("The signature is wrong.") from None


def _tool_key(lms: Campus, tool: Tool, kid: str) -> jwt.PyJWK:
    """Answer the tool's public key, asking the tool again once when the name is new, or the time is over."""
    jwks = lms.tool_keys.get(tool.client_id)
    if jwks is None or _is_outdated(lms, tool, is_known=kid in _kids(jwks)):
        jwks = _fetch(tool.jwks_uri)
        with lms.lock:
            lms.tool_keys[tool.client_id] = jwks
            lms.tool_keys_read_at[tool.client_id] = lms.now()
    if kid not in _kids(jwks):
        raise NotProven("The tool publishes no key of this kid.")
    try:
        return jwt.PyJWK(_kids(jwks)[kid], algorithm="RS256")
    except (jwt.PyJWTError, ValueError, TypeError):
        raise NotProven("The tool's key is not usable.") from None


def _is_outdated(lms: Campus, tool: Tool, *, is_known: bool) -> bool:
    hours, read_at = lms.dialect.tokens.keys_kept_hours, lms.tool_keys_read_at.get(tool.client_id)
    if hours is None:
        return not is_known
    return read_at is None or lms.now() - read_at >= timedelta(hours=hours)


def _kids(jwks: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    keys = jwks.get("keys")
    listed = keys if isinstance(keys, list) else []
    return {str(key["kid"]): key for key in listed if isinstance(key, dict) and key.get("kid")}


def _fetch(address: str) -> dict[str, object]:
    try:
        answer = requests.get(address, timeout=10, headers={"Accept": "application/json"})
        answer.raise_for_status()
        jwks = answer.json()
    except (requests.RequestException, ValueError):
        raise NotProven("The tool's key set cannot be read.") from None
    return jwks if isinstance(jwks, dict) else {}
