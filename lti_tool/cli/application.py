"""What every command needs: the settings, and the application for as long as it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lti_tool import settings as configuration
from lti_tool.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

BY = "command line"  # as the audit record says it


def load() -> Settings:
    """The settings of this installation, as the environment and a file named `.env` say."""
    return configuration.load(Path(".env"))


@contextmanager
def application(settings: Settings) -> Iterator["Flask"]:
    """The application for one command, which leaves no connection open."""
    from lti_tool.app import create_app  # noqa: PLC0415  # other commands start without the web application
    from lti_tool.store.db import db  # noqa: PLC0415  # other commands start without the database

    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    app.extensions["queue"].close()
