"""Whatever a registered LMS, or anybody, sends to the application's doors: no fault, and nothing half written.

The tokens here are signed by the LMS's own key, so that they come as deep as a launch comes. On PostgreSQL, too, which
keeps less than SQLite: no NUL, no half of a pair, no infinite number, no key of any length.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from tests.attacks.forging import CLAIM
from tests.attacks.strange import (
    ADDRESSES,
    AGS,
    ANYTHING,
    GROUPS,
    INSTITUTION,
    MEMBER,
    NRPS,
    SETTINGS,
    TARGET,
    Strange,
    dump,
    fuzzed,
    message,
    must_be_whole,
    register_strange,
)
from tests.conftest import Clock
from tests.lti.fuzzing import ANY_TEXT
from tests.lti.outside import Outside
from tests.pages import PageClient

Browsers = Callable[[], PageClient]
WORKING = ("login", "registration", "attempt")  # what a refusal may touch: its state is used up, the admin reads of it
LONG = st.sampled_from(["x" * 4000, "é" * 20_000, "\0", "\ud800", "' or 1=1 --", "../../etc/passwd", "%00"])
KINDS = {
    "LtiResourceLinkRequest": ("Instructor", "Learner"),
    "LtiDeepLinkingRequest": ("Instructor",),
    "LtiSubmissionReviewRequest": ("Instructor", "Learner"),
    "LtiDataPrivacyLaunchRequest": (f"{INSTITUTION}Administrator",),
}
PLACES = (
    *((name,) for name in ("sub", "name", "given_name", "email", "locale", "zoneinfo", "azp", "exp", "iat", "nbf")),
    *((CLAIM + name,) for name in ("message_type", "version", "deployment_id", "target_link_uri", "roles", "context")),
    *((CLAIM + name,) for name in ("resource_link", "custom", "for_user", "launch_presentation", "tool_platform")),
    *((CLAIM + "context", name) for name in ("id", "title", "label", "type")),
    *((CLAIM + "resource_link", name) for name in ("id", "title")),
    *((CLAIM + "custom", name) for name in ("pm_activity", "context_history", "link_history", "section_ids", "x")),
    *((CLAIM + "launch_presentation", name) for name in ("return_url", "locale", "document_target")),
    *((CLAIM + "platformnotificationservice", name) for name in ("platform_notification_service_url", "scope")),
    (CLAIM + "platformnotificationservice", "notice_types_supported"),
    (CLAIM + "for_user", "user_id"),
    (CLAIM + "tool_platform", "product_family_code"),
    (NRPS, "context_memberships_url"),
    *((AGS, name) for name in ("lineitems", "lineitem", "scope")),
    *((GROUPS, name) for name in ("context_groups_url", "scope")),
    *((SETTINGS, name) for name in ("deep_link_return_url", "accept_types", "accept_multiple", "data", "title")),
)
ABSENT = object()
NUMERALS = st.sampled_from([-1, 0, 2**31, 2**63, 10**30]).map(str)
CHANGES = st.dictionaries(
    st.sampled_from(PLACES), st.just(ABSENT) | ANYTHING | ADDRESSES | LONG, min_size=1, max_size=3
)


@pytest.fixture
def strange(outside: Outside, app: Flask, clock: Clock) -> Strange:
    """An LMS that says whatever it likes."""
    return register_strange(outside, app, clock)


@pytest.fixture
def outside() -> Iterator[Outside]:
    """Its server."""
    made = Outside()
    yield made
    made.close()


def changed(claims: dict[str, Any], changes: dict[tuple[str, ...], Any]) -> dict[str, Any]:
    """The claims with other values in these places."""
    made = copy.deepcopy(claims)
    for (*way, name), value in changes.items():
        here: Any = made
        for step in way:
            here = here.get(step) if isinstance(here, dict) else None
        if isinstance(here, dict):
            here.pop(name, None)
            here |= {} if value is ABSENT else {name: value}
    return made


def messages() -> st.SearchStrategy[tuple[str, str]]:
    """A kind of launch, and the role of whoever makes it."""
    return st.sampled_from([(kind, role) for kind, roles in KINDS.items() for role in roles])


def roles_of(role: str) -> list[str]:
    """The role as a launch carries it."""
    return [role if ":" in role else MEMBER + role]


@given(what=messages(), changes=CHANGES)
@example(what=("LtiDeepLinkingRequest", "Instructor"), changes={(SETTINGS, "data"): float("inf")})
@example(what=("LtiDeepLinkingRequest", "Instructor"), changes={("name",): "\0", ("x",): "\0\ud800"})
@example(what=("LtiResourceLinkRequest", "Instructor"), changes={(NRPS, "context_memberships_url"): "https://a/\ud800"})
@example(what=("LtiResourceLinkRequest", "Instructor"), changes={(AGS, "scope"): ["\0", "\ud800"]})
@example(
    what=("LtiResourceLinkRequest", "Learner"),
    changes={(CLAIM + "launch_presentation", "return_url"): "https://кампус.example/"},
)
@fuzzed
def test_a_signed_launch_of_any_shape_opens_a_page_or_is_refused_and_leaves_no_half(
    strange: Strange, pages: Browsers, what: tuple[str, str], changes: dict[tuple[str, ...], Any]
) -> None:
    browser = pages()
    kind, role = what
    before = dump(*WORKING)

    answer = strange.launch(browser, changed(message(strange, kind, roles_of(role)), changes))
    after = dump(*WORKING)

    assert answer.status_code in {200, 303, 400, 401, 403}, answer.get_data(as_text=True)
    grown = {name: len(rows) - len(before[name]) for name, rows in after.items()}
    if answer.status_code in {400, 401}:
        assert after == before
    if answer.status_code == 303:
        assert grown["visit"] + grown["errand"] == 1
        opened = browser.raw().get(answer.location, follow_redirects=True)
        assert opened.status_code == 200, opened.get_data(as_text=True)
    else:
        assert grown["visit"] == grown["errand"] == 0
    must_be_whole()


@given(what=messages(), value=st.integers(300, 2500), text=LONG | ANY_TEXT)
@fuzzed
def test_a_nested_or_huge_launch_is_read_or_refused(
    strange: Strange, pages: Browsers, what: tuple[str, str], value: int, text: str
) -> None:
    nested: Any = text
    for _level in range(min(value, 900)):
        nested = [nested]
    claims = message(strange, what[0], roles_of(what[1]))

    for place in (CLAIM + "custom", "unknown", SETTINGS):
        answer = strange.launch(pages(), claims | {place: nested, "more": "y" * value * 20})
        assert answer.status_code < 500, answer.get_data(as_text=True)

    must_be_whole()


@given(changes=st.dictionaries(st.sampled_from(["state", "id_token", "error", "storage_value"]), ANY_TEXT | LONG))
@fuzzed
def test_a_launch_form_of_any_shape_is_refused_and_writes_nothing(
    strange: Strange, pages: Browsers, changes: dict[str, str]
) -> None:
    browser = pages()
    state = strange.login(browser)["state"]
    form = {"state": state} | {name: value.encode(errors="surrogatepass") for name, value in changes.items()}
    before = dump(*WORKING)

    answer = browser.raw().post("/lti/launch", data=form)

    assert answer.status_code in {400, 401, 403}, answer.get_data(as_text=True)
    assert dump(*WORKING) == before


@given(
    changes=st.dictionaries(
        st.sampled_from(
            ["iss", "client_id", "login_hint", "target_link_uri", "lti_message_hint", "lti_storage_target"]
        ),
        ANY_TEXT | LONG | ADDRESSES,
    ),
    is_post=st.booleans(),
    is_framed=st.booleans(),
)
@example(changes={"iss": "\0"}, is_post=True, is_framed=False)
@example(changes={"client_id": "\0"}, is_post=False, is_framed=True)
@fuzzed
def test_a_login_of_any_shape_leads_to_the_lms_or_is_refused(
    strange: Strange, pages: Browsers, changes: dict[str, str], is_post: bool, is_framed: bool
) -> None:
    params = {"iss": strange.issuer, "client_id": "client-1", "login_hint": "h", "target_link_uri": TARGET}
    sent = {name: value.encode(errors="surrogatepass") for name, value in (params | changes).items()}
    headers = {"Sec-Fetch-Dest": "iframe"} if is_framed else {}
    client, before = pages().raw(), dump()

    if is_post:
        answer = client.post("/lti/login", data=sent, headers=headers)
    else:
        query = "&".join(f"{name}={quote(value)}" for name, value in sent.items())
        answer = client.get(f"/lti/login?{query}", headers=headers)
    after = dump()

    assert answer.status_code in {200, 302, 400, 403}, answer.get_data(as_text=True)
    assert dump("login") == {name: rows for name, rows in before.items() if name != "login"}
    assert len(after["login"]) - len(before["login"]) in ({1} if answer.status_code == 302 else {0, 1})
    if answer.status_code == 302:
        assert answer.location.startswith(f"{strange.issuer}/auth?")


@given(path=ANY_TEXT | LONG | NUMERALS, query=ANY_TEXT | LONG | NUMERALS)
@example(path="\0", query="\0")
@example(path=str(10**30), query=str(10**30))
@fuzzed
def test_an_address_of_any_shape_is_a_page(strange: Strange, pages: Browsers, path: str, query: str) -> None:
    browser = pages()
    answer = strange.launch(browser, message(strange, "LtiResourceLinkRequest", roles_of("Instructor")))
    if answer.status_code != 303:
        answer = strange.launch(browser, message(strange, "LtiDeepLinkingRequest", roles_of("Instructor")))
    inside = urlsplit(answer.location).path
    part, value = (quote(one.encode(errors="surrogatepass"), safe="") for one in (path, query))
    before = dump("visit", "errand", *WORKING)

    for address in (
        f"/{part}",
        f"/l/{part}/",
        f"/e/{part}/",
        f"/lti/register?invite={value}&openid_configuration={value}",
    ):
        answer = browser.raw().get(address)
        assert answer.status_code < 500, (address, answer.get_data(as_text=True))
    for page in (
        f"staff/participation/{part}",
        f"review?person={value}",
        f"staff/people?q={value}",
        f"staff/people?q={value}&page={value}&role={value}",
        f"me/{part}",
        part,
    ):
        answer = browser.raw().get(inside + page, follow_redirects=True)
        assert answer.status_code < 500, (page, answer.get_data(as_text=True))

    assert dump("visit", "errand", *WORKING) == before
