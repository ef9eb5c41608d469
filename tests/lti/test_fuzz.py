"""Whatever arrives in a browser or by hand, the edge answers with a value or with an error of its own, and in time.

What LMSs answer to the tool's own calls is fuzzed in `test_fuzz_answers`.
"""

import string

from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.claims import Message, read_claims
from lti_tool.lti.deep_linking import deep_linking_response
from lti_tool.lti.keys import SigningKeys
from lti_tool.lti.launch import Launch
from lti_tool.lti.notifications import notices_in, read_notice
from lti_tool.lti.presets import PRESETS, fill_preset
from lti_tool.lti.storage import peek_storage, storage_proof

from .conftest import Memory, Platforms
from .fuzzing import ANY_JSON, ANY_TEXT, ends_well, fuzzed, objects, signed_as_is, texts
from .outside import NOW, part, recorded
from .test_messages import CHOICE, DL, SETTINGS
from .visiting import LTI, OWN_ORIGIN, Visitor

STUDENT = recorded("moodle_launches")["student"]
LOGIN_FIELDS = ("iss", "client_id", "login_hint", "lti_message_hint", "target_link_uri", "lti_storage_target")
PRESET_FIELDS = ("site", "issuer", "client_id", "deployment_id", "auth_login_url", "auth_token_url", "jwks_url")
CLAIMS = (
    "sub",
    "name",
    "zoneinfo",
    DL + "deep_linking_settings",
    "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint",
    "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice",
    LTI + "roles",
    LTI + "context",
    LTI + "custom",
    LTI + "for_user",
    LTI + "resource_link",
    LTI + "tool_platform",
    LTI + "platformnotificationservice",
)
SETTING_NAMES = ("deep_link_return_url", "accept_types", "accept_multiple", "accept_lineitem", "data", "title", "text")
NOTICE_CLAIMS = (LTI + "notice", LTI + "context", LTI + "origin_contexts", "nonce", "aud", "azp", "iss")


@given(params=texts(*LOGIN_FIELDS))
@fuzzed
def test_a_login_of_any_shape_ends_well(visitor: Visitor, params: dict[str, str]) -> None:
    start = ends_well(visitor.login, **params)

    assert start is None or start.url.startswith(visitor.platform.auth_login_url)


@given(form=texts("state", "id_token", "error", "lti_storage_target"), value=ANY_TEXT)
@fuzzed
def test_a_launch_form_of_any_shape_is_refused(
    visitor: Visitor, memory: Memory, platforms: Platforms, form: dict[str, str], value: str
) -> None:
    proof = storage_proof(value, fetch_site=value, origin=value, own_origin=OWN_ORIGIN)

    assert peek_storage(form, memory=memory, platforms=platforms, now=NOW) is None
    assert ends_well(visitor.post, form, storage_proof=proof) is None


@given(header=ANY_JSON, payload=ANY_JSON, signature=st.text(alphabet=string.ascii_letters + "-_=.", max_size=8))
@fuzzed
def test_a_token_of_any_parts_is_refused(visitor: Visitor, header: object, payload: object, signature: str) -> None:
    visitor.cookies.clear()
    start = visitor.login()
    token = f"{part(header)}.{part(payload)}.{signature}"

    assert ends_well(visitor.post, {"state": start.state, "id_token": token}) is None


@given(name=st.sampled_from(["iss", "aud", "azp", "exp", "iat", "nbf", "nonce", *CLAIMS]), value=ANY_JSON)
@fuzzed
def test_a_signed_launch_with_a_claim_of_any_shape_ends_well(visitor: Visitor, name: str, value: object) -> None:
    visitor.cookies.clear()
    start = visitor.login()
    token = signed_as_is(visitor.payload(start, {name: value}), visitor.key)

    launch = ends_well(visitor.post, {"state": start.state, "id_token": token})

    assert launch is None or isinstance(launch, Launch)


@given(message=st.sampled_from([*Message, "DataPrivacyLaunchRequest"]), claims=objects(*CLAIMS))
@fuzzed
def test_claims_of_any_message_end_well(message: str, claims: dict[str, object]) -> None:
    read = ends_well(read_claims, STUDENT | claims | {LTI + "message_type": message})

    for text in [read.subject, *(read.section_ids or ()), *read.context_history] if read else []:
        text.encode()


@given(said=objects(*SETTING_NAMES))
@fuzzed
def test_settings_of_a_choice_of_any_shape_end_well(
    visitor: Visitor, signing_keys: SigningKeys, said: dict[str, object]
) -> None:
    visitor.cookies.clear()
    launch = ends_well(visitor.launch, {**CHOICE, DL + "deep_linking_settings": SETTINGS | said})

    if launch is not None:
        form = deep_linking_response(launch, [], signing_keys=signing_keys, now=NOW)
        assert form.action_url.startswith("https://")


@given(token=ANY_TEXT, claims=objects(*NOTICE_CLAIMS), body=st.binary(max_size=60))
@fuzzed
def test_a_notice_of_any_shape_ends_well(
    visitor: Visitor, lms_key: rsa.RSAPrivateKey, token: str, claims: dict[str, object], body: bytes
) -> None:
    visitor.cookies.clear()
    payload = visitor.payload(visitor.login()) | {LTI + "notice": {"id": "1", "type": "t", "timestamp": "2026-11-22"}}
    notices = (token, signed_as_is(payload | claims, lms_key))

    for notice in notices:
        ends_well(read_notice, notice, platforms=visitor.platforms, key_sets=visitor.key_sets, now=NOW)
    ends_well(notices_in, body)


@given(key=st.sampled_from(sorted(PRESETS)), values=texts(*PRESET_FIELDS))
@fuzzed
def test_values_typed_into_a_preset_end_in_fields_or_problems(key: str, values: dict[str, str]) -> None:
    found = fill_preset(key, values)

    assert found
    for value in found.values() if isinstance(found, dict) else ():
        value.encode()
