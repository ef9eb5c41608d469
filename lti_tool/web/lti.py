"""The LMS's doors: login, launch, key set, registration.

Cross-site posts arrive here, so state, signature and invitation are the defence instead of a CSRF token.
"""

import structlog
from flask import Blueprint, Response, jsonify, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.actions.doctor import SCOPES
from lti_tool.actions.platforms import Joined, RegistrationExists, is_invited, register_platform
from lti_tool.actions.upkeep import LaunchDirectory, note_refusal
from lti_tool.lti.canvas import canvas_configuration
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.launch import receive_launch
from lti_tool.lti.login import login_cookie_name
from lti_tool.lti.preset_table import still_to_do
from lti_tool.lti.quirks import Family
from lti_tool.lti.registration_faults import RegistrationFailed, RegistrationFault
from lti_tool.web import visitor
from lti_tool.web.arriving import arrive
from lti_tool.web.connection import WAYS
from lti_tool.web.limits import slow_down
from lti_tool.web.profile import own_profile
from lti_tool.web.signing_in import (
    framed_page,
    given_proof,
    is_first_in_frame,
    page_asking_storage,
    start_login,
    with_login_cookie,
)
from lti_tool.web.visitor import cookie_attributes, edge, now

REGISTRATIONS = 60  # requests from one network in ten minutes; each registration takes two

log = structlog.get_logger()

blueprint = Blueprint("lti", __name__, url_prefix="/lti")


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> AnyResponse:
    """The LMS asks us to begin: redirect to its sign-in; in a frame, first a page that tries cookies."""
    params = request.values
    if is_first_in_frame():
        return framed_page(params)
    start = start_login(params)
    return with_login_cookie(redirect(start.url, 302), start)


@blueprint.route("/launch", methods=["POST"])
def launch() -> AnyResponse | str:
    """The LMS says who is there: check every word of it, then let them in."""
    asking = page_asking_storage()
    if asking:
        return asking
    ours = edge()
    state = request.form.get("state", "")
    directory = LaunchDirectory(now())
    try:
        launched = receive_launch(
            request.form,
            browser_secret_for=lambda state: request.cookies.get(login_cookie_name(state)),
            platforms=directory,
            memory=ours.logins,
            key_sets=ours.key_sets,
            own_origin=ours.origin,
            now=now(),
            storage_proof=given_proof(),
        )
        directory.note_launch()
        answer = arrive(launched)
    except LaunchRefused as refusal:
        if directory.registration_id is not None:
            note_refusal(directory.registration_id, refusal.reason, now=now())
        raise
    if isinstance(answer, AnyResponse):
        answer.delete_cookie(login_cookie_name(state), path="/lti/launch", **cookie_attributes())
    return answer


@blueprint.get("/jwks")
def jwks() -> Response:
    """Our public keys."""
    answer = jsonify(edge().signing_keys.jwks(now()))
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@blueprint.get("/config.json")
def config() -> Response:
    """What an administrator of Canvas points a developer key at; an older Canvas refuses to be asked for notices."""
    logins = visitor.config("CANVAS_REGION_LOGINS")
    document = canvas_configuration(
        own_profile(),
        region_urls={region: edge().origin + path for region, path in logins.items()},
        with_notices=request.args.get("notices") != "no",
    )
    return jsonify(document)


@blueprint.get("/register")
def register() -> AnyResponse | tuple[str, int]:
    """An LMS admin pasted the invitation's address: say what will happen, and ask once."""
    slow_down("register", most=REGISTRATIONS)
    code = request.args.get("invite", "")
    if not is_invited(code, now=now()):
        return _not_registered(RegistrationFault.INVITATION_REFUSED)
    if not request.args.get("openid_configuration"):
        return _not_registered(RegistrationFault.NOT_FROM_AN_LMS)
    return Response(render_template("lti/register.html", params=request.args.items()))


@blueprint.post("/register")
def register_now() -> AnyResponse | tuple[str, int]:
    """Register the LMS; the invitation is the proof that somebody asked for it."""
    slow_down("register", most=REGISTRATIONS)
    try:
        joined = register_platform(
            request.form.get("invite", ""),
            configuration_url=request.form.get("openid_configuration", ""),
            token=request.form.get("registration_token") or None,
            profile=own_profile(),
            edge=edge(),
            now=now(),
        )
    except RegistrationFailed as failed:
        return _not_registered(failed.fault, status=failed.status, said=failed.said)
    except RegistrationExists:
        return _not_registered(RegistrationFault.REGISTERED_ALREADY)
    if joined is None:
        return _not_registered(RegistrationFault.INVITATION_REFUSED)
    return Response(_registered(joined))


def _registered(joined: Joined) -> str:
    lacking = [WAYS[way] for way, scope in SCOPES.items() if scope in joined.lacking]
    return render_template(
        "lti/registered.html",
        name=joined.name,
        is_known=joined.family is not Family.OTHER,
        steps=still_to_do(joined.family),
        lacking=lacking,
    )


def _not_registered(fault: RegistrationFault, *, status: int | None = None, said: str | None = None) -> tuple[str, int]:
    log.info("registration.failed", code=str(fault), status=status, said=said)
    page = render_template(
        "lti/not_registered.html",
        why=_(fault.sentence),
        todo=_(fault.advice),
        code=str(fault),
        answer=" ".join(str(one) for one in (status, said) if one),
        is_good_still=fault is not RegistrationFault.INVITATION_REFUSED,
    )
    return page, 400
