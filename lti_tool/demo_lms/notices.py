"""Platform Notification Service 1.0: handlers that tools register, and notices sent to them.

Source: canvas-lms doc/api/pns.md: one handler for a type, on the tool's own host, empty to unsubscribe; a notice is
sent once and never again.
"""

import threading
import uuid
from urllib.parse import urlsplit

import requests
from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.claims import context_claim
from lti_tool.demo_lms.people import Course
from lti_tool.demo_lms.records import Tool
from lti_tool.demo_lms.service_claims import NOTICE_TYPES
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.tokens import authorised_tool, json_problem
from lti_tool.demo_lms.vocabulary import LTI, NOTICE_HANDLERS

blueprint = Blueprint("notices", __name__)
LIFETIME_SECONDS = 3600


@blueprint.get("/notice-handlers/<deployment_id>")
def handlers(deployment_id: str) -> ResponseReturnValue:
    """Answer the tool's handlers."""
    return jsonify(_handlers(campus(), _tool(deployment_id)))


@blueprint.put("/notice-handlers/<deployment_id>")
def subscribe(deployment_id: str) -> ResponseReturnValue:
    """Register or remove the handler for one type of notice, and greet a new one if it asks to be greeted."""
    lms, tool = campus(), _tool(deployment_id)
    sent = request.get_json(silent=True)
    body = sent if isinstance(sent, dict) else {}
    kind, handler = body.get("notice_type"), body.get("handler")
    if kind not in NOTICE_TYPES or not isinstance(handler, str):
        return json_problem(400, "invalid_request", "notice_type is unknown, or handler is missing.")
    if handler and urlsplit(handler).netloc != urlsplit(tool.target_link_uri).netloc:
        return json_problem(400, "invalid_request", "handler must be on the tool's own host.")
    with lms.lock:
        lms.notice_handlers[tool.client_id, kind] = handler
    if handler and kind == "LtiHelloWorldNotice":
        send(lms, tool, kind=kind, deployment_id=deployment_id, said={})
    return jsonify({"notice_type": kind, "handler": handler})


def tell_of_copy(lms: Campus, *, copy: Course, origin: Course) -> None:
    """Tell every tool that is in the copy where it came from."""
    here = {link.client_id for link in lms.course_links(copy.key)}
    for tool in [lms.tools[client_id] for client_id in here]:
        said: dict[str, object] = {f"{LTI}context": context_claim(copy), f"{LTI}origin_contexts": [origin.context_id]}
        deployment_id = tool.deployments[copy.tenant]
        send(lms, tool, kind="LtiContextCopyNotice", deployment_id=deployment_id, said=said)


def send(lms: Campus, tool: Tool, *, kind: str, deployment_id: str, said: dict[str, object]) -> None:
    """Send one notice in the background, if the tool listens; whether it arrives is nobody's concern."""
    handler = lms.notice_handlers.get((tool.client_id, kind))
    if not handler:
        return
    issued = int(lms.now().timestamp())
    notice = {"id": str(uuid.uuid4()), "timestamp": lms.now().isoformat(), "type": kind}
    claims: dict[str, object] = {
        "iss": lms.issuer,
        "aud": tool.client_id,
        "azp": tool.client_id,
        "iat": issued,
        "exp": issued + LIFETIME_SECONDS,
        "nonce": str(uuid.uuid4()),
        f"{LTI}deployment_id": deployment_id,
        f"{LTI}version": "1.3.0",
        f"{LTI}notice": notice,
        **said,
    }
    body = {"notices": [{"jwt": lms.keys.sign(claims)}]}
    threading.Thread(target=_post, args=(handler, body), daemon=True).start()


def _post(handler: str, body: dict[str, object]) -> None:
    try:
        requests.post(handler, json=body, timeout=10)
    except requests.RequestException:
        return  # Canvas does not try again either


def _tool(deployment_id: str) -> Tool:
    tool = authorised_tool(NOTICE_HANDLERS)
    if deployment_id not in tool.deployments.values():
        abort(json_problem(404, "not_found", "The tool has no such deployment."))
    return tool


def _handlers(lms: Campus, tool: Tool) -> dict[str, object]:
    kept = [(kind, lms.notice_handlers.get((tool.client_id, kind), "")) for kind in NOTICE_TYPES]
    return {"client_id": tool.client_id, "notice_handlers": [{"notice_type": k, "handler": h} for k, h in kept]}
