"""Dynamic Registration 1.0: one-time tokens, the registration endpoint, and placing the new tool in both courses."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.oidc import REGISTRATION_PATH
from lti_tool.demo_lms.state import Campus, Tool, campus
from lti_tool.demo_lms.tokens import json_problem
from lti_tool.demo_lms.vocabulary import SCOPES, TOOL_CONFIGURATION

blueprint = Blueprint("registration", __name__)

TOKEN_LIFETIME = timedelta(hours=1)
LINK_TITLE = "Peer mentoring"


class Unacceptable(ValueError):
    """The tool's registration cannot be accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A tool's registration, read and found acceptable."""

    name: str
    initiate_login_uri: str
    redirect_uris: tuple[str, ...]
    target_link_uri: str
    jwks_uri: str
    scopes: frozenset[str]
    claims: frozenset[str]
    custom: Mapping[str, str]


def invitation(lms: Campus, registration_url: str) -> str:
    """Answer the address that starts a registration at the tool, with a token that works once.

    Raises: Unacceptable when the address is none that a tool may have.
    """
    _web_address(registration_url, "The registration address")
    with lms.lock:
        now = lms.now()
        for stale in [token for token, until in lms.registration_tokens.items() if until <= now]:
            del lms.registration_tokens[stale]
        token = secrets.token_urlsafe(32)
        lms.registration_tokens[token] = now + TOKEN_LIFETIME
    own = {"openid_configuration": f"{lms.url}/.well-known/openid-configuration", "registration_token": token}
    parts = urlsplit(registration_url)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(own)])), fragment=""))


@blueprint.post(REGISTRATION_PATH)
def register() -> ResponseReturnValue:
    """Accept a tool that holds a registration token, and place it in every course."""
    lms = campus()
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or lms.registration_tokens.get(token, lms.now()) <= lms.now():
        return json_problem(401, "invalid_token", "The registration token is missing, used already or expired.")
    if request.mimetype != "application/json":
        return json_problem(400, "invalid_client_metadata", "Content-Type must be application/json.")
    sent = request.get_json(silent=True)
    body = sent if isinstance(sent, dict) else {}
    try:
        wish = read_wish(body)
    except Unacceptable as fault:
        return json_problem(400, "invalid_client_metadata", str(fault))
    with lms.lock:
        if lms.registration_tokens.pop(token, None) is None:
            return json_problem(401, "invalid_token", "The registration token was used already.")
        tool = _enrol(lms, wish)
    return jsonify(_answer(body, tool))


def read_wish(body: Mapping[str, Any]) -> Wish:
    """Answer the registration that a tool asks for.

    Raises: Unacceptable with the first reason.
    Source: Dynamic Registration 1.0, 3.5; which fields are required follows Moodle 4.5.
    """
    _must_list(body, "response_types", "id_token")
    _must_list(body, "grant_types", "client_credentials", "implicit")
    for field, value in (("application_type", "web"), ("token_endpoint_auth_method", "private_key_jwt")):
        if body.get(field) != value:
            raise Unacceptable(f"{field} must be {value}.")
    setup = body.get(TOOL_CONFIGURATION)
    if not isinstance(setup, dict):
        raise Unacceptable(f"{TOOL_CONFIGURATION} is missing.")
    target = _web_address(setup.get("target_link_uri"), "target_link_uri")
    if setup.get("domain") != urlsplit(target).netloc:
        raise Unacceptable("domain must be the host, with port, of target_link_uri.")
    redirects = _texts(body.get("redirect_uris"))
    if not redirects:
        raise Unacceptable("redirect_uris is missing.")
    name = body.get("client_name")
    if not name or not isinstance(name, str):
        raise Unacceptable("client_name is missing.")
    custom = setup.get("custom_parameters")
    return Wish(
        name=name,
        initiate_login_uri=_web_address(body.get("initiate_login_uri"), "initiate_login_uri"),
        redirect_uris=tuple(_web_address(uri, "redirect_uris") for uri in redirects),
        target_link_uri=target,
        jwks_uri=_web_address(body.get("jwks_uri"), "jwks_uri"),
        scopes=frozenset(str(body.get("scope", "")).split()) & frozenset(SCOPES),
        claims=frozenset(_texts(setup.get("claims"))),
        custom={str(key): str(value) for key, value in custom.items()} if isinstance(custom, dict) else {},
    )


def _enrol(lms: Campus, wish: Wish) -> Tool:
    number = len(lms.tools) + 1
    tool = Tool(
        number=number,
        client_id=secrets.token_urlsafe(12),
        deployment_id=f"northfield-{number}",
        name=wish.name,
        initiate_login_uri=wish.initiate_login_uri,
        redirect_uris=wish.redirect_uris,
        target_link_uri=wish.target_link_uri,
        jwks_uri=wish.jwks_uri,
        scopes=wish.scopes,
        claims=wish.claims,
        custom=wish.custom,
    )
    lms.tools[tool.client_id] = tool
    for course in lms.college.courses:
        lms.add_link(course=course, client_id=tool.client_id, title=LINK_TITLE)
    return tool


def _answer(body: Mapping[str, Any], tool: Tool) -> dict[str, object]:
    setup = {**body[TOOL_CONFIGURATION], "deployment_id": tool.deployment_id}
    granted = " ".join(scope for scope in SCOPES if scope in tool.scopes)
    return {**body, "client_id": tool.client_id, "scope": granted, TOOL_CONFIGURATION: setup}


def _must_list(body: Mapping[str, Any], name: str, *values: str) -> None:
    if missing := set(values) - set(_texts(body.get(name))):
        raise Unacceptable(f"{name} must contain {', '.join(sorted(missing))}.")


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _web_address(value: object, name: str) -> str:
    """Answer the address if it is https, or http on this machine."""
    parts = urlsplit(value if isinstance(value, str) else "")
    host = parts.hostname or ""
    is_local = host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")
    if not host or parts.username or not (parts.scheme == "https" or (parts.scheme == "http" and is_local)):
        raise Unacceptable(f"{name} must be an https address, or http on this machine.")
    return str(value)
