"""Pages of the LMS administrator: registered tools, adding one, signing keys, what tools have asked for."""

import secrets

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.registration import Unacceptable, invitation
from lti_tool.demo_lms.state import campus
from lti_tool.demo_lms.visitor import administrator, problem, same_origin_only

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
blueprint.before_request(same_origin_only)


@blueprint.get("/")
def tools() -> ResponseReturnValue:
    """Show tools, keys and recent service requests."""
    administrator()
    return _tools_page()


@blueprint.post("/add-tool")
def add_tool() -> ResponseReturnValue:
    """Begin a registration in a frame of this LMS, as people do it."""
    administrator()
    address = request.form.get("registration_url", "").strip()
    try:
        start = invitation(campus(), address)
    except Unacceptable as fault:
        return _tools_page(fault=str(fault), address=address), 400
    name = secrets.token_urlsafe(9)
    session["registering"] = {name: start}
    return redirect(url_for("admin.registering", name=name), 303)


@blueprint.get("/registering/<name>")
def registering(name: str) -> ResponseReturnValue:
    """Show the tool's registration page in a frame."""
    administrator()
    start = session.get("registering", {}).get(name)
    if start is None:
        return problem(404, "This registration is over. Begin again on the tools page.")
    return render_template("registering.html", start=start)


@blueprint.post("/register-tool")
def register_tool() -> ResponseReturnValue:
    """Begin a registration by sending the caller straight to the tool, as scripts need it."""
    administrator()
    try:
        return redirect(invitation(campus(), request.form.get("registration_url", "").strip()), 303)
    except Unacceptable as fault:
        return problem(400, str(fault))


@blueprint.post("/rotate-keys")
def rotate_keys() -> ResponseReturnValue:
    """Sign with a new key from now on."""
    administrator()
    with campus().lock:
        campus().keys.rotate()
    return redirect(url_for("admin.tools", done="keys"), 303)


def _tools_page(*, fault: str = "", address: str = "") -> str:
    lms = campus()
    return render_template(
        "tools.html",
        tools=list(lms.tools.values()),
        links=list(lms.links.values()),
        kids=[key.kid for key in lms.keys.keys],
        served=list(lms.served)[::-1],
        fault=fault,
        address=address,
    )
