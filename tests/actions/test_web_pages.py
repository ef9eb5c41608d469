"""An LMS that answers with pages for people for a day: nothing is lost, staff read what it is, and points arrive."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from lti_tool.actions.gradebook import COLUMN_KIND, SCORES_KIND, try_again
from lti_tool.lti.errors import ServiceFault, fault_in
from lti_tool.lti.fixes import FIXES
from lti_tool.store import outbox
from lti_tool.store.outbox import LAST_TRY
from tests.actions.world import Pair, pair_at_work
from tests.conftest import Clock
from tests.outside import ALICE, BOB, Lms, look_again, outbox_rows
from tests.pages import PageClient

PAGE = "<!doctype html><title>Maintenance</title><p>Back soon.</p>"
SAYS = ServiceFault.WEB_PAGE.explanation
# Sign-in pages come with 200 or by being led there; scores alone, everything about grades, or even the token.
DAYS = [("scores", 200), ("scores", 302), ("ags", 200), ("token", 200)]


def pages_instead(lms: Lms, area: str, status: int) -> None:
    """From now on pages come."""
    lms.fail(area, status=status, body=PAGE, count=9999)


def held_up(pair: Pair, kind: str) -> ServiceFault | None:
    """Why work of this kind is tried again and again, if it is."""
    look_again()
    row = outbox.held_up((kind,), str(pair.at.programme_id))
    return fault_in(row.last_error or "") if row else None


def a_while(pair: Pair, *, tries: int) -> None:
    """So many tries of the worker, hours apart."""
    for _try in range(tries):
        pair.clock.advance(hours=5)
        pair.lms.work()


@pytest.mark.parametrize(("area", "status"), DAYS)
def test_points_that_meet_pages_wait_with_the_reason_and_arrive_by_themselves(
    graded: Pair, area: str, status: int
) -> None:
    pages_instead(graded.lms, area, status)
    graded.check_in(BOB, 2)
    a_while(graded, tries=3)
    score = graded.lms.score(BOB)
    meanwhile = (score.state, score.points, graded.lms.given(BOB))
    why = held_up(graded, SCORES_KIND)

    graded.lms.campus.faults.clear()
    a_while(graded, tries=1)

    assert meanwhile == ("waiting", Decimal(50), Decimal(25))
    assert why is ServiceFault.WEB_PAGE
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("sent", Decimal(50))
    assert held_up(graded, SCORES_KIND) is None


@pytest.mark.parametrize(("area", "status"), DAYS)
def test_after_a_day_of_pages_staff_read_what_came_and_one_click_sends_it(graded: Pair, area: str, status: int) -> None:
    pages_instead(graded.lms, area, status)
    graded.check_in(BOB, 2)
    a_while(graded, tries=LAST_TRY + 1)
    score = graded.lms.score(BOB)
    given_up = (score.state, score.points, score.problem)

    graded.lms.campus.faults.clear()
    try_again(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()

    assert given_up == ("refused", Decimal(50), SAYS)
    assert SAYS in FIXES
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("sent", Decimal(50))


def test_a_score_that_meets_faults_of_two_kinds_is_not_put_down_to_pages(graded: Pair) -> None:
    graded.check_in(BOB, 2)
    for _try in range(LAST_TRY):
        graded.lms.fail("scores", status=500)
        graded.lms.work()
        graded.clock.advance(hours=5)

    assert graded.lms.score(BOB).problem == ServiceFault.SCORE_FAILS.explanation


def test_a_column_that_meets_pages_is_made_once_and_the_scores_follow(
    lms: Lms, clock: Clock, pages: Callable[[], PageClient]
) -> None:
    lms.arrive(pages(), ALICE)
    lms.work()
    columns = len(lms.campus.line_items)
    pages_instead(lms, "ags", 200)
    pair = pair_at_work(lms, clock)
    pair.check_in(BOB, 1)
    a_while(pair, tries=3)
    waiting, why = pair.column.state, held_up(pair, COLUMN_KIND)
    a_while(pair, tries=LAST_TRY)
    given_up = (pair.column.state, pair.column.problem)

    lms.campus.faults.clear()
    try_again(pair.at.programme_id, now=clock.now)
    lms.work()

    assert (waiting, why) == ("waiting", ServiceFault.WEB_PAGE)
    assert given_up == ("refused", SAYS)
    assert pair.column.state == "ready"
    assert (lms.given(BOB), len(lms.campus.line_items)) == (Decimal(25), columns + 1)


def test_a_page_after_a_column_was_asked_for_makes_no_second_one(
    lms: Lms, clock: Clock, pages: Callable[[], PageClient]
) -> None:
    lms.arrive(pages(), ALICE)
    lms.work()
    columns = len(lms.campus.line_items)
    pair = pair_at_work(lms, clock)
    lms.fail("ags", status=200, body=PAGE, count=2)
    a_while(pair, tries=4)

    assert pair.column.state == "ready"
    assert len(lms.campus.line_items) == columns + 1


def test_who_earns_meanwhile_does_not_wait_for_the_hour_that_pages_have_put_off(graded: Pair) -> None:
    pages_instead(graded.lms, "scores", 200)
    graded.check_in(BOB, 2)
    a_while(graded, tries=6)
    graded.lms.campus.faults.clear()

    graded.clock.advance(minutes=2)
    graded.check_in(BOB, 3)
    graded.lms.work()

    assert outbox_rows("scores")[-1].state == "done"
    assert graded.lms.given(BOB) == Decimal(75)


def test_a_roster_that_is_a_page_says_so_and_is_read_later(
    lms: Lms, clock: Clock, pages: Callable[[], PageClient]
) -> None:
    pages_instead(lms, "nrps", 200)
    lms.arrive(pages(), ALICE)
    lms.work()
    course = lms.course()
    problem = course.roster_problem or ""

    lms.campus.faults.clear()
    clock.advance(minutes=30)
    lms.work()

    assert "web page instead of its list of people" in problem
    assert (lms.course().roster_state, lms.course().roster_problem) == ("done", None)
