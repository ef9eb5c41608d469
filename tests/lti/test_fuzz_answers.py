"""Whatever an LMS answers to the tool's calls, the edge has a value or an error of its own, and in time."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.claim_parts import GroupsEndpoint, NotificationEndpoint
from lti_tool.lti.claims import GradebookEndpoint
from lti_tool.lti.connector import Connector
from lti_tool.lti.gradebook import LINE_ITEM_SCOPE, ScoreToSend, read_results, send_score
from lti_tool.lti.groups import read_group_sets, read_groups
from lti_tool.lti.keys import SigningKeys
from lti_tool.lti.line_items import find_or_create_line_item
from lti_tool.lti.links import next_link
from lti_tool.lti.notifications import subscribe
from lti_tool.lti.platform import Platform
from lti_tool.lti.registration import (
    read_openid_configuration,
    register,
    registration_request,
    update_registration,
)
from lti_tool.lti.roster import read_roster
from tests.lti.conftest import HERE

from .conftest import Clock, Tokens
from .fuzzing import ANY_BODY, ANY_JSON, ANY_TEXT, HEADER, STATUS, ends_well, fuzzed, objects
from .outside import NOW, Outside, Reply, recorded
from .test_placements import CHOOSING
from .test_registration import PLATFORM, TOOL
from .visiting import TARGET

MEMBER = ("user_id", "roles", "status", "name", "email", "message", "group_enrollments")
GROUP = ("id", "name", "tag", "hidden", "set_ids", "set_id")
RESULT = ("userId", "resultScore", "resultMaximum", "comment")
CONFIGURATION = ("issuer", "token_endpoint", "scopes_supported", PLATFORM)
ABOUT = ("product_family_code", "version", "messages_supported", "variables")
CONFIRMATION = ("client_id", "scope", "registration_client_uri", "registration_access_token", TOOL)


@pytest.fixture
def calls(
    platform: Platform, signing_keys: SigningKeys, tokens: Tokens, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Connector]:
    """Calls to the LMS that do not wait between repetitions."""
    monkeypatch.setattr("urllib3.util.Retry.sleep", lambda *_args: None)
    connector = Connector(platform, signing_keys=signing_keys, tokens=tokens, clock=clock, reach=HERE)
    yield connector
    connector.close()


@given(status=STATUS, body=ANY_BODY, link=HEADER)
@fuzzed
def test_a_roster_answer_of_any_shape_ends_well(
    calls: Connector, lms: Outside, status: int, body: str, link: str
) -> None:
    url = lms.on("GET", "/m", Reply(status=status, text=body, headers={"Link": link}))

    read = ends_well(read_roster, calls, url, context_id="c", with_groups=True)

    assert read is None or isinstance(read, tuple)


@given(entries=st.lists(ANY_JSON | objects(*MEMBER), max_size=4))
@fuzzed
def test_roster_entries_of_any_shape_end_well(calls: Connector, lms: Outside, entries: list[object]) -> None:
    url = lms.on("GET", "/m", Reply(json={"members": entries}))

    for member in ends_well(read_roster, calls, url) or ():
        f"{member.user_id} {member.name} {sorted(member.group_ids)}".encode()


@given(status=STATUS, body=ANY_BODY, entries=st.lists(objects(*GROUP), max_size=3))
@fuzzed
def test_answers_about_groups_of_any_shape_end_well(
    calls: Connector, lms: Outside, status: int, body: str, entries: list[object]
) -> None:
    service = GroupsEndpoint(groups_url=lms.url("/g"), sets_url=lms.url("/s"), scopes=frozenset())
    lms.on("GET", "/g", Reply(json={"groups": entries}))
    lms.on("GET", "/s", Reply(status=status, text=body))

    ends_well(read_groups, calls, service)
    ends_well(read_group_sets, calls, service)


@given(status=STATUS, body=ANY_BODY)
@fuzzed
def test_answers_to_scores_and_subscriptions_of_any_shape_end_well(
    calls: Connector, lms: Outside, status: int, body: str
) -> None:
    lms.on("POST", "/i/scores", Reply(status=status, text=body))
    lms.on("PUT", "/n", Reply(status=status, text=body))
    score = ScoreToSend(user_id="dana", points=1, maximum=2, timestamp=NOW, comment=None)
    notices = NotificationEndpoint(url=lms.url("/n"), scopes=frozenset(), notice_types=frozenset({"t"}))

    ends_well(send_score, calls, lms.url("/i"), score)
    ends_well(subscribe, calls, notices, TARGET, ["t"])


@given(body=ANY_BODY, results=st.lists(ANY_JSON | objects(*RESULT), max_size=3), created=ANY_BODY)
@fuzzed
def test_columns_and_results_of_any_shape_end_well(
    calls: Connector, lms: Outside, body: str, results: list[object], created: str
) -> None:
    lms.on("GET", "/items", Reply(text=body))
    gradebook = GradebookEndpoint(
        line_items_url=lms.url("/items"), line_item_url=None, scopes=frozenset({LINE_ITEM_SCOPE})
    )
    lms.on("POST", "/items", Reply(status=201, text=created))
    lms.on("GET", "/i/results", Reply(json=results))

    ends_well(find_or_create_line_item, calls, gradebook, label="L", score_maximum=1, resource_id="r", tag="t")
    ends_well(read_results, calls, lms.url("/i"))


@given(status=STATUS, body=ANY_BODY | objects("access_token", "expires_in", "scope").map(json.dumps))
@fuzzed
def test_a_token_answer_of_any_shape_ends_well(
    calls: Connector, tokens: Tokens, lms: Outside, status: int, body: str
) -> None:
    tokens.kept.clear()
    lms.on("POST", "/token", Reply(status=status, text=body))
    url = lms.on("GET", "/thing", Reply(json={}))

    ends_well(calls.get, url, scopes=("s",), accept="application/json")


@given(status=STATUS, body=ANY_BODY | objects(*CONFIGURATION).map(json.dumps), token=ANY_TEXT)
@fuzzed
def test_a_configuration_of_any_shape_ends_well(lms: Outside, status: int, body: str, token: str) -> None:
    url = lms.on("GET", "/configuration", Reply(status=status, text=body))

    ends_well(read_openid_configuration, url, token, reach=HERE)
    ends_well(read_openid_configuration, token, token, reach=HERE)


@given(said=objects("issuer", "scopes_supported", "authorization_server"), platform_said=objects(*ABOUT))
@fuzzed
def test_a_registration_is_asked_for_whatever_else_an_lms_says(
    lms: Outside, said: dict[str, object], platform_said: dict[str, object]
) -> None:
    document = lms._moved(recorded("moodle_registration")["openid configuration"])
    document[PLATFORM] = platform_said
    url = lms.on("GET", "/configuration", Reply(json=document | said))

    configuration = ends_well(read_openid_configuration, url, None, reach=HERE)

    if configuration is not None:
        json.dumps(registration_request(configuration, CHOOSING)).encode()


@given(status=STATUS, body=ANY_BODY | objects(*CONFIRMATION).map(json.dumps))
@fuzzed
def test_a_confirmation_of_any_shape_ends_well(lms: Outside, status: int, body: str) -> None:
    lms.on("GET", "/configuration", Reply(json=lms._moved(recorded("moodle_registration")["openid configuration"])))
    configuration = read_openid_configuration(lms.url("/configuration"), None, reach=HERE)
    lms.on("POST", "/mod/lti/openid-registration.php", Reply(status=status, text=body))
    managed = lms.on("PUT", "/r/1", Reply(status=status, text=body))

    registered = ends_well(register, configuration, "t", {"scope": "a"}, reach=HERE)
    ends_well(update_registration, managed, "t", {}, client_id="1", reach=HERE)

    if registered is not None:
        f"{registered.client_id} {registered.deployment_id} {registered.management_token}".encode()


@given(header=ANY_TEXT)
@fuzzed
def test_a_link_header_of_any_shape_is_read(header: str) -> None:
    found = next_link(header, "https://lms.example.invalid/m")

    assert found is None or isinstance(found, str)
