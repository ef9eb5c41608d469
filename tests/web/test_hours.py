"""The hours of a practicum on the pages: logged once, taken back, counted, and for those whose scheme asks for them."""

from collections.abc import Callable

import pytest

from lti_tool.store.db import transaction
from lti_tool.store.hours import hours_total
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.pages import PageClient, form_of, only, words
from tests.web.course import Course, reader

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # both: tests/actions/test_own_work.py

Browsers = Callable[[], PageClient]
ENTRY = {"day": "2026-09-14", "hours": "1", "minutes": "30", "words": "Prepared a meeting"}


def test_hours_are_logged_and_counted_against_what_is_asked(practicum: Course) -> None:
    practicum.bob.submit("hours/", "/hours/", ENTRY)
    page = practicum.bob.submit("hours/", "/hours/", ENTRY | {"hours": "", "minutes": "45", "words": "Wrote messages"})

    assert "2 h 15 min of 20 h" in words(page)
    assert "1 h 30 min September 14, 2026 Prepared a meeting" in words(page)
    assert "2 entries 2 h 15 min" in words(practicum.alice.open("hours/"))
    assert "Wrote messages" in words(practicum.alice.open(f"hours/{practicum.bob.person_id}"))


def test_a_form_that_is_sent_twice_is_one_entry(practicum: Course) -> None:
    page = practicum.bob.open("hours/")

    for _time in range(2):
        practicum.bob.pages.submit(page, "/hours/", ENTRY, status=303)

    assert hours_total(practicum.bob_enrolment) == (1, 90)


def test_an_entry_is_taken_back_once_whatever_is_clicked(practicum: Course) -> None:
    practicum.bob.submit("hours/", "/hours/", ENTRY)
    page = practicum.bob.submit("hours/", "/hours/", ENTRY | {"hours": "2"})

    for _time in range(2):
        practicum.bob.pages.submit(page, "/hours/take-back", {}, status=303)

    assert hours_total(practicum.bob_enrolment) == (1, 90)


def test_nobody_takes_back_the_hours_of_somebody_else(practicum: Course, pages: Browsers, clock: Clock) -> None:
    ned = make.person(practicum.at, "Ned Nearby")
    make.enrolment(practicum.at, ned, role="mentor")
    practicum.bob.submit("hours/", "/hours/", ENTRY)
    entry = form_of(practicum.bob.open("hours/"), "/hours/take-back").select_one("[name=entry]")
    other = reader(pages, practicum.at, ned, role="student", until=clock.now.replace(year=2027))
    other.submit("hours/", "/hours/", ENTRY)
    page = other.open("hours/")
    other.pages.submit(page, "/hours/take-back", {"entry": entry["value"]}, status=303)  # type: ignore[index]  # it was drawn

    assert hours_total(practicum.bob_enrolment) == (1, 90)


def test_a_day_that_is_still_to_come_is_refused_and_nothing_typed_is_lost(practicum: Course) -> None:
    page = practicum.bob.submit("hours/", "/hours/", ENTRY | {"day": "2026-09-15"}, status=422)

    assert "This day is still to come." in words(page)
    assert only(page, "#f-words")["value"] == "Prepared a meeting"
    assert hours_total(practicum.bob_enrolment) == (0, 0)


def test_whoever_has_no_such_item_has_no_such_page(practicum: Course) -> None:
    practicum.dana.open("hours/", status=404)
    with transaction() as session:
        session.get_one(Programme, practicum.at.programme_id).participation = "default"

    practicum.bob.open("hours/", status=404)
    assert "Hours" not in words(practicum.alice.open("alone/"))


def test_a_programme_that_has_ended_takes_no_hours(practicum: Course) -> None:
    practicum.bob.submit("hours/", "/hours/", ENTRY)
    page = practicum.bob.open("hours/")
    with transaction() as session:
        session.get_one(Programme, practicum.at.programme_id).phase = "closed"

    practicum.bob.pages.submit(page, "/hours/", ENTRY, status=303)
    practicum.bob.pages.submit(page, "/hours/take-back", {}, status=303)

    assert hours_total(practicum.bob_enrolment) == (1, 90)
    assert not practicum.bob.open("hours/").select("main form")
