"""Third-party initiated login: starting a launch, the authorization endpoint, the keys (Security Framework 5.1)."""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qsl

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.addresses import AUTHORIZATION_PATH, KEYS_PATH
from lti_tool.demo_lms.claims import launch_claims, target, tenant_of
from lti_tool.demo_lms.habits import Start
from lti_tool.demo_lms.people import Person, Role, Seat
from lti_tool.demo_lms.records import Intent, LineItem, Link, Message, Standing, Tool
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.visitor import problem, visitor

blueprint = Blueprint("oidc", __name__)

INTENT_LIFETIME = timedelta(minutes=5)


@blueprint.get(KEYS_PATH)
def keys() -> ResponseReturnValue:
    """Publish the public keys."""
    answer = jsonify(campus().keys.jwks())
    answer.headers["Cache-Control"] = "max-age=3600"
    return answer


def login_form(
    person: Person,
    *,
    client_id: str,
    document_target: str,
    title: str,
    course: str | None = None,
    link: Link | None = None,
    message: Message = Message.RESOURCE_LINK,
    about: Person | None = None,
    item: LineItem | None = None,
) -> ResponseReturnValue:
    """Send the browser to the tool's login address, by a form that submits itself or by its button."""
    lms = campus()
    intent = Intent(
        person=person,
        client_id=client_id,
        course=course,
        link=link,
        message=message,
        about=about,
        item=item,
        document_target=document_target,
        expires_at=lms.now() + INTENT_LIFETIME,
    )
    tool, habits = lms.tools[client_id], lms.dialect.login
    tenant = lms.college.courses[course].tenant if course else tenant_of(lms, person)
    fields = {
        "iss": lms.issuer,
        "login_hint": person.sub,
        "target_link_uri": target(tool, intent),
        "lti_message_hint": _hint(lms, lms.remember_intent(intent)),
        "client_id": tool.client_id,
        habits.deployment_field: tool.deployments[tenant],
        **({"lti_storage_target": habits.storage_target} if habits.storage_target else {}),
        **habits.extras,
    }
    return hand_over(tool.initiate_login_uri, fields, title=f"Opening {title}", method=habits.method)


def _hint(lms: Campus, name: str) -> str:
    """Answer the message hint: Canvas's is a long token, Moodle's is JSON with characters that need care."""
    if lms.dialect.login.hint_is_opaque:
        return f"{name}.{secrets.token_urlsafe(600)}"
    return json.dumps({"launch": name, "to": "a&b +é"}, ensure_ascii=False)


@blueprint.route(AUTHORIZATION_PATH, methods=["GET", "POST"])
def authorize() -> ResponseReturnValue:
    """Answer an authentication request with a signed id_token, an OIDC error, or a page where nobody may be told."""
    lms, asked = campus(), request.values
    tool = lms.tools.get(asked.get("client_id", ""))
    if tool is None or tool.standing == Start.DISABLED:
        return problem(400, "This tool is not registered here, or is switched off.")
    if asked.get("redirect_uri") not in tool.redirect_uris:
        return problem(400, "The tool asked for an answer at an address that is not registered.")
    if fault := _protocol_fault(asked):
        return _refuse(asked, *fault)
    person = visitor()
    if person is None and "repost" not in asked:
        # A cross-site frame may come without our cookie; a form of our own brings it back (as Moodle does, MDL-83526).
        return hand_over(AUTHORIZATION_PATH, {**asked.to_dict(), "repost": "1"}, title="One moment")
    if person is None or asked["login_hint"] != person.sub:
        return _refuse(asked, "login_required", "Nobody, or somebody else, is signed in.")
    return _answer(lms, tool=tool, person=person, asked=asked)


def _answer(lms: Campus, *, tool: Tool, person: Person, asked: Mapping[str, str]) -> ResponseReturnValue:
    intent = lms.take_intent(_intent_name(asked.get("lti_message_hint", "")))
    if intent is None or intent.person != person or intent.client_id != tool.client_id:
        return _refuse(asked, "launch_no_longer_valid", "This launch was used already or is too old.")
    seat = _seat(lms, intent)
    if seat is None:
        return _refuse(asked, "access_denied", "This person takes no part in the course.")
    claims = launch_claims(lms, tool=tool, intent=intent, seat=seat, nonce=asked["nonce"])
    habits = lms.dialect.login
    storage = {"lti_storage_target": habits.storage_target} if habits.storage_target_at_launch else {}
    fields = {"id_token": lms.keys.sign(claims), **_state(asked), **storage}
    return hand_over(asked["redirect_uri"], fields, title=f"Opening {tool.name}")


def _seat(lms: Campus, intent: Intent) -> Seat | None:
    """Answer who launches, as what; nothing for those who take no part, or have no role that this LMS knows."""
    if intent.course is None:
        return Seat(number=0, person=intent.person, role=Role.ADMINISTRATOR)
    seat = lms.seat(intent.course, intent.person)
    takes_part = lms.standing(intent.course, intent.person.sub) is Standing.ACTIVE
    return seat if seat and takes_part and seat.role in lms.dialect.launch.roles else None


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
    if campus().dialect.login.hint_is_opaque:
        return hint.partition(".")[0]
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


def hand_over(action: str, fields: Mapping[str, str], *, title: str, method: str = "post") -> ResponseReturnValue:
    """Answer a page whose one form carries the fields to an address: by itself, or by its button without JavaScript.

    A form that is sent by GET loses the query of its address, so that it becomes fields.
    """
    address, _, query = action.partition("?")
    if method == "get" and query:
        action, fields = address, {**dict(parse_qsl(query)), **fields}
    return render_template("hand_over.html", action=action, fields=fields, title=title, method=method)
