"""A paused LMS: what is open stops at the next click, says so, and goes on after the pause."""

from collections.abc import Callable

from sqlalchemy import select

from lti_tool.actions.upkeep import set_paused
from lti_tool.store.db import db
from lti_tool.store.platforms import Registration
from tests.conftest import Clock
from tests.outside import ALICE, BOB, Lms, look_again
from tests.pages import PageClient
from tests.web.coming import choosing, come_from

Browsers = Callable[[], PageClient]


def pause(clock: Clock, *, is_paused: bool = True) -> None:
    """The admin's word about the only LMS there is."""
    look_again()
    set_paused(db.session.scalars(select(Registration.id)).one(), is_paused, by="test", now=clock.now)


def test_open_visits_of_a_paused_lms_stop_at_the_next_click(lms: Lms, pages: Browsers, clock: Clock) -> None:
    alice, bob = pages(), pages()
    staff, student = lms.arrive(alice, ALICE), lms.arrive(bob, BOB)
    lms.work()
    board = alice.get(f"{staff}staff/people")

    pause(clock)

    for browser, path in ((alice, staff), (alice, f"{staff}staff/people"), (bob, student)):
        words = browser.get(path, status=403).get_text(" ", strip=True)
        assert "The administrator of this tool has paused" in words
        assert "Nothing that was saved before is lost" in words
        assert "platform-paused" in words
    alice.submit(board, "/staff/people/refresh", {}, status=403)


def test_after_the_pause_everything_goes_on_unless_its_time_is_over(lms: Lms, pages: Browsers, clock: Clock) -> None:
    alice = pages()
    path = lms.arrive(alice, ALICE)

    pause(clock)
    pause(clock, is_paused=False)

    alice.get(f"{path}staff/people")
    clock.advance(hours=8)
    alice.get(f"{path}staff/people", status=401)


def test_an_open_choice_of_content_stops_and_goes_on_too(lms: Lms, pages: Browsers, clock: Clock) -> None:
    alice = pages()
    where = come_from(lms, alice, ALICE, choosing(lms)).location
    page = alice.get(where, follow_redirects=True)

    pause(clock)
    stopped = alice.submit(page, "/new", {"title": "Autumn", "points": "100"}, status=403)
    pause(clock, is_paused=False)
    answer = alice.submit(page, "/new", {"title": "Autumn", "points": "100"})

    assert "has paused" in stopped.get_text()
    assert answer.select("form[data-send]")


def test_another_lms_is_not_stopped(lms: Lms, pages: Browsers, clock: Clock) -> None:
    alice = pages()
    path = lms.arrive(alice, ALICE)
    here = db.session.scalars(select(Registration.id)).one()
    lms.register()  # the same LMS once more, under another client id
    other = db.session.scalars(select(Registration.id).where(Registration.id != here)).one()

    set_paused(other, True, by="test", now=clock.now)

    alice.get(f"{path}staff/people")
