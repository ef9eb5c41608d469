"""Peer cases: a draft is its writer's alone, handing in is what counts, staff read, and two windows lose nothing."""

from collections.abc import Callable

import pytest

from lti_tool.store.db import transaction
from lti_tool.store.peer_cases import find_peer_case
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.pages import PageClient, only, words
from tests.web.course import Course, course

Browsers = Callable[[], PageClient]
CASE = "The situation\nA mentee came late three times.\n\nWhat I would ask others\nWhen do you say something?"


def test_a_draft_is_its_writers_alone_until_it_is_handed_in(practicum: Course) -> None:
    empty = practicum.bob.open("peer-case/")
    draft = practicum.bob.submit("peer-case/", "/peer-case/", {"text": CASE})
    before = words(practicum.alice.open("peer-cases/"))
    handed_in = practicum.bob.submit("peer-case/", "/peer-case/", {"text": CASE, "hand_in": "yes"})
    after = practicum.alice.open("peer-cases/")

    assert "What I did, and why" in only(empty, "#f-text").get_text()
    assert "Your draft is saved." in words(draft)
    assert "No case yet" in before
    assert "Handed in." in words(handed_in)
    assert "Bob Birchwood" in words(after)
    assert "A mentee came late" in words(practicum.alice.open("peer-cases/1"))


def test_staff_cannot_open_a_draft(practicum: Course) -> None:
    make.peer_case(practicum.bob_enrolment, handed_in_at=None)

    practicum.alice.open("peer-cases/1", status=404)


def test_headings_alone_are_not_a_case(practicum: Course) -> None:
    page = practicum.bob.open("peer-case/")
    as_drawn = only(page, "#f-text").get_text()

    answer = practicum.bob.pages.submit(page, "/peer-case/", {"text": as_drawn, "hand_in": "yes"}, status=422)

    assert "Please write something here." in words(answer)
    assert find_peer_case(practicum.bob_enrolment) is None


def test_what_is_handed_in_can_be_changed_and_stays_handed_in(practicum: Course, clock: Clock) -> None:
    practicum.bob.submit("peer-case/", "/peer-case/", {"text": CASE, "hand_in": "yes"})
    handed_in_at = clock.now
    clock.advance(days=1)

    page = practicum.bob.submit("peer-case/", "/peer-case/", {"text": f"{CASE} Or not?"})
    row = find_peer_case(practicum.bob_enrolment)

    assert "Saved." in words(page)
    assert row
    assert row.handed_in_at == handed_in_at
    assert "Or not?" in words(practicum.alice.open(f"peer-cases/{row.id}"))


def test_a_second_window_sees_what_the_first_saved_and_loses_nothing(practicum: Course) -> None:
    one, two = practicum.bob.open("peer-case/"), practicum.bob.open("peer-case/")
    practicum.bob.pages.submit(one, "/peer-case/", {"text": "First words"}, status=303)
    practicum.bob.pages.submit(one, "/peer-case/", {"text": "First words"}, status=303)  # sent twice

    clash = practicum.bob.pages.submit(two, "/peer-case/", {"text": "Second words"}, status=409)
    practicum.bob.pages.submit(clash, "/peer-case/", {"text": "Both words"}, status=303)

    assert "First words" in words(clash)
    assert only(clash, "#f-text").get_text().strip() == "Second words"
    assert find_peer_case(practicum.bob_enrolment).text == "Both words"  # type: ignore[union-attr]  # it was saved


@pytest.mark.parametrize("text", ["x" * 6001, "a\u202eb"])
def test_a_text_that_cannot_be_kept_stays_in_the_form(practicum: Course, text: str) -> None:
    answer = practicum.bob.submit("peer-case/", "/peer-case/", {"text": text}, status=422)

    assert "another look" in words(answer)
    assert only(answer, "#f-text").get_text().strip() == text


def test_mentees_have_no_case_and_mentors_in_reserve_have_one(practicum: Course) -> None:
    with transaction() as session:
        session.get_one(Programme, practicum.at.programme_id).participation = "default"

    practicum.dana.open("peer-case/", status=404)
    practicum.bob.open("peer-case/", status=404)  # he has a mentee, so that meetings count instead


def test_a_mentor_who_was_never_matched_writes_a_case_instead_of_meetings(pages: Browsers, clock: Clock) -> None:
    until = clock.now.replace(year=2027)
    made = course(pages, until, asks_application=False, asks_training=False, participation="default", phase="running")

    page = made.bob.submit("peer-case/", "/peer-case/", {"text": CASE, "hand_in": "yes"})

    assert "Handed in." in words(page)
    made.dana.open("peer-case/", status=404)
