"""Without cookies the LMS's own page remembers: the launch is still this browser's, and nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.login import LoginStart
from lti_tool.lti.platform import Platform
from lti_tool.lti.storage import StoragePlan, StorageProof, StorageQuestion, peek_storage, storage_proof

from .conftest import Memory, Platforms
from .outside import NOW
from .visiting import OWN_ORIGIN, Visitor

FRAME = "post_message_forwarding"


@pytest.fixture
def stranger(visitor: Visitor) -> Visitor:
    """The same browser without cookies."""
    return replace(visitor, cookies={})


def planned(start: LoginStart) -> StoragePlan:
    """What the login's page is to keep."""
    assert start.storage is not None
    return start.storage


def form_of(visitor: Visitor, start: LoginStart) -> dict[str, str]:
    """The launch that follows."""
    return {"state": start.state, "id_token": visitor.token(start)}


def own(value: str) -> StorageProof | None:
    """The proof in a request of the tool's own page."""
    return storage_proof(value, fetch_site="same-origin", origin=OWN_ORIGIN, own_origin=OWN_ORIGIN)


def refusal_of(visitor: Visitor, form: dict[str, str], proof: StorageProof | None) -> Refusal:
    """The code with which this form is refused."""
    with pytest.raises(LaunchRefused) as refused:
        visitor.post(form, storage_proof=proof)
    return refused.value.reason


def test_a_login_without_storage_plans_none(visitor: Visitor, memory: Memory, platforms: Platforms) -> None:
    start = visitor.login()

    question = peek_storage({"state": start.state}, memory=memory, platforms=platforms, now=NOW)

    assert (start.storage, question) == (None, None)


def test_the_plan_names_the_authentication_origin_and_the_frame(visitor: Visitor, platform: Platform) -> None:
    plan = planned(visitor.login(lti_storage_target=FRAME))

    assert plan.auth_origin == platform.auth_login_url.removesuffix("/auth")
    assert plan.frame == FRAME


def test_a_default_port_is_written_as_browsers_write_origins(
    visitor: Visitor, platforms: Platforms, platform: Platform
) -> None:
    address = "https://SSO.canvaslms.com:443/api/lti/authorize_redirect"
    visitor.platform = platforms.add(replace(platform, auth_login_url=address))

    assert planned(visitor.login(lti_storage_target=FRAME)).auth_origin == "https://sso.canvaslms.com"


def test_the_value_is_a_secret_of_its_own(visitor: Visitor, memory: Memory) -> None:
    start = visitor.login(lti_storage_target=FRAME)

    plan = planned(start)

    assert len({plan.value, plan.key, start.state, start.browser_secret}) == 4
    assert len(plan.value) >= 43
    assert start.state not in plan.key
    assert plan.value not in repr(memory.records)


def test_two_tabs_keep_their_values_apart(visitor: Visitor) -> None:
    plans = [planned(visitor.login(lti_storage_target=FRAME)) for _ in range(2)]

    assert plans[0].key != plans[1].key


def test_the_storage_proves_the_browser_without_a_cookie(
    stranger: Visitor, visitor: Visitor, memory: Memory, platforms: Platforms
) -> None:
    start = visitor.login(lti_storage_target=FRAME)
    form = form_of(visitor, start)

    question = peek_storage(form, memory=memory, platforms=platforms, now=NOW)
    launch = stranger.post(form, storage_proof=own(planned(start).value))

    plan = planned(start)
    assert question == StorageQuestion(auth_origin=plan.auth_origin, frame=plan.frame, key=plan.key)
    assert launch.claims.subject == "alice-1"


def test_the_state_is_used_once_with_storage_too(stranger: Visitor, visitor: Visitor) -> None:
    start = visitor.login(lti_storage_target=FRAME)
    form, proof = form_of(visitor, start), own(planned(start).value)
    stranger.post(form, storage_proof=proof)

    assert refusal_of(stranger, form, proof) is Refusal.STATE_UNKNOWN


def test_looking_uses_nothing_up(visitor: Visitor, memory: Memory, platforms: Platforms) -> None:
    start = visitor.login(lti_storage_target=FRAME)
    for _ in range(3):
        peek_storage(form_of(visitor, start), memory=memory, platforms=platforms, now=NOW)

    assert visitor.post(form_of(visitor, start)).claims.subject == "alice-1"


def test_the_cookie_is_enough_where_it_comes_back(visitor: Visitor) -> None:
    start = visitor.login(lti_storage_target=FRAME)

    assert visitor.post(form_of(visitor, start)).claims.subject == "alice-1"


@pytest.mark.parametrize("wrong", ["state", "cookie", "invented", "other"])
def test_another_value_proves_nothing(stranger: Visitor, visitor: Visitor, wrong: str) -> None:
    start = visitor.login(lti_storage_target=FRAME)
    other = planned(visitor.login(lti_storage_target=FRAME)).value
    value = {"state": start.state, "cookie": start.browser_secret, "invented": "x", "other": other}[wrong]

    assert refusal_of(stranger, form_of(visitor, start), own(value)) is Refusal.BROWSER_NOT_RECOGNISED


@pytest.mark.parametrize(
    ("fetch_site", "origin"),
    [
        ("cross-site", "https://evil.example.invalid"),
        ("cross-site", OWN_ORIGIN),
        ("same-site", "https://other.tool.example.invalid"),
        ("none", None),
        (None, "https://evil.example.invalid"),
        (None, "null"),
        (None, None),
    ],
)
def test_a_true_value_from_a_foreign_page_is_a_forged_launch(
    stranger: Visitor, visitor: Visitor, fetch_site: str | None, origin: str | None
) -> None:
    start = visitor.login(lti_storage_target=FRAME)
    proof = storage_proof(planned(start).value, fetch_site=fetch_site, origin=origin, own_origin=OWN_ORIGIN)

    assert refusal_of(stranger, form_of(visitor, start), proof) is Refusal.BROWSER_NOT_RECOGNISED


def test_an_older_browser_proves_its_page_by_its_origin(stranger: Visitor, visitor: Visitor) -> None:
    start = visitor.login(lti_storage_target=FRAME)
    proof = storage_proof(planned(start).value, fetch_site=None, origin=OWN_ORIGIN, own_origin=OWN_ORIGIN)

    assert stranger.post(form_of(visitor, start), storage_proof=proof).claims.subject == "alice-1"


def test_a_login_without_storage_is_not_proven_by_any_value(stranger: Visitor, visitor: Visitor) -> None:
    start = visitor.login()

    assert refusal_of(stranger, form_of(visitor, start), own("anything")) is Refusal.BROWSER_NOT_RECOGNISED


@pytest.mark.parametrize("value", [None, "", "x" * 513])
def test_no_value_is_no_proof(value: str | None) -> None:
    assert storage_proof(value, fetch_site="same-origin", origin=None, own_origin=OWN_ORIGIN) is None


@pytest.mark.parametrize("state", ["", "invented", "x" * 100_000])
def test_an_unknown_state_asks_the_storage_nothing(memory: Memory, platforms: Platforms, state: str) -> None:
    assert peek_storage({"state": state}, memory=memory, platforms=platforms, now=NOW) is None


def test_a_login_that_waited_too_long_asks_the_storage_nothing(
    visitor: Visitor, memory: Memory, platforms: Platforms
) -> None:
    start = visitor.login(lti_storage_target=FRAME)
    later = NOW + timedelta(minutes=10)

    assert peek_storage({"state": start.state}, memory=memory, platforms=platforms, now=later) is None


def test_a_removed_registration_asks_the_storage_nothing(
    visitor: Visitor, memory: Memory, platforms: Platforms
) -> None:
    start = visitor.login(lti_storage_target=FRAME)
    platforms.known.clear()

    assert peek_storage({"state": start.state}, memory=memory, platforms=platforms, now=NOW) is None


@pytest.mark.parametrize("frame", ["", "x" * 256, "a\0b"])
def test_a_frame_that_is_no_name_is_no_storage(visitor: Visitor, frame: str) -> None:
    assert visitor.login(lti_storage_target=frame).storage is None
