"""Registering a tool by hand: the administrator copies addresses here, and client id and deployment from here.

The only way into Blackboard (an application, registered once for all institutions, then deployed by its id) and into
Open edX; the other LMSs have it too.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.demo_lms.addresses import scopes
from lti_tool.demo_lms.claims import tenant_of
from lti_tool.demo_lms.enrolling import activate, enrol
from lti_tool.demo_lms.records import Message
from lti_tool.demo_lms.state import Campus, campus
from lti_tool.demo_lms.visitor import administrator, problem, same_origin_only
from lti_tool.demo_lms.wishes import EMAIL, NAMES, Unacceptable, Wish, web_address

blueprint = Blueprint("by_hand", __name__, url_prefix="/admin/by-hand")
blueprint.before_request(same_origin_only)


@blueprint.get("")
def form() -> ResponseReturnValue:
    """Ask for the tool's addresses."""
    administrator()
    return render_template("by_hand.html", fault="", sent={})


@blueprint.post("")
def add() -> ResponseReturnValue:
    """Write the tool down."""
    lms, person = campus(), administrator()
    try:
        wish = _wish(lms)
    except Unacceptable as fault:
        return render_template("by_hand.html", fault=str(fault), sent=request.form), 400
    with lms.lock:
        tenant = tenant_of(lms, person)
        activate(lms, enrol(lms, wish, tenant=tenant), tenant=tenant)
    return redirect(url_for("admin.tools"), 303)


@blueprint.post("/application")
def deploy() -> ResponseReturnValue:
    """Deploy an application that somebody else has registered, by its id."""
    lms, person = campus(), administrator()
    tool = lms.tools.get(request.form.get("client_id", "").strip())
    if tool is None or not lms.dialect.registration.shares_application:
        return problem(400, "There is no application of this id.")
    activate(lms, tool, tenant=tenant_of(lms, person))
    return redirect(url_for("admin.tools"), 303)


def _wish(lms: Campus) -> Wish:
    sent = {name: value.strip() for name, value in request.form.items()}
    if not sent.get("name"):
        raise Unacceptable("The tool needs a name.")
    target = web_address(sent.get("target_link_uri"), "The launch address")
    choosing = sent.get("deep_linking_uri")
    pairs = [line.partition("=") for line in sent.get("custom", "").splitlines() if "=" in line]
    return Wish(
        name=sent["name"],
        initiate_login_uri=web_address(sent.get("initiate_login_uri"), "The login address"),
        redirect_uris=tuple(
            web_address(line.strip(), "The redirect address") for line in sent.get("redirect_uris", "").split()
        ),
        target_link_uri=target,
        jwks_uri=web_address(sent.get("jwks_uri"), "The key set address"),
        scopes=frozenset(scopes(lms.dialect)),
        claims=frozenset([*NAMES, *EMAIL] if sent.get("share_names") else []),
        custom={name.strip(): value.strip() for name, _, value in pairs},
        targets={Message.DEEP_LINKING: web_address(choosing, "The content selection address")} if choosing else {},
    )
