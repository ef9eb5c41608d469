"""Ten minutes alone on the pages, and what follows where that happens again: the offer of a new partner."""

from collections.abc import Callable
from typing import Any

import pytest

from lti_tool.actions.contact import not_reached
from lti_tool.actions.rematch_offers import offer_new_partners
from lti_tool.actions.solo_work import do_alone
from lti_tool.mentoring.solo_work import Solo, SoloKind
from lti_tool.store.db import transaction
from lti_tool.store.matching import Pair
from lti_tool.store.solo_work import solo_work_of
from tests import make
from tests.conftest import Clock
from tests.pages import PageClient, only, words
from tests.web.course import Course, course

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # both: tests/actions/test_own_work.py

Browsers = Callable[[], PageClient]
SOLO = Solo(kind=SoloKind.AGENDA, words="Three points")
WORK = {"what": "questions", "words": "How do you plan your weeks? Whom do you ask?"}


class Place(Course):
    """Bob and Dana as a pair."""

    pair_id: int


@pytest.fixture
def place(pages: Browsers, clock: Clock) -> Place:
    """A pair that has just begun."""
    found = Place(**vars(course(pages, clock.now.replace(year=2027), asks_application=False, asks_training=False)))
    found.pair_id = make.pair(found.at, found.bob_enrolment, found.dana_enrolment, by=found.alice.person_id)
    return found


def at(place: Place, page: str = "alone/") -> str:
    return f"pairs/{place.pair_id}/{page}"


def try_twice(place: Place, clock: Clock) -> None:
    for _time in range(2):
        not_reached(place.pair_id, place.dana_enrolment, now=clock.now)
        clock.advance(days=2)


def test_whoever_tried_twice_in_vain_is_offered_ten_minutes_alone(place: Place, clock: Clock) -> None:
    before = words(place.dana.open(at(place, "")))
    try_twice(place, clock)

    due = words(place.dana.open(at(place, "")))
    page = place.dana.open(at(place))
    saved = place.dana.pages.submit(page, "/alone/", WORK, status=303)

    assert "ten minutes of work alone" not in before
    assert "With ten minutes of work alone you get full points" in due
    assert "You have tried often enough" in words(page)
    assert saved is not None
    assert "You have done your part" in words(place.dana.pages.follow())
    assert "ten minutes of work alone" not in words(place.dana.open(at(place, "")))


def test_a_partner_who_answers_ends_the_offer(place: Place, clock: Clock) -> None:
    try_twice(place, clock)
    make.message(place.at, place.pair_id, place.bob.person_id, written_at=clock.now)

    assert "ten minutes of work alone" not in words(place.dana.open(at(place, "")))


def test_the_page_can_be_reached_before_it_is_offered(place: Place) -> None:
    help_page = place.dana.open(at(place, "help/"))
    meetings = place.dana.open(at(place, "meetings/"))

    assert help_page.select(f'main a[href$="{at(place)}"]')
    assert meetings.select(f'main a[href$="{at(place)}"]')
    assert "Work through a conversation guide alone" in words(place.dana.open(at(place)))


def test_a_form_that_is_sent_twice_is_one_piece_of_work(place: Place) -> None:
    page = place.dana.open(at(place))

    for _time in range(2):
        place.dana.pages.submit(page, "/alone/", WORK, status=303)

    assert [one.words for one in solo_work_of(place.pair_id, place.dana_enrolment)] == [WORK["words"]]


def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(place: Place) -> None:
    answer = place.dana.submit(at(place), "/alone/", {"words": "x" * 3000}, status=422)

    assert "Please choose an answer." in words(answer)
    assert only(answer, "#f-words").get_text().strip() == "x" * 3000
    assert solo_work_of(place.pair_id, place.dana_enrolment) == []


def test_the_writer_and_staff_read_it_and_the_partner_does_not(place: Place) -> None:
    place.dana.submit(at(place), "/alone/", WORK)

    pages = (at(place), at(place, ""), at(place, "meetings/"), at(place, "help/"))

    assert WORK["words"] in words(place.dana.open(at(place)))
    assert WORK["words"] in words(place.alice.open("alone/"))
    assert all(WORK["words"] not in words(place.bob.open(page)) for page in pages)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "ended"}, "This pair has ended."),
        ({"state": "paused"}, "This pair is paused."),
        ({"contact_stopped_at": "now"}, "This pair is paused."),
    ],
)
def test_a_closed_pair_stays_readable_and_takes_no_work(
    place: Place, clock: Clock, changes: dict[str, Any], said: str
) -> None:
    place.dana.submit(at(place), "/alone/", WORK)
    page = place.dana.open(at(place))
    with transaction() as session:
        pair = session.get_one(Pair, place.pair_id)
        for name, value in changes.items():
            setattr(pair, name, clock.now if value == "now" else value)

    place.dana.pages.submit(page, "/alone/", WORK | {"once": "another"}, status=303)
    shown = place.dana.open(at(place))

    assert said in words(shown)
    assert WORK["words"] in words(shown)
    assert not shown.select("main form")
    assert len(solo_work_of(place.pair_id, place.dana_enrolment)) == 1


def test_staff_and_writers_have_small_pages_however_much_is_written(place: Place) -> None:
    for number in range(12):
        page = place.dana.open(at(place))
        place.dana.pages.submit(page, "/alone/", WORK | {"words": f"{number:02}" + "ä" * 1998}, status=303)

    place.dana.open(at(place))  # the page client says no to more than 50 KB
    place.alice.open("alone/")
    place.alice.open("alone/?page=2")


# --- the offer of a new partner


def offered(place: Place, clock: Clock) -> None:
    """Dana has tried in vain twice in a row, and the clock has looked."""
    for _time in range(2):
        try_twice(place, clock)
        do_alone(place.pair_id, place.dana_enrolment, SOLO, once=str(clock.now), now=clock.now)
    clock.advance(hours=1)
    offer_new_partners(now=clock.now)


def test_whoever_is_offered_a_new_partner_can_ask_for_one(place: Place, clock: Clock) -> None:
    offered(place, clock)

    due = words(place.dana.open(at(place, "")))
    form = place.dana.submit(at(place, "new-partner/"), "/new-partner/", {"answer": "asks"})

    assert "Say whether you would like a new partner." in due
    assert "Say whether you would like a new partner." not in words(place.bob.open(at(place, "")))
    assert form.select('input[name="wish"][value="rematch"][checked]')
    assert "Wants a new partner" in words(place.alice.open("alone/"))
    place.dana.pages.submit(form, "/help/ask", {"topic": "other", "wish": "rematch"}, status=303)
    assert "The staff have it now." in words(place.dana.pages.follow())


def test_whoever_stays_is_not_asked_again(place: Place, clock: Clock) -> None:
    offered(place, clock)

    page = place.dana.submit(at(place, "new-partner/"), "/new-partner/", {"answer": "stays"})
    place.dana.open(at(place, "new-partner/"), status=303)

    assert "Noted." in words(page)
    assert "Say whether you would like a new partner." not in words(page)
    assert "Stays" in words(place.alice.open("alone/"))


def test_no_answer_is_asked_for_again(place: Place, clock: Clock) -> None:
    offered(place, clock)

    page = place.dana.submit(at(place, "new-partner/"), "/new-partner/", {}, status=422)

    assert "Please choose an answer." in words(page)
    assert "No answer yet" in words(place.alice.open("alone/"))
