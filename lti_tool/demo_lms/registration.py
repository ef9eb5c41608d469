"""Dynamic Registration 1.0: the configuration, one-time tokens, the registration endpoint."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.addresses import AUTHORIZATION_PATH, KEYS_PATH, REGISTRATION_PATH, TOKEN_PATH, scopes
from lti_tool.demo_lms.enrolling import LINK_TITLE, change, enrol
from lti_tool.demo_lms.managing import hand_out
from lti_tool.demo_lms.people import NORTHFIELD, TENANT_NAMES
from lti_tool.demo_lms.records import Message, Tool
from lti_tool.demo_lms.service_claims import NOTICE_TYPES
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.tokens import json_problem
from lti_tool.demo_lms.vocabulary import ACCOUNT_NAME, PLATFORM_CONFIGURATION, TOOL_CONFIGURATION
from lti_tool.demo_lms.wishes import Unacceptable, Wish, custom_values, read_wish, web_address

__all__ = ["LINK_TITLE", "Unacceptable", "blueprint", "invitation"]

blueprint = Blueprint("registration", __name__)

TOKEN_LIFETIME = timedelta(hours=1)


def invitation(lms: Campus, registration_url: str, *, tenant: str = NORTHFIELD, updates: str = "") -> str:
    """Answer the address that starts a registration at the tool, with a token where this LMS gives one.

    A token works once; one that `updates` the tool of this client id works until the program stops.
    Raises: Unacceptable when the address is none that a tool may have.
    """
    web_address(registration_url, "The registration address")
    own = {"openid_configuration": f"{lms.url}/.well-known/openid-configuration"}
    if lms.dialect.registration.gives_token:
        own["registration_token"] = _new_token(lms, tenant=tenant, updates=updates)
    parts = urlsplit(registration_url)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(own)])), fragment=""))


@blueprint.get("/.well-known/openid-configuration")
def configuration() -> ResponseReturnValue:
    """Say where everything is (Dynamic Registration 1.0, 3.4)."""
    lms = campus()
    habits = lms.dialect.registration
    if not habits.is_dynamic:
        return json_problem(404, "not_found", "Tools are registered by hand here.")
    if habits.token_guards_configuration and _tenant(lms, _sent_token()) is None:
        return json_problem(401, "invalid_token", "The registration token is missing, used already or expired.")
    return jsonify(_configuration(lms, _tenant(lms, _sent_token()) or NORTHFIELD))


@blueprint.post(REGISTRATION_PATH)
def register() -> ResponseReturnValue:
    """Accept a tool that holds a registration token, and place it where this LMS places new tools."""
    lms = campus()
    habits, token = lms.dialect.registration, _sent_token()
    tenant = _tenant(lms, token)
    if not habits.is_dynamic or tenant is None:
        return _refused(habits.bad_token_status, "invalid_token", "token_already_used")
    if request.mimetype != "application/json":
        return _refused(400, "invalid_client_metadata", "Content-Type must be application/json.")
    sent = request.get_json(silent=True)
    body = sent if isinstance(sent, dict) else {}
    try:
        wish = read_wish(body, known=scopes(lms.dialect), habits=habits)
    except Unacceptable as fault:
        return _refused(400, "invalid_client_metadata", str(fault))
    with lms.lock:
        tool = _take(lms, wish, token=token, tenant=tenant)
    if tool is None:
        return _refused(habits.bad_token_status, "invalid_token", "token_already_used")
    return jsonify(_answer(lms, body=body, tool=tool, tenant=tenant)), habits.status


def _take(lms: Campus, wish: Wish, *, token: str, tenant: str) -> Tool | None:
    """Answer the new or changed tool; nothing when the token was used by somebody else just now."""
    if known := lms.tools.get(lms.update_tokens.get(token, "")):
        return change(lms, known, wish)
    if lms.dialect.registration.gives_token and lms.registration_tokens.pop(token, None) is None:
        return None
    return enrol(lms, wish, tenant=tenant)


def _answer(lms: Campus, *, body: Mapping[str, Any], tool: Tool, tenant: str) -> dict[str, object]:
    habits, setup = lms.dialect.registration, dict(body[TOOL_CONFIGURATION])
    if habits.gives_deployment:
        setup["deployment_id"] = tool.deployments[tenant]
    if "custom_parameters" in setup:
        setup["custom_parameters"] = custom_values(setup["custom_parameters"], is_cut=habits.cuts_custom_values)
    granted = " ".join(scope for scope in scopes(lms.dialect) if scope in tool.scopes)
    scope = " ".join(scopes(lms.dialect)) if habits.over_reports_scopes else granted
    return hand_out(lms, tool, {**body, "client_id": tool.client_id, "scope": scope, TOOL_CONFIGURATION: setup})


def _configuration(lms: Campus, tenant: str) -> dict[str, object]:
    server = lms.dialect.tokens.authorization_server
    named = urlsplit(lms.url).netloc if server == "host" else server
    return {
        "issuer": lms.issuer,
        "authorization_endpoint": lms.url + AUTHORIZATION_PATH,
        "token_endpoint": lms.url + TOKEN_PATH,
        "jwks_uri": lms.url + KEYS_PATH,
        "registration_endpoint": lms.url + REGISTRATION_PATH,
        **({"authorization_server": named} if named else {}),
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", *scopes(lms.dialect)],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email", "locale", "zoneinfo"],
        PLATFORM_CONFIGURATION: {
            "product_family_code": lms.dialect.family_code,
            "version": lms.dialect.version,
            "messages_supported": [{"type": str(message)} for message in Message],
            **({"notice_types_supported": list(NOTICE_TYPES)} if lms.dialect.has_notices else {}),
            **({ACCOUNT_NAME: TENANT_NAMES[tenant]} if lms.dialect.registration.names_account else {}),
            "variables": sorted(name.removeprefix("$") for name in lms.dialect.launch.variables),
        },
    }


def _new_token(lms: Campus, *, tenant: str, updates: str) -> str:
    token = secrets.token_urlsafe(32)
    with lms.lock:
        now = lms.now()
        for stale in [old for old, (_, until) in lms.registration_tokens.items() if until <= now]:
            del lms.registration_tokens[stale]
        if updates:
            lms.update_tokens[token] = updates
        else:
            lms.registration_tokens[token] = tenant, now + TOKEN_LIFETIME
    return token


def _sent_token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" else ""


def _tenant(lms: Campus, token: str) -> str | None:
    """Answer whose administrator began the registration; nothing without a good token where one is needed."""
    if not lms.dialect.registration.gives_token:
        return NORTHFIELD
    if known := lms.tools.get(lms.update_tokens.get(token, "")):
        return next(iter(known.deployments), NORTHFIELD)
    tenant, until = lms.registration_tokens.get(token, ("", lms.now()))
    return tenant if until > lms.now() else None


def _refused(status: int, error: str, description: str) -> Response:
    """Answer no, as JSON or as Moodle's plain text."""
    if campus().dialect.registration.errors_are_text:
        return Response(description, status, content_type="text/plain")
    return json_problem(status, error, description)
