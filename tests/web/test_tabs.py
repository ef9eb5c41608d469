"""Every page says where it stands: one main tab, with everything about points under one; a pair's pages beside it."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from lti_tool.web.instructor import tabs as instructor_tabs
from tests import make
from tests.conftest import Clock
from tests.pages import PageClient
from tests.web.course import Course, course

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here is about a database

Browsers = Callable[[], PageClient]
PAGES = {
    "participation/": "The class",
    "participation/excuses/": "Excuses",
    "release/": "Release",
    "gradebook/": "Gradebook",
    "what-earns-points/": "What earns points",
    "participation/decisions": "Who decided what",
}


@pytest.fixture
def place(pages: Browsers, clock: Clock) -> Course:
    """A programme with Bob and Dana."""
    return course(pages, clock.now.replace(year=2027), asks_application=False, asks_training=False)


def paired(place: Course) -> int:
    """Bob mentors Dana."""
    return make.pair(place.at, place.bob_enrolment, place.dana_enrolment, by=place.alice.person_id)


def current(page: BeautifulSoup, name: str) -> list[str]:
    """What is marked as the reader's place in the navigation of this name."""
    return [one.get_text() for one in page.select(f'nav[aria-label="{name}"] [aria-current]')]


@pytest.mark.parametrize(("path", "label"), PAGES.items())
def test_each_page_about_points_stands_under_participation_and_names_itself(
    place: Course, path: str, label: str
) -> None:
    page = place.alice.open(path)

    assert current(page, "Main") == ["Participation"]
    assert current(page, "Participation") == [label]
    assert [one.get_text() for one in page.select('nav[aria-label="Participation"] a')] == list(PAGES.values())


@pytest.mark.parametrize(
    ("path", "label"), [("gradebook/differences/", "Gradebook"), ("participation/excuses/many/", "Excuses")]
)
def test_what_lies_below_such_a_page_stands_under_participation_too(place: Course, path: str, label: str) -> None:
    page = place.alice.open(path)

    assert current(page, "Main") == ["Participation"]
    assert label in page.get_text()


@pytest.mark.parametrize(
    ("path", "tab"),
    [
        ("settings/grading", "Settings"),
        ("phases/", "Settings"),
        ("team/", "Settings"),
        ("questionnaire-file/", "Questionnaire"),
        ("matching/decisions", "Matching"),
        ("cohort/", "Sign-up"),
    ],
)
def test_a_page_below_a_tab_stands_under_it(place: Course, path: str, tab: str) -> None:
    assert current(place.alice.open(path), "Main") == [tab]


def test_a_page_of_a_pair_stands_under_mentoring_and_a_check_in_beside_the_others(place: Course) -> None:
    page = place.dana.open(f"pairs/{paired(place)}/check-ins/1")

    assert current(page, "Main") == ["Mentoring"]
    assert current(page, "This pair") == ["Check-ins"]


@pytest.mark.parametrize(("path", "tab"), [("standby/1", "Mentoring"), ("join/", "My answers")])
def test_a_students_page_outside_the_pair_stands_under_a_tab(place: Course, path: str, tab: str) -> None:
    assert current(place.bob.open(path), "Main") == [tab]


def test_every_kind_of_page_of_staff_stands_under_one_tab(app: Flask) -> None:
    with app.test_request_context():
        parts = [name for tab in instructor_tabs() for name in tab.parts]
    kinds = {name for name in app.blueprints if name.startswith("instructor.")}

    assert sorted(parts) == sorted(
        kinds - {"instructor.programme", "instructor.preview"}
    )  # many tabs; the students' own
