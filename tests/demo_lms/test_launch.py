"""What a launch from the demo LMS says, and which authentication requests it refuses."""

import jwt
import pytest
from flask import Flask

from .stand_in import AGS_CLAIM, LTI, NRPS, TOOL, Form, Tool, person

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"


def test_a_launch_carries_course_link_names_custom_values_and_services(tool: Tool) -> None:
    claims = tool.launch("zoe-angstrom")

    assert claims["nonce"] == "nonce-1"
    assert claims["exp"] - claims["iat"] == 300
    assert claims["name"] == "Zoë Ångström & Søn"
    assert claims[f"{LTI}context"]["title"] == "Biology 101"
    assert claims[f"{LTI}resource_link"]["title"] == "Peer mentoring"
    assert claims[f"{LTI}target_link_uri"] == f"{TOOL}/lti/launch"
    assert claims[f"{LTI}launch_presentation"]["document_target"] == "iframe"
    assert claims[f"{LTI}tool_platform"]["product_family_code"] == "demo-lms"
    assert claims[f"{LTI}custom"]["history"] == "$Context.id.history"
    assert claims[f"{LTI}custom"]["zone"] == "Europe/Copenhagen"
    assert claims[f"{LTI}custom"]["section_ids"] == "section-a"
    assert "lineitem" not in claims[AGS_CLAIM]
    assert NRPS.split("/scope")[0] + "/claim/namesroleservice" in claims


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        ("alice-ashford", [f"{MEMBERSHIP}#Instructor", f"{INSTITUTION}#Instructor"]),
        (
            "theo-thimble",
            [f"{MEMBERSHIP}/Instructor#TeachingAssistant", f"{MEMBERSHIP}#Instructor", f"{INSTITUTION}#Student"],
        ),
        ("bob-birchwood", [f"{MEMBERSHIP}#Learner", f"{INSTITUTION}#Student"]),
        (
            "test-student",
            [
                f"{MEMBERSHIP}#Learner",
                "http://purl.imsglobal.org/vocab/lti/system/person#TestUser",
                f"{INSTITUTION}#Student",
            ],
        ),
        ("olga-overlook", [f"{MEMBERSHIP}#Mentor", f"{INSTITUTION}#Observer"]),
        ("iris-ironwood", [f"{INSTITUTION}#Administrator"]),
    ],
)
def test_everybody_is_launched_with_their_own_roles(tool: Tool, who: str, roles: list[str]) -> None:
    claims = tool.launch(who)

    assert claims[f"{LTI}roles"] == roles


def test_an_observer_brings_the_students_they_observe(tool: Tool) -> None:
    dana = tool.launch("dana-dewdrop")

    claims = tool.launch("olga-overlook")

    assert claims[f"{LTI}role_scope_mentor"] == [dana["sub"]]


def test_a_tool_that_asked_for_no_names_gets_none(stranger: Tool) -> None:
    stranger.register(setup={"claims": ["sub"]})

    claims = stranger.launch("bob-birchwood")

    assert not {"name", "given_name", "family_name", "email"} & set(claims)


def test_a_launch_hint_works_once(tool: Tool, lms: Flask) -> None:
    bob = person(lms, "bob-birchwood")
    question = tool.question(tool.start(bob).fields)

    first = Form(bob.post("/auth", data=question).text)
    second = Form(bob.post("/auth", data=question).text)

    assert "id_token" in first.fields
    assert second.action == f"{TOOL}/lti/launch"
    assert second.fields["error"] == "launch_no_longer_valid"
    assert second.fields["state"] == "state-1"


def test_somebody_elses_launch_is_refused(tool: Tool, lms: Flask) -> None:
    bob, dana = person(lms, "bob-birchwood"), person(lms, "dana-dewdrop")
    question = tool.question(tool.start(bob).fields)

    refused = Form(dana.get("/auth", query_string=question).text)

    assert refused.fields["error"] == "login_required"


def test_a_request_without_our_cookie_comes_back_once_through_our_own_form(tool: Tool, lms: Flask) -> None:
    bob, nobody = person(lms, "bob-birchwood"), lms.test_client()
    question = tool.question(tool.start(bob).fields)

    again = Form(nobody.get("/auth", query_string=question).text)
    at_last = Form(nobody.post("/auth", data=again.fields).text)
    with_cookie = Form(bob.post("/auth", data=again.fields).text)

    assert again.action == "/auth"
    assert at_last.fields["error"] == "login_required"
    assert "id_token" in with_cookie.fields


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "code"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"response_mode": "query"}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"lti_message_hint": "{}"}, "launch_no_longer_valid"),
    ],
)
def test_a_faulty_request_is_answered_at_the_redirect_uri(tool: Tool, change: dict[str, str], error: str) -> None:
    refused = Form(tool.authenticate("bob-birchwood", **change).text)

    assert (refused.action, refused.fields["error"]) == (f"{TOOL}/lti/launch", error)


@pytest.mark.parametrize("change", [{"client_id": "unknown"}, {"redirect_uri": f"{TOOL}/lti/launch?x=1"}])
def test_nothing_is_sent_to_an_address_that_is_not_registered(tool: Tool, change: dict[str, str]) -> None:
    refused = tool.authenticate("bob-birchwood", **change)

    assert refused.status_code == 400
    assert TOOL not in refused.text


def test_after_a_rotation_the_new_key_signs_and_the_old_one_stays_published(tool: Tool, lms: Flask) -> None:
    bob, admin = person(lms, "bob-birchwood"), person(lms, "iris-ironwood")
    question = tool.question(tool.start(bob).fields)
    old = tool.client.get("/.well-known/jwks.json").json["keys"][0]["kid"]

    admin.post("/admin/rotate-keys")
    token = Form(bob.get("/auth", query_string=question).text).fields["id_token"]
    published = [key["kid"] for key in tool.client.get("/.well-known/jwks.json").json["keys"]]

    assert published == [old, jwt.get_unverified_header(token)["kid"]]
    assert len(set(published)) == 2
