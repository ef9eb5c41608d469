"""Third-party initiated login: starting a launch, the authorization endpoint, the keys (Security Framework 5.1)."""

import json
from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.claims import launch_claims
from lti_tool.demo_lms.people import Person
from lti_tool.demo_lms.state import Campus, Intent, Link, Standing, Tool, campus
from lti_tool.demo_lms.visitor import problem, visitor
from lti_tool.demo_lms.vocabulary import PLATFORM_CONFIGURATION, SCOPES

blueprint = Blueprint("oidc", __name__)

AUTHORIZATION_PATH = "/auth"
TOKEN_PATH = "/token"  # noqa: S105  an address, not a secret
KEYS_PATH = "/.well-known/jwks.json"
REGISTRATION_PATH = "/register"
INTENT_LIFETIME = timedelta(minutes=5)


@blueprint.get("/.well-known/openid-configuration")
def configuration() -> ResponseReturnValue:
    """Say where everything is (Dynamic Registration 1.0, 3.4)."""
    url = campus().url
    return jsonify(
        {
            "issuer": url,
            "authorization_endpoint": url + AUTHORIZATION_PATH,
            "token_endpoint": url + TOKEN_PATH,
            "jwks_uri": url + KEYS_PATH,
            "registration_endpoint": url + REGISTRATION_PATH,
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", *SCOPES],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email", "locale", "zoneinfo"],
            PLATFORM_CONFIGURATION: {
                "product_family_code": "demo-lms",
                "version": "1",
                "messages_supported": [{"type": "LtiResourceLinkRequest"}],
                "variables": ["Context.id", "Context.title", "ResourceLink.id", "User.id", "Person.address.timezone"],
            },
        }
    )


@blueprint.get(KEYS_PATH)
def keys() -> ResponseReturnValue:
    """Publish the public keys."""
    answer = jsonify(campus().keys.jwks())
    answer.headers["Cache-Control"] = "max-age=3600"
    return answer


def login_form(link: Link, person: Person, *, document_target: str) -> ResponseReturnValue:
    """Send the browser to the tool's login address, by a form that submits itself or by its button."""
    lms = campus()
    tool = lms.tools[link.client_id]
    intent = Intent(person=person, link=link, document_target=document_target, expires_at=lms.now() + INTENT_LIFETIME)
    fields = {
        "iss": lms.url,
        "login_hint": person.sub,
        "target_link_uri": tool.target_link_uri,
        # JSON with characters that need care, as Moodle sends it: a tool must echo the hint unchanged.
        "lti_message_hint": json.dumps({"launch": lms.remember_intent(intent), "to": "a&b +é"}, ensure_ascii=False),
        "client_id": tool.client_id,
        "lti_deployment_id": tool.deployment_id,
    }
    return hand_over(tool.initiate_login_uri, fields, title=f"Opening {link.title}")


@blueprint.route(AUTHORIZATION_PATH, methods=["GET", "POST"])
def authorize() -> ResponseReturnValue:
    """Answer an authentication request with a signed id_token, an OIDC error, or a page where nobody may be told."""
    lms, asked = campus(), request.values
    tool = lms.tools.get(asked.get("client_id", ""))
    if tool is None:
        return problem(400, "This tool is not registered here.")
    if asked.get("redirect_uri") not in tool.redirect_uris:
        return problem(400, "The tool asked for an answer at an address that is not registered.")
    if fault := _protocol_fault(asked):
        return _refuse(asked, *fault)
    person = visitor()
    if person is None and "repost" not in asked:
        # A cross-site frame may come without our cookie; a form of our own brings it back (as Moodle does, MDL-83526).
        return hand_over(AUTHORIZATION_PATH, {**asked.to_dict(), "repost": "1"}, title="One moment")
    if person is None or asked.get("login_hint") != person.sub:
        return _refuse(asked, "login_required", "Nobody, or somebody else, is signed in.")
    return _answer(lms, tool=tool, person=person, asked=asked)


def _answer(lms: Campus, *, tool: Tool, person: Person, asked: Mapping[str, str]) -> ResponseReturnValue:
    intent = lms.take_intent(_intent_name(asked.get("lti_message_hint", "")))
    if intent is None or intent.person != person or intent.link.client_id != tool.client_id:
        return _refuse(asked, "launch_no_longer_valid", "This launch was used already or is too old.")
    seat = lms.seat(intent.link.course, person)
    if seat is None or lms.standing(intent.link.course, person.sub) is not Standing.ACTIVE:
        return _refuse(asked, "access_denied", "This person takes no part in the course.")
    claims = launch_claims(lms, tool=tool, intent=intent, seat=seat, nonce=asked["nonce"])
    fields = {"id_token": lms.keys.sign(claims), **_state(asked)}
    return hand_over(asked["redirect_uri"], fields, title=f"Opening {intent.link.title}")


def _protocol_fault(asked: Mapping[str, str]) -> tuple[str, str] | None:
    """Answer the first broken rule of the request as error code and sentence (OIDC Core 3.1.2.6)."""
    if asked.get("response_type") != "id_token":
        return "unsupported_response_type", "response_type must be id_token."
    if "openid" not in asked.get("scope", "").split():
        return "invalid_scope", "scope must contain openid."
    for name, value in (("response_mode", "form_post"), ("prompt", "none")):
        if asked.get(name) != value:
            return "invalid_request", f"{name} must be {value}."
    missing = [name for name in ("nonce", "login_hint", "lti_message_hint") if not asked.get(name)]
    return ("invalid_request", f"{missing[0]} is missing.") if missing else None


def _intent_name(hint: str) -> str:
    try:
        name = json.loads(hint)["launch"]
    except (ValueError, TypeError, KeyError):
        return ""
    return name if isinstance(name, str) else ""


def _state(asked: Mapping[str, str]) -> dict[str, str]:
    return {"state": asked["state"]} if "state" in asked else {}


def _refuse(asked: Mapping[str, str], error: str, description: str) -> ResponseReturnValue:
    fields = {"error": error, "error_description": description, **_state(asked)}
    return hand_over(asked["redirect_uri"], fields, title="The launch was refused")


def hand_over(action: str, fields: Mapping[str, str], *, title: str) -> ResponseReturnValue:
    """Answer a page whose one form carries the fields to an address: by itself, or by its button without JavaScript."""
    return render_template("hand_over.html", action=action, fields=fields, title=title)
