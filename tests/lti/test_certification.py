"""The 1EdTech certification's launches by name: each bad one refused with its own code, each good one accepted."""

from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from lti_tool.lti.claims import Standing
from lti_tool.lti.errors import LaunchRefused, Refusal

from .outside import signed
from .visiting import ABSENT, LTI, MEMBERSHIP, Visitor

INSTRUCTOR = MEMBERSHIP + "#Instructor"
STUDENT = MEMBERSHIP + "#Learner"

BAD_PAYLOADS: dict[str, tuple[Mapping[str, object], Refusal]] = {
    "wrong LTI version": ({LTI + "version": "11.3"}, Refusal.VERSION_REFUSED),
    "missing LTI version": ({LTI + "version": ABSENT}, Refusal.VERSION_MISSING),
    "bad iat and exp": ({"iat": 11111, "exp": 22222}, Refusal.EXPIRED),
    "missing message type": ({LTI + "message_type": ABSENT}, Refusal.MESSAGE_TYPE_MISSING),
    "missing roles claim": ({LTI + "roles": ABSENT}, Refusal.ROLES_MISSING),
    "missing deployment id": ({LTI + "deployment_id": ABSENT}, Refusal.DEPLOYMENT_MISSING),
    "missing resource link id": ({LTI + "resource_link": {"title": "x"}}, Refusal.RESOURCE_LINK_MISSING),
    "missing sub": ({"sub": ABSENT}, Refusal.SUBJECT_MISSING),
    "missing target link uri": ({LTI + "target_link_uri": ABSENT}, Refusal.TARGET_MISSING),
}

_NAMES = {"name": ABSENT, "given_name": ABSENT, "family_name": ABSENT}
GOOD_PAYLOADS: dict[str, Mapping[str, object]] = {
    "valid launch": {},
    "launch with multiple roles": {
        LTI + "roles": ["ROLE", "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student"]
    },
    "launch with short role": {LTI + "roles": ["SHORT"]},
    "launch with unknown role": {
        LTI + "roles": ["ROLE", "http://purl.imsglobal.org/vocab/lis/v2/unknown/unknown#Helper"]
    },
    "launch with no role": {LTI + "roles": []},
    "launch with email only": _NAMES,
    "launch with names only": {"email": ABSENT, "given_name": "Alice", "family_name": "Teacher"},
    "launch with no PII": {**_NAMES, "email": ABSENT},
    "launch with email without context": {**_NAMES, LTI + "context": ABSENT},
    "launch with only a resource link": {LTI + "context": ABSENT},
}


@pytest.mark.parametrize("name", BAD_PAYLOADS)
def test_bad_payload_is_refused_with_its_own_code(name: str, visitor: Visitor) -> None:
    changes, code = BAD_PAYLOADS[name]

    with pytest.raises(LaunchRefused) as refused:
        visitor.launch(changes)

    assert refused.value.reason is code


def test_bad_payload_no_kid_is_refused_with_its_own_code(visitor: Visitor) -> None:
    start = visitor.login()
    token = signed(visitor.payload(start), visitor.key, kid=None)

    with pytest.raises(LaunchRefused) as refused:
        visitor.post({"state": start.state, "id_token": token})

    assert refused.value.reason is Refusal.KEY_ID_MISSING


def test_bad_payload_wrong_kid_is_refused_with_its_own_code(visitor: Visitor, stranger_key: rsa.RSAPrivateKey) -> None:
    start = visitor.login()
    token = signed(visitor.payload(start), stranger_key, "imstester_66067")

    with pytest.raises(LaunchRefused) as refused:
        visitor.post({"state": start.state, "id_token": token})

    assert refused.value.reason is Refusal.UNKNOWN_KEY


@pytest.mark.parametrize("message", [{"name": "badltilaunch"}, {}])
def test_bad_payload_invalid_message_or_all_claims_missing_is_refused_with_its_own_code(
    message: Mapping[str, object], visitor: Visitor
) -> None:
    start = visitor.login()
    token = signed(message, visitor.key, "lms-key")

    with pytest.raises(LaunchRefused) as refused:
        visitor.post({"state": start.state, "id_token": token})

    assert refused.value.reason is Refusal.IDENTITY_MISSING


@pytest.mark.parametrize("token", ["badltilaunch", "a.b", "a.b.c", "e30.W10.e30", "e30.e30.e30.e30.e30", "é.é.é"])
def test_bad_payload_that_is_no_lti_1_3_token_is_refused_with_its_own_code(token: str, visitor: Visitor) -> None:
    start = visitor.login()

    with pytest.raises(LaunchRefused) as refused:
        visitor.post({"state": start.state, "id_token": token})

    assert refused.value.reason is Refusal.TOKEN_MALFORMED


def test_every_bad_payload_has_a_code_of_its_own() -> None:
    codes = [code for _, code in BAD_PAYLOADS.values()]

    distinct = {*codes, Refusal.KEY_ID_MISSING, Refusal.UNKNOWN_KEY, Refusal.IDENTITY_MISSING, Refusal.TOKEN_MALFORMED}

    assert len(distinct) == len(codes) + 4


@pytest.mark.parametrize(
    ("role", "short"), [(INSTRUCTOR, "Instructor"), (STUDENT, "Learner")], ids=["instructor", "student"]
)
@pytest.mark.parametrize("name", GOOD_PAYLOADS)
def test_good_payload_is_accepted(name: str, role: str, short: str, visitor: Visitor) -> None:
    template = {LTI + "roles": ["ROLE"], **GOOD_PAYLOADS[name]}
    roles = [{"ROLE": role, "SHORT": short}.get(str(one), one) for one in list(template[LTI + "roles"])]  # type: ignore[call-overload] # a list in every template

    launch = visitor.launch({**template, LTI + "roles": roles})

    expected = Standing.NONE if not roles else Standing.INSTRUCTOR if role == INSTRUCTOR else Standing.LEARNER
    assert launch.claims.standing is expected
    assert launch.claims.subject == "alice-1"
    assert launch.claims.resource_link_id == "link-1"
