"""Whatever a strange LMS says while it registers: it is connected whole, or refused, and the tool asks it seldom."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import func, select

from lti_tool.actions.platforms import invite
from lti_tool.store.db import db
from lti_tool.store.platforms import Invitation, Registration
from tests.attacks.strange import ADDRESSES, ANYTHING, TARGET, dump, fuzzed
from tests.conftest import Clock
from tests.lti.fuzzing import ANY_BODY, ANY_TEXT, HEADER
from tests.lti.outside import Outside, Reply
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.admins import signed_in

Browsers = Callable[[], PageClient]
WORKING = ("attempt", "invitation")
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
STATUS = st.sampled_from([200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 503])
INCOMPRESSIBLE = "".join(f"{number:x}" for number in range(3000))  # longer than an index of PostgreSQL takes
WORDS = ANYTHING | ADDRESSES | st.just(INCOMPRESSIBLE)
SAID = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint", "scopes_supported")
CONFIGURATION = st.dictionaries(st.sampled_from([*SAID, "authorization_server", PLATFORM]), WORDS, max_size=2)
ANSWERED = ("client_id", "scope", "registration_client_uri", "registration_access_token", TOOL)
CONFIRMATION = st.dictionaries(st.sampled_from(ANSWERED), WORDS | st.fixed_dictionaries({"deployment_id": WORDS}))


@pytest.fixture
def outside() -> Iterator[Outside]:
    """The strange LMS's server."""
    made = Outside()
    yield made
    made.close()


def configuration(outside: Outside) -> dict[str, Any]:
    """What a good LMS says of itself."""
    return {
        "issuer": outside.origin,
        "authorization_endpoint": outside.url("/auth"),
        "token_endpoint": outside.url("/token"),
        "jwks_uri": outside.url("/jwks"),
        "registration_endpoint": outside.url("/register"),
        "scopes_supported": ["openid"],
        PLATFORM: {"product_family_code": "x", "version": "1", "messages_supported": [], "variables": []},
    }


def used() -> list[Invitation]:
    """The invitations that are gone."""
    look_again()
    return list(db.session.scalars(select(Invitation).where(Invitation.used_at.is_not(None))))


def count(table: type[object]) -> int:
    """How many rows there are."""
    look_again()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def attempt(outside: Outside, pages: Browsers, clock: Clock, *, token: str = "t") -> int:
    """Register with a new invitation; the answer's status, and that all of it or nothing was kept."""
    clock.advance(minutes=11)
    code = invite(now=clock.now)
    form = {
        "invite": code,
        "openid_configuration": outside.url("/config"),
        "registration_token": token.encode("utf-8", "surrogatepass"),
    }
    outside.asked.clear()
    before, gone, known = dump(*WORKING), len(used()), count(Registration)

    answer = pages().raw().post("/lti/register", data=form)

    assert answer.status_code in {200, 400}, answer.get_data(as_text=True)
    assert len(outside.asked) <= 8  # a GET is repeated a few times where the server breaks
    if answer.status_code == 400:
        assert (dump(*WORKING), len(used())) == (before, gone)
    else:
        assert (count(Registration), len(used())) == (known + 1, gone + 1)
    return int(answer.status_code)


def must_be_usable(outside: Outside, pages: Browsers, clock: Clock) -> None:
    """Whatever was connected can be looked at, and its logins end in a page or at the LMS."""
    look_again()
    row = db.session.scalars(select(Registration).order_by(Registration.id.desc())).first()
    assert row is not None
    start = {"iss": row.issuer, "client_id": row.client_id, "login_hint": "h", "target_link_uri": TARGET}

    login = pages().raw().post("/lti/login", data=start)
    framed = pages().raw().post("/lti/login", data=start, headers={"Sec-Fetch-Dest": "iframe"})
    admin = signed_in(pages, clock)

    assert (login.status_code, framed.status_code) == (302, 200)
    for path in ("", f"platforms/{row.id}/", f"platforms/{row.id}/edit", f"platforms/{row.id}/delete", "health/"):
        assert admin.raw().get(f"/admin/{path}").status_code == 200, path


@given(said=CONFIGURATION, confirmed=CONFIRMATION, token=ANY_TEXT)
@example(said={}, confirmed={"client_id": INCOMPRESSIBLE}, token="")
@example(said={}, confirmed={TOOL: {"deployment_id": INCOMPRESSIBLE}}, token="")
@example(said={"authorization_endpoint": f"https://lms.example/{INCOMPRESSIBLE}"}, confirmed={}, token="")
@example(said={"authorization_endpoint": "https://\udfff.example/"}, confirmed={}, token="")
@example(said={"authorization_endpoint": f"https://{'a' * 64}.example/"}, confirmed={}, token="")
@fuzzed
def test_a_registration_of_any_shape_is_whole_or_refused(
    outside: Outside, pages: Browsers, clock: Clock, said: dict[str, Any], confirmed: dict[str, Any], token: str
) -> None:
    own = {"client_id": f"c-{clock.now.timestamp()}"}
    outside.on("GET", "/config", Reply(json=configuration(outside) | said))
    outside.on("POST", "/register", Reply(json=own | confirmed))

    status = attempt(outside, pages, clock, token=token)

    if status == 200:
        must_be_usable(outside, pages, clock)


@given(
    statuses=st.tuples(STATUS, STATUS),
    bodies=st.tuples(ANY_BODY, ANY_BODY),
    location=HEADER,
    missing=st.sampled_from([0, 0, 7]),
)
@fuzzed
def test_answers_to_a_registration_of_any_status_and_body_are_refused_without_a_trace(
    outside: Outside,
    pages: Browsers,
    clock: Clock,
    statuses: tuple[int, int],
    bodies: tuple[str, str],
    location: str,
    missing: int,
) -> None:
    config, register = (
        Reply(status=status, text=body, headers={"Location": location, "Link": location}, missing=missing)
        for status, body in zip(statuses, bodies, strict=True)
    )
    outside.on("POST", "/register", register)
    outside.on("GET", "/config", config)
    attempt(outside, pages, clock)
    outside.on("GET", "/config", Reply(text=json.dumps(configuration(outside))))

    attempt(outside, pages, clock)


@given(
    fields=st.dictionaries(
        st.sampled_from(["invite", "openid_configuration", "registration_token"]), ANY_TEXT | ADDRESSES
    )
)
@fuzzed
def test_a_registration_form_of_any_shape_is_refused_and_asks_nobody(
    outside: Outside, pages: Browsers, clock: Clock, fields: dict[str, str]
) -> None:
    clock.advance(minutes=11)
    given_fields = {"invite": invite(now=clock.now)} | fields
    sent = {name: value.encode("utf-8", "surrogatepass") for name, value in given_fields.items()}
    before = dump(*WORKING)

    posted = pages().raw().post("/lti/register", data=sent)
    opened = pages().raw().get("/lti/register", query_string=sent)

    assert posted.status_code == 400, posted.get_data(as_text=True)
    assert opened.status_code in {200, 400}, opened.get_data(as_text=True)
    assert outside.asked == []
    assert (dump(*WORKING), used()) == (before, [])
