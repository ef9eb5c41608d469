"""An LMS that is attacked from, or through: registered, with its people, nobody has come yet."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.lti.outside import Outside
from tests.outside import Lms, running_lms


@pytest.fixture
def lms(app: Flask, clock: Clock) -> Iterator[Lms]:
    """Northfield College, which knows the tool."""
    with running_lms(app, clock) as northfield:
        northfield.register()
        yield northfield


@pytest.fixture
def evil() -> Iterator[Outside]:
    """A server of the attacker's, which remembers what it was asked."""
    outside = Outside()
    yield outside
    outside.close()
