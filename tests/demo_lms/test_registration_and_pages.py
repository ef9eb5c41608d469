"""Dynamic registration at the demo LMS, and who may see and change what on its pages."""

from typing import Any

import pytest
from flask import Flask

from lti_tool.demo_lms.app import create_demo_lms

from .stand_in import AGS_CLAIM, NRPS, SETUP, TOOL, Clock, Tool, person


def test_a_registered_tool_is_placed_in_both_courses_with_trimmed_scopes(stranger: Tool, lms: Flask) -> None:
    answer = stranger.register(scope=f"{NRPS} https://example.org/other")

    links = [
        person(lms, who).get(f"/courses/{course}/links.json").json
        for who, course in (("alice-ashford", "biology-101"), ("quentin-quicklime", "chemistry-101"))
    ]
    assert answer.json["scope"] == NRPS
    assert answer.json[SETUP]["deployment_id"]
    assert [[link["title"] for link in found] for found in links] == [["Peer mentoring"], ["Peer mentoring"]]


def test_a_registration_token_works_once_and_for_an_hour(stranger: Tool, clock: Clock) -> None:
    used, old = stranger.invited(), stranger.invited()

    assert stranger.register(used).status_code == 200
    assert stranger.register(used).status_code == 401
    clock.move(minutes=61)
    assert stranger.register(old).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uris": []},
        {"response_types": ["code"]},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"jwks_uri": None},
        {"initiate_login_uri": "http://tool.example/login"},
        {"client_name": ""},
        {"setup": {"domain": "localhost"}},
    ],
)
def test_a_faulty_registration_is_refused_and_leaves_the_token_usable(stranger: Tool, change: dict[str, Any]) -> None:
    token = stranger.invited()

    refused = stranger.register(token, **change)

    assert (refused.status_code, refused.json["error"]) == (400, "invalid_client_metadata")
    assert stranger.register(token).status_code == 200


def test_only_the_administrator_may_register_tools_and_only_from_our_own_pages(lms: Flask) -> None:
    asked = {"registration_url": f"{TOOL}/lti/register"}

    by_alice = person(lms, "alice-ashford").post("/admin/register-tool", data=asked)
    foreign = person(lms, "iris-ironwood").post(
        "/admin/register-tool", data=asked, headers={"Origin": "https://evil.example"}
    )
    faulty = person(lms, "iris-ironwood").post("/admin/add-tool", data={"registration_url": "javascript:alert(1)"})

    assert (by_alice.status_code, foreign.status_code, faulty.status_code) == (403, 403, 400)


def test_the_administrator_meets_the_tool_in_a_frame(lms: Flask) -> None:
    admin = person(lms, "iris-ironwood")

    page = admin.post("/admin/add-tool", data={"registration_url": f"{TOOL}/r?a=1"}, follow_redirects=True)

    assert f'src="{TOOL}/r?a=1&amp;openid_configuration=' in page.text


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("charlie-chalk", "/courses/biology-101", 404),
        ("charlie-chalk", "/courses/chemistry-101", 200),
        ("bob-birchwood", "/courses/biology-101/people", 403),
        ("bob-birchwood", "/courses/biology-101/gradebook.json", 403),
        ("bob-birchwood", "/courses/biology-101/people.json", 403),
        ("alice-ashford", "/courses/biology-101/gradebook.json", 200),
        ("theo-thimble", "/courses/biology-101/people", 200),
        ("iris-ironwood", "/courses/biology-101/people.json", 200),
        ("alice-ashford", "/admin/", 403),
        ("iris-ironwood", "/admin/", 200),
    ],
)
def test_people_see_what_is_theirs(lms: Flask, who: str, path: str, status: int) -> None:
    assert person(lms, who).get(path).status_code == status


def test_students_and_their_observers_see_one_row_of_grades(tool: Tool, lms: Flask) -> None:
    address = tool.launch("alice-ashford")[AGS_CLAIM]["lineitems"]
    tool.call(
        "POST", address, body={"label": "P", "scoreMaximum": 1}, content_type="application/vnd.ims.lis.v2.lineitem+json"
    )

    pages = [person(lms, who).get("/courses/biology-101/gradebook").text for who in ("dana-dewdrop", "olga-overlook")]

    assert all("Dana Dewdrop" in page.split("<main")[1] and "Birchwood" not in page for page in pages)


def test_a_second_link_with_points_has_a_column_of_its_own(tool: Tool, lms: Flask) -> None:
    alice = person(lms, "alice-ashford")

    alice.post("/courses/biology-101/links", data={"title": "Graded", "client_id": tool.client_id, "points": "10"})

    (column,) = alice.get("/courses/biology-101/gradebook.json").json
    second = alice.get("/courses/biology-101/links.json").json[1]
    assert (column["label"], column["resourceLinkId"]) == ("Graded", second["id"])


def test_search_finds_people_without_accents(lms: Flask) -> None:
    page = lms.test_client().get("/?q=zoe+angstrom").text

    assert "Zoë Ångström &amp; Søn" in page
    assert "Birchwood" not in page


def test_ids_are_the_same_on_every_start(lms: Flask) -> None:
    again = create_demo_lms(url="http://localhost:9999")

    first, second = (person(app, "alice-ashford").get("/courses/biology-101/people.json").json for app in (lms, again))

    assert first == second
    assert len({row["sub"] for row in first}) == 44


def test_names_are_escaped_on_pages_and_plain_in_json(lms: Flask) -> None:
    alice = person(lms, "alice-ashford")

    assert "Ida Heart &lt;3" in alice.get("/courses/biology-101/people").text
    assert "Ida Heart <3" in [row["name"] for row in alice.get("/courses/biology-101/people.json").json]
