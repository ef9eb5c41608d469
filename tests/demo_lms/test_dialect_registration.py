"""How each dialect lets a tool in: tokens, answers, what is left to do, and by hand where there is no other way."""

from collections.abc import Callable
from typing import Any

import pytest

from .stand_in import LMS, NRPS, SETUP, TOOL, Tool, person

Speaking = Callable[..., Tool]
CONFIGURATION = "/.well-known/openid-configuration"


def links(tool: Tool) -> list[Any]:
    return list(person(tool.client.application, "alice-ashford").get("/courses/biology-101/links.json").json)


def admins(tool: Tool) -> list[dict[str, Any]]:
    return list(person(tool.client.application, "iris-ironwood").get("/admin/tools.json").json)


@pytest.mark.parametrize(
    ("dialect", "status", "has_deployment", "standing", "placed"),
    [
        ("canvas", 200, False, "not installed", 0),
        ("moodle", 200, True, "pending", 0),
        ("brightspace", 201, True, "disabled", 0),
        ("sakai", 200, True, "active", 1),
    ],
)
def test_a_registration_is_answered_and_waits_as_it_does_there(
    speaking: Speaking, dialect: str, status: int, has_deployment: bool, standing: str, placed: int
) -> None:
    tool = speaking(dialect)

    answer = tool.register()

    assert answer.status_code == status
    assert ("deployment_id" in answer.json[SETUP]) is has_deployment
    assert (admins(tool)[0]["standing"], len(links(tool))) == (standing, placed)


@pytest.mark.parametrize("dialect", ["canvas", "moodle", "brightspace"])
def test_the_administrator_switches_it_on(speaking: Speaking, dialect: str) -> None:
    tool = speaking(dialect).come_in()

    assert admins(tool)[0]["standing"] == "active"
    assert admins(tool)[0]["deployment_id"]
    assert len(links(tool)) == 1


def test_a_disabled_tool_gets_no_token_and_a_pending_one_does(speaking: Speaking) -> None:
    disabled, pending = speaking("brightspace"), speaking("moodle")
    disabled.register()
    pending.register()

    assert (disabled.ask_token().status_code, pending.ask_token().status_code) == (400, 200)


def test_canvas_shows_its_configuration_to_the_token_only_and_names_a_bare_host(speaking: Speaking) -> None:
    tool = speaking("canvas")
    token = tool.invited()

    shown = tool.client.get(CONFIGURATION, headers={"Authorization": f"Bearer {token}"})

    assert tool.client.get(CONFIGURATION).status_code == 401
    assert shown.json["authorization_server"] == "localhost:8001"
    assert tool.register(token, scope=f"{NRPS} https://example.org/other").status_code == 400


def test_brightspace_needs_no_token_and_names_its_audience(speaking: Speaking) -> None:
    tool = speaking("brightspace")

    assert tool.invited() == ""
    assert tool.client.get(CONFIGURATION).json["authorization_server"] == "https://api.brightspace.com/auth/token"
    assert tool.client.post("/register", json=tool.wish()).status_code == 201


def test_moodle_over_reports_scopes_cuts_values_and_explains_in_plain_text(speaking: Speaking) -> None:
    tool = speaking("moodle")
    token = tool.invited()

    answer = tool.register(token, scope=NRPS, setup={"custom_parameters": {"zone": "a=b=c"}})
    again = tool.register(token)

    assert len(answer.json["scope"].split()) > 1
    assert answer.json[SETUP]["custom_parameters"] == {"zone": "a"}
    assert (again.status_code, again.text) == (401, "token_already_used")
    assert tool.ask_token("https://purl.imsglobal.org/spec/lti-ags/scope/score").status_code == 400


def test_moodle_updates_a_tool_in_its_place(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()
    admin = person(tool.client.application, "iris-ironwood")
    started = admin.post(
        "/admin/register-tool", data={"registration_url": f"{TOOL}/r", "updates": tool.client_id}
    ).location
    token, client_id = started.partition("registration_token=")[2], tool.client_id

    names = [tool.register(token, client_name=name).json["client_name"] for name in ("New", "Newer")]

    assert names == ["New", "Newer"]
    assert [(one["client_id"], one["name"]) for one in admins(tool)] == [(client_id, "Newer")]


def test_sakai_calls_a_used_token_forbidden(speaking: Speaking) -> None:
    tool = speaking("sakai")
    token = tool.invited()

    assert [tool.register(token).status_code for _ in range(2)] == [200, 403]


@pytest.mark.parametrize("dialect", ["blackboard", "openedx"])
def test_where_there_is_no_dynamic_registration_addresses_are_copied_by_hand(speaking: Speaking, dialect: str) -> None:
    tool = speaking(dialect)
    admin = person(tool.client.application, "iris-ironwood")

    page = admin.get("/admin/").text
    tool.come_in()

    assert "Registration address" not in page
    assert tool.client.get(CONFIGURATION).status_code == 404
    assert {"auth_login_url": f"{LMS}/auth", "jwks_url": f"{LMS}/.well-known/jwks.json"}.items() <= admins(tool)[
        0
    ].items()
    assert tool.launch("bob-birchwood")["name"] == "Bob Birchwood"


def test_a_faulty_form_is_shown_again_with_its_reason(speaking: Speaking) -> None:
    tool = speaking("openedx")
    admin = person(tool.client.application, "iris-ironwood")

    shown = admin.post("/admin/by-hand", data=tool.by_hand() | {"jwks_uri": "ftp://tool.example"})

    assert shown.status_code == 400
    assert "The key set address must be an https address" in shown.text


@pytest.mark.parametrize(("dialect", "in_frame"), [("canvas", True), ("sakai", True), ("moodle", False)])
def test_a_registration_opens_in_a_frame_or_in_a_window(speaking: Speaking, dialect: str, in_frame: bool) -> None:
    admin = person(speaking(dialect).client.application, "iris-ironwood")

    page = admin.post("/admin/add-tool", data={"registration_url": f"{TOOL}/r"}, follow_redirects=True).text

    assert ("<iframe" in page, "data-registration" in page) == (in_frame, not in_frame)
