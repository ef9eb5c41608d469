"""How each dialect's token endpoint and roster differ."""

from collections.abc import Callable
from typing import Any

import pytest

from .stand_in import AGS, GROUPS, LMS, LTI, NRPS, Clock, Tool, person

NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
FULL = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
Speaking = Callable[..., Tool]


def roster_url(tool: Tool, course: str = "biology-101", who: str = "alice-ashford") -> str:
    return str(tool.launch(who, course)[NRPS_CLAIM]["context_memberships_url"])


def next_of(answer: Any) -> str:
    return str(answer.headers.get("Link", "")).removeprefix("<").removesuffix('>; rel="next"')


def roles_of(members: list[dict[str, Any]]) -> set[str]:
    return {role for member in members for role in member["roles"]}


def test_canvas_gives_fifty_a_page_and_no_more(speaking: Speaking) -> None:
    tool = speaking("canvas", students=120).come_in()

    first = tool.call("GET", roster_url(tool) + "?limit=500")
    second = tool.call("GET", next_of(first))

    assert (len(first.json["members"]), len(second.json["members"])) == (50, 50)


def test_canvas_expands_custom_values_for_everybody_when_the_course_is_asked_for_as_a_link(speaking: Speaking) -> None:
    custom = {"sections": "$Canvas.course.sectionIds", "token": "$com.instructure.PostMessageToken"}
    tool = speaking("canvas").come_in(setup={"custom_parameters": custom})
    course = tool.launch("alice-ashford")[f"{LTI}context"]["id"]

    member = tool.call("GET", roster_url(tool) + f"?rlid={course}").json["members"][2]

    said = member["message"][0][f"{LTI}custom"]
    assert said == {"sections": "section-a", "token": "$com.instructure.PostMessageToken"}


def test_canvas_leaves_out_those_who_are_inactive(speaking: Speaking) -> None:
    tool = speaking("canvas").come_in()
    alice = person(tool.client.application, "alice-ashford")

    alice.post("/courses/biology-101/people/bob-birchwood", data={"standing": "Inactive"})

    names = [member["name"] for member in tool.call("GET", roster_url(tool)).json["members"]]
    assert "Bob Birchwood" not in names


def test_moodle_gives_everybody_at_once_with_short_roles_and_escaped_names(speaking: Speaking) -> None:
    tool = speaking("moodle", students=120).come_in()

    answer = tool.call("GET", roster_url(tool))

    members = answer.json["members"]
    assert (len(members), next_of(answer)) == (122, "")
    assert roles_of(members) == {"Learner", "Instructor"}
    assert "Zoë Ångström &amp; Søn" in [member["name"] for member in members]
    assert tool.launch("zoe-angstrom")["name"] == "Zoë Ångström & Søn"


def test_moodles_non_editing_teacher_is_a_learner_in_the_roster_only(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()

    theo = next(m for m in tool.call("GET", roster_url(tool)).json["members"] if m["name"] == "Theo Thimble")

    assert theo["roles"] == ["Learner"]
    assert tool.launch("theo-thimble")[f"{LTI}roles"] == [FULL + "Instructor"]


def test_moodles_next_link_forgets_the_role(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()

    first = tool.call("GET", roster_url(tool) + "?role=Instructor&limit=1")
    everybody = tool.call("GET", roster_url(tool) + "?role=Learner&limit=5")

    assert roles_of(first.json["members"]) == {"Instructor"}
    assert len(tool.call("GET", next_of(everybody)).json["members"]) == 5
    seen = set()
    while following := next_of(everybody):
        everybody = tool.call("GET", following)
        seen |= {member["name"] for member in everybody.json["members"]}
    assert len(seen) == 37


def test_moodle_takes_an_unknown_role_for_no_filter_and_canvas_for_nobody(speaking: Speaking) -> None:
    moodle, canvas = speaking("moodle").come_in(), speaking("canvas").come_in()

    lists = [tool.call("GET", roster_url(tool) + "?role=Wizard").json["members"] for tool in (moodle, canvas)]

    assert [len(found) for found in lists] == [42, 0]


@pytest.mark.parametrize(("dialect", "status"), [("moodle", 400), ("canvas", 200), ("sakai", 200), ("openedx", 200)])
def test_only_moodle_looks_at_accept_that_closely(speaking: Speaking, dialect: str, status: int) -> None:
    tool = speaking(dialect).come_in()

    answer = tool.call("GET", roster_url(tool), headers={"Accept": f"{MEMBERS};charset=utf-8"})

    assert answer.status_code == status


def test_blackboards_last_page_leads_back(speaking: Speaking) -> None:
    tool = speaking("blackboard", students=2100).come_in()
    seen, url = [], roster_url(tool)

    for _ in range(4):
        seen.append(url)
        url = next_of(tool.call("GET", url))

    assert url == seen[2]
    assert seen[3] == seen[1]


def test_sakai_ignores_filters_answers_plain_json_and_always_lists_groups(speaking: Speaking) -> None:
    tool = speaking("sakai").come_in()

    answer = tool.call("GET", roster_url(tool) + "?role=Instructor&rlid=nonsense")

    assert answer.content_type == "application/json"
    assert len(answer.json["members"]) == 42
    assert all("group_enrollments" in member for member in answer.json["members"])


def test_sakai_has_nothing_to_say_when_nobody_is_there(speaking: Speaking) -> None:
    tool = speaking("sakai").come_in()
    url, admin = roster_url(tool), person(tool.client.application, "iris-ironwood")
    lms = tool.client.application.extensions["demo_lms"]
    for seat in lms.college.seats["biology-101"]:
        lms.set_standing("biology-101", seat.person.sub, "Removed")

    answer = tool.call("GET", url)

    assert (answer.status_code, answer.data) == (200, b"")
    assert admin.get("/courses/biology-101").status_code == 200


def test_open_edx_refuses_a_large_course_even_with_a_limit(speaking: Speaking) -> None:
    tool = speaking("openedx", students=1001).come_in()

    refused = tool.call("GET", roster_url(tool) + "?limit=10")
    member = tool.call("GET", roster_url(tool, "chemistry-101", "quentin-quicklime")).json["members"][1]

    assert (refused.status_code, refused.json) == (403, {"error": "above_response_limit"})
    assert set(member) == {"user_id", "roles", "status", "name", "email"}


@pytest.mark.parametrize(("dialect", "has_sets"), [("sakai", False), ("blackboard", True), ("brightspace", True)])
def test_groups_can_be_read_where_there_are_any(speaking: Speaking, dialect: str, has_sets: bool) -> None:
    tool = speaking(dialect).come_in()
    claim = tool.launch("alice-ashford")["https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"]
    bob = tool.launch("bob-birchwood")["sub"]

    everybodys = tool.call("GET", claim["context_groups_url"], GROUPS).json["groups"]
    bobs = tool.call("GET", claim["context_groups_url"] + f"?user_id={bob}", GROUPS).json["groups"]
    listed = tool.call("GET", roster_url(tool) + "?groups=true").json["members"]

    assert (len(everybodys), len(bobs)) == (4, 1)
    assert ("set_ids" in bobs[0], "context_group_sets_url" in claim) == (has_sets, has_sets)
    assert next(m for m in listed if m["user_id"] == bob)["group_enrollments"] == [{"group_id": bobs[0]["id"]}]


def test_brightspace_wants_its_own_audience(speaking: Speaking) -> None:
    tool = speaking("brightspace").come_in()

    usual = tool.ask_token(assertion=tool.assertion(aud=f"{LMS}/token"))

    assert (usual.status_code, tool.ask_token().status_code) == (400, 200)


def test_canvas_wants_a_fresh_assertion_for_its_own_address(speaking: Speaking, clock: Clock) -> None:
    tool = speaking("canvas").come_in()
    old = tool.assertion()

    clock.move(minutes=4)
    assert tool.ask_token(assertion=old).status_code == 200
    assert tool.ask_token(assertion=old).status_code == 200
    clock.move(minutes=2)
    assert tool.ask_token(assertion=tool.assertion(iat=int(clock.now.timestamp()) - 360)).status_code == 400
    assert tool.ask_token(assertion=tool.assertion(aud="localhost:8001")).status_code == 400


def test_moodle_answers_html_that_is_json_and_json_that_is_broken(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()

    good, bad = tool.ask_token(), tool.ask_token("openid")
    with_charset = tool.client.post("/token", data="x", content_type="application/x-www-form-urlencoded; charset=utf-8")
    ahead = tool.assertion(iat=int(tool.clock.now.timestamp()) + 5)

    assert good.content_type.startswith("text/html")
    assert good.get_json(force=True)["expires_in"] == 3600
    assert (bad.status_code, bad.get_json(silent=True)) == (400, None)
    assert (with_charset.status_code, tool.ask_token(assertion=ahead).status_code) == (400, 400)


def test_sakai_refuses_all_scopes_for_one(speaking: Speaking) -> None:
    tool = speaking("sakai").come_in()

    assert tool.ask_token(NRPS, "https://example.org/other").status_code == 400
    assert tool.ask_token(NRPS, assertion=tool.assertion(aud="anybody")).status_code == 200


@pytest.mark.parametrize(("dialect", "status", "scheme"), [("moodle", 401, None), ("sakai", 403, "Bearer")])
def test_a_bad_token_is_refused_in_the_lmss_way(
    speaking: Speaking, dialect: str, status: int, scheme: str | None
) -> None:
    tool = speaking(dialect).come_in()

    answer = tool.client.get(roster_url(tool), headers={"Authorization": "Bearer old"})

    assert (answer.status_code, answer.headers.get("WWW-Authenticate")) == (status, scheme)


def test_canvas_throttles_a_crowd_and_says_how_much_is_left(speaking: Speaking, clock: Clock) -> None:
    tool = speaking("canvas").come_in()
    url = roster_url(tool)
    lms = tool.client.application.extensions["demo_lms"]

    calm = tool.call("GET", url)
    lms.fill_levels[tool.client_id] = 700.0, clock.now.timestamp()
    crowded = tool.call("GET", url)
    clock.move(seconds=10)

    assert float(calm.headers["X-Rate-Limit-Remaining"]) == 699
    assert (crowded.status_code, "Rate Limit Exceeded" in crowded.text) == (403, True)
    assert tool.call("GET", url).status_code == 200


def test_a_weak_token_is_named_as_the_lms_does(speaking: Speaking) -> None:
    moodle, sakai = speaking("moodle").come_in(), speaking("sakai").come_in()

    statuses = [tool.call("GET", roster_url(tool), AGS + "score").status_code for tool in (moodle, sakai)]

    assert statuses == [401, 400]
