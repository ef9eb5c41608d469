"""Claims of recorded launches and of LMSs that write them in their own way."""

from typing import Any

import pytest

from lti_tool.lti.claims import Standing, read_claims
from lti_tool.lti.gradebook import LINE_ITEM_SCOPE, SCORE_SCOPE

from .outside import recorded
from .visiting import LTI


def recorded_launch(name: str) -> dict[str, Any]:
    """The claims of one launch of Moodle 4.5."""
    claims: dict[str, Any] = recorded("moodle_launches")[name]
    return claims


def changed(**claims: object) -> dict[str, Any]:
    """The recorded student's launch with LTI claims changed."""
    return recorded_launch("student") | {LTI + name: value for name, value in claims.items()}


def test_a_recorded_moodle_student_is_read_whole() -> None:
    claims = read_claims(recorded_launch("student"))

    assert (claims.issuer, claims.client_id, claims.subject) == ("http://localhost:8090", "PeerProbeClient1", "4")
    assert (claims.deployment_id, claims.resource_link_id, claims.resource_link_title) == ("1", "1", "Peer mentoring")
    assert claims.standing is Standing.LEARNER
    assert (claims.name, claims.given_name, claims.family_name) == ("Ada Student01", "Ada", "Student01")
    assert (claims.email, claims.locale, claims.zone) == ("student1@example.invalid", "en", None)
    assert claims.context is not None
    assert (claims.context.id, claims.context.label, claims.context.types) == ("2", "PEER101", ("CourseSection",))
    assert claims.memberships_url == "http://localhost:8090/mod/lti/services.php/CourseSection/2/bindings/1/memberships"
    assert (claims.platform_family, claims.platform_name) == ("moodle", "ltimoodle")
    assert claims.document_target == "iframe"
    assert not claims.is_test_user


def test_the_gradebook_of_a_recorded_launch_is_known_with_its_scopes() -> None:
    gradebook = read_claims(recorded_launch("student")).gradebook

    assert gradebook is not None
    assert gradebook.line_items_url == "http://localhost:8090/mod/lti/services.php/2/lineitems?type_id=1"
    assert gradebook.line_item_url == "http://localhost:8090/mod/lti/services.php/2/lineitems/2/lineitem?type_id=1"
    assert {LINE_ITEM_SCOPE, SCORE_SCOPE} < gradebook.scopes


def test_an_ungraded_link_has_no_line_item_of_its_own() -> None:
    gradebook = read_claims(recorded_launch("student on an ungraded link")).gradebook

    assert gradebook is not None
    assert gradebook.line_item_url is None


def test_an_empty_line_item_counts_as_none() -> None:
    launch = recorded_launch("student")
    launch["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"]["lineitem"] = ""

    gradebook = read_claims(launch).gradebook

    assert gradebook is not None
    assert gradebook.line_item_url is None


def test_variables_that_moodle_did_not_expand_are_missing() -> None:
    custom = read_claims(recorded_launch("student")).custom

    assert "unknown_var" not in custom
    assert "link_due" not in custom
    assert (custom["groups"], custom["from_admin"], custom["ctx_hist"]) == ("1", "yes", "")


def test_a_recorded_teacher_is_an_instructor() -> None:
    assert read_claims(recorded_launch("teacher")).standing is Standing.INSTRUCTOR


def test_a_recorded_administrator_who_is_instructor_here_is_an_instructor() -> None:
    assert read_claims(recorded_launch("administrator")).standing is Standing.INSTRUCTOR


def test_with_privacy_on_only_the_subject_is_known() -> None:
    claims = read_claims(recorded_launch("teacher, privacy on"))

    assert claims.subject == "3"
    assert (claims.name, claims.given_name, claims.family_name, claims.email) == (None, None, None, None)


def test_a_launch_from_outside_a_course_is_still_a_launch() -> None:
    claims = read_claims(changed(context=None))

    assert claims.context is None


def test_custom_values_of_canvas_become_texts() -> None:
    custom = read_claims(changed(custom={"n": 7, "yes": True, "none": None, "list": [1], "price": "$5"})).custom

    assert custom == {"n": "7", "yes": "true", "price": "$5"}


@pytest.mark.parametrize("odd", [None, [], "text", 7])
def test_an_optional_claim_of_another_shape_counts_as_absent(odd: object) -> None:
    claims = read_claims(changed(context=odd, custom=odd, launch_presentation=odd, tool_platform=odd))

    assert (claims.context, claims.return_url, claims.platform_family) == (None, None, "")
    assert claims.custom == {}


def test_sizes_written_as_texts_do_no_harm() -> None:
    claims = read_claims(changed(launch_presentation={"width": "800", "document_target": "frame", "locale": "de"}))

    assert (claims.document_target, claims.locale) == ("frame", "de")


@pytest.mark.parametrize(
    ("said", "known"), [("Europe/Berlin", "Europe/Berlin"), ("Nowhere/None", None), ("../x", None), (1, None)]
)
def test_a_time_zone_is_believed_if_it_exists(said: object, known: str | None) -> None:
    claims = read_claims(recorded_launch("student") | {"zoneinfo": said})

    assert claims.zone == known


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/relative", "https://a b", "", 5])
def test_an_address_that_is_none_is_not_taken_over(address: object) -> None:
    claims = read_claims(changed(launch_presentation={"return_url": address}))

    assert claims.return_url is None


def test_identifiers_written_as_numbers_are_read() -> None:
    claims = read_claims(changed(resource_link={"id": 12}, context={"id": 5}))

    assert claims.resource_link_id == "12"
    assert claims.context is not None
    assert claims.context.id == "5"


@pytest.mark.parametrize(
    ("code", "issuer", "family"),
    [
        ("BlackboardLearn", "https://blackboard.com", "blackboardlearn"),
        ("canvas", "https://canvas.example.invalid", "canvas"),
        ("", "https://canvas.instructure.com", "canvas"),
        ("", "https://school.brightspace.com", "desire2learn"),
        ("something", "https://lms.example.invalid", ""),
    ],
)
def test_the_family_is_known_by_its_code_or_by_its_issuer(code: str, issuer: str, family: str) -> None:
    claims = read_claims(changed(tool_platform={"product_family_code": code}) | {"iss": issuer})

    assert claims.platform_family == family
