"""Access tokens: given for a signed assertion, checked on every service request (Security Framework 1.0, 4.1)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import requests
from flask import Blueprint, Response, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.oidc import TOKEN_PATH
from lti_tool.demo_lms.people import Course
from lti_tool.demo_lms.state import AccessToken, Campus, Tool, campus

blueprint = Blueprint("tokens", __name__)

LIFETIME = timedelta(hours=1)
LEEWAY = timedelta(seconds=30)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class AssertionRefused(Exception):
    """The client assertion does not prove who the tool is."""


def json_problem(status: int, error: str, description: str) -> Response:
    """Answer an error as JSON."""
    return make_response(jsonify(error=error, error_description=description), status)


@blueprint.post(TOKEN_PATH)
def issue() -> ResponseReturnValue:
    """Give a token for the scopes that were asked for and are granted."""
    if request.content_type != "application/x-www-form-urlencoded":
        return json_problem(400, "invalid_request", "Content-Type must be application/x-www-form-urlencoded.")
    if request.form.get("grant_type") != "client_credentials":
        return json_problem(400, "unsupported_grant_type", "grant_type must be client_credentials.")
    if request.form.get("client_assertion_type") != ASSERTION_TYPE:
        return json_problem(400, "invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}.")
    lms = campus()
    try:
        tool = prove(lms, request.form.get("client_assertion", ""))
    except AssertionRefused as refusal:
        return json_problem(400, "invalid_client", str(refusal))
    granted = tool.scopes & frozenset(request.form.get("scope", "").split())
    if not granted:
        return json_problem(400, "invalid_scope", "None of these scopes is granted to the tool.")
    token = lms.issue_token(tool.client_id, granted, LIFETIME)
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": int(LIFETIME.total_seconds())}
    return jsonify(answer | {"scope": " ".join(sorted(granted))}), {"Cache-Control": "no-store"}


def prove(lms: Campus, assertion: str) -> Tool:
    """Answer the tool that signed the assertion, and use the assertion up.

    Raises: AssertionRefused with the first reason.
    """
    try:
        header = jwt.get_unverified_header(assertion)
        claimed = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise AssertionRefused("client_assertion is not a JWT.") from None
    tool = lms.tools.get(str(claimed.get("sub")))
    if tool is None:
        raise AssertionRefused("The client is unknown.")
    if header.get("alg") != "RS256":
        raise AssertionRefused("client_assertion must be signed with RS256.")
    key = _tool_key(lms, tool, str(header.get("kid", "")))
    try:
        claims = jwt.decode(assertion, key, algorithms=["RS256"], options=_ONLY_SIGNATURE)
    except jwt.InvalidTokenError:
        raise AssertionRefused("The signature of client_assertion is wrong.") from None
    expires_at = _check_claims(lms, tool, claims)
    _use_up(lms, tool, str(claims["jti"]), expires_at)
    return tool


# Times are checked against the campus's clock, audience and issuer with sentences of their own.
_ONLY_SIGNATURE: Any = dict.fromkeys(("verify_exp", "verify_iat", "verify_nbf", "verify_aud", "verify_iss"), False)


def _check_claims(lms: Campus, tool: Tool, claims: Mapping[str, Any]) -> datetime:
    audience = claims.get("aud")
    if claims.get("iss") != tool.client_id:
        raise AssertionRefused("iss and sub must both be the client_id.")
    if lms.url + TOKEN_PATH not in (audience if isinstance(audience, list) else [audience]):
        raise AssertionRefused("aud must be the address of the token endpoint.")
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise AssertionRefused("jti is missing.")
    expires_at, issued_at = (_instant(claims, name) for name in ("exp", "iat"))
    if expires_at + LEEWAY <= lms.now():
        raise AssertionRefused("client_assertion has expired.")
    if issued_at - LEEWAY > lms.now():
        raise AssertionRefused("client_assertion was issued in the future.")
    return expires_at


def _instant(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**34:
        raise AssertionRefused(f"{name} is missing or no time.")
    return datetime.fromtimestamp(value, UTC)


def _use_up(lms: Campus, tool: Tool, jti: str, expires_at: datetime) -> None:
    with lms.lock:
        for stale in [seen for seen, until in lms.seen_assertions.items() if until + LEEWAY <= lms.now()]:
            del lms.seen_assertions[stale]
        if (tool.client_id, jti) in lms.seen_assertions:
            raise AssertionRefused("This jti was used already.")
        lms.seen_assertions[tool.client_id, jti] = expires_at


def _tool_key(lms: Campus, tool: Tool, kid: str) -> jwt.PyJWK:
    """Answer the tool's public key, asking the tool again once when the name is new."""
    jwks = lms.tool_keys.get(tool.client_id)
    if jwks is None or kid not in _kids(jwks):
        jwks = _fetch(tool.jwks_uri)
        with lms.lock:
            lms.tool_keys[tool.client_id] = jwks
    if kid not in _kids(jwks):
        raise AssertionRefused("The tool publishes no key of this kid.")
    try:
        return jwt.PyJWK(_kids(jwks)[kid], algorithm="RS256")
    except (jwt.PyJWTError, ValueError, TypeError):
        raise AssertionRefused("The tool's key is not usable.") from None


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
        raise AssertionRefused("The tool's key set cannot be read.") from None
    return jwks if isinstance(jwks, dict) else {}


def authorised(context_id: str, *scopes: str) -> tuple[Course, Tool]:
    """Answer course and tool of a service request whose token has one of the scopes, or leave with 401, 403 or 404."""
    lms = campus()
    token = _bearer(lms)
    if not token.scopes & frozenset(scopes):
        abort(json_problem(403, "insufficient_scope", f"The token needs one of: {' '.join(scopes)}."))
    course, tool = lms.course_of_context(context_id), lms.tools.get(token.client_id)
    if course is None or tool is None or not any(k.client_id == tool.client_id for k in lms.course_links(course.key)):
        abort(json_problem(404, "not_found", "The tool is in no such course."))
    return course, tool


def _bearer(lms: Campus) -> AccessToken:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    held = lms.access_tokens.get(token)
    if scheme != "Bearer" or held is None or held.expires_at <= lms.now():
        answer = json_problem(401, "invalid_token", "The access token is missing, unknown or expired.")
        answer.headers["WWW-Authenticate"] = "Bearer"
        abort(answer)
    return held


def accepts(media_type: str, *, any_type_is_fine: bool) -> None:
    """Leave with 400 unless Accept is absent or names exactly this type (as Moodle 4.5 checks it)."""
    accept = request.headers.get("Accept")
    if accept not in ((None, media_type, "*/*") if any_type_is_fine else (None, media_type)):
        abort(json_problem(400, "invalid_request", f"Accept must be {media_type}."))
