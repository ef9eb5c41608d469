"""Access tokens: given for a signed assertion, checked on every service request (Security Framework 1.0, 4.1)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.addresses import TOKEN_PATH, audience
from lti_tool.demo_lms.people import Course
from lti_tool.demo_lms.records import AccessToken, Tool
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.tool_keys import NotProven, signed_claims

blueprint = Blueprint("tokens", __name__)

LIFETIME = timedelta(hours=1)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def json_problem(status: int, error: str, description: str) -> Response:
    """Answer an error as JSON."""
    return make_response(jsonify(error=error, error_description=description), status)


@blueprint.post(TOKEN_PATH)
def issue() -> ResponseReturnValue:
    """Give a token for the scopes that were asked for and are granted."""
    if request.content_type != "application/x-www-form-urlencoded":
        return _refused("invalid_request", "Content-Type must be application/x-www-form-urlencoded.")
    if request.form.get("grant_type") != "client_credentials":
        return _refused("unsupported_grant_type", "grant_type must be client_credentials.")
    if request.form.get("client_assertion_type") != ASSERTION_TYPE:
        return _refused("invalid_request", f"client_assertion_type must be {ASSERTION_TYPE}.")
    lms = campus()
    try:
        tool = prove(lms, request.form.get("client_assertion", ""))
    except NotProven as refusal:
        return _refused("invalid_client", str(refusal))
    asked = frozenset(request.form.get("scope", "").split())
    granted = tool.scopes & asked
    if not granted or (lms.dialect.tokens.one_bad_scope_fails_all and granted != asked):
        return _refused("invalid_scope", "None of these scopes is granted to the tool.")
    token = lms.issue_token(tool.client_id, granted, LIFETIME)
    body = {"access_token": token, "token_type": "Bearer", "expires_in": int(LIFETIME.total_seconds())}
    answer = jsonify(body | {"scope": " ".join(sorted(granted))})
    answer.content_type = lms.dialect.tokens.media_type
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refused(error: str, description: str) -> Response:
    """Answer why there is no token; Moodle's own JSON is broken there."""
    answer = json_problem(400, error, description)
    if campus().dialect.tokens.errors_are_broken_json:
        answer.set_data(f'{{"error": "{error}"}}{{')
    return answer


def prove(lms: Campus, assertion: str) -> Tool:
    """Answer the tool that signed the assertion, and use the assertion up.

    Raises: NotProven with the first reason.
    """
    tool, claims = signed_claims(lms, assertion, named_by="sub")
    expires_at = _check_claims(lms, tool, claims)
    if lms.dialect.tokens.looks_at_jti:
        _use_up(lms, tool, str(claims["jti"]), expires_at)
    return tool


def _check_claims(lms: Campus, tool: Tool, claims: Mapping[str, Any]) -> datetime:
    habits, named, wanted = lms.dialect.tokens, claims.get("aud"), audience(lms)
    if claims.get("iss") != tool.client_id:
        raise NotProven("iss and sub must both be the client_id.")
    if wanted != "*" and wanted not in (named if isinstance(named, list) else [named]):
        raise NotProven("aud must be the address of the token endpoint." if not habits.audience else "wrong aud")
    if not named or not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise NotProven("aud or jti is missing.")
    expires_at, issued_at = (_instant(claims, name) for name in ("exp", "iat"))
    leeway = timedelta(seconds=habits.leeway_seconds)
    if expires_at + leeway <= lms.now():
        raise NotProven("client_assertion has expired.")
    if issued_at - leeway > lms.now():
        raise NotProven("client_assertion was issued in the future.")
    if habits.oldest_seconds and issued_at + timedelta(seconds=habits.oldest_seconds) < lms.now():
        raise NotProven("iat is too long ago.")
    return expires_at


def _instant(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**34:
        raise NotProven(f"{name} is missing or no time.")
    return datetime.fromtimestamp(value, UTC)


def _use_up(lms: Campus, tool: Tool, jti: str, expires_at: datetime) -> None:
    leeway = timedelta(seconds=lms.dialect.tokens.leeway_seconds)
    with lms.lock:
        for stale in [seen for seen, until in lms.seen_assertions.items() if until + leeway <= lms.now()]:
            del lms.seen_assertions[stale]
        if (tool.client_id, jti) in lms.seen_assertions:
            raise NotProven("This jti was used already.")
        lms.seen_assertions[tool.client_id, jti] = expires_at


def authorised(context_id: str, *scopes: str) -> tuple[Course, Tool]:
    """Answer course and tool of a service request whose token has one of the scopes, or leave with 401, 403 or 404."""
    lms = campus()
    tool = authorised_tool(*scopes)
    course = lms.course_of_context(context_id)
    if course is None or not any(link.client_id == tool.client_id for link in lms.course_links(course.key)):
        abort(json_problem(404, "not_found", "The tool is in no such course."))
    return course, tool


def authorised_tool(*scopes: str) -> Tool:
    """Answer the tool of a service request whose token has one of the scopes, or leave with 401 or 403."""
    lms = campus()
    token = _bearer(lms)
    if not token.scopes & frozenset(scopes):
        status = lms.dialect.tokens.weak_token_status
        abort(json_problem(status, "insufficient_scope", f"The token needs one of: {' '.join(scopes)}."))
    return lms.tools[token.client_id]


def bearer_client() -> str:
    """Answer which tool's token a request carries; nothing for an unknown one."""
    _, _, token = request.headers.get("Authorization", "").partition(" ")
    held = campus().access_tokens.get(token)
    return held.client_id if held else ""


def _bearer(lms: Campus) -> AccessToken:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    held, habits = lms.access_tokens.get(token), lms.dialect.tokens
    if scheme != "Bearer" or held is None or held.expires_at <= lms.now() or held.client_id not in lms.tools:
        answer = json_problem(
            habits.bad_token_status, "invalid_token", "The access token is missing, unknown or expired."
        )
        if habits.bad_token_names_scheme:
            answer.headers["WWW-Authenticate"] = "Bearer"
        abort(answer)
    return held


def accepts(media_type: str, *, any_type_is_fine: bool) -> None:
    """Leave with 400 unless Accept is absent or names exactly this type (as Moodle 4.5 checks it)."""
    accept = request.headers.get("Accept")
    if accept not in ((None, media_type, "*/*") if any_type_is_fine else (None, media_type)):
        abort(json_problem(400, "invalid_request", f"Accept must be {media_type}."))
