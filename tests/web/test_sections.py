"""Sections and groups: what the LMS says about who is where becomes facts of the members; and frame manners."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from lti_tool.demo_lms.dialects import DIALECTS
from lti_tool.demo_lms.habits import RosterHabits, Start
from tests.conftest import Clock
from tests.outside import ALICE, BOB, DANA, Lms, running_lms
from tests.pages import PageClient
from tests.web.coming import lms_with

Browsers = Callable[[], PageClient]


@pytest.fixture
def grouped(app: Flask, clock: Clock) -> Iterator[Lms]:
    """An LMS with a groups service."""
    with lms_with(app, clock, has_groups=True, roster=RosterHabits(groups="asked")) as lms:
        yield lms


def test_the_roster_brings_groups_with_their_names(grouped: Lms, pages: Browsers) -> None:
    browser = pages()
    path = grouped.arrive(browser, ALICE)
    grouped.work()

    page = browser.get(path + "staff/people")

    course, bob = grouped.course(), grouped.member(BOB)
    seat = grouped.campus.seat("biology-101", grouped.campus.college.people[BOB])
    assert seat
    assert bob.group_ids == sorted(group.id for group in seat.groups)
    assert course.group_names[bob.group_ids[0]] == seat.groups[0].name
    assert f"Group {seat.groups[0].name}" in page.get_text()


@pytest.fixture(params=["canvas", "moodle"])
def profiled(request: pytest.FixtureRequest, app: Flask, clock: Clock) -> Iterator[tuple[str, Lms]]:
    """A registered LMS with all the ways of this profile, switched on already."""
    dialect = DIALECTS[request.param]
    with running_lms(app, clock) as lms:
        lms.campus.dialect = replace(dialect, registration=replace(dialect.registration, start=Start.READY))
        lms.register()
        yield request.param, lms


def test_canvas_tells_sections_of_everybody_and_moodle_groups_of_who_launches(
    profiled: tuple[str, Lms], pages: Browsers
) -> None:
    key, lms = profiled
    browser = pages()
    path = lms.arrive(browser, ALICE)
    lms.work()
    lms.arrive(pages(), BOB)
    seats = {one: lms.campus.seat("biology-101", lms.campus.college.people[one]) for one in (BOB, DANA)}
    bob, dana = (lms.member(one) for one in (BOB, DANA))

    page = browser.get(path + "staff/people", query_string={"q": "Dana"} if key == "canvas" else {"q": "Bob"})

    assert seats[BOB]
    assert seats[DANA]
    if key == "canvas":  # the roster of the course's own id brings each member's custom parameters
        assert dana.launched_at is None
        assert dana.section_ids == seats[DANA].section_ids.split(",")
        assert f"Section {dana.section_ids[0]}" in page.get_text()
    else:
        assert bob.group_ids == sorted(group.id for group in seats[BOB].groups)
        assert dana.group_ids == []  # Moodle's roster tells no groups: who has not launched is in none yet
        assert f"Group {bob.group_ids[0]}" in page.get_text()


def test_a_groups_service_that_refuses_leaves_the_roster_as_it_is(grouped: Lms, pages: Browsers) -> None:
    grouped.arrive(pages(), ALICE)
    grouped.fail("groups", count=9, status=403)

    grouped.work()

    assert grouped.course().roster_state == "done"


def test_only_the_lms_may_frame_a_page_of_the_visit(lms: Lms, app: Flask, pages: Browsers) -> None:
    browser = pages()
    path = lms.arrive(browser, BOB)

    browser.get(path + "me/")

    assert browser.last
    policy = browser.last.headers["Content-Security-Policy"]
    assert f"frame-ancestors {lms.url}" in policy
    assert "https:" not in policy.split("frame-ancestors ")[1].split(";")[0].split()


def test_the_way_back_leads_into_the_lms(lms: Lms, pages: Browsers) -> None:
    browser = pages()

    page = browser.get(lms.arrive(browser, BOB), follow_redirects=True)

    assert page.select("a.header-back")[0]["href"] == f"{lms.url}/courses/biology-101/return"
