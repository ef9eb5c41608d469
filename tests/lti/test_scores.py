"""Scores arrive as every LMS accepts them, and each refusal is told apart."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ScoreIsStale, ServiceFault
from lti_tool.lti.gradebook import (
    LINE_ITEM_READ_SCOPE,
    LINE_ITEM_SCOPE,
    RESULT_SCOPE,
    SCORE_SCOPE,
    ScoreToSend,
    send_score,
)

from .conftest import ConnectorOf
from .outside import Asked, Outside, Reply, recorded

ALL_SCOPES = frozenset({LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE, SCORE_SCOPE, RESULT_SCOPE})
ITEMS = "/course/2/lineitems"
AT = datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC)


def score(**changes: Any) -> ScoreToSend:
    """A score of 8 of 10 for Dana."""
    fields: dict[str, Any] = {"user_id": "dana", "points": 8.0, "maximum": 10.0, "timestamp": AT, "comment": None}
    return ScoreToSend(**(fields | changes))


def sent(connector: Connector, lms: Outside, one: ScoreToSend) -> Asked:
    """The request with which a score arrives."""
    lms.on("POST", ITEMS + "/7/lineitem/scores", Reply())
    send_score(connector, lms.url(ITEMS + "/7/lineitem?type_id=1"), one)
    return lms.asked_for(ITEMS + "/7/lineitem/scores")[-1]


def test_a_score_is_posted_before_the_query_with_all_required_fields(connector: Connector, lms: Outside) -> None:
    asked = sent(connector, lms, score(comment="Well done"))

    assert asked.query == "type_id=1"
    assert asked.headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
    assert asked.json == {
        "userId": "dana",
        "scoreGiven": 8.0,
        "scoreMaximum": 10.0,
        "timestamp": "2026-11-22T09:00:00.123456Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "comment": "Well done",
    }


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=5, minutes=30))])
def test_a_timestamp_is_sent_in_utc_with_microseconds(connector: Connector, lms: Outside, zone: timezone) -> None:
    whole_second = datetime(2026, 11, 22, 9, tzinfo=UTC).astimezone(zone)

    asked = sent(connector, lms, score(timestamp=whole_second))

    assert asked.json["timestamp"] == "2026-11-22T09:00:00.000000Z"


def test_a_score_taken_back_carries_no_points(connector: Connector, lms: Outside) -> None:
    body = sent(connector, lms, score(points=None)).json

    assert (body["activityProgress"], body["gradingProgress"]) == ("Initialized", "NotReady")
    assert "scoreGiven" not in body
    assert "scoreMaximum" not in body


def test_canvas_is_asked_for_no_new_submission_and_to_keep_the_teachers_grade(
    connector_of: ConnectorOf, lms: Outside
) -> None:
    body = sent(connector_of("canvas"), lms, score()).json

    extension = body["https://canvas.instructure.com/lti/submission"]
    assert extension == {"new_submission": False, "prioritize_non_tool_grade": True}


@pytest.mark.parametrize("page", ["<!doctype html><p>Sign in</p>", " \n<html></html>"])
def test_a_page_for_people_says_nothing_of_the_score(connector: Connector, lms: Outside, page: str) -> None:
    lms.on("POST", ITEMS + "/7/lineitem/scores", Reply(text=page))

    with pytest.raises(PlatformUnavailable):
        send_score(connector, lms.url(ITEMS + "/7/lineitem"), score())


def test_blackboard_gets_its_line_breaks(connector_of: ConnectorOf, lms: Outside) -> None:
    assert sent(connector_of("BlackboardLearn"), lms, score(comment="a\nb")).json["comment"] == "a<br/>b"


@pytest.mark.parametrize(
    "changes",
    [
        {"maximum": 0},
        {"maximum": -5},
        {"maximum": float("nan")},
        {"points": -1},
        {"points": float("inf")},
        {"timestamp": datetime(2026, 11, 22, 9)},  # noqa: DTZ001 - the fault under test
    ],
)
def test_a_score_that_would_be_stored_wrongly_cannot_be_made(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"maximum|points|timestamp"):
        score(**changes)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("same timestamp again", ServiceFault.STALE),
        ("older timestamp (-1 h)", ServiceFault.STALE),
        ("user not in course (outsider 40)", ServiceFault.PERSON_NOT_GRADABLE),
        ("teacher (not gradable)", ServiceFault.PERSON_NOT_GRADABLE),
        ("unknown user 9999", ServiceFault.PERSON_NOT_GRADABLE),
        ("missing userId", ServiceFault.PERSON_NOT_GRADABLE),
        ("score-less token (lineitem+result scopes)", ServiceFault.TOKEN_REFUSED),
        ("unknown line item", ServiceFault.NOT_FOUND),
        ("content-type application/json", ServiceFault.NOT_ACCEPTED),
    ],
)
def test_recorded_answers_of_moodle_to_scores_are_told_apart(
    connector_of: ConnectorOf, lms: Outside, name: str, fault: ServiceFault
) -> None:
    url = lms.replay(recorded("moodle_scores")[name]).replace("/scores", "")

    with pytest.raises(PlatformRefused) as refused:
        send_score(connector_of("moodle"), url, score())

    assert refused.value.fault is fault
    assert isinstance(refused.value, ScoreIsStale) is (fault is ServiceFault.STALE)


def test_a_recorded_success_of_moodle_with_empty_body_is_a_success(connector_of: ConnectorOf, lms: Outside) -> None:
    url = lms.replay(recorded("moodle_scores")["activity item: student1 80/100"]).replace("/scores", "")

    send_score(connector_of("moodle"), url, score())

    assert len(lms.asked) == 2


def test_a_recorded_502_of_moodle_is_unavailable(connector_of: ConnectorOf, lms: Outside) -> None:
    url = lms.replay(recorded("moodle_scores")["non-numeric userId"]).replace("/scores", "")

    with pytest.raises(PlatformUnavailable):
        send_score(connector_of("moodle"), url, score())


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (422, "User not found in course or is not a student"),
        (403, "User in requested score is not enrolled in the org unit"),
        (404, "User in requested score does not exist"),
        (400, "User could not be found: 1"),
    ],
)
def test_other_lmss_words_for_a_person_without_grade_are_understood(
    connector: Connector, lms: Outside, status: int, text: str
) -> None:
    lms.on("POST", ITEMS + "/7/lineitem/scores", Reply(status=status, text=text))

    with pytest.raises(PlatformRefused) as refused:
        send_score(connector, lms.url(ITEMS + "/7/lineitem"), score())

    assert refused.value.fault is ServiceFault.PERSON_NOT_GRADABLE
