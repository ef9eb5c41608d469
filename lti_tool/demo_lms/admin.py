"""Pages of the LMS administrator: registered tools, adding one, signing keys, what tools have asked for."""

import secrets

from flask import Blueprint, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.addresses import AUTHORIZATION_PATH, KEYS_PATH, TOKEN_PATH, audience
from lti_tool.demo_lms.claims import tenant_of
from lti_tool.demo_lms.copying import copy_course
from lti_tool.demo_lms.enrolling import activate
from lti_tool.demo_lms.people import Person
from lti_tool.demo_lms.records import Tool
from lti_tool.demo_lms.registration import invitation
from lti_tool.demo_lms.state import campus
from lti_tool.demo_lms.visitor import administrator, problem, refuse, same_origin_only
from lti_tool.demo_lms.wishes import Unacceptable

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
blueprint.before_request(same_origin_only)


@blueprint.get("/")
def tools() -> ResponseReturnValue:
    """Show tools, keys and recent service requests."""
    return _tools_page(administrator())


@blueprint.post("/add-tool")
def add_tool() -> ResponseReturnValue:
    """Begin a registration in a frame of this LMS, as people do it."""
    admin = administrator()
    address = request.form.get("registration_url", "").strip()
    try:
        start = _begin(admin, address)
    except Unacceptable as fault:
        return _tools_page(admin, fault=str(fault), address=address), 400
    name = secrets.token_urlsafe(9)
    session["registering"] = {name: start}
    return redirect(url_for("admin.registering", name=name), 303)


@blueprint.get("/registering/<name>")
def registering(name: str) -> ResponseReturnValue:
    """Show the tool's registration page in a frame, or the way to it in a window of its own."""
    administrator()
    start = session.get("registering", {}).get(name)
    if start is None:
        return problem(404, "This registration is over. Begin again on the tools page.")
    in_frame = campus().dialect.registration.opens_in_frame
    return render_template("registering.html", start=start, in_frame=in_frame)


@blueprint.post("/register-tool")
def register_tool() -> ResponseReturnValue:
    """Begin a registration by sending the caller straight to the tool, as scripts need it."""
    admin = administrator()
    try:
        return redirect(_begin(admin, request.form.get("registration_url", "").strip()), 303)
    except Unacceptable as fault:
        return problem(400, str(fault))


@blueprint.post("/rotate-keys")
def rotate_keys() -> ResponseReturnValue:
    """Sign with a new key from now on."""
    administrator()
    with campus().lock:
        campus().keys.rotate()
    return redirect(url_for("admin.tools", done="keys"), 303)


@blueprint.post("/tools/<client_id>/activate")
def switch_on(client_id: str) -> ResponseReturnValue:
    """Switch a registered tool on, and place it in the institution's courses."""
    admin = administrator()
    activate(campus(), _tool(client_id), tenant=tenant_of(campus(), admin))
    return redirect(url_for("admin.tools"), 303)


@blueprint.post("/copy-course")
def copy() -> ResponseReturnValue:
    """Copy a course for the next term."""
    lms, admin = campus(), administrator()
    course = lms.college.courses.get(request.form.get("course", ""))
    if course is None or course.tenant != tenant_of(lms, admin):
        return problem(400, "There is no such course to copy.")
    return redirect(url_for("pages.course", key=copy_course(lms, course).key), 303)


@blueprint.get("/tools.json")
def tools_json() -> ResponseReturnValue:
    """List what an administrator copies into a tool, for scripts."""
    tenant, own = tenant_of(campus(), administrator()), _own_addresses()
    return jsonify(
        [
            {"client_id": tool.client_id, "deployment_id": tool.deployments.get(tenant), "name": tool.name}
            | {"standing": tool.standing, **own}
            for tool in campus().tools.values()
        ]
    )


def _own_addresses() -> dict[str, str]:
    """Answer what a tool must be told by hand."""
    lms = campus()
    wanted = audience(lms)
    return {
        "issuer": lms.issuer,
        "auth_login_url": lms.url + AUTHORIZATION_PATH,
        "auth_token_url": lms.url + TOKEN_PATH,
        "jwks_url": lms.url + KEYS_PATH,
        "auth_audience": "" if wanted in ("*", lms.url + TOKEN_PATH) else wanted,
    }


def _tool(client_id: str) -> Tool:
    tool = campus().tools.get(client_id)
    if tool is None:
        refuse(404, "There is no such tool.")
    return tool


def _begin(admin: Person, address: str) -> str:
    """Answer where a registration, or the update of a registered tool, begins.

    Raises: Unacceptable.
    """
    updates = request.form.get("updates", "")
    known = updates if updates in campus().tools and campus().dialect.registration.has_update_token else ""
    return invitation(campus(), address, tenant=tenant_of(campus(), admin), updates=known)


def _tools_page(admin: Person, *, fault: str = "", address: str = "") -> str:
    lms = campus()
    tenant = tenant_of(lms, admin)
    return render_template(
        "tools.html",
        tools=list(lms.tools.values()),
        tenant=tenant,
        own=_own_addresses(),
        habits=lms.dialect.registration,
        courses=[course for course in lms.college.courses.values() if course.tenant == tenant],
        links=list(lms.links.values()),
        kids=[key.kid for key in lms.keys.keys],
        served=list(lms.served)[::-1],
        fault=fault,
        address=address,
    )
