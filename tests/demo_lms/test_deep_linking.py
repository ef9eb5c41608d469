"""Content chosen in a tool: the request, the strict reading of the answer, and the links that come of it."""

from collections.abc import Callable
from typing import Any

import pytest

from .stand_in import AGS_CLAIM, LTI, TOOL, Form, Tool, person

LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SETTINGS = f"{LINKING}deep_linking_settings"
Speaking = Callable[..., Tool]
ITEM = {
    "type": "ltiResourceLink",
    "url": f"{TOOL}/lti/launch",
    "title": "Mentoring for beginners",
    "custom": {"pm_activity": "a-1"},
    "lineItem": {"scoreMaximum": 50, "resourceId": "a-1", "tag": "participation"},
}


def asked(tool: Tool) -> dict[str, Any]:
    return tool.launch_from("alice-ashford", f"/courses/biology-101/content/{tool.client_id}/launch")


def answer(tool: Tool, request: dict[str, Any], items: list[Any], **changes: Any) -> Any:
    issued = int(tool.clock.now.timestamp())
    settings = request[SETTINGS]
    claims = {
        "iss": tool.client_id,
        "aud": [request["iss"]],
        "iat": issued,
        "exp": issued + 300,
        "nonce": "n-1",
        f"{LTI}message_type": "LtiDeepLinkingResponse",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": request[f"{LTI}deployment_id"],
        f"{LINKING}content_items": items,
        **({f"{LINKING}data": settings["data"]} if "data" in settings else {}),
        **changes,
    }
    signed = tool.keys.sign({name: value for name, value in claims.items() if value is not None})
    return tool.client.post(settings["deep_link_return_url"], data={"JWT": signed})


def links(tool: Tool) -> list[dict[str, Any]]:
    return list(person(tool.client.application, "alice-ashford").get("/courses/biology-101/links.json").json)


@pytest.mark.parametrize(
    ("dialect", "several", "data"),
    [("own", True, True), ("canvas", False, True), ("moodle", True, False), ("blackboard", True, True)],
)
def test_a_teacher_begins_with_settings_and_without_a_link(
    speaking: Speaking, dialect: str, several: bool, data: bool
) -> None:
    claims = asked(speaking(dialect).come_in())

    assert claims[f"{LTI}message_type"] == "LtiDeepLinkingRequest"
    assert claims[f"{LTI}target_link_uri"] == f"{TOOL}/lti/choose"
    assert f"{LTI}resource_link" not in claims
    assert (claims[SETTINGS]["accept_multiple"], "data" in claims[SETTINGS]) == (several, data)
    assert "ltiResourceLink" in claims[SETTINGS]["accept_types"]


@pytest.mark.parametrize("dialect", ["own", "canvas", "moodle", "blackboard", "brightspace", "sakai", "openedx"])
def test_an_item_becomes_a_link_with_custom_values_and_a_column(speaking: Speaking, dialect: str) -> None:
    tool = speaking(dialect).come_in()

    page = answer(tool, asked(tool), [ITEM])

    new = links(tool)[-1]
    claims = tool.launch_from("alice-ashford", f"/courses/biology-101/links/{new['id']}/launch")
    (column,) = person(tool.client.application, "alice-ashford").get("/courses/biology-101/gradebook.json").json
    assert (page.status_code, new["title"]) == (200, "Mentoring for beginners")
    assert claims[f"{LTI}custom"]["pm_activity"] == "a-1"
    assert claims[AGS_CLAIM]["lineitem"]
    assert (column["scoreMaximum"], column["resourceId"], column["label"]) == (50, "a-1", "Mentoring for beginners")


def test_an_empty_answer_adds_nothing_and_shows_the_message(speaking: Speaking) -> None:
    tool = speaking("own").come_in()

    page = answer(tool, asked(tool), [], **{f"{LINKING}msg": "Nothing <b>chosen</b>"})

    assert "Nothing &lt;b&gt;chosen" in page.text
    assert len(links(tool)) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"iss": "somebody"}, "unknown"),
        ({"aud": f"{TOOL}/"}, "aud"),
        ({"exp": 1}, "expired"),
        ({"nonce": None}, "nonce"),
        ({f"{LTI}deployment_id": "another"}, "deployment_id"),
        ({f"{LTI}message_type": "LtiResourceLinkRequest"}, "LtiDeepLinkingResponse"),
        ({f"{LINKING}data": None}, "data claim does not match"),
        ({f"{LINKING}data": "changed"}, "data claim does not match"),
        ({f"{LINKING}content_items": "none"}, "content_items"),
    ],
)
def test_a_faulty_answer_is_refused_and_adds_nothing(speaking: Speaking, change: dict[str, Any], words: str) -> None:
    tool = speaking("own").come_in()

    page = answer(tool, asked(tool), [ITEM], **change)

    assert (page.status_code, words in page.text, len(links(tool))) == (400, True, 1)


def test_data_that_nobody_sent_is_refused_even_when_it_is_null(speaking: Speaking) -> None:
    tool = speaking("moodle").come_in()
    request = asked(tool)
    request[SETTINGS]["data"] = ""

    assert answer(tool, request, [ITEM]).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"type": "html"},
        {"url": "https://evil.example/"},
        {"custom": {"n": 1}},
        {"lineItem": {"scoreMaximum": 0}},
        {"lineItem": "10"},
    ],
)
def test_an_item_that_cannot_be_used_is_refused(speaking: Speaking, change: dict[str, Any]) -> None:
    tool = speaking("own").come_in()

    assert answer(tool, asked(tool), [ITEM | change]).status_code == 400


def test_blackboard_wants_an_address_and_canvas_one_item(speaking: Speaking) -> None:
    blackboard, canvas = speaking("blackboard").come_in(), speaking("canvas").come_in()
    without = {name: value for name, value in ITEM.items() if name != "url"}

    assert answer(blackboard, asked(blackboard), [without]).status_code == 400
    assert answer(canvas, asked(canvas), [ITEM, ITEM]).status_code == 400


def test_an_answer_works_once(speaking: Speaking) -> None:
    tool = speaking("own").come_in()
    first, second = asked(tool), asked(tool)

    statuses = [
        answer(tool, first, [ITEM]).status_code,
        answer(tool, first, [ITEM], nonce="n-2").status_code,
        answer(tool, second, [ITEM]).status_code,
    ]

    assert statuses == [200, 404, 400]


def test_another_tools_answer_is_refused(speaking: Speaking) -> None:
    tool = speaking("own").come_in()
    other = Tool(tool.client.application, tool.clock, tool.jwks_uri, tool.keys).come_in()

    assert answer(other, asked(tool), [ITEM]).status_code == 400


def test_students_choose_no_content(speaking: Speaking) -> None:
    tool = speaking("own").come_in()
    bob = person(tool.client.application, "bob-birchwood")

    assert bob.get(f"/courses/biology-101/content/{tool.client_id}/launch").status_code == 403
    assert "Add content" not in bob.get("/courses/biology-101").text
    assert not Form(bob.get("/courses/biology-101").text).fields
