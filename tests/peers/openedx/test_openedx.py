"""The job over HTTP with Open edX's platform code: in its default mode, where the LMS has made the column and only
takes scores ("declarative"), and in the mode where the tool makes its own ("programmatic").
"""

from collections.abc import Iterator
from uuid import NAMESPACE_DNS, uuid5

import pytest

from lti_tool.actions.platforms import NewRegistration
from tests import make
from tests.peers.browser import Browser
from tests.peers.openedx.environment import python
from tests.peers.openedx.process import Unit, add_unit, running_campus
from tests.peers.tool import RunningTool

pytestmark = [pytest.mark.peer, pytest.mark.xdist_group("openedx")]

WEIGHT = 10  # what the unit counts in the course
DANAS_NUMBER = 13  # her account on the campus, which no tool is told


@pytest.fixture(scope="module")
def campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One campus for all tests of this file."""
    with running_campus(python(), tmp_path_factory.mktemp("openedx")) as origin:
        yield origin


def unit(campus: str, tool: RunningTool, name: str, *, mode: str, shares_names: bool = True) -> Unit:
    """A new unit that opens the tool."""
    return add_unit(
        campus,
        name=name,
        shares_names=shares_names,
        weight=WEIGHT,
        lti_1p3_oidc_url=tool.login_url,
        lti_1p3_launch_url=tool.launch_url,
        lti_1p3_tool_key_mode="keyset_url",
        lti_1p3_tool_keyset_url=tool.jwks_url,
        lti_1p3_enable_nrps=True,
        lti_advantage_ags_mode=mode,
    )


def registered(tool: RunningTool, unit: Unit) -> int:
    """The tool knows what Studio shows for this unit; the id of the registration."""
    return tool.register(
        NewRegistration(
            issuer=unit.shown["issuer"],
            client_id=unit.shown["client_id"],
            name="Northfield",
            family="openedx",
            auth_login_url=unit.shown["oidc_callback"],
            auth_token_url=unit.shown["token_url"],
            auth_audience=None,
            jwks_url=unit.shown["keyset_url"],
        )
    )


def launched(tool: RunningTool, unit: Unit) -> make.Setting:
    """Teacher and one student have opened the unit, and the roster is read."""
    registration_id = registered(tool, unit)
    with Browser() as alice, Browser() as dana:
        for browser, username in ((alice, "alice"), (dana, "dana")):
            page = browser.launch(unit.start_url(username))
            assert page.status_code == 200, page.text
            assert page.url.startswith(f"{tool.origin}/l/")
    tool.work()
    return tool.setting(registration_id)


def known_as(username: str) -> str:
    """The id by which the campus tells tools of this person."""
    return str(uuid5(NAMESPACE_DNS, f"{username}@northfield.example"))


def test_the_roster_of_an_open_edx_course_arrives_whole(campus: str, sqlite_tool: RunningTool) -> None:
    link = unit(campus, sqlite_tool, "roster", mode="declarative")

    at = launched(sqlite_tool, link)

    assert {key: (one.name, one.email, one.role, one.is_in_roster) for key, one in sqlite_tool.members(at).items()} == {
        known_as("alice"): ("Alice Ames", "alice@northfield.example", "instructor", True),
        known_as("bob"): ("Bob Byrne", "bob@northfield.example", "student", True),
        known_as("dana"): ("Dana Diaz", "dana@northfield.example", "student", True),
        known_as("erin"): ("Erin Eze", "erin@northfield.example", "student", True),
    }


def test_a_course_that_shares_no_names_still_has_a_roster(campus: str, sqlite_tool: RunningTool) -> None:
    link = unit(campus, sqlite_tool, "nameless", mode="declarative", shares_names=False)

    at = launched(sqlite_tool, link)

    listed = sqlite_tool.members(at).values()
    assert sorted((one.name, one.role) for one in listed) == [("", "instructor"), *[("", "student")] * 3]


def test_a_check_in_brings_one_grade_into_the_column_that_open_edx_made(campus: str, sqlite_tool: RunningTool) -> None:
    tool, link = sqlite_tool, unit(campus, sqlite_tool, "declarative", mode="declarative")
    at = launched(tool, link)
    tool.pair_up(at, mentor=known_as("bob"), mentee=known_as("dana"), by=known_as("alice"))

    waiting = tool.check_in(at, mentee=known_as("dana"))
    tool.work()
    tool.work()

    told = link.gradebook()
    [score] = told["scores"]
    [grade] = told["grades"]
    [column] = told["columns"]
    assert waiting.points > 0
    assert score["user_id"] == known_as("dana")
    assert (score["given"], score["maximum"]) == (float(waiting.points), float(tool.points(at)))
    assert grade["user_id"] == DANAS_NUMBER
    assert grade["value"] == pytest.approx(float(waiting.points / tool.points(at)) * WEIGHT)
    assert grade["max_value"] == column["score_maximum"] == WEIGHT
    assert tool.score(at, known_as("dana")).state == "sent"


def test_a_check_in_brings_one_score_into_the_column_that_the_tool_made(campus: str, sqlite_tool: RunningTool) -> None:
    tool, link = sqlite_tool, unit(campus, sqlite_tool, "programmatic", mode="programmatic")
    at = launched(tool, link)
    tool.pair_up(at, mentor=known_as("bob"), mentee=known_as("dana"), by=known_as("alice"))

    for number in (1, 2):
        waiting = tool.check_in(at, mentee=known_as("dana"), number=number)
        tool.work()

    told = link.gradebook()
    [column] = told["columns"]
    (first, second) = told["scores"]
    assert column["score_maximum"] == tool.points(at)
    assert (second["given"], second["maximum"]) == (float(waiting.points), float(tool.points(at)))
    assert first["given"] < second["given"]
    assert first["at"] < second["at"]
    assert tool.score(at, known_as("dana")).state == "sent"


def test_a_score_in_the_column_that_the_tool_made_counts_in_the_course(campus: str, sqlite_tool: RunningTool) -> None:
    tool, link = sqlite_tool, unit(campus, sqlite_tool, "bound", mode="programmatic")
    at = launched(tool, link)
    tool.pair_up(at, mentor=known_as("bob"), mentee=known_as("dana"), by=known_as("alice"))

    tool.check_in(at, mentee=known_as("dana"))
    tool.work()

    assert [grade["user_id"] for grade in link.gradebook()["grades"]] == [DANAS_NUMBER]
