"""The two pages around an LMS's sign-in, inside its frame: before it and, where no cookie came back, after it.

Source: LTI OIDC login with LTI client side postMessages 0.1. The order is storage, cookie, new window.
"""

from collections.abc import Mapping

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.lti.login import LOGIN_LIFETIME, LoginStart, begin_login, login_cookie_name
from lti_tool.lti.storage import StorageProof, peek_storage, storage_proof
from lti_tool.web import framing, visitor
from lti_tool.web.visitor import cookie_attributes, edge, now

FIELD = "storage_value"
SENT_ON = ("id_token", "state", "error")


def start_login(params: Mapping[str, str]) -> LoginStart:
    """The login that the LMS asks for, remembered."""
    ours = edge()
    return begin_login(
        params,
        platforms=ours.directory,
        memory=ours.logins,
        redirect_uri=visitor.own_url("lti.launch"),
        own_origin=ours.origin,
        now=now(),
    )


def with_login_cookie(answer: AnyResponse, start: LoginStart) -> AnyResponse:
    """The answer, which leaves this login's secret in the browser, if it keeps cookies."""
    answer.set_cookie(
        login_cookie_name(start.state),
        start.browser_secret,
        path="/lti/launch",
        max_age=int(LOGIN_LIFETIME.total_seconds()),
        **cookie_attributes(),
    )
    return answer


def is_first_in_frame() -> bool:
    """Whether this request fills an LMS's frame, and nothing is known yet of what works there."""
    return request.headers.get("Sec-Fetch-Dest") == "iframe" and "here" not in request.values


def framed_page(params: Mapping[str, str]) -> AnyResponse:
    """The page that finds out what works in this frame; a login is begun at once where the LMS offers storage."""
    framing.of_issuer(params.get("iss", ""), params.get("client_id"))
    start = start_login(params) if params.get("lti_storage_target") else None
    page = Response(render_template("lti/frame.html", params=params.items(), start=start))
    return with_login_cookie(page, start) if start else page


def page_asking_storage() -> AnyResponse | None:
    """The page that asks the LMS's storage; None where the browser brought its proof or there is no storage."""
    form = request.form
    if FIELD in form or request.cookies.get(login_cookie_name(form.get("state", ""))):
        return None
    ours = edge()
    question = peek_storage(form, memory=ours.logins, platforms=ours.directory, now=now())
    if question is None:
        return None
    framing.of_url(question.auth_origin)
    fields = [(name, form[name]) for name in SENT_ON if name in form]
    return Response(render_template("lti/recognise.html", question=question, fields=fields))


def given_proof() -> StorageProof | None:
    """What the LMS's storage kept, if this request brings it."""
    headers = request.headers
    return storage_proof(
        request.form.get(FIELD),
        fetch_site=headers.get("Sec-Fetch-Site"),
        origin=headers.get("Origin"),
        own_origin=edge().origin,
    )
