"""The job over HTTP with `lti1p3platform`, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest
from flask import Flask

from lti_tool.actions.platforms import NewRegistration
from tests.peers.browser import Browser
from tests.peers.northfield.lms import CLIENT_ID, Northfield, northfield
from tests.peers.northfield.web import web_app
from tests.peers.tool import RunningTool
from tests.serving import serving

pytestmark = pytest.mark.peer


@pytest.fixture
def lms(tool: RunningTool) -> Iterator[Northfield]:
    """An LMS that knows the tool."""
    made: list[Northfield] = []

    def make_app(origin: str) -> Flask:
        made.append(northfield(origin, login_url=tool.login_url, launch_url=tool.launch_url, jwks_url=tool.jwks_url))
        return web_app(made[0])

    with serving(make_app, host="localhost"):
        yield made[0]


@pytest.fixture
def registration_id(tool: RunningTool, lms: Northfield) -> int:
    """The tool knows the LMS, too."""
    return tool.register(
        NewRegistration(
            issuer=lms.origin,
            client_id=CLIENT_ID,
            name="Northfield",
            family="",
            auth_login_url=f"{lms.origin}/auth",
            auth_token_url=f"{lms.origin}/token",
            auth_audience=None,
            jwks_url=f"{lms.origin}/jwks",
        )
    )


def test_teacher_and_student_are_launched_into_their_own_pages(
    tool: RunningTool, lms: Northfield, registration_id: int
) -> None:
    with Browser() as alice, Browser() as dana:
        teachers_page = alice.launch(lms.start_url("n-alice"))
        students_page = dana.launch(lms.start_url("n-dana"))

    assert (teachers_page.status_code, students_page.status_code) == (200, 200), teachers_page.text
    assert teachers_page.url.startswith(f"{tool.origin}/l/")
    at = tool.setting(registration_id)
    assert {key: one.role for key, one in tool.members(at).items()} == {"n-alice": "instructor", "n-dana": "student"}


def test_the_whole_roster_arrives_page_by_page(tool: RunningTool, lms: Northfield, registration_id: int) -> None:
    with Browser() as alice:
        alice.launch(lms.start_url("n-alice"))

    tool.work()

    listed = tool.members(tool.setting(registration_id))
    assert lms.roster_pages == 3
    assert {key: (one.name, one.role, one.is_in_roster) for key, one in listed.items()} == {
        "n-alice": ("Alice Ames", "instructor", True),
        "n-bob": ("Bob Byrne", "student", True),
        "n-dana": ("Dana Diaz", "student", True),
        "n-erin": ("Erin Eze", "student", True),
    }


def test_a_check_in_brings_one_score_into_the_gradebook(
    tool: RunningTool, lms: Northfield, registration_id: int
) -> None:
    with Browser() as alice, Browser() as dana:
        alice.launch(lms.start_url("n-alice"))
        dana.launch(lms.start_url("n-dana"))
    tool.work()
    at = tool.setting(registration_id)
    tool.pair_up(at, mentor="n-bob", mentee="n-dana", by="n-alice")

    waiting = tool.check_in(at, mentee="n-dana")
    tool.work()
    tool.work()

    [(column, score)] = lms.scores
    assert waiting.points > 0
    assert score["userId"] == "n-dana"
    assert score["scoreGiven"] == float(waiting.points)
    assert score["scoreMaximum"] == lms.line_items[column]["scoreMaximum"] == float(tool.points(at))
    assert score["gradingProgress"] == "FullyGraded"
    assert tool.score(at, "n-dana").state == "sent"


def test_each_check_in_is_worth_more_and_the_column_stays_the_same(
    tool: RunningTool, lms: Northfield, registration_id: int
) -> None:
    with Browser() as alice, Browser() as dana:
        alice.launch(lms.start_url("n-alice"))
        dana.launch(lms.start_url("n-dana"))
    tool.work()
    at = tool.setting(registration_id)
    tool.pair_up(at, mentor="n-bob", mentee="n-dana", by="n-alice")

    for number in (1, 2):
        tool.check_in(at, mentee="n-dana", number=number)
        tool.work()

    (first, second) = (score for _, score in lms.scores)
    assert first["scoreGiven"] < second["scoreGiven"]
    assert first["timestamp"] < second["timestamp"]
    assert len(lms.line_items) == 1
