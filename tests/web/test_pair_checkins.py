"""A pair's check-ins and reflections, as its members and the staff see them."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from lti_tool.actions.pair_life import pause_pair, resume_pair
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair
from lti_tool.store.reflections import Reflection
from lti_tool.store.staff_tasks import StaffTask
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import PageClient, form_of
from tests.web.course import Course, course, reader

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
PROGRAM = "<script>alert('x')</script>"
MARKS = {"specific": "4", "honest": "2", "linked": "1", "next_step": "1"}


@pytest.fixture
def here(app: Flask, pages: Browsers, clock: Clock) -> Course:
    """Bob and Dana are a pair since noon; the programme runs for twelve weeks."""
    made = course(
        pages,
        clock.now.replace(year=2027),
        asks_application=False,
        asks_training=False,
        cadence="fortnightly",
        check_in_count=6,
        ends_on=clock.now.date().replace(month=12, day=6),
    )
    make.pair(made.at, made.bob_enrolment, made.dana_enrolment, by=made.alice.person_id)
    return made


def words(page: BeautifulSoup) -> str:
    """What stands on a page."""
    return page.select("main")[0].get_text(" ", strip=True)


def pair_of(here: Course) -> str:
    """The path of the pair."""
    look_again()
    return f"pairs/{db.session.query(Pair).one().id}/"


def send(here: Course, who: Any, page: str, fields: dict[str, Any], *, status: int = 303) -> BeautifulSoup:
    """Send a form of the pair's; what is seen next."""
    return who.submit(pair_of(here) + page, f"/{page}", fields, status=status)


def test_one_answer_is_enough_and_none_is_asked_again(here: Course) -> None:
    empty = send(here, here.dana, "check-ins/1", {"contact": ""}, status=422)
    sent = send(here, here.dana, "check-ins/1", {"helped": "A list of three things."})

    assert "please answer one of them" in words(empty)
    assert "saved and counted" in words(sent)
    assert "A list of three things." in words(here.bob.open(pair_of(here)))


def test_very_hard_names_who_helps_on_the_same_page_and_gives_staff_a_task_without_any_text(here: Course) -> None:
    page = send(here, here.dana, "check-ins/1", {"life_mood": "5", "tell_partner": "life_mood", "helped": PROGRAM})

    task = here.alice.open("tasks/")
    assert "Call the emergency number" in words(page)
    assert "asked to look at it within 2 days" in words(page)
    assert "very hard at the moment: Mood" in words(task)
    assert "alert(" not in str(task)
    partner = here.bob.open(pair_of(here))
    assert "Mood" in words(partner)
    assert "ery hard" not in words(partner)
    assert PROGRAM not in str(partner)


def test_a_changed_answer_is_one_task_that_says_so(here: Course) -> None:
    send(here, here.dana, "check-ins/1", {"life_mood": "5"})
    send(here, here.dana, "check-ins/1", {"life_mood": "2"})
    changed = words(here.alice.open("tasks/"))
    send(here, here.dana, "check-ins/1", {"life_mood": "5"})

    assert "the answer was changed since" in changed
    assert "the answer was changed since" not in words(here.alice.open("tasks/"))
    assert db.session.query(StaffTask).count() == 1


def test_first_contact_is_asked_on_day_five_and_what_is_said_of_the_fit_stays_from_the_partner(
    here: Course, clock: Clock
) -> None:
    before = here.bob.open(pair_of(here))
    clock.advance(days=5)
    asked = here.bob.open(pair_of(here))
    page = send(here, here.bob, "asked/first_contact/1", {"contact": "tried", "fit": "not_for_me"})
    clock.advance(days=7)
    over = here.dana.pages.get(f"{here.dana.path}{pair_of(here)}asked/first_contact/1", follow_redirects=True)

    assert "Have you found each other?" not in words(before)
    assert "Have you found each other? You two began 5 days ago." in words(asked)
    assert "nobody is to blame" in words(page)
    assert "this pair is not for them" in words(here.alice.open("tasks/"))
    assert "not for" not in words(here.dana.open(pair_of(here)))
    assert "This is not for me" in words(here.alice.open("asked/?kind=first_contact"))
    assert "is not open" in words(over)


def test_fourteen_silent_days_ask_what_is_in_the_way_and_answer_with_something_to_try(
    here: Course, clock: Clock
) -> None:
    clock.advance(days=14)
    page = send(here, here.dana, "asked/stuck/15", {"in_the_way": ["no_answer", "technical"], "ask_staff": "yes"})

    assert "Write once more, in one sentence" in words(page)
    assert "Meet by phone, or in writing" in words(page)
    assert "Asks the staff to get in touch." in words(here.alice.open("tasks/"))


def test_what_partners_write_half_way_is_read_once_both_have_written_and_stays(here: Course, clock: Clock) -> None:
    clock.advance(days=43)
    send(here, here.dana, "asked/midterm/1", {"feedback": "More examples, please.", "works": "Our rhythm."})
    hidden = words(here.bob.open(pair_of(here) + "check-ins/"))
    send(here, here.bob, "asked/midterm/1", {"feedback": "Tell me earlier."})

    late = send(here, here.dana, "asked/midterm/1", {"feedback": "Something else."})
    assert "More examples" not in hidden
    assert "More examples, please." in words(here.bob.open(pair_of(here) + "check-ins/"))
    assert "Our rhythm." not in words(here.bob.open(pair_of(here) + "check-ins/"))
    assert "Tell me earlier." in words(here.dana.open(pair_of(here) + "check-ins/"))
    assert "stays as you sent it first" in words(late)
    staff = words(here.alice.open("asked/"))
    assert "Our rhythm." in staff
    assert "More examples" not in staff


def test_a_draft_is_its_writers_alone_and_a_reflection_goes_where_its_writer_says(here: Course, clock: Clock) -> None:
    clock.advance(days=8)
    here.bob.submit("reflections/start", "/start", {"text": "Only a draft", "is_shared": "yes"})
    drafted = words(here.alice.open("reflections/")), words(here.dana.open(pair_of(here) + "check-ins/"))
    here.bob.submit("reflections/start", "/start", {"text": "I talked too much.", "hand_in": "yes"})
    unshared = words(here.dana.open(pair_of(here) + "check-ins/"))
    here.bob.submit("reflections/start", "/start", {"text": "I talked.", "hand_in": "yes", "is_shared": "yes"})

    assert "Bob" not in drafted[0]
    assert "Only a draft" not in drafted[1]
    assert "I talked too much." not in unshared
    assert "I talked." in words(here.dana.open(pair_of(here) + "check-ins/"))
    assert "Bob Birchwood" in words(here.alice.open("reflections/"))


def test_two_staff_read_without_knowing_each_others_marks_and_the_writer_sees_them_once_given_back(
    here: Course, clock: Clock, pages: Browsers
) -> None:
    clock.advance(days=8)
    here.bob.submit("reflections/start", "/start", {"text": "I talked too much.", "hand_in": "yes"})
    page = f"reflections/{_only_reflection()}"
    other = make.person(here.at, "Tess Teal", role="instructor")
    tess = reader(pages, here.at, other, role="instructor", until=clock.now.replace(year=2027))
    nothing = here.alice.submit(page, page, {"specific": "3"}, status=422)
    here.alice.submit(page, page, MARKS | {"comment": "What would you do differently?"})

    blind = words(tess.open(page))
    tess.submit(page, page, dict.fromkeys(MARKS, "4"))
    unseen = words(here.bob.open("reflections/start"))
    listed = words(here.alice.open("reflections/?read=1"))
    here.alice.submit("reflections/?read=1", "/give-back", {})

    assert len(nothing.select(".field-problem")) == 4
    assert "You see their marks once you have saved yours" in blind
    assert "What would you do differently?" not in blind
    assert "What would you do differently?" in words(tess.open(page))
    assert "What would you do differently?" not in unseen
    assert "Readers differ" in listed
    assert "3 of 4 points" in listed
    given_back = here.bob.open("reflections/start")
    assert "What would you do differently?" in words(given_back)
    assert not given_back.select("textarea")


def _only_reflection() -> int:
    look_again()
    return db.session.query(Reflection).one().id


def test_of_two_windows_the_second_sees_both_texts_and_loses_none(here: Course, clock: Clock) -> None:
    clock.advance(days=8)
    old = here.bob.open("reflections/start")
    here.bob.submit("reflections/start", "/start", {"text": "Written on the phone."})

    clash = here.bob.pages.submit(old, "/start", {"text": "Written on the laptop."}, status=409)
    again = here.bob.pages.submit(clash, "/start", {"text": "Both."}, status=303)

    assert "Written on the phone." in words(clash)
    assert "Written on the laptop." in clash.select("textarea")[0].get_text()
    assert again is not None
    assert "Both." in here.bob.open("reflections/start").select("textarea")[0].get_text()


def test_the_same_reflection_sent_twice_is_handed_in_once(here: Course, clock: Clock) -> None:
    clock.advance(days=8)
    page = here.bob.open("reflections/start")

    for _time in range(2):
        here.bob.pages.submit(page, "/start", {"text": "I talked.", "hand_in": "yes"}, status=303)

    assert "Handed in" in words(here.bob.open("reflections/"))


@pytest.mark.parametrize("text", ["x" * 6001, "a\u202eb", ""])
def test_a_reflection_that_cannot_be_taken_is_asked_again_with_its_words(here: Course, clock: Clock, text: str) -> None:
    clock.advance(days=8)

    page = here.bob.submit("reflections/start", "/start", {"text": text, "hand_in": "yes"}, status=422)

    assert page.select(".field-problem")
    assert page.select("textarea")[0].get_text().strip() == text


def test_the_partner_sees_until_when_and_the_staff_why_somebody_is_away(here: Course) -> None:
    wrong = here.bob.submit("away/", "/away/", {"back_on": "2026-12-24", "reason": "ill"}, status=422)
    here.bob.submit("away/", "/away/", {"back_on": "2026-09-20", "reason": "ill", "words": "A cold"})

    partner = words(here.dana.open(pair_of(here)))
    assert "At the latest" in words(wrong)
    assert "Bob Birchwood is away until September 20, 2026" in partner
    assert "cold" not in partner
    assert "not well" not in partner
    assert "I am not well A cold" in words(here.alice.open("tasks/"))
    here.bob.pages.submit(here.bob.open("away/"), "/away/", {"back": "yes"}, status=303)
    assert "is away" not in words(here.dana.open(pair_of(here)))


def test_two_staff_with_one_task_open_lose_no_note(here: Course) -> None:
    send(here, here.dana, "check-ins/1", {"life_mood": "5"})
    task = db.session.query(StaffTask).one().id
    old = here.alice.open(f"tasks/{task}")
    here.alice.submit(f"tasks/{task}", f"/tasks/{task}", {"note": "Called her.", "is_done": "yes"})

    clash = here.alice.pages.submit(old, f"/tasks/{task}", {"note": "Wrote a mail."}, status=409)

    assert "Called her." in words(clash)
    assert "Wrote a mail." in clash.select("textarea")[0].get_text()
    assert "Nothing waits for you" in words(here.alice.open("tasks/"))
    assert "Very hard" in words(here.alice.open("tasks/?done=1"))


def test_staff_plan_what_is_asked_and_a_wrong_number_keeps_the_rest(here: Course, clock: Clock) -> None:
    old = here.alice.open("asked/plan")
    values = _values(old) | {"asked": ["fit"], "window_days": "9"}

    wrong = here.alice.pages.submit(old, "/plan", values | {"grace_days": "many"}, status=422)
    here.alice.submit("asked/plan", "/plan", values)
    clash = here.alice.pages.submit(old, "/plan", values | {"window_days": "3"}, status=409)

    assert wrong.select("#f-window_days")[0]["value"] == "9"
    assert "Please enter a whole number from 0 to 14." in words(wrong)
    assert "changed while you were writing" in words(clash)
    clock.advance(days=5)
    assert "Have you found each other?" not in words(here.bob.open(pair_of(here)))
    assert "Check-in 1 Open by Sep 23, 2026" in words(here.bob.open(pair_of(here) + "check-ins/"))


def _values(page: BeautifulSoup) -> dict[str, Any]:
    form = form_of(page, "/plan")
    return {str(one["name"]): str(one["value"]) for one in form.select("input:not([type=checkbox])")}


def test_after_a_pause_the_page_says_what_the_ledger_says_of_a_check_in(here: Course, clock: Clock) -> None:
    send(here, here.dana, "check-ins/1", {"contact": "yes"})
    pair = db.session.query(Pair).one().id
    clock.advance(days=16)  # the second is open since day 14, and due on day 19
    pause_pair(pair, resumes_on=None, by=here.alice.person_id, now=clock.now)
    clock.advance(days=20)
    resume_pair(pair, by=here.alice.person_id, now=clock.now)

    listed = words(here.dana.open(pair_of(here) + "check-ins/"))
    lines = [one.get_text(" ", strip=True) for one in here.dana.open("participation/").select("tbody tr")]
    (second,) = (one for one in lines if "Check-in 2" in one)

    assert "Late" not in listed
    assert "You have not done this yet" in second


def test_an_ended_pair_stays_readable_and_takes_no_answer(here: Course, clock: Clock) -> None:
    send(here, here.dana, "check-ins/1", {"contact": "yes"})
    clock.advance(days=5)
    page = here.bob.open(pair_of(here) + "asked/first_contact/1")
    with transaction() as session:
        pair = session.query(Pair).one()
        pair.state, pair.ended_at = "ended", clock.now

    here.bob.pages.submit(page, "/first_contact/1", {"contact": "yes"}, status=303)

    assert "has ended" in words(here.bob.pages.follow())
    assert "Check-in 1" in words(here.dana.open(pair_of(here) + "check-ins/"))
    assert not here.dana.open(pair_of(here) + "check-ins/").select("main a[href*='/asked/']")
