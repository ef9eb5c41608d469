"""Tokens, roster and gradebook of the demo LMS as a tool meets them."""

import json
from typing import Any

import pytest
import requests
from flask import Flask

from lti_tool.demo_lms.faults import Fault
from tests.serving import serving

from .stand_in import AGS, AGS_CLAIM, LMS, NRPS, Clock, Tool, person

ITEM = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


def roster_url(tool: Tool) -> str:
    claim = tool.launch("alice-ashford")[NRPS.split("/scope")[0] + "/claim/namesroleservice"]
    return str(claim["context_memberships_url"])


def whole(tool: Tool, url: str) -> list[list[dict[str, Any]]]:
    """Answer all pages of a roster."""
    pages, following = [], url
    while following:
        answer = tool.call("GET", following)
        assert answer.status_code == 200
        pages.append(answer.json["members"])
        following = answer.headers.get("Link", "").removeprefix("<").removesuffix('>; rel="next"')
    return pages


def column(tool: Tool, **fields: Any) -> str:
    """Answer the address of a new column."""
    address = tool.launch("alice-ashford")[AGS_CLAIM]["lineitems"]
    body = {"label": "Participation", "scoreMaximum": 20, **fields}
    return str(tool.call("POST", address, body=body, content_type=ITEM).json["id"])


def under(url: str, path: str) -> str:
    before, _, query = url.partition("?")
    return f"{before}{path}?{query}"


def score(tool: Tool, item: str, **changes: Any) -> int:
    """Post a score of 8 of 10 for Bob, changed as asked; answer the status."""
    usual = {"userId": tool.launch("bob-birchwood")["sub"], "timestamp": "2027-01-11T09:00:00.000001Z"}
    graded = {"activityProgress": "Completed", "gradingProgress": "FullyGraded", "scoreGiven": 8, "scoreMaximum": 10}
    body = {name: value for name, value in (usual | graded | changes).items() if value is not None}
    answer = tool.call("POST", under(item, "/scores"), body=body, content_type=f"{SCORE}; charset=utf-8")
    return int(answer.status_code)


def results(tool: Tool, item: str) -> list[dict[str, Any]]:
    answer = tool.call("GET", under(item, "/results"), headers={"Accept": RESULTS})
    return list(answer.json)


def test_a_token_grants_what_was_asked_and_is_allowed(tool: Tool) -> None:
    answer = tool.ask_token(NRPS, "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly")

    assert answer.json["scope"] == NRPS
    assert tool.ask_token("openid").json["error"] == "invalid_scope"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"aud": f"{LMS}/"},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"jti": None},
        {"sub": "unknown"},
    ],
)
def test_an_assertion_that_proves_nothing_is_refused(tool: Tool, changes: dict[str, Any]) -> None:
    answer = tool.ask_token(assertion=tool.assertion(**changes))

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_client")


def test_an_assertion_works_once_and_only_as_it_was_signed(tool: Tool) -> None:
    assertion = tool.assertion()
    head, body, signature = tool.assertion().split(".")

    assert tool.ask_token(assertion=assertion).status_code == 200
    assert tool.ask_token(assertion=assertion).status_code == 400
    assert tool.ask_token(assertion=f"{head}.{body}.{signature[::-1]}").status_code == 400


def test_a_tools_new_key_is_found_without_being_told(tool: Tool) -> None:
    assert tool.ask_token().status_code == 200

    tool.keys.rotate()

    assert tool.ask_token().status_code == 200


def test_an_expired_or_weak_token_opens_nothing(tool: Tool, clock: Clock) -> None:
    url = roster_url(tool)
    token = tool.ask_token(NRPS).json["access_token"]

    assert tool.call("GET", url, AGS + "score").status_code == 403
    clock.move(hours=2)
    late = tool.client.get(url, headers={"Authorization": f"Bearer {token}"})
    assert (late.status_code, late.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_the_roster_comes_in_pages_and_is_whole(tool: Tool) -> None:
    pages = whole(tool, roster_url(tool))

    members = [member for page in pages for member in page]
    assert [len(page) for page in pages] == [7, 7, 7, 7, 7, 7, 1]
    assert len({member["user_id"] for member in members}) == 43
    assert {"name": "ليلى القمرية", "status": "Active"}.items() <= next(
        m for m in members if "ليلى" in m["name"]
    ).items()
    assert "Test Student" not in [member["name"] for member in members]


def test_roles_come_in_short_and_in_full(tool: Tool) -> None:
    roles = {role for page in whole(tool, roster_url(tool)) for member in page for role in member["roles"]}

    assert {"Learner", "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"} <= roles


def test_a_role_filter_holds_on_every_page_and_limit_is_capped(tool: Tool) -> None:
    pages = whole(tool, roster_url(tool) + "?role=Learner&limit=500")

    assert [len(page) for page in pages] == [7, 7, 7, 7, 7, 5]


def test_a_next_link_in_lower_case_is_refused(tool: Tool) -> None:
    link = tool.call("GET", roster_url(tool)).headers["Link"].split(">")[0][1:]

    assert link != link.lower()
    assert tool.call("GET", link.lower()).status_code == 400


def test_accept_must_be_exact(tool: Tool) -> None:
    url = roster_url(tool)

    assert tool.call("GET", url, headers={"Accept": MEMBERS}).status_code == 200
    assert tool.call("GET", url, headers={"Accept": "*/*"}).status_code == 200
    assert tool.call("GET", url, headers={"Accept": "application/json"}).status_code == 400
    assert tool.call("GET", url, headers={"Accept": f"{MEMBERS}, */*"}).status_code == 400


def test_a_link_s_roster_carries_custom_values_and_an_unknown_link_is_not_found(tool: Tool) -> None:
    link = tool.launch("alice-ashford")["https://purl.imsglobal.org/spec/lti/claim/resource_link"]["id"]

    bob = tool.call("GET", roster_url(tool) + f"?rlid={link}").json["members"][2]

    assert bob["message"][0]["https://purl.imsglobal.org/spec/lti/claim/custom"]["section_ids"] == "section-a"
    assert tool.call("GET", roster_url(tool) + "?rlid=999").status_code == 404


def test_an_inactive_member_says_so_and_a_removed_one_is_gone(tool: Tool, lms: Flask) -> None:
    alice = person(lms, "alice-ashford")

    alice.post("/courses/biology-101/people/bob-birchwood", data={"standing": "Inactive"})
    alice.post("/courses/biology-101/people/dana-dewdrop", data={"standing": "Removed"})

    statuses = {m["name"]: m["status"] for page in whole(tool, roster_url(tool)) for m in page}
    assert statuses["Bob Birchwood"] == "Inactive"
    assert "Dana Dewdrop" not in statuses


def test_a_column_can_be_made_found_changed_and_deleted(tool: Tool) -> None:
    link = tool.launch("alice-ashford")["https://purl.imsglobal.org/spec/lti/claim/resource_link"]["id"]
    item = column(tool, resourceId="programme-1", tag="participation", resourceLinkId=link)
    listed = tool.launch("alice-ashford")[AGS_CLAIM]

    found = tool.call("GET", listed["lineitems"] + "&tag=participation", headers={"Accept": ITEMS})
    changed = tool.call("PUT", item, body={"label": "Points", "scoreMaximum": 5}, content_type=ITEM)
    deleted = tool.call("DELETE", item)

    assert listed["lineitem"] == item
    assert [row["id"] for row in found.json] == [item]
    assert changed.json == {"id": item, "label": "Points", "scoreMaximum": 5, "resourceLinkId": link}
    assert deleted.status_code == 204
    assert tool.call("GET", item, headers={"Accept": ITEM}).status_code == 404


def test_columns_come_in_pages(tool: Tool) -> None:
    for number in range(9):
        column(tool, label=f"Week {number}")
    address = tool.launch("alice-ashford")[AGS_CLAIM]["lineitems"]

    first = tool.call("GET", address, headers={"Accept": ITEMS})
    second = tool.call("GET", first.headers["Link"].split(">")[0][1:], headers={"Accept": ITEMS})

    assert (len(first.json), len(second.json)) == (7, 2)


def test_the_gradebook_is_strict_about_media_types_and_addresses(tool: Tool) -> None:
    item = column(tool)
    address = tool.launch("alice-ashford")[AGS_CLAIM]["lineitems"]
    body = {"label": "x", "scoreMaximum": 1}

    assert tool.call("GET", address, headers={"Accept": "*/*"}).status_code == 400
    assert tool.call("POST", address, body=body, content_type="application/json").status_code == 400
    assert tool.call("POST", address, body={"label": "x", "scoreMaximum": 0}, content_type=ITEM).status_code == 400
    assert tool.call("POST", address, body=body | {"resourceLinkId": "no"}, content_type=ITEM).status_code == 404
    assert tool.call("GET", item.partition("?")[0], headers={"Accept": ITEM}).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"userId": "unknown"},
        {"timestamp": "2027-01-11T09:00:00"},
        {"timestamp": "0001-01-01T00:00:00+14:00"},
        {"scoreGiven": 10**400},
        {"scoreGiven": float("nan")},
        {"timestamp": None},
        {"activityProgress": "Done"},
        {"gradingProgress": None},
        {"scoreMaximum": None},
        {"scoreGiven": -1},
    ],
)
def test_a_faulty_score_is_refused_and_changes_nothing(tool: Tool, changes: dict[str, Any]) -> None:
    item = column(tool)

    assert score(tool, item, **changes) == 400
    assert results(tool, item) == []


def test_nobody_but_students_can_be_graded(tool: Tool) -> None:
    item = column(tool)

    statuses = [score(tool, item, userId=tool.launch(who)["sub"]) for who in ("alice-ashford", "test-student")]

    assert statuses == [400, 400]


def test_a_score_must_be_newer_by_a_microsecond_and_is_rescaled(tool: Tool) -> None:
    item = column(tool)

    assert score(tool, item, comment="Well done") == 200
    assert score(tool, item, scoreGiven=9) == 409
    assert score(tool, item, scoreGiven=9, timestamp="2027-01-11T10:00:00.000002+01:00") == 200

    (row,) = results(tool, item)
    assert (row["resultScore"], row["resultMaximum"], row.get("comment")) == (18, 20, None)


def test_a_score_that_is_not_fully_graded_clears(tool: Tool) -> None:
    item = column(tool)
    score(tool, item)

    score(tool, item, gradingProgress="Pending", timestamp="2027-01-11T09:00:01Z")

    assert "resultScore" not in results(tool, item)[0]


def test_a_teachers_grade_shows_in_the_results_and_blocks_older_scores(tool: Tool, lms: Flask, clock: Clock) -> None:
    item, alice = column(tool), person(lms, "alice-ashford")
    number = item.partition("?")[0].rpartition("/")[2]
    score(tool, item)
    clock.move(minutes=5)

    alice.post(f"/courses/biology-101/gradebook/{number}/bob-birchwood", data={"score": "12.5", "comment": "Mine"})

    (row,) = results(tool, item)
    assert (row["resultScore"], row["comment"]) == (12.5, "Mine")
    assert row["scoringUserId"] == tool.launch("alice-ashford")["sub"]
    assert score(tool, item, timestamp="2027-01-11T09:04:59Z") == 409
    assert score(tool, item, timestamp="2027-01-11T09:05:01Z") == 200


def test_a_fault_can_be_asked_for_and_a_lost_answer_was_still_stored(tool: Tool, lms: Flask) -> None:
    item = column(tool)
    ask = lms.test_client()

    ask.post("/demo/faults", json={"area": "nrps", "status": 429, "retry_after": 3})
    slow = tool.call("GET", roster_url(tool))
    ask.post("/demo/faults", json={"area": "scores", "loses_answer": True})

    assert (slow.status_code, slow.headers["Retry-After"]) == (429, "3")
    assert score(tool, item) == 502
    assert results(tool, item)[0]["resultScore"] == 16


def test_over_a_real_server_a_lost_answer_is_a_broken_connection(tool: Tool, lms: Flask) -> None:
    item = column(tool)
    token = tool.ask_token(AGS + "score").json["access_token"]
    sent = {
        "userId": tool.launch("bob-birchwood")["sub"],
        "timestamp": "2027-01-11T09:00:00Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 1,
        "scoreMaximum": 1,
    }
    lms.extensions["demo_lms"].faults.add(Fault(area="scores", loses_answer=True))

    with serving(lambda _origin: lms) as origin, pytest.raises(requests.ConnectionError):
        requests.post(
            under(item, "/scores").replace(LMS, origin),
            data=json.dumps(sent),
            headers={"Authorization": f"Bearer {token}", "Content-Type": SCORE},
            timeout=10,
        )

    assert results(tool, item)[0]["resultScore"] == 20


def test_two_tools_do_not_see_each_others_columns(tool: Tool, lms: Flask) -> None:
    item = column(tool)
    other = Tool(lms, tool.clock, tool.jwks_uri, tool.keys)
    other.register()

    foreign = other.call("GET", item, headers={"Accept": ITEM})
    retyped = other.call("GET", item.replace("type_id=1", "type_id=2"), headers={"Accept": ITEM})

    assert (foreign.status_code, retyped.status_code) == (404, 404)
    assert json.loads(person(lms, "alice-ashford").get("/courses/biology-101/gradebook.json").text)[0]["grades"] == []
