"""An LMS for the tests of actions: registered, with its people, nobody has come yet."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.actions.world import Pair, pair_at_work
from tests.conftest import Clock
from tests.outside import ALICE, BOB, Lms, running_lms
from tests.pages import PageClient


@pytest.fixture
def lms(app: Flask, clock: Clock) -> Iterator[Lms]:
    """Northfield College, which knows the tool."""
    with running_lms(app, clock) as northfield:
        northfield.register()
        yield northfield


@pytest.fixture
def graded(lms: Lms, clock: Clock, pages: Callable[[], PageClient]) -> Pair:
    """The column is there, and so is Bob's first score of 25; some time has passed."""
    lms.arrive(pages(), ALICE)
    lms.work()
    pair = pair_at_work(lms, clock)
    pair.check_in(BOB, 1)
    lms.work()
    clock.advance(minutes=2)
    return pair
