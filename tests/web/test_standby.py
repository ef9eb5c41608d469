"""The pages of mentors in reserve: what they send, and what everybody else reads instead."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.programme import Programme
from tests import make
from tests.actions.world import pair_at_work
from tests.conftest import Clock
from tests.outside import ALICE, BOB, DANA, ZOE, Lms
from tests.pages import only, words
from tests.web.course import course, reader
from tests.web.reserve import ANSWERS, FIRST, Browsers, Reserve


@pytest.fixture
def reserve(app: Flask, clock: Clock, pages: Browsers) -> Reserve:
    return Reserve(pages, clock)


def test_case_13_from_the_launch_to_points_in_the_gradebook(lms: Lms, clock: Clock, pages: Browsers) -> None:
    for person in (ALICE, BOB, DANA, ZOE):
        lms.arrive(pages(), person)
    at = pair_at_work(lms, clock).at
    with transaction() as session:
        session.get_one(Programme, at.programme_id).asks_application = False
    zoe = make.enrolment(at, lms.person(ZOE).id, role="mentor")
    browser = pages()
    path = lms.arrive(browser, ZOE)

    home = browser.get(f"{path}me/", follow_redirects=True)
    form = browser.get(str(home.select("a[href$='/standby/1']")[0]["href"]))
    browser.submit(form, "/standby/1", {"ready": "yes"}, status=303)
    after = browser.follow()
    points = browser.get(f"{path}me/participation/")
    total = db.session.scalars(select(LedgerTotal).filter_by(enrolment_id=zoe)).one()
    lms.work()

    assert "You are in reserve" in words(home)
    assert "Your check-in is saved and counted" in words(after)
    assert "What you have sent: 1 check-in" in words(after)
    assert "You are in reserve, and that counts" in words(points)
    assert total.points == 25
    assert lms.given(ZOE) == Decimal(25)


def test_a_mentor_in_reserve_is_asked_and_reads_what_comes_next(reserve: Reserve) -> None:
    home = reserve.fay.open()
    form = reserve.fay.open(FIRST)
    after = reserve.fay.pages.submit(form, "/standby/1", ANSWERS, status=303)
    after = reserve.fay.pages.follow()

    assert "You wait for a partner, and that counts." in words(home)
    assert "Check-in 1 is open." in words(home)
    assert "Need help now?" in words(form)
    assert "One or two minutes" in words(form)
    assert "Nothing to send now. Check-in 2 opens on" in words(after)
    assert [row.answers for row in reserve.sent()] == [ANSWERS]


def test_every_question_says_who_sees_its_answer(reserve: Reserve) -> None:
    page = reserve.fay.open(FIRST)

    said = [one.get_text(" ", strip=True) for one in page.select(".field .seen-by, .field [id$=-seen]")]
    assert len(said) == 5
    assert len(set(said)) == 1
    assert "partner" not in said[0].lower()


def test_answers_can_be_changed_and_the_first_time_counts(reserve: Reserve) -> None:
    reserve.fay.submit(FIRST, "/standby/1", ANSWERS)
    sent_at = reserve.sent()[0].sent_at
    reserve.clock.advance(days=9)

    again = reserve.fay.open(FIRST)
    reserve.fay.pages.submit(again, "/standby/1", {"ready": "no", "for_staff": ""}, status=303)

    assert "You have sent this check-in." in words(again)
    assert only(again, "#f-for_staff").get_text().strip() == "Exams until May"
    (row,) = reserve.sent()
    assert (row.answers["ready"], row.sent_at) == ("no", sent_at)


def test_the_same_form_sent_twice_is_one_check_in(reserve: Reserve) -> None:
    form = reserve.fay.open(FIRST)
    for _time in range(2):
        reserve.fay.pages.submit(form, "/standby/1", ANSWERS, status=303)

    assert len(reserve.sent()) == 1


@pytest.mark.parametrize(
    "typed",
    [{}, {"ready": "perhaps"}, {"kept_ready": ["flying"]}, {"for_staff": "w" * 1001}, {"for_staff": "a\u202eb"}],
)
def test_what_is_wrong_stands_beside_its_question_and_nothing_else_is_lost(
    reserve: Reserve, typed: dict[str, object]
) -> None:
    answer = reserve.fay.submit(FIRST, "/standby/1", ({"hours": "week"} if typed else {}) | typed, status=422)

    assert answer.select(".field-problem")
    if typed:
        assert only(answer, "input[name=hours][value=week]").has_attr("checked")
    assert reserve.sent() == []


@pytest.mark.parametrize("number", ["0", "5", "99", "99999999999999999999"])
def test_there_is_no_page_for_a_check_in_that_the_programme_does_not_have(reserve: Reserve, number: str) -> None:
    reserve.fay.open(f"standby/{number}", status=404)


def test_whoever_is_not_asked_reads_why_in_a_plain_sentence_and_sends_nothing(reserve: Reserve) -> None:
    here = reserve.course
    form = reserve.fay.open(FIRST)
    ahead = words(reserve.fay.open("standby/2"))
    paired, mentee = words(here.bob.open(FIRST)), words(here.dana.open(FIRST))

    assert "This check-in opens on" in ahead
    assert "Yours come with your pair, on its page." in paired
    assert "These check-ins are for mentors who wait for a partner." in mentee
    reserve.change(Programme, reserve.at.programme_id, phase="closed")
    over = words(reserve.fay.open(FIRST))
    reserve.fay.pages.submit(form, "/standby/1", ANSWERS, status=303)
    after = words(reserve.fay.pages.follow())
    assert "This programme has ended." in over
    assert "Nothing was saved" in after
    assert reserve.sent() == []


def test_who_is_matched_meanwhile_sends_nothing_more_and_still_reads_what_was_sent(reserve: Reserve) -> None:
    reserve.fay.submit(FIRST, "/standby/1", ANSWERS)
    form = reserve.fay.open(FIRST)
    reserve.match()

    reserve.fay.pages.submit(form, "/standby/1", {"ready": "no"}, status=303)
    page = words(reserve.fay.pages.follow())

    assert "Nothing was saved" in page
    assert "It stays counted." in page
    assert "Exams until May" in page
    assert reserve.sent()[0].answers == ANSWERS
    assert "You are in reserve" not in words(reserve.fay.open())


def test_what_is_next_leads_to_the_check_in_until_it_is_sent(reserve: Reserve) -> None:
    before = [str(one["href"]) for one in reserve.fay.open("participation/").select(".card-next a, details a")]
    reserve.fay.submit(FIRST, "/standby/1", ANSWERS)
    after = [str(one["href"]) for one in reserve.fay.open("participation/").select(".card-next a, details a")]

    assert any(one.endswith("/me/standby/1") for one in before)
    assert not any("/standby/" in one for one in after)


def test_a_check_in_placed_in_the_course_leads_a_mentor_in_reserve_to_theirs(reserve: Reserve) -> None:
    reserve.fay.open("check-ins/1", status=303)
    page = reserve.fay.pages.follow()

    assert only(page, "h1").get_text(strip=True) == "Check-in 1 while you wait"


def test_before_pairs_are_published_nobody_is_in_reserve(pages: Browsers, clock: Clock) -> None:
    made = course(pages, clock.now.replace(year=2027), asks_application=False, asks_training=False)

    assert "You are in reserve" not in words(made.bob.open())
    assert "begin once the pairs have been published" in words(made.bob.open(FIRST))


def test_an_applicant_whom_nobody_has_approved_is_not_told_of_a_reserve(reserve: Reserve) -> None:
    reserve.change(Programme, reserve.at.programme_id, asks_application=True)
    make.application(reserve.fay_enrolment, state="declined")

    assert "You are in reserve" not in words(reserve.fay.open())
    assert "You are in reserve" not in words(reserve.fay.open("participation/"))
    assert "whose application the staff of this course have approved" in words(reserve.fay.open(FIRST))


def test_whoever_has_no_part_in_the_programme_has_no_such_page(reserve: Reserve, pages: Browsers) -> None:
    person = make.person(reserve.at, "Charlie Chalk")
    charlie = reader(pages, reserve.at, person, role="student", until=reserve.clock.now + timedelta(days=1))

    charlie.open(FIRST, status=404)
    reserve.change(Enrolment, reserve.fay_enrolment, state="withdrawn")
    assert "You do not take part at the moment" in words(reserve.fay.open(FIRST))


def test_who_has_no_partner_writes_the_reflections_that_count_for_them(reserve: Reserve, pages: Browsers) -> None:
    reserve.change(Programme, reserve.at.programme_id, participation="default")
    gwen = make.person(reserve.at, "Gwen Gingham")
    make.enrolment(reserve.at, gwen, role="mentee")
    until = reserve.clock.now.replace(year=2027)
    reserve.clock.advance(days=44)
    for one in (reserve.fay, reader(pages, reserve.at, gwen, role="student", until=until)):
        points = one.open("participation/")
        (address,) = {str(link["href"]) for link in points.select("a[href$='/reflections/middle']")}

        form = one.pages.get(address)
        one.pages.submit(form, "/middle", {"text": "I kept Tuesdays free.", "hand_in": "yes"}, status=303)

        assert "You have no partner at the moment" in words(form)
        assert "You handed this in on" in words(one.open("participation/"))


def test_before_there_are_pairs_no_link_leads_to_reflections(pages: Browsers, clock: Clock) -> None:
    made = course(pages, clock.now.replace(year=2027), participation="default", asks_application=False)

    assert not made.dana.open("participation/").select("a[href*='/reflections/']")
