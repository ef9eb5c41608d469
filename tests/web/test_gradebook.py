"""The pages about the gradebook: where points stand, who is right, and a column that is gone."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from lti_tool.lti.errors import ServiceFault
from lti_tool.lti.fixes import FIXES
from lti_tool.lti.gradebook import RESULT_SCOPE
from lti_tool.mentoring.gradebook_states import ZERO_LATER
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.people import Course as CourseRow
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme
from tests import make
from tests.actions.world import Pair, pair_at_work
from tests.conftest import NOON, Clock
from tests.outside import ALICE, BIOLOGY, BOB, Lms, look_again, outbox_rows
from tests.pages import PageClient
from tests.web.course import Course, Reader, course

Browsers = Callable[[], PageClient]
BAD = "<html><body>Sign in first.</body></html>"


@pytest.fixture
def here(app: Flask, pages: Browsers, clock: Clock) -> Course:
    """Alice's course with Bob and Dana, and a column."""
    assert app
    made = course(pages, clock.now.replace(year=2027))
    make.column(made.at)
    return made


def score_of(here: Course, who: Reader, **changes: object) -> int:
    """Somebody's score."""
    return make.score(here.at, who.person_id, **changes)


def stored(number: int) -> Score:
    """A score as it is now."""
    look_again()
    return db.session.get_one(Score, number)


def words(page: BeautifulSoup) -> str:
    """What can be read on a page, in one line."""
    return " ".join(page.get_text(" ").split())


def test_the_page_says_where_everybodys_points_stand_and_filters_them(here: Course) -> None:
    make.total(here.at, here.bob_enrolment, released_points=Decimal(75))
    make.total(here.at, here.dana_enrolment, has_news=True)
    score_of(here, here.bob, sent_points=Decimal(75), confirmed_at=NOON)

    page, ready = here.alice.open("gradebook/"), here.alice.open("gradebook/?show=ready")
    by_name, nobody = here.alice.open("gradebook/?q=dana"), here.alice.open("gradebook/?q=nobody")

    assert "All (2)" in words(page)
    assert "In the gradebook (1)" in words(page)
    assert [one.get_text(strip=True) for one in page.select("tbody th a")] == ["Dana Dewdrop", "Bob Birchwood"]
    assert [one.get_text(strip=True) for one in ready.select("tbody th a")] == ["Dana Dewdrop"]
    assert [one.get_text(strip=True) for one in by_name.select("tbody th a")] == ["Dana Dewdrop"]
    assert "Nobody here fits" in words(nobody)


SAYS_IT_ITSELF = {ServiceFault.SCORE_FAILS, ServiceFault.ONE_COLUMN}
OF_ROSTERS = {ServiceFault.LINK_HAS_NO_ROSTER, ServiceFault.ROSTER_ABOVE_LIMIT}


def test_whatever_the_lms_refuses_the_page_says_why_and_what_to_do(here: Course) -> None:
    make.total(here.at, here.bob_enrolment, released_points=Decimal(75))
    number = score_of(here, here.bob, state="refused")

    unsaid = []
    for fault in sorted(set(ServiceFault) - OF_ROSTERS):
        score = stored(number)
        with transaction() as session:
            session.add(score)
            score.problem = fault.explanation
        page = words(here.alice.open("gradebook/"))
        if fault.explanation not in page or (fault not in SAYS_IT_ITSELF and FIXES[fault.explanation] not in page):
            unsaid.append(fault)

    assert unsaid == []


def test_the_page_stays_small_with_a_page_full_of_people(here: Course) -> None:
    for number in range(60):
        person = make.person(here.at, f"Student With A Rather Long Name Number {number}")
        make.enrolment(here.at, person, role="mentee")
        make.score(here.at, person, state="refused", problem="The learning platform cannot give this person a score.")

    page = here.alice.open("gradebook/")  # the page client measures it

    assert "Page 1 of 2" in words(page)
    assert here.alice.open("gradebook/?page=2").select("tbody tr")
    assert "is empty" in words(here.alice.open("gradebook/?page=9"))


def test_only_where_the_gradebook_can_be_read_is_it_promised_that_nothing_is_overwritten(here: Course) -> None:
    unread = words(here.alice.open("gradebook/"))
    with transaction() as session:
        session.get_one(CourseRow, here.at.course_id).gradebook_scopes = [RESULT_SCOPE]
    read = words(here.alice.open("gradebook/"))

    assert "never overwritten" not in unread
    assert "may be overwritten by the next points" in unread
    assert "never overwritten unless you say so" in read


def test_what_counts_no_more_says_so_to_staff_and_to_whose_it_is(here: Course) -> None:
    make.total(here.at, here.dana_enrolment, standing="nothing", points=Decimal(0), released_points=Decimal(75))
    score_of(here, here.dana, sent_points=Decimal(75), confirmed_at=NOON, problem=ZERO_LATER)

    staff, student = words(here.alice.open("gradebook/")), words(here.dana.open("participation/"))

    assert "Does not count any more" in staff
    for page in (f"participation/{here.dana.person_id}", ""):
        assert "Does not count any more" in words(here.alice.open(page))
    assert "A zero is sent when staff release it" in staff
    assert "points of yours that do not count any more" in student
    assert "The gradebook has your points" not in student


def test_a_closed_programme_asks_for_the_release_of_what_waits(here: Course) -> None:
    make.total(here.at, here.dana_enrolment, points=Decimal(0), has_news=True)
    with transaction() as session:
        session.get_one(Programme, here.at.programme_id).phase = "closed"

    page = here.alice.open("")

    assert "a zero goes to the gradebook only when you release it" in words(page)
    assert page.select("a[href$='/release/']")


@pytest.mark.parametrize("state", ["lost", "refused", "waiting"])
def test_points_that_have_no_column_are_not_said_to_arrive_in_a_minute(here: Course, state: str) -> None:
    make.total(here.at, here.dana_enrolment, released_points=Decimal(75))
    score_of(here, here.dana, state="waiting")
    ready = words(here.dana.open("participation/"))
    with transaction() as session:
        column = session.query(Column).one()
        column.state, column.line_item_url = state, None

    without = words(here.dana.open("participation/"))

    assert "less than a minute" in ready
    assert "less than a minute" not in without
    assert "sent as soon as there is one" in without
    assert "Waits for a column" in words(here.alice.open("gradebook/"))


def test_compare_now_asks_the_worker(here: Course) -> None:
    with transaction() as session:
        session.query(Column).one().compared_at = NOON
    _may_read(here)

    page = here.alice.submit("gradebook/", "/compare", {})

    assert "reading the gradebook back" in words(page)
    assert "Last compared with the gradebook on Sep 14, 2026" in words(page)
    assert [row.state for row in outbox_rows("compare")] == ["waiting"]


def _may_read(here: Course) -> None:
    with transaction() as session:
        session.get_one(CourseRow, here.at.course_id).gradebook_scopes = [RESULT_SCOPE]


def test_staff_decide_who_is_right_for_several_at_once(here: Course) -> None:
    bob, dana = (
        score_of(here, who, state="differs", there_points=Decimal(61), differs_since=NOON, sent_points=Decimal(75))
        for who in (here.bob, here.dana)
    )

    page = here.alice.open("gradebook/differences/?all=1")
    ticked = [str(one["value"]) for one in page.select("input[name=score][checked]")]
    after = here.alice.submit("gradebook/differences/", "/differences/", {"score": ticked, "then": "theirs"})

    assert ticked == [f"{bob}:61.00", f"{dana}:61.00"]
    assert "There is nothing to decide" in words(after)
    assert [stored(one).state for one in (bob, dana)] == ["frozen", "frozen"]
    assert stored(bob).decided_by == here.alice.person_id


def test_a_value_that_changed_again_is_asked_about_again(here: Course) -> None:
    bob = score_of(here, here.bob, state="differs", there_points=Decimal(61), differs_since=NOON)
    page = here.alice.open("gradebook/differences/")
    with transaction() as session:
        session.get_one(Score, bob).there_points = Decimal(62)

    answer = here.alice.pages.submit(page, "/differences/", {"score": f"{bob}:61.00", "then": "ours"}, status=409)

    assert "has changed again" in words(answer)
    assert "62" in words(answer)
    assert stored(bob).state == "differs"


def test_of_points_that_count_no_more_the_page_says_that_they_are_not_sent(here: Course) -> None:
    bob = score_of(here, here.bob, state="differs", there_points=Decimal(0), differs_since=NOON, void=ZERO_LATER)
    page = here.alice.open("gradebook/differences/")

    answer = here.alice.pages.submit(page, "/differences/", {"score": f"{bob}:0.00", "then": "ours"}, status=409)

    assert "Ours do not count any more, and are not sent." in words(page)
    assert "or our points do not count any more" in words(answer)
    assert stored(bob).state == "differs"


def test_deciding_about_nobody_says_so(here: Course) -> None:
    score_of(here, here.bob, state="differs", there_points=None, differs_since=NOON)

    answer = here.alice.submit("gradebook/differences/", "/differences/", {"then": "ours"}, status=422)

    assert "Tick at least one person" in words(answer)


@pytest.mark.parametrize("odd", ["x:1", "1:x", "", "1e9:1:2"])
def test_what_no_form_sends_is_refused(here: Course, odd: str) -> None:
    bob = score_of(here, here.bob, state="differs", there_points=Decimal(61), differs_since=NOON)

    here.alice.submit("gradebook/differences/", "/differences/", {"score": odd, "then": "ours"}, status=422)

    assert (stored(bob).state, stored(bob).there_points) == ("differs", Decimal(61))


def test_a_kept_value_is_opened_again_and_names_who_kept_it(here: Course) -> None:
    bob = score_of(here, here.bob, state="frozen", there_points=Decimal(61), decided_by=here.alice.person_id)

    page = here.alice.open("gradebook/differences/?show=kept")
    after = here.alice.submit("gradebook/differences/?show=kept", "/open", {})

    assert "Alice Ashford" in words(page)
    assert "The value is open again" in words(after)
    assert stored(bob).state == "differs"


@pytest.mark.parametrize(("family", "said"), [("canvas", "In Canvas"), ("moodle", "Grader report"), ("", "your LMS")])
def test_case_17_staff_read_how_a_cell_is_emptied_in_their_lms(here: Course, family: str, said: str) -> None:
    score_of(here, here.bob, state="frozen", sent_points=Decimal(75), problem="Please empty this cell.")
    with transaction() as session:
        session.get_one(Registration, here.at.registration_id).family = family

    page = here.alice.open("gradebook/differences/?show=to_clear")
    after = here.alice.submit("gradebook/differences/?show=to_clear", "/cleared", {})

    assert said in words(page)
    assert "There are none of these" in words(after)  # the LMS shows no results, so that the word of staff counts


def test_a_student_reads_one_sentence_about_the_gradebook(here: Course) -> None:
    score_of(here, here.bob, state="sent", sent_points=Decimal(75), confirmed_at=NOON)
    score_of(here, here.dana, state="differs", there_points=Decimal(61))

    bob, dana = here.bob.open("participation/"), here.dana.open("participation/")

    assert "The gradebook has your points. It has 75 points for you." in words(bob)
    assert "Ask your instructor" in words(dana)


def test_a_button_pressed_twice_is_no_missing_page(here: Course) -> None:
    kept = score_of(here, here.bob, state="frozen", there_points=Decimal(61), decided_by=here.alice.person_id)
    to_clear = score_of(here, here.dana, state="frozen", sent_points=Decimal(75), problem="Please empty this cell.")
    pages = {
        f"/{kept}/open": here.alice.open("gradebook/differences/?show=kept"),
        f"/{to_clear}/cleared": here.alice.open("gradebook/differences/?show=to_clear"),
    }

    for action, page in pages.items():
        for _press in range(2):
            here.alice.pages.submit(page, action, {}, status=303)
        assert "decided already" in words(here.alice.pages.follow())


def test_who_is_right_stands_in_the_record_with_whom_it_is_about(here: Course) -> None:
    bob = score_of(here, here.bob, state="differs", there_points=Decimal(61), differs_since=NOON)
    here.alice.submit("gradebook/differences/", "/differences/", {"score": f"{bob}:61.00", "then": "ours"})

    record = words(here.alice.open("participation/decisions"))

    assert "Our points were sent over the value in the LMS In the LMS: 61.00. Ours: 75.00. Bob Birchwood" in record


def test_a_column_with_another_maximum_says_how_its_values_read(here: Course) -> None:
    with transaction() as session:
        session.query(Column).one().maximum = 50
    score_of(here, here.bob, state="differs", there_points=Decimal(61), differs_since=NOON)
    score_of(here, here.dana, sent_points=Decimal(75), confirmed_at=NOON)

    for page in ("gradebook/", "gradebook/differences/"):
        assert "So 100 here are 50 there." in words(here.alice.open(page))
    assert "There they stand as 37.5 of 50." in words(here.dana.open("participation/"))


def test_with_three_columns_points_of_all_of_them_are_said_to_be_that(here: Course) -> None:
    with transaction() as session:
        programme = session.get_one(Programme, here.at.programme_id)
        programme.columns, programme.participation = "three", "default"
    make.total(here.at, here.bob_enrolment, points=Decimal(90))

    heads = [one.get_text(strip=True) for one in here.alice.open("gradebook/").select("thead th")]

    assert "Now, all columns together" in heads


def test_a_page_beyond_the_last_does_not_say_that_nothing_is_to_decide(here: Course) -> None:
    score_of(here, here.bob, state="differs", there_points=Decimal(61), differs_since=NOON)

    page = words(here.alice.open("gradebook/differences/?page=2"))

    assert "There is nothing to decide" not in page
    assert "This page of the list is empty" in page


@pytest.fixture
def lost(lms: Lms, clock: Clock, pages: Browsers) -> tuple[Pair, PageClient, str]:
    """A pair whose column somebody deleted in the LMS, and Alice in front of her pages."""
    browser = pages()
    path = lms.arrive(browser, ALICE)
    lms.work()
    pair = pair_at_work(lms, clock)
    pair.check_in(BOB, 1)
    lms.work()
    lms.campus.drop_item(next(iter(lms.campus.line_items)))
    pair.check_in(BOB, 2)
    lms.work()
    return pair, browser, f"{path}staff/gradebook/"


def test_case_20_a_column_that_is_gone_is_said_on_the_page_and_made_anew(lost: tuple[Pair, PageClient, str]) -> None:
    pair, browser, path = lost

    page = browser.get(path)
    browser.submit(browser.get(f"{path}columns/all"), "/new", {}, status=303)
    pair.lms.work()

    assert "The column is gone from the gradebook" in words(page)
    assert pair.column.state == "ready"
    assert pair.lms.given(BOB) == 50


def test_case_20_a_column_that_is_there_can_be_chosen(lost: tuple[Pair, PageClient, str]) -> None:
    pair, browser, path = lost
    tool = next(iter(pair.lms.campus.tools))
    own = {"course": BIOLOGY, "client_id": tool, "resource_link_id": None, "details": {}}
    pair.lms.campus.add_item(label="Old column", score_maximum=100, **own)  # type: ignore[arg-type]  # a test's shorthand

    page = browser.get(f"{path}columns/all")
    nothing = browser.submit(page, "/choose", {}, status=422)
    (choice,) = page.select("input[name=column]")
    browser.submit(page, "/choose", {"column": str(choice["value"])}, status=303)
    pair.lms.work()

    assert "Old column" in words(page)
    assert "Choose a column" in words(nothing)
    assert pair.lms.given(BOB) == 50


def test_case_20_a_column_about_which_somebody_was_faster_is_said_to_be_decided(
    lost: tuple[Pair, PageClient, str],
) -> None:
    _pair, browser, path = lost
    page = browser.get(f"{path}columns/all")
    browser.submit(page, "/new", {}, status=303)
    browser.follow()

    for way in ("new", "choose"):
        token = page.select_one("input[name=csrf_token]")["value"]
        browser.post(f"{path}columns/all/{way}", {"csrf_token": token, "column": "https://lms.test/1"}, status=303)
        assert "it was decided already" in words(browser.follow())


def test_an_lms_that_answers_with_a_page_is_said_and_nothing_is_lost(lost: tuple[Pair, PageClient, str]) -> None:
    pair, browser, path = lost
    pair.lms.fail("ags", status=200, body=BAD, count=3)

    page = browser.get(f"{path}columns/all")
    odd = browser.submit(page, "/new", {}, status=303)

    assert "could not be read" in words(page)
    assert odd is not None
    assert pair.lms.score(BOB).points == 50


def test_a_column_that_is_there_offers_nothing_to_decide(here: Course) -> None:
    assert "There is nothing to decide" in words(here.alice.open("gradebook/columns/all"))
    here.alice.open("gradebook/columns/onboarding", status=404)
