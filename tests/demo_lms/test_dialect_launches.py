"""How each dialect's launches differ: login, claims, roles, ids, custom values, tenants."""

from collections.abc import Callable
from typing import Any

import pytest

from lti_tool.demo_lms.dialects import DIALECTS

from .stand_in import LTI, TOOL, Clock, Form, Tool, person

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person"
Speaking = Callable[..., Tool]
FOREIGN = [key for key in DIALECTS if key != "own"]


@pytest.mark.parametrize(
    ("dialect", "code", "seconds"),
    [
        ("canvas", "canvas", 3600),
        ("moodle", "moodle", 60),
        ("blackboard", "BlackboardLearn", 3600),
        ("brightspace", "desire2learn", 1800),
        ("sakai", "sakai", 3600),
        ("openedx", "openedx", 3600),
    ],
)
def test_a_launch_names_the_product_and_lasts_as_long_as_there(
    speaking: Speaking, dialect: str, code: str, seconds: int
) -> None:
    tool = speaking(dialect).come_in()

    claims = tool.launch("bob-birchwood")

    assert claims[f"{LTI}tool_platform"]["product_family_code"] == code
    assert claims["exp"] - claims["iat"] == seconds
    assert ("nbf" in claims) == (dialect == "brightspace")
    assert ("azp" in claims) == (dialect != "moodle")


@pytest.mark.parametrize(
    ("dialect", "who", "roles"),
    [
        ("canvas", "theo-thimble", ["/Instructor#TeachingAssistant", "#Instructor"]),
        ("canvas", "olga-overlook", ["#Mentor"]),
        ("moodle", "theo-thimble", ["#Instructor"]),
        ("sakai", "theo-thimble", ["#Learner"]),
        ("openedx", "alice-ashford", ["#Administrator", "#Instructor"]),
        ("openedx", "theo-thimble", ["#Learner", "/Instructor#TeachingAssistant"]),
        ("blackboard", "alice-ashford", ["#Instructor"]),
        ("brightspace", "bob-birchwood", ["#Learner"]),
    ],
)
def test_course_roles_are_those_of_the_lms(speaking: Speaking, dialect: str, who: str, roles: list[str]) -> None:
    claims = speaking(dialect).come_in().launch(who)

    found = [role.removeprefix(MEMBERSHIP) for role in claims[f"{LTI}roles"] if role.startswith(MEMBERSHIP)]
    assert found == roles


def test_placeholders_and_college_roles_stand_beside_the_course_role(speaking: Speaking) -> None:
    canvas = speaking("canvas").come_in().launch("bob-birchwood")[f"{LTI}roles"]
    openedx = speaking("openedx").come_in().launch("bob-birchwood")[f"{LTI}roles"]

    assert canvas == [f"{MEMBERSHIP}#Learner", f"{INSTITUTION}#Student", f"{SYSTEM}#User"]
    assert openedx == [f"{MEMBERSHIP}#Learner", f"{SYSTEM}#None", f"{INSTITUTION}#None"]


@pytest.mark.parametrize("dialect", ["moodle", "sakai", "openedx"])
def test_an_lms_without_observers_lets_none_in(speaking: Speaking, dialect: str) -> None:
    refused = Form(speaking(dialect).come_in().authenticate("olga-overlook").text)

    assert refused.fields["error"] == "access_denied"


def test_moodle_numbers_everything_and_leaks_the_rosters_address(speaking: Speaking) -> None:
    claims = speaking("moodle").come_in().launch("bob-birchwood")

    ids = claims["sub"], claims[f"{LTI}context"]["id"], claims[f"{LTI}resource_link"]["id"]
    assert all(text.isdecimal() for text in ids)
    assert "/nrps/2/" in claims[f"{LTI}custom"]["context_memberships_url"]


def test_a_place_in_canvass_navigation_has_the_courses_own_id(speaking: Speaking) -> None:
    claims = speaking("canvas").come_in().launch("bob-birchwood")

    assert claims[f"{LTI}resource_link"]["id"] == claims[f"{LTI}context"]["id"]
    assert claims["https://www.instructure.com/placement"] == "course_navigation"
    assert claims[f"{LTI}launch_presentation"]["width"] == "800"


def test_brightspace_says_whom_it_means_in_its_own_claim(speaking: Speaking) -> None:
    claims = speaking("brightspace").come_in().launch("bob-birchwood")

    assert claims["http://www.brightspace.com"]["username"] == "bob-birchwood"
    assert claims["sub"].rpartition("_")[2].isdecimal()


@pytest.mark.parametrize(
    ("dialect", "expands"), [("canvas", True), ("moodle", True), ("sakai", False), ("openedx", False)]
)
def test_a_variable_that_the_lms_does_not_know_arrives_as_written(
    speaking: Speaking, dialect: str, expands: bool
) -> None:
    tool = speaking(dialect).come_in()

    custom = tool.launch("bob-birchwood")[f"{LTI}custom"]

    assert (custom["history"] == "$Context.id.history") is not expands
    assert (custom["zone"] == "Europe/London") is (dialect != "openedx")


@pytest.mark.parametrize("dialect", FOREIGN)
def test_login_initiation_is_the_lmss_own(speaking: Speaking, dialect: str) -> None:
    tool = speaking(dialect).come_in()
    bob = person(tool.client.application, "bob-birchwood")
    link = bob.get("/courses/biology-101/links.json").json[0]["id"]
    page = bob.get(f"/courses/biology-101/links/{link}/launch?in=iframe").text

    fields = Form(page).fields

    assert ('method="get"' in page) == (dialect in ("blackboard", "openedx"))
    assert fields["deployment_id" if dialect == "canvas" else "lti_deployment_id"]
    assert fields.get("lti_storage_target") == {
        "canvas": "post_message_forwarding",
        "blackboard": "lti_storage_frame",
        "brightspace": "_parent",
        "sakai": "_parent",
    }.get(dialect)
    assert ("canvas_region" in fields) == (dialect == "canvas")


@pytest.mark.parametrize(("dialect", "repeated"), [("canvas", True), ("blackboard", False), ("moodle", False)])
def test_only_some_repeat_the_storage_frame_at_launch(speaking: Speaking, dialect: str, repeated: bool) -> None:
    answered = Form(speaking(dialect).come_in().authenticate("bob-birchwood").text)

    assert ("lti_storage_target" in answered.fields) is repeated


@pytest.mark.parametrize("dialect", ["canvas", "blackboard", "brightspace", "sakai"])
def test_a_frame_of_the_course_has_storage_beside_it(speaking: Speaking, dialect: str) -> None:
    tool = speaking(dialect).come_in()
    bob = person(tool.client.application, "bob-birchwood")
    link = bob.get("/courses/biology-101/links.json").json[0]["id"]

    page = bob.get(f"/courses/biology-101/links/{link}").text

    assert "storage.js" in page
    assert ('src="/storage"' in page) == (dialect in ("canvas", "blackboard"))


def test_two_canvas_institutions_share_the_issuer_and_nothing_else(speaking: Speaking) -> None:
    north = speaking("canvas").come_in()
    app = north.client.application
    south = Tool(app, north.clock, north.jwks_uri, north.keys)
    saul = person(app, "saul-sandstone")
    started = saul.post("/admin/register-tool", data={"registration_url": f"{TOOL}/r"}).location
    south.register(started.partition("registration_token=")[2])
    saul.post(f"/admin/tools/{south.client_id}/activate")

    one, other = north.launch("alice-ashford"), south.launch("hattie-hornbeam", "history-101")

    assert one["iss"] == other["iss"]
    assert one["aud"] != other["aud"]
    assert one[f"{LTI}tool_platform"]["guid"] != other[f"{LTI}tool_platform"]["guid"]
    assert person(app, "alice-ashford").get("/courses/history-101").status_code == 404
    roster = other["https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"]["context_memberships_url"]
    assert north.call("GET", roster).status_code == 404


def test_two_blackboard_institutions_share_issuer_and_client_and_differ_by_deployment(speaking: Speaking) -> None:
    tool = speaking("blackboard").come_in()
    saul = person(tool.client.application, "saul-sandstone")

    saul.post("/admin/by-hand/application", data={"client_id": tool.client_id})

    one, other = tool.launch("alice-ashford"), tool.launch("hattie-hornbeam", "history-101")
    assert (one["iss"], one["aud"]) == (other["iss"], other["aud"]) == ("https://blackboard.com", tool.client_id)
    assert one[f"{LTI}deployment_id"] != other[f"{LTI}deployment_id"]


def test_open_edx_calls_every_deployment_1(speaking: Speaking) -> None:
    assert speaking("openedx").come_in().launch("bob-birchwood")[f"{LTI}deployment_id"] == "1"


def test_a_canvas_tool_that_asked_for_no_privacy_level_above_anonymous_gets_no_names(speaking: Speaking) -> None:
    level = {"https://canvas.instructure.com/lti/privacy_level": "anonymous"}
    claims: dict[str, Any] = speaking("canvas").come_in(setup=level).launch("bob-birchwood")

    assert claims["sub"]
    assert not {"name", "given_name", "family_name", "email"} & set(claims)


def test_a_launch_of_yesterday_is_over(speaking: Speaking, clock: Clock) -> None:
    tool = speaking("canvas").come_in()
    bob = person(tool.client.application, "bob-birchwood")
    question = tool.question(tool.start(bob).fields)

    clock.move(minutes=6)

    assert Form(bob.get("/auth", query_string=question).text).fields["error"] == "launch_no_longer_valid"
