"""An LMS for the tests of pages: registered, with its people, nobody has come yet."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.outside import Lms, running_lms


@pytest.fixture
def lms(app: Flask, clock: Clock) -> Iterator[Lms]:
    """Northfield College, which knows the tool."""
    with running_lms(app, clock) as northfield:
        northfield.register()
        yield northfield
