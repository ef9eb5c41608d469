"""A check-in that was sent before, in reserve or with another partner, is asked nowhere again, and its link says so."""

import pytest
from flask import Flask

from lti_tool.store.matching import Pair
from tests import make
from tests.conftest import Clock
from tests.pages import words
from tests.web.reserve import ANSWERS, FIRST, Browsers, Reserve


@pytest.fixture
def reserve(app: Flask, clock: Clock, pages: Browsers) -> Reserve:
    return Reserve(pages, clock)


def test_what_was_sent_in_reserve_is_asked_nowhere_again_once_there_is_a_partner(reserve: Reserve) -> None:
    reserve.fay.submit(FIRST, "/standby/1", ANSWERS)
    pair = reserve.match()

    places = [str(one["href"]) for one in reserve.fay.open("participation/").select(".card-next a, details a")]
    reserve.fay.open(f"pairs/{pair}/check-ins/1", status=404)
    reserve.fay.open("check-ins/1", status=303)
    placed = words(reserve.fay.pages.follow())

    assert not any("/check-ins/1" in one for one in places)
    assert "It stays counted." in placed


def test_a_placed_check_in_that_was_sent_in_a_pair_before_says_that_it_stays_counted(reserve: Reserve) -> None:
    dana = reserve.course.dana
    dana.submit(f"pairs/{reserve.pair}/check-ins/1", "/check-ins/1", {"going": "4"})
    ended_at = reserve.clock.advance(days=1)
    reserve.change(Pair, reserve.pair, state="ended", ended_at=ended_at, end_reason="rematch")
    alone = words(dana.open("check-ins/1"))
    pair = make.pair(
        reserve.at, reserve.fay_enrolment, reserve.course.dana_enrolment, by=reserve.course.alice.person_id
    )
    reserve.change(Pair, pair, published_at=reserve.clock.advance(days=1))
    again = words(dana.open("check-ins/1"))

    assert "You have sent this check-in" in alone
    assert "You have sent this check-in" in again
    assert "partner yet" not in again
