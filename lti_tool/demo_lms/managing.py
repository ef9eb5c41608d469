"""A registered tool reads and replaces its own registration (RFC 7592), with the token that it got for that."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.addresses import REGISTRATION_PATH, scopes
from lti_tool.demo_lms.enrolling import change
from lti_tool.demo_lms.records import Tool
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.tokens import json_problem
from lti_tool.demo_lms.vocabulary import TOOL_CONFIGURATION
from lti_tool.demo_lms.wishes import Unacceptable, read_wish

blueprint = Blueprint("managing", __name__)


def hand_out(lms: Campus, tool: Tool, registered: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the registration with the address and the token for changing it, where this LMS gives them."""
    if not lms.dialect.registration.is_managed:
        return dict(registered)
    whole = {
        **registered,
        "registration_client_uri": f"{lms.url}{REGISTRATION_PATH}/{tool.client_id}",
        "registration_access_token": secrets.token_urlsafe(32),
    }
    lms.registrations[tool.client_id] = whole
    return whole


@blueprint.get(f"{REGISTRATION_PATH}/<client_id>")
def read(client_id: str) -> ResponseReturnValue:
    """Show a tool what is registered."""
    held = _held(client_id)
    return jsonify(held) if held else json_problem(401, "invalid_token", "This token opens no registration.")


@blueprint.put(f"{REGISTRATION_PATH}/<client_id>")
def replace(client_id: str) -> ResponseReturnValue:
    """Take over what a tool says now; with it comes a new token, and the old one ends."""
    lms, held = campus(), _held(client_id)
    if held is None:
        return json_problem(401, "invalid_token", "This token opens no registration.")
    sent = request.get_json(silent=True)
    body = sent if isinstance(sent, dict) else {}
    if body.get("client_id") != client_id or "registration_access_token" in body:
        return json_problem(
            400, "invalid_client_metadata", "client_id must be the registered one, and no token with it."
        )
    try:
        wish = read_wish(body, known=scopes(lms.dialect), habits=lms.dialect.registration)
    except Unacceptable as fault:
        return json_problem(400, "invalid_client_metadata", str(fault))
    with lms.lock:
        tool = change(lms, lms.tools[client_id], wish)
        deployment = held[TOOL_CONFIGURATION].get("deployment_id")
        setup = {**body[TOOL_CONFIGURATION], **({"deployment_id": deployment} if deployment else {})}
        granted = " ".join(scope for scope in scopes(lms.dialect) if scope in tool.scopes)
        return jsonify(hand_out(lms, tool, {**body, "scope": granted, TOOL_CONFIGURATION: setup}))


def _held(client_id: str) -> Mapping[str, Any] | None:
    """Answer the registration, for the token that belongs to it."""
    held = campus().registrations.get(client_id)
    given = request.headers.get("Authorization", "")
    return held if held and given == f"Bearer {held['registration_access_token']}" else None
