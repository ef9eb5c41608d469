"""The four messages, each with its own rules; the hints in custom parameters, and the services a launch offers."""

from collections.abc import Mapping
from typing import Any

import pytest

from lti_tool.lti.claims import LaunchClaims, Message, Standing, read_claims
from lti_tool.lti.errors import LaunchRefused, Refusal

from .outside import recorded
from .visiting import ABSENT, LTI, MEMBERSHIP, Visitor

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
TEACHER, LEARNER = MEMBERSHIP + "#Instructor", MEMBERSHIP + "#Learner"
ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
SETTINGS = {
    "deep_link_return_url": "https://lms.example.invalid/return",
    "accept_types": ["ltiResourceLink", "link"],
    "accept_presentation_document_targets": ["iframe", "window"],
}
CHOICE: Mapping[str, object] = {
    LTI + "message_type": "LtiDeepLinkingRequest",
    LTI + "resource_link": ABSENT,
    DL + "deep_linking_settings": SETTINGS,
}
REVIEW: Mapping[str, object] = {
    LTI + "message_type": "LtiSubmissionReviewRequest",
    LTI + "for_user": {"user_id": "dana-1", "name": "Dana Learner"},
}
PRIVACY: Mapping[str, object] = {
    LTI + "message_type": "LtiDataPrivacyLaunchRequest",
    LTI + "resource_link": ABSENT,
    LTI + "context": ABSENT,
    LTI + "roles": [ADMINISTRATOR],
    LTI + "for_user": {"user_id": "dana-1"},
}


def launched(visitor: Visitor, *changes: Mapping[str, object]) -> LaunchClaims:
    """The claims of a launch with these changes, later ones on top."""
    merged: dict[str, object] = {}
    for one in changes:
        merged |= one
    return visitor.launch(merged).claims


def refusal_of(visitor: Visitor, *changes: Mapping[str, object]) -> Refusal:
    """The code with which such a launch is refused."""
    with pytest.raises(LaunchRefused) as refused:
        launched(visitor, *changes)
    return refused.value.reason


def student(**claims: object) -> dict[str, Any]:
    """The recorded student's launch with LTI claims changed."""
    launch: dict[str, Any] = recorded("moodle_launches")["student"]
    return launch | {LTI + name: value for name, value in claims.items()}


def test_a_resource_link_launch_says_so(visitor: Visitor) -> None:
    claims = visitor.launch().claims

    assert (claims.message, claims.message_type) == (Message.RESOURCE_LINK, "LtiResourceLinkRequest")
    assert (claims.deep_linking, claims.for_user, claims.groups, claims.notifications) == (None, None, None, None)


def test_a_recorded_choice_of_moodle_is_read() -> None:
    claims = read_claims(recorded("moodle_launches")["deep linking"])

    settings = claims.deep_linking
    assert (claims.message, claims.resource_link_id, claims.standing) == (Message.DEEP_LINKING, "", Standing.INSTRUCTOR)
    assert settings is not None
    assert settings.return_url.startswith("http://localhost:8090/mod/lti/contentitem_return.php?course=2")
    assert (settings.accepts_links, settings.accepts_multiple, settings.auto_create) == (True, True, False)
    assert (settings.accepts_line_item, settings.has_data) == (None, False)
    assert (settings.title, settings.text) == ("Peer Probe", None)


def test_a_recorded_review_of_moodle_is_read() -> None:
    claims = read_claims(recorded("moodle_launches")["submission review"])

    assert (claims.message, claims.resource_link_id) == (Message.SUBMISSION_REVIEW, "1")
    assert claims.for_user is not None
    assert claims.for_user.user_id == "4"


@pytest.mark.parametrize(
    ("said", "accepts"),
    [(True, True), ("true", True), ("True", True), (False, False), ("false", False), (None, False), (1, False)],
)
def test_several_links_are_sent_only_where_the_lms_says_so(visitor: Visitor, said: object, accepts: bool) -> None:
    settings = launched(visitor, CHOICE, {DL + "deep_linking_settings": SETTINGS | {"accept_multiple": said}})

    assert settings.deep_linking is not None
    assert settings.deep_linking.accepts_multiple is accepts


@pytest.mark.parametrize(
    ("placement", "graded"), [("assignment_selection", None), ("link_selection", False), ("editor_button", None)]
)
def test_canvas_places_of_one_link_are_known(visitor: Visitor, placement: str, graded: bool | None) -> None:
    claims = launched(
        visitor,
        CHOICE,
        {
            DL + "deep_linking_settings": SETTINGS | {"accept_multiple": True},
            "https://www.instructure.com/placement": placement,
        },
    )

    assert claims.deep_linking is not None
    assert claims.deep_linking.accepts_multiple is (placement == "editor_button")
    assert claims.deep_linking.accepts_line_item is graded


def test_a_choice_without_links_of_ours_is_a_launch_that_says_so(visitor: Visitor) -> None:
    claims = launched(visitor, CHOICE, {DL + "deep_linking_settings": SETTINGS | {"accept_types": ["html"]}})

    assert claims.deep_linking is not None
    assert not claims.deep_linking.accepts_links


@pytest.mark.parametrize(
    "return_url", [None, "", "/relative", "javascript:alert(1)", "http://lms.example.invalid/r", 5]
)
def test_a_choice_that_cannot_go_back_safely_is_refused(visitor: Visitor, return_url: object) -> None:
    settings = SETTINGS | {"deep_link_return_url": return_url}

    assert refusal_of(visitor, CHOICE, {DL + "deep_linking_settings": settings}) is Refusal.DEEP_LINKING_INCOMPLETE


@pytest.mark.parametrize("roles", [[LEARNER], [MEMBERSHIP + "#Mentor"], [], ABSENT])
def test_only_staff_chooses(visitor: Visitor, roles: object) -> None:
    assert refusal_of(visitor, CHOICE, {LTI + "roles": roles}) is Refusal.STAFF_ONLY


@pytest.mark.parametrize("role", ["#Instructor", "#ContentDeveloper", "/Instructor#TeachingAssistant"])
def test_all_kinds_of_staff_choose(visitor: Visitor, role: str) -> None:
    claims = launched(visitor, CHOICE, {LTI + "roles": [MEMBERSHIP + role]})

    assert claims.deep_linking is not None


def test_a_teacher_reviews_somebody(visitor: Visitor) -> None:
    claims = launched(visitor, REVIEW)

    assert claims.for_user is not None
    assert (claims.for_user.user_id, claims.for_user.name) == ("dana-1", "Dana Learner")


def test_a_learner_reviews_nobody_else(visitor: Visitor) -> None:
    assert refusal_of(visitor, REVIEW, {LTI + "roles": [LEARNER]}) is Refusal.FOR_USER_REFUSED


def test_a_learner_reviews_what_is_her_own(visitor: Visitor) -> None:
    claims = launched(visitor, REVIEW, {LTI + "roles": [LEARNER], "sub": "dana-1"})

    assert claims.standing is Standing.LEARNER


def test_a_review_may_come_without_a_link(visitor: Visitor) -> None:
    assert launched(visitor, REVIEW, {LTI + "resource_link": ABSENT}).resource_link_id == ""
    assert launched(visitor, REVIEW, {LTI + "resource_link": {"id": "r-1"}}).resource_link_id == "r-1"


@pytest.mark.parametrize("spelling", ["LtiDataPrivacyLaunchRequest", "DataPrivacyLaunchRequest"])
def test_both_spellings_of_a_data_privacy_launch_are_understood(visitor: Visitor, spelling: str) -> None:
    claims = launched(visitor, PRIVACY, {LTI + "message_type": spelling})

    assert (claims.message, claims.message_type) == (Message.DATA_PRIVACY, "LtiDataPrivacyLaunchRequest")
    assert (claims.context, claims.resource_link_id) == (None, "")


@pytest.mark.parametrize("roles", [[TEACHER], [LEARNER], []])
def test_only_an_administrator_asks_for_a_persons_data(visitor: Visitor, roles: list[str]) -> None:
    assert refusal_of(visitor, PRIVACY, {LTI + "roles": roles}) is Refusal.ADMINISTRATOR_ONLY


def test_an_administrator_who_also_teaches_asks_for_a_persons_data(visitor: Visitor) -> None:
    assert launched(visitor, PRIVACY, {LTI + "roles": [ADMINISTRATOR, TEACHER]}).for_user is not None


@pytest.mark.parametrize("message", [REVIEW, PRIVACY])
@pytest.mark.parametrize("for_user", [ABSENT, {}, {"user_id": ""}, [], {"user_id": None}])
def test_a_message_about_nobody_is_refused(visitor: Visitor, message: Mapping[str, object], for_user: object) -> None:
    assert refusal_of(visitor, message, {LTI + "for_user": for_user}) is Refusal.FOR_USER_MISSING


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("42, 43", ("42", "43")),
        ("42,42,,43,", ("42", "43")),
        ("", ()),
        ("$Canvas.course.sectionIds", ()),
        ("a,b,truncated", ("a", "b")),
        ("timed out", ()),
        (7, ("7",)),
        (None, ()),
        (["a"], ()),
        ("x" * 300, ()),
    ],
)
def test_lists_in_custom_parameters_are_read_as_far_as_they_go(said: object, ids: tuple[str, ...]) -> None:
    names = ("section_ids", "group_ids", "context_history", "link_history")

    claims = read_claims(student(custom=dict.fromkeys(names, said)))

    told = ids if ids or said == "" else None  # an empty text says that there are none, anything else says nothing
    assert (claims.section_ids, claims.group_ids) == (told, told)
    assert (claims.context_history, claims.link_history) == (ids, ids)


def test_a_time_zone_may_stand_in_a_custom_parameter() -> None:
    claims = read_claims(student(custom={"time_zone": "America/Denver"}))

    assert claims.zone == "America/Denver"


def test_the_groups_service_is_known() -> None:
    said = {"context_groups_url": "https://lms.example.invalid/g", "scope": ["s"], "context_group_sets_url": ""}
    claims = read_claims(student() | {"https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice": said})

    assert claims.groups is not None
    assert (claims.groups.groups_url, claims.groups.sets_url) == ("https://lms.example.invalid/g", None)
    assert claims.groups.scopes == {"s"}


def test_the_notification_service_is_known() -> None:
    said = {
        "platform_notification_service_url": "https://lms.example.invalid/n",
        "scope": ["s"],
        "notice_types_supported": ["LtiContextCopyNotice"],
    }
    claims = read_claims(student(platformnotificationservice=said))

    assert claims.notifications is not None
    assert claims.notifications.url == "https://lms.example.invalid/n"
    assert claims.notifications.notice_types == {"LtiContextCopyNotice"}


@pytest.mark.parametrize("odd", [None, [], "text", 7, {"context_groups_url": "x"}])
def test_services_of_another_shape_are_not_offered(odd: object) -> None:
    claims = read_claims(
        student(platformnotificationservice=odd) | {"https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice": odd}
    )

    assert (claims.groups, claims.notifications) == (None, None)
