"""PyLTI1p3 2.0.0 has twenty-three known faults; each has a test here that shows that this tool does not have it.

The library is asked for by the users and stays underneath. What stands in brackets is where it has the fault.
"""

import hashlib
import inspect
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

import lti_tool.lti
from lti_tool.lti import launch as launch_module
from lti_tool.lti.claims import Message, Standing, is_test_user, parse_roles, read_claims, standing
from lti_tool.lti.connector import Connector
from lti_tool.lti.deep_linking import deep_linking_response
from lti_tool.lti.errors import LaunchRefused, PlatformRefused, PlatformUnavailable, Refusal
from lti_tool.lti.gradebook import SCORE_SCOPE, ScoreToSend, read_results, send_score
from lti_tool.lti.groups import read_group_sets, read_groups
from lti_tool.lti.keys import KeySets, SigningKeys
from lti_tool.lti.line_items import find_or_create_line_item
from lti_tool.lti.platform import Platform, RegistrationId
from lti_tool.lti.roster import read_roster
from lti_tool.lti.storage import peek_storage, storage_proof
from lti_tool.lti.transport import Limits
from tests.lti.conftest import HERE

from .conftest import Clock, ConnectorOf, Memory, Platforms, Tokens
from .outside import NOW, Outside, Reply, jwk, recorded
from .test_gradebook import ITEMS
from .test_gradebook import endpoint as gradebook_endpoint
from .test_messages import CHOICE, DL, SETTINGS
from .test_roster import learner, page
from .test_sections_and_groups import SETS, endpoint
from .visiting import ABSENT, LTI, MEMBERSHIP, OWN_ORIGIN, TARGET, Visitor, query_of

SOURCE = Path(inspect.getfile(lti_tool.lti)).parent


def refusal_of(visitor: Visitor, changes: dict[str, object]) -> Refusal:
    """The code with which a launch with these claims is refused."""
    with pytest.raises(LaunchRefused) as refused:
        visitor.launch(changes)
    return refused.value.reason


@pytest.mark.parametrize(
    "header",
    [
        '<{}/m?Cursor=aB>; rel="next"',
        "<{}/m?Cursor=aB>; rel=next",
        '<{}/m?Cursor=aB>; title="x"; REL="next"',
        '<{}/m>; rel="first", <{}/m?Cursor=aB>; rel="next last"',
    ],
)
def test_fault_01_a_next_page_keeps_its_case_and_is_found_however_it_is_written(
    connector: Connector, lms: Outside, header: str
) -> None:
    """[service_connector: the Link header is lower-cased; one spelling is understood]"""
    link = {"Link": header.replace("{}", lms.origin)}
    lms.on("GET", "/m", Reply(json={"members": [learner("1")]}, headers=link))
    lms.on("GET", "/m?Cursor=aB", page([learner("2")]))

    assert [member.user_id for member in read_roster(connector, lms.url("/m"))] == ["1", "2"]


def test_fault_02_calls_have_time_limits_are_repeated_with_care_and_understand_throttling(
    connector: Connector, lms: Outside
) -> None:
    """[service_connector: no timeout, no retry, no new token after 401, no 429; only GET and POST]"""
    limits = Limits()
    lms.on("GET", "/flaky", Reply(status=503), Reply(json=1))
    lms.on("GET", "/expired", Reply(status=401), Reply(json=2))
    lms.on("GET", "/throttled", Reply(status=403, text="403 Forbidden (Rate Limit Exceeded)"))
    lms.on("PUT", "/thing", Reply(json=3))

    def get(path: str) -> object:
        return connector.get(lms.url(path), scopes=("s",), accept="application/json").json

    assert 0 < limits.connect_seconds < limits.read_seconds < limits.total_seconds <= 60
    assert (get("/flaky"), get("/expired")) == (1, 2)
    with pytest.raises(PlatformUnavailable):
        get("/throttled")
    assert connector.put(lms.url("/thing"), scopes=("s",), content_type="application/json", json={}).json == 3


def test_fault_03_a_token_is_shared_by_all_connectors_until_it_expires(
    platform: Platform, signing_keys: SigningKeys, tokens: Tokens, clock: Clock, lms: Outside
) -> None:
    """[service_connector: a token per object, kept beyond its life]"""
    lms.on("GET", "/m", page([learner("1")]))

    def read_with_a_new_connector() -> None:
        connector = Connector(platform, signing_keys=signing_keys, tokens=tokens, clock=clock, reach=HERE)
        read_roster(connector, lms.url("/m"))
        connector.close()

    read_with_a_new_connector()
    read_with_a_new_connector()
    before = len(lms.asked_for("/token"))
    clock.move(hours=1)
    read_with_a_new_connector()

    assert (before, len(lms.asked_for("/token"))) == (1, 2)


def test_fault_04_a_browser_without_cookies_is_known_by_the_platforms_storage(
    visitor: Visitor, memory: Memory, platforms: Platforms
) -> None:
    """[oidc_login: no lti_storage_target, no postMessage]"""
    start = visitor.login(lti_storage_target="_parent")
    form = {"state": start.state, "id_token": visitor.token(start)}
    assert start.storage is not None

    question = peek_storage(form, memory=memory, platforms=platforms, now=NOW)
    proof = storage_proof(start.storage.value, fetch_site="same-origin", origin=None, own_origin=OWN_ORIGIN)

    assert question is not None
    assert (question.frame, question.key) == ("_parent", start.storage.key)
    assert replace(visitor, cookies={}).post(form, storage_proof=proof).claims.subject == "alice-1"


def test_fault_05_no_cookie_is_set_behind_the_web_layers_back(visitor: Visitor) -> None:
    """[contrib cookies: not partitioned, one for each state, never deleted]"""
    start = visitor.login()
    written = "\n".join(path.read_text() for path in SOURCE.glob("*.py"))

    assert start.browser_secret
    assert "pylti1p3.contrib" not in written
    assert "Set-Cookie" not in written


def test_fault_06_state_and_nonce_are_used_once_and_belong_together(visitor: Visitor) -> None:
    """[message_launch: the nonce is looked up, not used up, and tied to nothing; a state passes again uncookied]"""
    first, second = visitor.login(), visitor.login()
    form = {"state": first.state, "id_token": visitor.token(first)}
    visitor.post(form)

    with pytest.raises(LaunchRefused) as replayed:
        replace(visitor, cookies={}).post(form)
    with pytest.raises(LaunchRefused) as crossed:
        visitor.post({"state": second.state, "id_token": visitor.token(visitor.login())})

    assert replayed.value.reason is Refusal.STATE_UNKNOWN
    assert crossed.value.reason is Refusal.NONCE_REFUSED


def test_fault_07_times_are_required_bounded_and_forgiven_a_minute(visitor: Visitor) -> None:
    """[validate_jwt_signature: exp and iat optional, no greatest age, no leeway]"""
    at = int(NOW.timestamp())

    assert visitor.launch({"iat": at + 50, "exp": at + 90}).claims.subject == "alice-1"
    assert refusal_of(visitor, {"exp": ABSENT}) is Refusal.TIMES_MISSING
    assert refusal_of(visitor, {"iat": ABSENT}) is Refusal.TIMES_MISSING
    assert refusal_of(visitor, {"iat": at - 86_400}) is Refusal.TOO_OLD


def test_fault_08_the_whole_audience_and_the_authorised_party_are_compared(visitor: Visitor) -> None:
    """[get_client_id: the first of a list only; azp unread]"""
    assert visitor.launch({"aud": ["other", "client-1"], "azp": "client-1"}).claims.client_id == "client-1"
    assert refusal_of(visitor, {"aud": ["client-1", "other"]}) is Refusal.AUDIENCE_REFUSED
    assert refusal_of(visitor, {"azp": "other"}) is Refusal.AUDIENCE_REFUSED


def test_fault_09_one_algorithm_and_keys_that_follow_the_platforms_rotation(
    visitor: Visitor, lms: Outside, key_sets: KeySets, platform: Platform, stranger_key: rsa.RSAPrivateKey
) -> None:
    """[get_public_key: the token chooses the algorithm; no refetch on an unknown kid; an error page is cached]"""
    start = visitor.login()
    token = jwt.encode(visitor.payload(start), visitor.key, algorithm="RS512", headers={"kid": "lms-key"})
    with pytest.raises(LaunchRefused) as refused:
        visitor.post({"state": start.state, "id_token": token})
    visitor.launch()
    lms.on("GET", "/jwks", Reply(json={"keys": [jwk(stranger_key, "rotated")]}))

    rotated = key_sets.key_for(platform, "rotated", NOW)
    lms.on("GET", "/jwks", Reply(status=500, json={"keys": []}))
    with pytest.raises(PlatformUnavailable):
        key_sets.key_for(platform, "rotated", NOW + timedelta(days=2))

    assert refused.value.reason is Refusal.ALGORITHM_REFUSED
    assert rotated.public_numbers() == stranger_key.public_key().public_numbers()


def test_fault_10_target_error_and_version_are_checked(visitor: Visitor) -> None:
    """[whole launch: target_link_uri unchecked; error answers not understood; version read late]"""
    start = visitor.login()
    with pytest.raises(LaunchRefused) as error:
        visitor.post({"state": start.state, "error": "login_required"})

    assert error.value.reason is Refusal.LMS_LOGIN_NEEDED
    assert refusal_of(visitor, {LTI + "target_link_uri": TARGET + "/else"}) is Refusal.TARGET_MISMATCH
    assert refusal_of(visitor, {LTI + "version": "1.1"}) is Refusal.VERSION_REFUSED


def test_fault_11_odd_messages_end_on_a_page_with_words_and_not_in_an_exception_of_the_library(
    visitor: Visitor,
) -> None:
    """[validators: no launch without sub; no choice without ltiResourceLink; an unknown message raises]

    A launch without subject stays refused, since the certification asks for that; it has a sentence of its own.
    """
    choice = visitor.launch({**CHOICE, DL + "deep_linking_settings": SETTINGS | {"accept_types": ["link"]}}).claims

    assert choice.message is Message.DEEP_LINKING
    assert choice.deep_linking is not None
    assert not choice.deep_linking.accepts_links
    assert refusal_of(visitor, {LTI + "message_type": "LtiEulaRequest"}) is Refusal.UNSUPPORTED_MESSAGE
    assert refusal_of(visitor, {"sub": ABSENT}) is Refusal.SUBJECT_MISSING


def test_fault_12_an_authentication_address_keeps_its_own_query(
    visitor: Visitor, platforms: Platforms, platform: Platform
) -> None:
    """[oidc_login: `?` is appended to any address]"""
    visitor.platform = platforms.add(replace(platform, auth_login_url=platform.auth_login_url + "?tenant=7"))

    url = visitor.login().url

    assert url.count("?") == 1
    assert query_of(url)["tenant"] == "7"


def test_fault_13_nothing_is_shared_between_two_directories(
    visitor: Visitor, platforms: Platforms, platform: Platform
) -> None:
    """[tool_config/abstract: one dictionary of issuers for all instances]"""
    other = Platforms()
    other.add(replace(platform, registration_id=RegistrationId(9), client_id="client-9"), "deployment-1")
    elsewhere = replace(visitor, platforms=other, memory=Memory())

    visitor.launch()

    with pytest.raises(LaunchRefused) as refused:
        elsewhere.login(client_id="client-1")
    assert refused.value.reason is Refusal.UNKNOWN_PLATFORM
    assert visitor.login(client_id="client-1").state


def test_fault_14_an_answer_to_a_choice_carries_data_only_if_some_came(
    visitor: Visitor, signing_keys: SigningKeys
) -> None:
    """[deep_link: `data: null` where none came; no message; the return address unescaped in a page]"""
    back = 'https://lms.example.invalid/return?a=1&b="><script>'
    launch = visitor.launch(dict(CHOICE))

    form = deep_linking_response(launch, [], signing_keys=signing_keys, now=NOW, message="Nothing chosen.")
    said = jwt.decode(form.jwt, options={"verify_signature": False})
    settings = {DL + "deep_linking_settings": SETTINGS | {"deep_link_return_url": back}}

    assert DL + "data" not in said
    assert said[DL + "msg"] == "Nothing chosen."
    assert refusal_of(visitor, {**CHOICE, **settings}) is Refusal.DEEP_LINKING_INCOMPLETE


def test_fault_15_the_gradebook_filters_pages_asks_for_little_and_guesses_nothing(
    connector: Connector, lms: Outside
) -> None:
    """[assignments_grades: filters after downloading; results unpaged; all scopes in each call, KeyError without any;
    a score without a column makes one by its tag]"""
    entry = {
        "id": lms.url("/items/1"),
        "label": "L",
        "scoreMaximum": 10,
        "resourceId": "r",
        "tag": "t",
    }
    lms.on("GET", ITEMS, Reply(json=[entry]))
    lms.on("POST", "/items/1/scores", Reply(status=204))
    more = {"Link": f'<{lms.url("/items/1/results?p=2")}>; rel="next"'}
    lms.on("GET", "/items/1/results", Reply(json=[{"userId": "1", "resultScore": 1}], headers=more))
    lms.on("GET", "/items/1/results?p=2", Reply(json=[{"userId": "2", "resultScore": 2}]))

    item = find_or_create_line_item(
        connector, gradebook_endpoint(lms), label="L", score_maximum=10, resource_id="r", tag="t"
    )
    send_score(connector, item.url, ScoreToSend(user_id="1", points=1, maximum=10, timestamp=NOW, comment=None))
    results = read_results(connector, item.url)
    launch = recorded("moodle_launches")["student"]
    launch["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"].pop("scope")
    unscoped = read_claims(launch).gradebook

    assert "resource_id=r" in lms.asked_for(ITEMS)[0].query
    assert set(results) == {"1", "2"}
    assert lms.asked_for("/token")[1].form["scope"] == SCORE_SCOPE
    assert unscoped is not None
    assert unscoped.scopes == frozenset()


def test_fault_16_a_roster_ends_where_pages_come_round_and_reads_an_empty_body(
    connector_of: ConnectorOf, lms: Outside
) -> None:
    """[names_roles: endless pages; an empty body raises AttributeError; no groups]"""
    lms.on("GET", "/round", page([learner("1", group_enrollments=[{"group_id": "g"}])], lms.url("/round?p=2")))
    lms.on("GET", "/round?p=2", page([learner("2")], lms.url("/round")))
    lms.on("GET", "/empty", Reply(text=""))

    members = read_roster(connector_of("BlackboardLearn"), lms.url("/round"), with_groups=False)

    assert [member.user_id for member in members] == ["1", "2"]
    assert members[0].group_ids == {"g"}
    assert read_roster(connector_of("sakai"), lms.url("/empty")) == ()


def test_fault_17_sets_of_groups_are_asked_for_by_their_own_type_and_need_no_scope_key(
    connector: Connector, lms: Outside
) -> None:
    """[course_groups: the groups' type for sets; set_id only; KeyError without scope]"""
    lms.on("GET", "/groups", Reply(json={"groups": [{"id": "g", "name": "G", "set_ids": ["s", "t"]}]}))
    lms.on("GET", "/sets", Reply(json={"sets": []}))
    unscoped = replace(endpoint(lms), scopes=frozenset())

    read_group_sets(connector, unscoped)

    assert lms.asked_for("/sets")[0].headers["Accept"] == SETS
    assert read_groups(connector, unscoped)[0].set_ids == {"s", "t"}


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("registration", "register"),
        ("registration", "update_registration"),
        ("notifications", "subscribe"),
        ("notifications", "read_notice"),
        ("signing", "signing_keys_from"),
        ("signing", "add_signing_key"),
    ],
)
def test_fault_18_what_the_library_lacks_is_here(module: str, name: str) -> None:
    """[missing: dynamic registration, notices, context copy, rotation, several keys]"""
    found = __import__(f"lti_tool.lti.{module}", fromlist=[name])

    assert callable(getattr(found, name))


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([MEMBERSHIP + "/Learner#Instructor"], Standing.LEARNER),
        ([MEMBERSHIP + "/Instructor#TeachingAssistant", MEMBERSHIP + "#Instructor"], Standing.TEACHING_ASSISTANT),
        (["http://purl.imsglobal.org/vocab/lis/v2/person#Administrator"], Standing.ADMINISTRATOR),
        (
            ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor", MEMBERSHIP + "#Learner"],
            Standing.LEARNER,
        ),
    ],
)
def test_fault_19_a_role_is_read_whole(roles: list[str], expected: Standing) -> None:
    """[roles: only the text behind `#` counts; the test user is unknown]"""
    test_user = parse_roles(["http://purl.imsglobal.org/vocab/lti/system/person#TestUser"])

    assert standing(parse_roles(roles)) is expected
    assert is_test_user(test_user)


def test_fault_20_a_launch_needs_no_session_of_the_library(visitor: Visitor) -> None:
    """[cache storage: bound to a cookie of its own on https, to nothing on http]"""
    visitor.launch()

    assert all(name.startswith("lti_login_") for name in visitor.cookies)


def test_fault_21_an_exception_repeats_nothing_of_an_answer(connector: Connector, lms: Outside) -> None:
    """[exception: LtiServiceException holds the whole response]"""
    url = lms.on("GET", "/m", Reply(status=400, text="Dana Learner dana@example.invalid"))

    with pytest.raises(PlatformRefused) as refused:
        read_roster(connector, url)

    assert "Dana" not in f"{refused.value} {refused.value!r} {refused.value.args}"


def test_fault_22_no_md5_no_stored_launch_and_no_uncaught_json(
    connector: Connector, lms: Outside, visitor: Visitor, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[misc: MD5 fails on FIPS hosts; whole launches cached for a day; ValueError from a page that is no JSON]"""

    def refuse(*_args: object, **_more: object) -> None:
        raise ValueError("disabled for FIPS")

    monkeypatch.setattr(hashlib, "md5", refuse)
    url = lms.on("GET", "/m", Reply(text="<html>maintenance</html>"))

    visitor.launch()

    assert not memory.records
    with pytest.raises(PlatformUnavailable):
        read_roster(connector, url)


def test_fault_23_little_of_the_library_remains_and_every_step_is_ours() -> None:
    """[project: last commit in 2022] Whatever it leaves open is overridden here, so that it can be given up."""
    ours = vars(launch_module._Message)
    steps = {
        "validate",
        "validate_state",
        "validate_jwt_format",
        "validate_registration",
        "validate_jwt_signature",
        "validate_nonce",
        "validate_message",
        "validate_deployment",
    }
    users = {path.name for path in SOURCE.glob("*.py") if re.search(r"^from pylti1p3", path.read_text(), re.MULTILINE)}

    assert steps <= set(ours)
    assert users == {"bridge.py", "launch.py", "login.py"}


def test_every_fault_has_its_test() -> None:
    numbers = {int(found[1]) for name in globals() if (found := re.match(r"test_fault_(\d\d)_", name))}

    assert numbers == set(range(1, 24))
