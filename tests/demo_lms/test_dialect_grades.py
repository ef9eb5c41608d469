"""How each dialect's line items, scores and results differ."""

from collections.abc import Callable
from typing import Any

import pytest

from .stand_in import AGS_CLAIM, Tool, person

ITEM = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
CANVAS = "https://canvas.instructure.com/lti/submission"
LINK = "https://purl.imsglobal.org/spec/lti/claim/resource_link"
Speaking = Callable[..., Tool]


def create(tool: Tool, **fields: Any) -> Any:
    address = tool.launch("alice-ashford")[AGS_CLAIM]["lineitems"]
    body = {"label": "Participation", "scoreMaximum": 20, "resourceId": "p-1", **fields}
    return tool.call("POST", address, body=body, content_type=ITEM)


def column(tool: Tool, **fields: Any) -> str:
    return str(create(tool, **fields).json["id"])


def under(url: str, path: str) -> str:
    before, mark, query = url.partition("?")
    return f"{before}{path}{mark}{query}"


def score(tool: Tool, item: str, at: str = "09:00:00", **changes: Any) -> Any:
    usual = {"userId": tool.launch("bob-birchwood")["sub"], "timestamp": f"2027-01-11T{at}Z"}
    graded = {"activityProgress": "Completed", "gradingProgress": "FullyGraded", "scoreGiven": 8, "scoreMaximum": 10}
    body = {name: value for name, value in (usual | graded | changes).items() if value is not None}
    return tool.call("POST", under(item, "/scores"), body=body, content_type=SCORE)


def results(tool: Tool, item: str, query: str = "") -> Any:
    address = under(item, "/results")
    mark = "&" if "?" in address else "?"
    return tool.call("GET", address + (mark + query if query else ""), headers={"Accept": RESULTS})


def by_the_teacher(tool: Tool, points: str) -> None:
    alice = person(tool.client.application, "alice-ashford")
    number = alice.get("/courses/biology-101/gradebook.json").json[0]["id"]
    alice.post(f"/courses/biology-101/gradebook/{number}/bob-birchwood", data={"score": points, "comment": "Mine"})


def graded_link(tool: Tool) -> str:
    """Place the tool once more with a column of the LMS's own; answer the link's id as tools see it."""
    alice = person(tool.client.application, "alice-ashford")
    alice.post("/courses/biology-101/links", data={"title": "Graded", "client_id": tool.client_id, "points": "100"})
    return str(alice.get("/courses/biology-101/links.json").json[-1]["id"])


@pytest.mark.parametrize(
    ("dialect", "first", "equal", "older"),
    [
        ("canvas", 200, 200, 400),
        ("moodle", 200, 409, 409),
        ("blackboard", 201, 409, 409),
        ("brightspace", 200, 409, 409),
        ("sakai", 200, 400, 400),
        ("openedx", 201, 400, 201),
    ],
)
def test_a_score_that_is_not_newer_meets_the_lmss_rule(
    speaking: Speaking, dialect: str, first: int, equal: int, older: int
) -> None:
    tool = speaking(dialect).come_in()
    item = column(tool)

    statuses = [score(tool, item, at).status_code for at in ("09:00:00", "09:00:00", "08:00:00")]

    assert statuses == [first, equal, older]


def test_moodle_counts_whole_seconds_and_says_why_only_in_the_status_line(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()
    item = column(tool)
    score(tool, item, "09:00:00.1")

    again = score(tool, item, "09:00:00.9")
    foreign = score(tool, item, "09:00:01", userId="999")

    assert (again.status_code, again.text) == (409, "[]")
    assert (foreign.status, foreign.text) == ("400 Incorrect score received", "[]")
    assert score(tool, item, "09:00:01").status_code == 200


def test_open_edx_says_that_the_timestamp_is_taken(speaking: Speaking) -> None:
    tool = speaking("openedx").come_in()
    item = column(tool)
    score(tool, item)

    assert "already exists for the provided timestamp" in score(tool, item).text


@pytest.mark.parametrize(
    ("dialect", "status"),
    [("canvas", 422), ("moodle", 400), ("blackboard", 400), ("brightspace", 403), ("sakai", 400)],
)
def test_a_score_for_a_teacher_is_refused(speaking: Speaking, dialect: str, status: int) -> None:
    tool = speaking(dialect).come_in()

    answer = score(tool, column(tool), userId=tool.launch("alice-ashford")["sub"])

    assert answer.status_code == status


def test_canvas_appends_comments_counts_attempts_and_keeps_what_it_is_asked_to_keep(speaking: Speaking) -> None:
    tool = speaking("canvas").come_in()
    item, app = column(tool), tool.client.application
    quiet = {CANVAS: {"new_submission": False, "preserve_score": True}}

    first = score(tool, item, comment="One")
    score(tool, item, "09:01:00", comment="Two", gradingProgress="Pending", **quiet)

    (held,) = app.extensions["demo_lms"].grades.values()
    assert "/results/" in first.json["resultUrl"]
    assert (held.comment, held.attempt, held.given) == ("One\nTwo", 1, 8)


def test_canvas_keeps_the_teachers_grade_when_it_is_asked_to(speaking: Speaking) -> None:
    tool = speaking("canvas").come_in()
    item = column(tool)
    by_the_teacher(tool, "3")

    score(tool, item, "09:05:00", **{CANVAS: {"prioritize_non_tool_grade": True}})
    kept = results(tool, item).json[0]["resultScore"]
    score(tool, item, "09:06:00")

    assert (kept, results(tool, item).json[0]["resultScore"]) == (3, 16)


def test_canvas_shows_one_column_for_a_link_and_none_for_a_place_in_the_navigation(speaking: Speaking) -> None:
    tool = speaking("canvas").come_in()
    navigation = tool.launch("alice-ashford")[LINK]["id"]
    graded = graded_link(tool)

    in_navigation = create(tool, resourceLinkId=navigation)
    second = create(tool, resourceLinkId=graded)
    unknown = create(tool, resourceLinkId="nothing")

    shown = person(tool.client.application, "alice-ashford").get("/courses/biology-101/gradebook.json").json
    assert (in_navigation.status_code, second.status_code, unknown.status_code) == (412, 201, 404)
    assert [found["label"] for found in shown] == ["Graded"]


def test_canvas_deletes_no_column_of_an_assignment_and_shows_none_of_another_tool(speaking: Speaking) -> None:
    tool = speaking("canvas").come_in()
    graded_link(tool)
    address = tool.launch("alice-ashford")[AGS_CLAIM]["lineitems"]
    own = tool.call("GET", address, headers={"Accept": "*/*"}).json[0]["id"]
    other = Tool(tool.client.application, tool.clock, tool.jwks_uri, tool.keys).come_in()

    assert tool.call("DELETE", own).status_code == 401
    assert other.call("GET", own).status_code == 412


def test_moodle_shows_results_without_zeros_and_breaks_when_a_limit_is_sent(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()
    item = column(tool)
    for number in range(3):
        create(tool, resourceId=f"more-{number}")
    address = tool.launch("alice-ashford")[AGS_CLAIM]["lineitems"]

    score(tool, item, scoreGiven=0)
    listed = tool.call("GET", f"{address}&limit=2", headers={"Accept": ITEMS})

    assert "resultScore" not in results(tool, item).json[0]
    assert results(tool, item, "limit=10").status_code == 404
    assert "rel=“next”" in listed.headers["Link"].encode("latin-1").decode()
    assert "&amp;" in listed.headers["Link"]


def test_moodles_line_item_claim_is_empty_then_missing(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()
    ungraded, graded = tool.launch("alice-ashford")[LINK]["id"], graded_link(tool)

    create(tool, resourceLinkId=ungraded)
    create(tool, resourceLinkId=graded)

    path = f"/courses/biology-101/links/{graded}/launch"
    assert tool.launch("alice-ashford")[AGS_CLAIM]["lineitem"] == ""
    assert "lineitem" not in tool.launch_from("alice-ashford", path)[AGS_CLAIM]


def test_moodle_stamps_a_score_without_points_with_its_own_time(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()
    item = column(tool)

    score(tool, item, "08:00:00", scoreGiven=None, gradingProgress="NotReady")

    assert score(tool, item, "08:59:59").status_code == 409


def test_moodle_lets_the_teacher_win_on_its_own_column_only(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()
    graded_link(tool)
    address = tool.launch("alice-ashford")[AGS_CLAIM]["lineitems"]
    own = tool.call("GET", address, headers={"Accept": ITEMS}).json[0]["id"]
    by_the_teacher(tool, "33")

    answer = score(tool, own, "09:10:00")

    assert (answer.status_code, results(tool, own).json[0]["resultScore"]) == (200, 33)


def test_sakai_answers_200_to_a_new_column_lists_everybody_and_ignores_the_link_filter(speaking: Speaking) -> None:
    tool = speaking("sakai").come_in()

    made = create(tool)
    address = tool.launch("alice-ashford")[AGS_CLAIM]["lineitems"]

    assert made.status_code == 200
    assert len(tool.call("GET", f"{address}?resource_link_id=none").json) == 1
    rows = results(tool, made.json["id"]).json
    assert len(rows) > 40
    assert {row["resultScore"] for row in rows} == {None}
    assert tool.call("GET", f"{address}/999").status_code == 400


@pytest.mark.parametrize("fields", [{"resourceId": None}, {"scoreMaximum": 12.5}])
def test_open_edx_wants_a_resource_and_whole_points(speaking: Speaking, fields: dict[str, Any]) -> None:
    assert create(speaking("openedx").come_in(), **fields).status_code == 400


def test_open_edx_keeps_a_score_until_there_is_a_final_one_and_ignores_the_user_filter(speaking: Speaking) -> None:
    tool = speaking("openedx").come_in()
    item = column(tool)

    score(tool, item, scoreGiven=15)
    score(tool, item, "09:01:00", gradingProgress="Pending", scoreGiven=2)

    assert results(tool, item, "user_id=nobody").json[0]["resultScore"] == 20


def test_blackboard_loses_the_comment_when_one_person_is_asked_for(speaking: Speaking) -> None:
    tool = speaking("blackboard").come_in()
    item = column(tool)
    score(tool, item, comment="Well done")
    bob = tool.launch("bob-birchwood")["sub"]

    rows = [results(tool, item, query).json[0] for query in ("", f"user_id={bob}")]

    assert ["comment" in row for row in rows] == [True, False]


def test_canvas_shows_ten_results_a_page(speaking: Speaking) -> None:
    tool = speaking("canvas").come_in()
    item = column(tool)
    people = person(tool.client.application, "alice-ashford").get("/courses/biology-101/people.json").json
    for one in [row for row in people if row["role"] == "student"][:11]:
        score(tool, item, userId=one["sub"])

    assert (len(results(tool, item).json), "Link" in results(tool, item).headers) == (10, True)


def test_a_review_address_given_with_a_column_is_where_reviews_go(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()
    review = {"url": "http://localhost:8000/lti/review", "reviewableStatus": ["Completed"]}
    item = column(tool, submissionReview=review)
    score(tool, item)
    number = item.partition("?")[0].rpartition("/")[2]

    claims = tool.launch_from("alice-ashford", f"/courses/biology-101/gradebook/{number}/bob-birchwood/review")

    lti = "https://purl.imsglobal.org/spec/lti/claim/"
    assert claims[f"{lti}message_type"] == "LtiSubmissionReviewRequest"
    assert claims[f"{lti}target_link_uri"] == review["url"]
    assert claims[f"{lti}for_user"]["user_id"] == tool.launch("bob-birchwood")["sub"]
    assert claims[AGS_CLAIM]["lineitem"] == item
    dana = person(tool.client.application, "dana-dewdrop")
    assert dana.get(f"/courses/biology-101/gradebook/{number}/bob-birchwood/review").status_code == 403
