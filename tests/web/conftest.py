"""An LMS for the tests of pages: registered, with its people, nobody has come yet."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests import make
from tests.conftest import Clock
from tests.outside import Lms, running_lms
from tests.web.course import Browsers, Course, course


@pytest.fixture
def lms(app: Flask, clock: Clock) -> Iterator[Lms]:
    """Northfield College, which knows the tool."""
    with running_lms(app, clock) as northfield:
        northfield.register()
        yield northfield


@pytest.fixture
def practicum(pages: Browsers, clock: Clock) -> Course:
    """A practicum in which Bob mentors Dana."""
    until = clock.now.replace(year=2027)
    made = course(pages, until, asks_application=False, asks_training=False, participation="practicum")
    make.pair(made.at, made.bob_enrolment, made.dana_enrolment, by=made.alice.person_id)
    return made
