"""The closing survey on the pages: when it opens, that it is sent once, and what staff may see of it."""

from collections.abc import Callable

import pytest

from lti_tool.store.db import transaction
from lti_tool.store.programme import Programme
from lti_tool.store.surveys import filled_sheets, sent_count
from tests import make
from tests.conftest import Clock
from tests.pages import PageClient, only, words
from tests.web.course import Course, Reader, course, reader

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # both: tests/actions/test_surveys.py

Browsers = Callable[[], PageClient]
SHEET = {"open": "5", "duty": "1", "recommend": "4", "helped": "The talks", "change": "More time"}


@pytest.fixture
def closing(pages: Browsers, clock: Clock) -> Course:
    """A programme about to end, in which Bob mentored Dana."""
    until = clock.now.replace(year=2027)
    made = course(
        pages,
        until,
        asks_application=False,
        asks_training=False,
        participation="default",
        objectives=[["belonging", ""], ["leadership", ""]],
    )
    make.pair(made.at, made.bob_enrolment, made.dana_enrolment, by=made.alice.person_id)
    set_phase(made, "closing")
    return made


def set_phase(closing: Course, phase: str) -> None:
    with transaction() as session:
        session.get_one(Programme, closing.at.programme_id).phase = phase


def others(closing: Course, pages: Browsers, clock: Clock, *, mentors: int, mentees: int) -> list[Reader]:
    """More people who take part."""
    found = []
    for number, role in enumerate(["mentor"] * mentors + ["mentee"] * mentees):
        person = make.person(closing.at, f"Invented {number}")
        make.enrolment(closing.at, person, role=role)
        found.append(reader(pages, closing.at, person, role="student", until=clock.now.replace(year=2027)))
    return found


def test_it_opens_with_the_closing_phase_and_says_so_on_the_pairs_page(closing: Course) -> None:
    due = words(closing.dana.open("pairs/1/"))
    form = closing.dana.open("survey/")
    set_phase(closing, "running")
    before = words(closing.dana.open("survey/"))

    assert "The closing survey is open." in due
    assert "Nobody learns what you answered" in words(form)
    assert "I feel that I belong here." in words(form)
    assert "at leading" not in words(form)
    assert "at leading" not in before
    assert "Not open yet" in before


def test_a_sheet_is_sent_once_and_is_shown_to_nobody_afterwards(closing: Course) -> None:
    page = closing.dana.open("survey/")
    closing.dana.pages.submit(page, "/survey/", SHEET, status=303)
    thanks = words(closing.dana.pages.follow())
    closing.dana.pages.submit(page, "/survey/", SHEET, status=303)
    again = words(closing.dana.pages.follow())

    assert "Sent. Thank you" in thanks
    assert "The talks" not in thanks
    assert "already" in again
    assert sent_count(closing.at.programme_id) == len(filled_sheets(closing.at.programme_id)) == 1
    assert "The closing survey is open." not in words(closing.dana.open("pairs/1/"))


def test_a_sheet_without_any_answer_is_asked_for_again(closing: Course) -> None:
    page = closing.dana.submit("survey/", "/survey/", {}, status=422)
    too_long = closing.dana.submit("survey/", "/survey/", {"helped": "x" * 501, "open": "5"}, status=422)

    assert "please answer one of them" in words(page)
    assert only(too_long, "#f-helped").get_text().strip() == "x" * 501
    assert too_long.select("#f-open-5[checked]")
    assert sent_count(closing.at.programme_id) == 0


def test_each_side_reads_its_own_sheet(closing: Course) -> None:
    assert "mattered to my mentee" in words(closing.bob.open("survey/"))
    assert "at leading" in words(closing.bob.open("survey/"))
    assert "what mattered to me" in words(closing.dana.open("survey/"))


def test_staff_see_how_many_sent_it_and_nothing_else_before_the_end(closing: Course) -> None:
    closing.dana.submit("survey/", "/survey/", SHEET)

    page = closing.alice.open("survey/")

    assert "1 person has sent it." in words(page)
    assert "Results come at the end" in words(page)
    assert not page.select("main form")
    closing.alice.open("survey/helped", status=303)


def test_results_are_counts_from_five_sheets_on_and_words_without_names(
    closing: Course, pages: Browsers, clock: Clock
) -> None:
    for number, one in enumerate([closing.bob, closing.dana, *others(closing, pages, clock, mentors=4, mentees=5)]):
        one.submit("survey/", "/survey/", SHEET | {"helped": f"Help {number}"})
    set_phase(closing, "closed")

    page = closing.alice.submit("survey/", "/survey/read", {})
    texts = words(closing.alice.open("survey/helped"))

    assert "11 people have sent it." in words(page)
    chart = page.select(".chart")[0]
    assert [tuple(cell.get_text(strip=True) for cell in row.select("th, td")) for row in chart.select("tbody tr")] == [
        ("Not at all", "0"),
        ("A little", "0"),
        ("Partly", "0"),
        ("Mostly", "0"),
        ("Fully", "11"),
    ]
    by_side = page.select(".table")[0]
    assert [one.get_text(strip=True) for one in by_side.select("tbody tr")[-1].select("td")] == ["5", "6"]
    assert all(f"Help {number}" in texts for number in range(11))
    assert "Dana" not in texts


def test_where_one_side_is_small_the_sides_are_not_shown_apart(closing: Course, pages: Browsers, clock: Clock) -> None:
    for one in [closing.bob, closing.dana, *others(closing, pages, clock, mentors=0, mentees=6)]:
        one.submit("survey/", "/survey/", SHEET)
    set_phase(closing, "closed")

    page = closing.alice.submit("survey/", "/survey/read", {})

    assert "not shown apart" in words(page)
    assert not page.select("main .table")
    assert "at leading" not in words(page)


def test_too_few_sheets_show_nothing(closing: Course) -> None:
    closing.dana.submit("survey/", "/survey/", SHEET)
    set_phase(closing, "closed")

    page = closing.alice.submit("survey/", "/survey/read", {})

    assert "Too few to show" in words(page)
    assert "The talks" not in words(closing.alice.open("survey/helped"))


def test_a_survey_whose_results_were_read_stays_closed(closing: Course) -> None:
    set_phase(closing, "closed")
    closing.alice.submit("survey/", "/survey/read", {})
    set_phase(closing, "closing")

    assert "It is over" in words(closing.dana.open("survey/"))


def test_a_programme_that_gives_no_points_for_it_has_the_survey_too(closing: Course) -> None:
    with transaction() as session:
        programme = session.get_one(Programme, closing.at.programme_id)
        programme.participation, programme.objectives = "check_ins", [["career", ""]]

    assert "The closing survey is open." in words(closing.dana.open("pairs/1/"))
    assert "what I want to do next" in words(closing.dana.open("survey/"))
    assert "Closing survey" in words(closing.alice.open("pairs/"))


def test_pages_of_many_words_stay_small(closing: Course, pages: Browsers, clock: Clock) -> None:
    for one in others(closing, pages, clock, mentors=11, mentees=11):
        one.submit("survey/", "/survey/", SHEET | {"helped": "ä" * 500})
    set_phase(closing, "closed")

    closing.alice.submit("survey/", "/survey/read", {})  # the page client says no to more than 50 KB
    closing.alice.open("survey/helped")
    assert len(closing.alice.open("survey/helped?page=2").select("blockquote")) == 2
