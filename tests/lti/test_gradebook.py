"""A column of our own, made once, and results read from all of it."""

from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from lti_tool.lti.claims import GradebookEndpoint
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.lti.gradebook import (
    LINE_ITEM_READ_SCOPE,
    LINE_ITEM_SCOPE,
    RESULT_SCOPE,
    SCORE_SCOPE,
    read_results,
)
from lti_tool.lti.line_items import LineItem, find_or_create_line_item

from .conftest import ConnectorOf
from .outside import Outside, Reply, recorded

ALL_SCOPES = frozenset({LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE, SCORE_SCOPE, RESULT_SCOPE})
ITEMS = "/course/2/lineitems"
AT = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)


def endpoint(lms: Outside, *, item: str | None = None, scopes: Collection[str] = ALL_SCOPES) -> GradebookEndpoint:
    """The gradebook as a launch names it."""
    return GradebookEndpoint(
        line_items_url=lms.url(ITEMS + "?type_id=1"),
        line_item_url=lms.url(item) if item else None,
        scopes=frozenset(scopes),
    )


def entry(lms: Outside, number: int, **more: object) -> dict[str, object]:
    """One column of ours as the LMS lists it."""
    url = lms.url(f"{ITEMS}/{number}/lineitem?type_id=1")
    return {"id": url, "label": "Peers", "scoreMaximum": 10, "resourceId": "act-1", "tag": "participation", **more}


def column(connector: Connector, gradebook: GradebookEndpoint) -> LineItem:
    """The column of activity act-1."""
    return find_or_create_line_item(
        connector, gradebook, label="Peers", score_maximum=10, resource_id="act-1", tag="participation"
    )


def test_an_existing_column_is_found_and_none_is_made(connector: Connector, lms: Outside) -> None:
    lms.on("GET", ITEMS, Reply(json=[entry(lms, 7)]))

    item = column(connector, endpoint(lms))

    assert item.url == lms.url(ITEMS + "/7/lineitem?type_id=1")
    (asked,) = lms.asked_for(ITEMS)
    assert asked.query == "type_id=1&resource_id=act-1&tag=participation"
    assert asked.headers["Accept"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"


def test_a_missing_column_is_made_unbound(connector: Connector, lms: Outside) -> None:
    lms.on("GET", ITEMS, Reply(json=[]))
    lms.on("POST", ITEMS, Reply(status=201, json=entry(lms, 8)))

    item = column(connector, endpoint(lms))

    _, made = lms.asked_for(ITEMS)
    assert item.url == lms.url(ITEMS + "/8/lineitem?type_id=1")
    assert made.json == {"label": "Peers", "scoreMaximum": 10, "resourceId": "act-1", "tag": "participation"}
    assert made.headers["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert made.query == "type_id=1"


def test_filters_that_an_lms_ignores_are_applied_again(connector: Connector, lms: Outside) -> None:
    others = [entry(lms, 1, resourceId="act-2"), entry(lms, 2, tag="other"), {"id": lms.url("/x"), "label": "Quiz"}]
    lms.on("GET", ITEMS, Reply(json=[*others, entry(lms, 3)]))

    assert column(connector, endpoint(lms)).url.endswith("/3/lineitem?type_id=1")


def test_of_copied_columns_the_unbound_one_is_ours(connector: Connector, lms: Outside) -> None:
    lms.on("GET", ITEMS, Reply(json=[entry(lms, 1, resourceLinkId="9"), entry(lms, 2)]))

    assert column(connector, endpoint(lms)).url.endswith("/2/lineitem?type_id=1")


def test_the_column_may_stand_on_a_later_page(connector: Connector, lms: Outside) -> None:
    link = f'<{lms.url(ITEMS)}?page=2>; rel="next"'
    lms.on("GET", ITEMS, Reply(json=[entry(lms, 1, tag="x")], headers={"Link": link}))
    lms.on("GET", ITEMS + "?page=2", Reply(json=[entry(lms, 2)]))

    assert column(connector, endpoint(lms)).url.endswith("/2/lineitem?type_id=1")


def test_moodles_broken_pages_are_not_followed(connector_of: ConnectorOf, lms: Outside) -> None:
    link = f"<{lms.url(ITEMS)}?page=2>; rel=“next”".encode().decode("latin-1")
    lms.on("GET", ITEMS, Reply(json=[entry(lms, 1)], headers={"Link": link}))

    column(connector_of("moodle"), endpoint(lms))

    assert len(lms.asked_for(ITEMS)) == 1


def test_pages_of_columns_that_lead_back_are_an_error(connector: Connector, lms: Outside) -> None:
    link = f'<{lms.url(ITEMS)}?page=2>; rel="next"'
    lms.on("GET", ITEMS, Reply(json=[], headers={"Link": link}))

    with pytest.raises(PlatformRefused) as refused:
        column(connector, endpoint(lms))

    assert refused.value.fault is ServiceFault.PAGES_REPEAT


def test_after_a_lost_answer_the_column_is_looked_for_before_another_is_made(
    connector: Connector, lms: Outside
) -> None:
    lms.on("GET", ITEMS, Reply(json=[]), Reply(json=[entry(lms, 8)]))
    lms.on("POST", ITEMS, Reply(status=502))

    item = column(connector, endpoint(lms))

    assert item.url.endswith("/8/lineitem?type_id=1")
    assert [asked.method for asked in lms.asked_for(ITEMS)] == ["GET", "POST", "GET"]


def test_a_column_that_was_not_made_is_not_made_twice_in_one_go(connector: Connector, lms: Outside) -> None:
    lms.on("GET", ITEMS, Reply(json=[]))
    lms.on("POST", ITEMS, Reply(status=502))

    with pytest.raises(PlatformUnavailable):
        column(connector, endpoint(lms))

    assert [asked.method for asked in lms.asked_for(ITEMS)] == ["GET", "POST", "GET"]


def test_a_made_column_that_is_not_shown_is_looked_up(connector: Connector, lms: Outside) -> None:
    lms.on("GET", ITEMS, Reply(json=[]), Reply(json=[entry(lms, 8)]))
    lms.on("POST", ITEMS, Reply(status=201))

    assert column(connector, endpoint(lms)).url.endswith("/8/lineitem?type_id=1")


def test_a_column_on_another_server_gets_no_scores(connector: Connector, lms: Outside) -> None:
    lms.on("GET", ITEMS, Reply(json=[entry(lms, 7, id="https://evil.example.invalid/7")]))

    with pytest.raises(PlatformRefused) as refused:
        column(connector, endpoint(lms))

    assert refused.value.fault is ServiceFault.FOREIGN_ADDRESS


def test_where_no_column_may_be_made_the_activitys_own_is_used(connector: Connector, lms: Outside) -> None:
    own = ITEMS + "/2/lineitem"
    lms.on("GET", own, Reply(json={"id": lms.url(own), "label": "Peer mentoring", "scoreMaximum": 100}))

    item = column(connector, endpoint(lms, item=own, scopes={LINE_ITEM_READ_SCOPE, SCORE_SCOPE}))

    assert (item.url, item.label, item.score_maximum) == (lms.url(own), "Peer mentoring", 100)
    assert not lms.asked_for(ITEMS)


def test_the_activitys_own_column_needs_no_right_to_read(connector: Connector, lms: Outside) -> None:
    own = ITEMS + "/2/lineitem"

    item = column(connector, endpoint(lms, item=own, scopes={SCORE_SCOPE}))

    assert (item.url, item.score_maximum) == (lms.url(own), 10)


@pytest.mark.parametrize("scopes", [set(), {SCORE_SCOPE}, {LINE_ITEM_READ_SCOPE}])
def test_without_a_column_there_is_no_gradebook(connector: Connector, lms: Outside, scopes: set[str]) -> None:
    with pytest.raises(PlatformRefused) as refused:
        column(connector, endpoint(lms, scopes=scopes))

    assert refused.value.fault is ServiceFault.NO_GRADEBOOK


def test_a_label_longer_than_moodle_bears_is_cut(connector: Connector, lms: Outside) -> None:
    lms.on("GET", ITEMS, Reply(json=[]))
    lms.on("POST", ITEMS, Reply(status=201, json=entry(lms, 8)))

    find_or_create_line_item(
        connector, endpoint(lms), label="x" * 300, score_maximum=2.5, resource_id="act-1", tag="participation"
    )

    made = lms.asked_for(ITEMS)[1].json
    assert (len(made["label"]), made["scoreMaximum"]) == (255, 2.5)


def test_columns_wrapped_in_an_object_are_read(connector: Connector, lms: Outside) -> None:
    lms.on("GET", ITEMS, Reply(json={"content": [entry(lms, 7)], "has_next": False}))

    assert column(connector, endpoint(lms)).url.endswith("/7/lineitem?type_id=1")


def test_columns_wrapped_in_an_object_that_hides_more_are_an_error(connector: Connector, lms: Outside) -> None:
    lms.on("GET", ITEMS, Reply(json={"content": [], "has_next": True}))

    with pytest.raises(PlatformRefused):
        column(connector, endpoint(lms))


# ---- recorded columns and results ----


def test_recorded_columns_of_moodle_are_read(connector_of: ConnectorOf, lms: Outside) -> None:
    exchange = recorded("moodle_line_items")["list filter resource_id=act-1"]
    lms.replay(exchange | {"url": "http://localhost:8090" + ITEMS})

    item = find_or_create_line_item(
        connector_of("moodle"), endpoint(lms), label="x", score_maximum=20, resource_id="act-1", tag="given"
    )

    assert item.label == "Peer review given"
    assert (item.score_maximum, item.resource_link_id) == (20, None)


def test_a_recorded_creation_in_moodle_is_read(connector_of: ConnectorOf, lms: Outside) -> None:
    lms.on("GET", ITEMS, Reply(json=[]))
    lms.replay(
        recorded("moodle_line_items")["create unbound (no resourceLinkId)"] | {"url": "http://localhost:8090" + ITEMS}
    )

    item = find_or_create_line_item(
        connector_of("moodle"), endpoint(lms), label="x", score_maximum=20, resource_id="act-1", tag="given"
    )

    assert item.url == lms.url("/mod/lti/services.php/2/lineitems/7/lineitem?type_id=1")


def test_recorded_results_of_moodle_are_read(connector_of: ConnectorOf, lms: Outside) -> None:
    url = lms.replay(recorded("moodle_results")["results"]).replace("/results", "")

    results = read_results(connector_of("moodle"), url)

    assert (results["4"].score, results["4"].maximum, results["4"].comment) == (97, 100, "Well done")
    assert results["9"].score == 0


def test_a_cleared_result_of_moodle_has_no_score(connector_of: ConnectorOf, lms: Outside) -> None:
    url = lms.replay(recorded("moodle_results")["results own column"]).replace("/results", "")

    results = read_results(connector_of("moodle"), url)

    assert results["4"].score is None


@pytest.mark.parametrize(("family", "query"), [("canvas", "limit=100"), ("moodle", ""), ("", "")])
def test_canvas_is_asked_for_more_than_ten_results_a_page(
    connector_of: ConnectorOf, lms: Outside, family: str, query: str
) -> None:
    path = ITEMS + "/7/lineitem/results"
    lms.on("GET", path, Reply(json=[]))

    read_results(connector_of(family), lms.url(ITEMS + "/7/lineitem"))

    assert [asked.query for asked in lms.asked_for(path)] == [query]


def test_results_of_all_pages_are_read(connector: Connector, lms: Outside) -> None:
    path = ITEMS + "/7/lineitem/results"
    link = f'<{lms.url(path)}?page=2>; rel="next"'
    lms.on("GET", path, Reply(json=[{"userId": "a", "resultScore": 1}], headers={"Link": link}))
    lms.on("GET", path + "?page=2", Reply(json=[{"userId": "b", "resultScore": 0.5, "resultMaximum": 2}]))

    results = read_results(connector, lms.url(ITEMS + "/7/lineitem"))

    assert {user: (one.score, one.maximum) for user, one in results.items()} == {"a": (1, 1), "b": (0.5, 2)}
    assert lms.asked_for(path)[0].headers["Accept"] == "application/vnd.ims.lis.v2.resultcontainer+json"
