"""Courses that are copied, notices of it, and questions about a person's data."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import jwt
import pytest

from .stand_in import AGS_CLAIM, LTI, NOTICES, TOOL, Tool, person

ITEM = "application/vnd.ims.lis.v2.lineitem+json"
Speaking = Callable[..., Tool]


def copy(tool: Tool) -> str:
    admin = person(tool.client.application, "iris-ironwood")
    return str(admin.post("/admin/copy-course", data={"course": "biology-101"}).location.rpartition("/")[2])


@pytest.mark.parametrize(
    ("dialect", "knows"),
    [("canvas", True), ("moodle", True), ("blackboard", True), ("sakai", False), ("openedx", False)],
)
def test_a_copy_has_new_ids_and_says_where_it_comes_from_where_the_lms_does(
    speaking: Speaking, dialect: str, knows: bool
) -> None:
    tool = speaking(dialect).come_in()
    before = tool.launch("alice-ashford")

    after = tool.launch("alice-ashford", copy(tool))

    old = before[f"{LTI}context"]["id"]
    assert after[f"{LTI}context"]["id"] != old
    assert after[f"{LTI}resource_link"]["id"] != before[f"{LTI}resource_link"]["id"]
    assert after[f"{LTI}custom"]["history"] == (old if knows else "$Context.id.history")


def test_columns_are_copied_with_their_ids_and_without_scores(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()
    address = tool.launch("alice-ashford")[AGS_CLAIM]["lineitems"]
    body = {"label": "P", "scoreMaximum": 5, "resourceId": "p-1", "tag": "participation"}
    tool.call("POST", address, body=body, content_type=ITEM)

    key = copy(tool)

    alice = person(tool.client.application, "alice-ashford")
    (column,) = alice.get(f"/courses/{key}/gradebook.json").json
    assert (column["resourceId"], column["tag"], column["grades"]) == ("p-1", "participation", [])
    assert len(alice.get(f"/courses/{key}/people.json").json) < len(alice.get("/courses/biology-101/people.json").json)


def test_a_copy_of_a_copy_remembers_both(speaking: Speaking) -> None:
    tool = speaking("blackboard").come_in()
    first = copy(tool)
    admin = person(tool.client.application, "iris-ironwood")

    second = admin.post("/admin/copy-course", data={"course": first}).location.rpartition("/")[2]

    ids = [tool.launch("alice-ashford", key)[f"{LTI}context"]["id"] for key in (first, "biology-101")]
    assert tool.launch("alice-ashford", second)[f"{LTI}custom"]["history"] == ",".join(ids)


def test_only_the_administrator_of_the_institution_copies_its_courses(speaking: Speaking) -> None:
    app = speaking("canvas").client.application
    asked = {"course": "biology-101"}

    statuses = [
        person(app, who).post("/admin/copy-course", data=asked).status_code
        for who in ("saul-sandstone", "alice-ashford")
    ]

    assert statuses == [400, 403]


@pytest.fixture
def heard() -> Iterator[tuple[str, "Queue[Any]"]]:
    """Answer an address that takes notices, and what it has taken."""
    taken: Queue[Any] = Queue()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name that http.server uses
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", taken
    server.shutdown()
    thread.join()
    server.server_close()


def test_canvas_sends_notices_to_those_who_listen(speaking: Speaking, heard: tuple[str, "Queue[Any]"]) -> None:
    origin, taken = heard
    host = origin.partition("//")[2]
    tool = speaking("canvas").come_in(setup={"target_link_uri": f"{origin}/launch", "domain": host})
    claim = tool.launch("alice-ashford")[f"{LTI}platformnotificationservice"]
    address = claim["platform_notification_service_url"]

    for kind in ("LtiHelloWorldNotice", "LtiContextCopyNotice"):
        tool.call("PUT", address, NOTICES, json={"notice_type": kind, "handler": f"{origin}/notices"})
    hello = taken.get(timeout=10)
    key = copy(tool)
    (notice,) = taken.get(timeout=10)["notices"]

    published = jwt.PyJWKSet.from_dict(tool.client.get("/.well-known/jwks.json").json)
    said = jwt.decode(
        notice["jwt"],
        published[jwt.get_unverified_header(notice["jwt"])["kid"]],
        algorithms=["RS256"],
        audience=tool.client_id,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert len(hello["notices"]) == 1
    assert said[f"{LTI}notice"]["type"] == "LtiContextCopyNotice"
    assert said[f"{LTI}context"]["id"] == tool.launch("alice-ashford", key)[f"{LTI}context"]["id"]
    assert said[f"{LTI}origin_contexts"] == [tool.launch("alice-ashford")[f"{LTI}context"]["id"]]
    assert tool.call("GET", address, NOTICES).json["notice_handlers"][1]["handler"] == f"{origin}/notices"


@pytest.mark.parametrize(
    "body",
    [
        {"notice_type": "LtiContextCopyNotice", "handler": "https://evil.example/"},
        {"notice_type": "Unknown", "handler": TOOL},
        {"notice_type": "LtiContextCopyNotice"},
    ],
)
def test_a_faulty_subscription_is_refused(speaking: Speaking, body: dict[str, str]) -> None:
    tool = speaking("canvas").come_in()
    claim = tool.launch("alice-ashford")[f"{LTI}platformnotificationservice"]

    answer = tool.call("PUT", claim["platform_notification_service_url"], NOTICES, json=body)

    assert answer.status_code == 400


def test_the_administrator_asks_for_a_persons_data_without_a_course(speaking: Speaking) -> None:
    tool = speaking("own").come_in()
    query = f"client_id={tool.client_id}&person=bob-birchwood"

    claims = tool.launch_from("iris-ironwood", f"/admin/privacy/launch?{query}")

    assert claims[f"{LTI}message_type"] == "LtiDataPrivacyLaunchRequest"
    assert claims[f"{LTI}for_user"]["user_id"] == tool.launch("bob-birchwood")["sub"]
    assert not {f"{LTI}context", f"{LTI}resource_link"} & set(claims)
    assert person(tool.client.application, "alice-ashford").get(f"/admin/privacy/launch?{query}").status_code == 403
    assert "Bob Birchwood" in person(tool.client.application, "iris-ironwood").get("/admin/privacy?q=bob").text
