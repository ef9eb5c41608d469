"""What staff and administrators read while an LMS answers with pages for people, and after a day of it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup

from lti_tool.actions.gradebook import compare_now
from lti_tool.lti.errors import ServiceFault
from lti_tool.lti.fixes import FIXES
from lti_tool.store.db import transaction
from lti_tool.store.outbox import LAST_TRY, OutboxRow
from lti_tool.store.platforms import Registration
from tests.actions.world import Pair, pair_at_work
from tests.conftest import Clock
from tests.outside import ALICE, BOB, Lms
from tests.pages import PageClient
from tests.web.admins import signed_in

Browsers = Callable[[], PageClient]
PAGE = "<!doctype html><title>Maintenance</title><p>Back soon.</p>"
TOKEN = "a-token-for-metrics"
WEB_PAGE = ServiceFault.WEB_PAGE.explanation


@dataclass
class Day:
    """A day on which Bob has more points, and every answer about grades is a page."""

    pair: Pair
    browser: PageClient

    def gradebook(self) -> BeautifulSoup:
        """The page *Gradebook*, for Alice who comes from the course again."""
        return self.browser.get(f"{self.pair.lms.arrive(self.browser, ALICE)}staff/gradebook/")

    def words(self) -> str:
        """What Alice reads there."""
        return read(self.gradebook())

    def a_while(self, *, tries: int) -> None:
        """So many tries, hours apart."""
        for _try in range(tries):
            self.pair.clock.advance(hours=5)
            self.pair.lms.work()


def read(page: BeautifulSoup) -> str:
    """What can be read on a page, in one line."""
    return " ".join(page.get_text(" ").split())


@pytest.fixture
def day(lms: Lms, pages: Browsers, clock: Clock) -> Day:
    """The day begins; the worker has tried once."""
    browser = pages()
    lms.arrive(browser, ALICE)
    lms.work()
    pair = pair_at_work(lms, clock)
    pair.check_in(BOB, 1)
    lms.work()
    clock.advance(minutes=2)
    lms.fail("ags", status=200, body=PAGE, count=9999)
    pair.check_in(BOB, 2)
    lms.work()
    return Day(pair=pair, browser=browser)


def test_one_lost_answer_is_no_news_and_the_second_is_said_with_what_to_do(day: Day) -> None:
    first = day.words()
    day.a_while(tries=1)

    held_up = day.words()

    assert "held up" not in first
    assert "Something is held up on its way to the gradebook" in held_up
    assert WEB_PAGE in held_up
    assert FIXES[WEB_PAGE] in held_up
    assert "Nothing was lost. The tool tries again by itself" in held_up


def test_once_the_lms_works_again_the_page_says_nothing_of_it(day: Day) -> None:
    day.a_while(tries=2)
    day.pair.lms.campus.faults.clear()
    day.a_while(tries=1)

    words = day.words()

    assert "held up" not in words
    assert WEB_PAGE not in words
    assert day.pair.lms.given(BOB) == 50


def test_after_the_day_each_score_says_why_with_the_fix_and_the_button_sends_it(day: Day) -> None:
    day.a_while(tries=LAST_TRY + 1)
    page = day.gradebook()
    day.pair.lms.campus.faults.clear()

    day.browser.submit(page, "/try-again", {}, status=303)
    day.pair.lms.work()

    assert f"{WEB_PAGE} {FIXES[WEB_PAGE]}" in read(page)
    assert "locked" not in read(page)
    assert "held up" not in read(page)
    assert day.pair.lms.given(BOB) == 50


def test_a_gradebook_that_cannot_be_read_back_says_what_came(day: Day) -> None:
    compare_now(day.pair.at.programme_id, now=day.pair.clock.now)
    day.a_while(tries=1)

    assert "The LMS answered with a web page when its gradebook was read" in day.words()


def test_a_list_of_people_that_is_a_page_says_so_with_what_to_do(lms: Lms, pages: Browsers, clock: Clock) -> None:
    lms.fail("nrps", status=200, body=PAGE, count=9999)
    browser = pages()
    path = lms.arrive(browser, ALICE)
    lms.work()
    first = read(browser.get(f"{path}staff/people"))
    for _try in range(LAST_TRY + 1):
        clock.advance(minutes=5)
        with transaction() as session:
            session.query(OutboxRow).filter_by(state="waiting").update({"next_at": clock.now})
            session.query(Registration).update({"rests_until": None})
        lms.work()

    last = read(browser.get(f"{path}staff/people"))

    assert "answered with a web page instead of its list of people" in first
    assert f"{WEB_PAGE} {FIXES[WEB_PAGE]}" in last


def test_the_administrator_reads_what_came_and_is_sent_to_no_setting_that_is_right(
    day: Day, pages: Browsers, clock: Clock
) -> None:
    day.a_while(tries=1)

    day.pair.lms.app.config["METRICS_TOKEN"] = TOKEN
    meanwhile = pages().raw().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).get_data(as_text=True)
    admin = signed_in(pages, clock)
    of_the_lms = read(admin.get(f"/admin/platforms/{day.pair.at.registration_id}/health"))
    day.a_while(tries=LAST_TRY)
    given_up = read(signed_in(pages, clock).get("/admin/health/"))

    assert WEB_PAGE in of_the_lms
    assert 'peer_mentoring_failing_work{kind="scores"} 1' in meanwhile
    assert "must not stand behind a sign-in page" in of_the_lms
    assert "web-page (HTTP 200)" in given_up


def test_the_test_of_a_connection_tells_pages_from_missing_permissions(day: Day, pages: Browsers, clock: Clock) -> None:
    admin = signed_in(pages, clock)
    page = admin.get(f"/admin/platforms/{day.pair.at.registration_id}/health")

    admin.submit(page, "/health", {}, status=303)
    tested = read(admin.follow())

    assert WEB_PAGE in tested
    assert "must not stand behind a sign-in page" in tested
