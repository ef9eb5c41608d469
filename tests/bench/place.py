"""Where measurements happen: a temporary folder, both databases, an LMS's key; all gone afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from lti_tool.app import create_app
from lti_tool.store.db import db
from tests.bench.issuer import Issuer
from tests.databases import NAMES, Databases, settings

NAMES_IN_WORDS = dict(zip(NAMES, ("SQLite", "PostgreSQL"), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What every section of the bench is given."""

    folder: Path
    databases: Databases
    issuer: Issuer
    is_quick: bool

    def size(self, whole: int, quick: int) -> int:
        """How many to measure."""
        return quick if self.is_quick else whole

    @contextmanager
    def installation(self, database_url: str) -> Iterator[Flask]:
        """The product on this database, with its context."""
        app = create_app(settings(database_url, self.folder))
        try:
            with app.app_context():
                yield app
                db.session.remove()
                db.engine.dispose()
        finally:
            app.extensions["queue"].close()


@contextmanager
def place(*, is_quick: bool) -> Iterator[Place]:
    """A place that cleans up behind itself."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        os.environ.setdefault("XDG_RUNTIME_DIR", name)  # PostgreSQL's wheel leaves things where this points
        databases = Databases(folder, is_durable=True)
        issuer = Issuer()
        issuer.publish(folder)
        try:
            yield Place(folder=folder, databases=databases, issuer=issuer, is_quick=is_quick)
        finally:
            databases.stop()
