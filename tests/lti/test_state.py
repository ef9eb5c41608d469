"""A state belongs to one login, one browser, one registration and one launch."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.platform import Platform, RegistrationId

from .conftest import Memory, Platforms
from .outside import NOW
from .visiting import Visitor


def refusal_of(visitor: Visitor, form: Mapping[str, str], **more: object) -> Refusal:
    """The code with which this form is refused."""
    with pytest.raises(LaunchRefused) as refused:
        visitor.post(form, **more)
    return refused.value.reason


def test_a_replayed_token_is_refused(visitor: Visitor) -> None:
    start = visitor.login()
    form = {"state": start.state, "id_token": visitor.token(start)}

    visitor.post(form)

    assert refusal_of(visitor, form) is Refusal.STATE_UNKNOWN


def test_a_token_replayed_from_a_second_browser_is_refused(visitor: Visitor) -> None:
    start = visitor.login()
    form = {"state": start.state, "id_token": visitor.token(start)}
    second = replace(visitor, cookies={})
    visitor.post(form)

    assert refusal_of(second, form) is Refusal.STATE_UNKNOWN


def test_a_state_of_another_browser_is_refused_and_used_up(visitor: Visitor, memory: Memory) -> None:
    start = visitor.login()
    form = {"state": start.state, "id_token": visitor.token(start)}
    other = replace(visitor, cookies={})
    other.login()

    assert refusal_of(other, form) is Refusal.BROWSER_NOT_RECOGNISED
    assert refusal_of(visitor, form) is Refusal.STATE_UNKNOWN
    assert len(memory.records) == 1


def test_a_stolen_token_with_ones_own_state_is_refused(visitor: Visitor) -> None:
    stolen = visitor.token(visitor.login())
    own = visitor.login()

    assert refusal_of(visitor, {"state": own.state, "id_token": stolen}) is Refusal.NONCE_REFUSED


def test_a_token_of_one_registration_with_the_state_of_another_is_refused(
    visitor: Visitor, platforms: Platforms, platform: Platform
) -> None:
    other = platforms.add(replace(platform, registration_id=RegistrationId(2), client_id="client-2"), "deployment-1")
    token_of_a = visitor.token(visitor.login())
    state_of_b = replace(visitor, platform=other).login().state

    assert refusal_of(visitor, {"state": state_of_b, "id_token": token_of_a}) is Refusal.REGISTRATION_MISMATCH


def test_a_launch_that_waited_too_long_is_refused(visitor: Visitor) -> None:
    start = visitor.login()
    form = {"state": start.state, "id_token": visitor.token(start)}

    assert refusal_of(visitor, form, now=NOW + timedelta(minutes=10)) is Refusal.STATE_UNKNOWN


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, Refusal.FORM_INCOMPLETE),
        ({"id_token": "x"}, Refusal.FORM_INCOMPLETE),
        ({"error": "login_required"}, Refusal.FORM_INCOMPLETE),
        ({"state": "invented", "error": "login_required"}, Refusal.STATE_UNKNOWN),
        ({"state": "x" * 100_000}, Refusal.STATE_UNKNOWN),
    ],
)
def test_a_form_without_a_state_of_ours_is_refused(visitor: Visitor, form: Mapping[str, str], code: Refusal) -> None:
    assert refusal_of(visitor, form) is code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("login_required", Refusal.LMS_LOGIN_NEEDED),
        ("launch_no_longer_valid", Refusal.LMS_LAUNCH_EXPIRED),
        ("access_denied", Refusal.LMS_ACCESS_DENIED),
        ("unauthorized_client", Refusal.LMS_ACCESS_DENIED),
        ("invalid_request", Refusal.LMS_ERROR),
        ("<script>", Refusal.LMS_ERROR),
    ],
)
def test_an_error_answer_of_the_lms_is_understood(visitor: Visitor, error: str, code: Refusal) -> None:
    start = visitor.login()
    form = {"state": start.state, "error": error, "error_description": "<b>no</b>"}

    assert refusal_of(visitor, form) is code
    assert refusal_of(visitor, form) is Refusal.STATE_UNKNOWN


def test_two_tabs_launch_side_by_side(visitor: Visitor) -> None:
    first, second = visitor.login(), visitor.login()

    launches = [visitor.post({"state": one.state, "id_token": visitor.token(one)}) for one in (second, first)]

    assert [launch.claims.subject for launch in launches] == ["alice-1", "alice-1"]
