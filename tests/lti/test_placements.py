"""A registration asks each LMS for the places, messages, permissions and variables that this LMS has."""

from dataclasses import replace
from typing import Any

import pytest

from lti_tool.lti.groups import SCOPE as GROUPS_SCOPE
from lti_tool.lti.notifications import SCOPE as NOTICES_SCOPE
from lti_tool.lti.quirks import Family
from lti_tool.lti.reach import Reach
from lti_tool.lti.registration import (
    PlatformConfiguration,
    PrivacyLevel,
    Registered,
    RegistrationFailed,
    RegistrationFault,
    held_registration,
    register,
    registration_request,
    update_registration,
)
from lti_tool.lti.variables import custom_parameters

from .outside import Outside, Reply, recorded
from .test_registration import PLATFORM, PROFILE, TOOL, fault_of, moodle_at, read

CHOOSING = replace(
    PROFILE,
    names={"de": "Tandem-Lernen", "fr": ""},
    logo_uri="http://localhost:8000/mark.svg",
    deep_linking_uri="http://localhost:8000/lti/choose",
    deep_linking_label="Choose a programme",
    deep_linking_labels={"de": "Programm auswählen"},
)
CANVAS = "https://canvas.instructure.com/lti/"


def of_family(family: str, lms: Outside, *, messages: object = None, **changes: object) -> PlatformConfiguration:
    """The configuration of an LMS of this family that lists these messages."""
    said = {"product_family_code": family, "messages_supported": messages}
    return read(moodle_at(lms, **{PLATFORM: said}, **changes))


def asked(configuration: PlatformConfiguration, profile: Any = CHOOSING) -> dict[str, Any]:
    """The registration that is asked for."""
    return registration_request(configuration, profile)


def places(request: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """The messages with their places."""
    return [(one["type"], one.get("placements", [])) for one in request[TOOL]["messages"]]


def test_canvas_gets_one_message_for_each_place(lms: Outside) -> None:
    request = asked(of_family("canvas", lms))

    assert places(request) == [
        ("LtiResourceLinkRequest", ["course_navigation"]),
        ("LtiDeepLinkingRequest", ["assignment_selection"]),
        ("LtiDeepLinkingRequest", ["link_selection"]),
    ]
    assert request[TOOL]["messages"][1]["target_link_uri"] == "http://localhost:8000/lti/choose"
    assert request[TOOL]["messages"][0][CANVAS + "course_navigation/default_enabled"] is True


@pytest.mark.parametrize("prefix", ["", CANVAS])
def test_places_that_a_canvas_does_not_list_are_not_asked_for(lms: Outside, prefix: str) -> None:
    listed = [
        {"type": "LtiResourceLinkRequest", "placements": [prefix + "course_navigation"]},
        {"type": "LtiDeepLinkingRequest", "placements": [prefix + "assignment_selection", prefix + "editor_button"]},
    ]

    request = asked(of_family("canvas", lms, messages=listed))

    assert places(request)[1:] == [("LtiDeepLinkingRequest", ["assignment_selection"])]


def test_the_recorded_moodle_is_asked_for_its_content_area(lms: Outside) -> None:
    request = asked(read(moodle_at(lms)))

    assert places(request) == [("LtiResourceLinkRequest", []), ("LtiDeepLinkingRequest", ["ContentArea"])]


def test_an_lms_without_deep_linking_is_not_asked_for_it(lms: Outside) -> None:
    request = asked(of_family("other", lms, messages=[{"type": "LtiResourceLinkRequest"}]))

    assert places(request) == [("LtiResourceLinkRequest", [])]


def test_a_tool_without_anything_to_choose_does_not_ask_for_it(lms: Outside) -> None:
    assert places(asked(read(moodle_at(lms)), PROFILE)) == [("LtiResourceLinkRequest", [])]


def test_review_and_privacy_are_asked_for_in_the_lmss_own_spelling(lms: Outside) -> None:
    listed = [{"type": "LtiSubmissionReviewRequest"}, {"type": "DataPrivacyLaunchRequest"}, {"type": "LtiEulaRequest"}]

    kinds = [kind for kind, _ in places(asked(of_family("other", lms, messages=listed), PROFILE))]

    assert kinds == ["LtiResourceLinkRequest", "LtiSubmissionReviewRequest", "DataPrivacyLaunchRequest"]


def test_names_and_labels_come_in_other_languages(lms: Outside) -> None:
    request = asked(read(moodle_at(lms)))

    link, choice = request[TOOL]["messages"]
    assert (request["client_name"], request["client_name#de"]) == ("Peer Mentoring", "Tandem-Lernen")
    assert "client_name#fr" not in request
    assert (link["label"], link["label#de"]) == ("Peer Mentoring", "Tandem-Lernen")
    assert (choice["label"], choice["label#de"]) == ("Choose a programme", "Programm auswählen")
    assert link["icon_uri"] == request["logo_uri"] == "http://localhost:8000/mark.svg"


def test_groups_and_notices_are_asked_for_only_where_they_are_known(lms: Outside) -> None:
    plain = asked(read(moodle_at(lms)))["scope"].split()
    silent = asked(read(moodle_at(lms, scopes_supported=[])))["scope"].split()
    rich = asked(read(moodle_at(lms, scopes_supported=[GROUPS_SCOPE, NOTICES_SCOPE])))["scope"].split()

    assert len(plain) == len(silent) == 5
    assert not {GROUPS_SCOPE, NOTICES_SCOPE} & {*plain, *silent}
    assert rich == [GROUPS_SCOPE, NOTICES_SCOPE]


@pytest.mark.parametrize(
    ("family", "names"),
    [
        (Family.CANVAS, {"section_ids", "group_ids", "context_history", "time_zone", "acting_person"}),
        (Family.MOODLE, {"group_ids", "context_history", "time_zone"}),
        (Family.BLACKBOARD, {"context_history", "link_history", "time_zone"}),
        (Family.OPEN_EDX, set()),
        (Family.OTHER, {"context_history", "link_history", "time_zone"}),
    ],
)
def test_each_family_is_asked_for_its_own_variables(family: Family, names: set[str]) -> None:
    variables = custom_parameters(family)

    assert set(variables) == names
    assert all(value.startswith("$") and "=" not in value for value in variables.values())


def test_custom_parameters_of_the_tool_win(lms: Outside) -> None:
    profile = replace(PROFILE, custom_parameters={"time_zone": "UTC", "own": "1"})

    custom = asked(read(moodle_at(lms)), profile)[TOOL]["custom_parameters"]

    assert (custom["time_zone"], custom["own"]) == ("UTC", "1")
    assert custom["group_ids"] == "$Moodle.Person.userGroupIds"


@pytest.mark.parametrize(
    ("level", "claims"),
    [
        (PrivacyLevel.PUBLIC, {"name", "given_name", "family_name", "email"}),
        (PrivacyLevel.NAME_ONLY, {"name", "given_name", "family_name"}),
        (PrivacyLevel.EMAIL_ONLY, {"email"}),
        (PrivacyLevel.ANONYMOUS, set()),
    ],
)
def test_no_more_of_a_person_is_asked_for_than_wanted(lms: Outside, level: PrivacyLevel, claims: set[str]) -> None:
    tool = asked(of_family("canvas", lms), replace(PROFILE, privacy_level=level))[TOOL]

    assert tool[CANVAS + "privacy_level"] == level.value
    assert set(tool["claims"]) - {"iss", "sub", "locale", "zoneinfo"} == claims


def test_scopes_that_were_not_asked_for_are_not_believed(lms: Outside) -> None:
    said = recorded("moodle_registration")["update: GET current registration"]
    configuration = read(moodle_at(lms))
    lms.on("POST", "/mod/lti/openid-registration.php", Reply(json=said["json"]))
    score = "https://purl.imsglobal.org/spec/lti-ags/scope/score"

    registered = register(configuration, "t", {"scope": f"{score} {GROUPS_SCOPE}"}, reach=Reach(may_be_local=True))

    assert registered.scopes == {score}


@pytest.fixture
def managed(lms: Outside) -> str:
    """Where a registration can be read and replaced."""
    answer = {"client_id": "c-1", "scope": "a b", "registration_access_token": "new-token"}
    lms.on("PUT", "/registration/1", Reply(json=answer))
    return lms.on("GET", "/registration/1", Reply(json=answer))


def test_a_registration_is_replaced_where_the_lms_gave_an_address_for_it(lms: Outside, managed: str) -> None:
    registered = update_registration(managed, "token", {"scope": "a"}, client_id="c-1", reach=Reach(may_be_local=True))

    (sent,) = lms.asked_for("/registration/1")
    assert (sent.method, sent.json) == ("PUT", {"scope": "a", "client_id": "c-1"})
    assert sent.headers["Authorization"] == "Bearer token"
    assert registered == Registered(
        client_id="c-1",
        deployment_id=None,
        scopes=frozenset({"a"}),
        management_url=managed,
        management_token="token",
    )


def test_a_registration_can_be_read_again(managed: str) -> None:
    held = held_registration(managed, "token", client_id="c-1", reach=Reach(may_be_local=True))

    assert held["scope"] == "a b"


def test_another_registrations_answer_is_not_taken_over(managed: str) -> None:
    def update() -> Registered:
        return update_registration(managed, "token", {}, client_id="c-2", reach=Reach(may_be_local=True))

    assert fault_of(update) is RegistrationFault.UNREADABLE


@pytest.mark.parametrize("token", ["a\nb", "a b", "ü", "\0"])
def test_a_token_that_cannot_be_sent_is_refused(lms: Outside, token: str) -> None:
    url = moodle_at(lms)

    assert fault_of(lambda: read(url, token=token)) is RegistrationFault.REFUSED
    assert not lms.asked


def test_blackboards_own_registration_may_speak_for_its_shared_issuer(lms: Outside) -> None:
    url = moodle_at(
        lms,
        issuer="https://blackboard.com",
        authorization_endpoint="https://developer.blackboard.com/api/v1/gateway/oidcauth",
        jwks_uri="https://developer.blackboard.com/.well-known/jwks.json",
    )

    assert read(url).family is Family.MOODLE


@pytest.mark.parametrize("odd", [None, "text", [None], [{"type": 5}], [{"type": "x", "placements": "y"}], {}])
def test_messages_of_another_shape_count_as_none_listed(lms: Outside, odd: object) -> None:
    try:
        request = asked(of_family("moodle", lms, messages=odd))
    except RegistrationFailed:
        pytest.fail("what an LMS lists beside its addresses must not stop a registration")

    assert places(request)[0] == ("LtiResourceLinkRequest", [])
