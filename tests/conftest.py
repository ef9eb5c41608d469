"""What tests share: an application on a fresh database with a clock that stands still."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings as examples

from lti_tool.app import create_app
from lti_tool.store.db import db
from tests.databases import NAMES, Databases, settings
from tests.kept import keep
from tests.pages import PageClient

# The same examples every time, so that what is green stays green; HYPOTHESIS_PROFILE=search looks for new ones.
examples.register_profile("same", derandomize=True)
examples.register_profile("search", derandomize=False)
examples.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

keep()

NOON = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)  # a Monday in term


class Clock:
    """A clock that goes on only when a test says so."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Both databases of this test process."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.stop()


@pytest.fixture(params=NAMES)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """A database with all tables and no rows: each test runs on SQLite and on PostgreSQL."""
    with databases.fresh(request.param) as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    """The test's clock."""
    return Clock()


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signing keys for all tests of this process: making one takes longer than most tests."""
    return tmp_path_factory.mktemp("keys")


@pytest.fixture
def app(database_url: str, clock: Clock, key_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """The whole application, with its context."""
    made = create_app(settings(database_url, tmp_path, key_folder=key_folder), clock=clock)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
    made.extensions["queue"].close()


@pytest.fixture
def pages(app: Flask) -> Callable[[], PageClient]:
    """Browsers without JavaScript that check every page they see."""
    return lambda: PageClient(app)
