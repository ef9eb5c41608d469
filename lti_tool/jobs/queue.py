"""The engine: Huey on SQLite beside a SQLite database, on PostgreSQL inside a PostgreSQL one.

A task carries nothing: losing one costs a minute, since the sweep finds what is due.
"""

from pathlib import Path

import structlog
from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from sqlalchemy.engine import make_url

from lti_tool.jobs.handlers import work_off
from lti_tool.jobs.heartbeat import beat
from lti_tool.jobs.schedule import climb_ladders, follow_calendar, look_after_all_pairs, read_gradebooks_back, tidy

log = structlog.get_logger()


def engine_for(database_url: str, secret: str) -> Huey:
    """The queue that belongs to this database; what is in it is signed, so that nobody else's task is ever run."""
    signed = SignedSerializer(secret=secret, salt="peer-mentoring-queue")
    url = make_url(database_url)
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey("peer-mentoring", dsn=dsn, results=False, serializer=signed, create_tables=False)
    file = Path(url.database or "peer-mentoring.db")
    return SqliteHuey(
        "peer-mentoring",
        filename=str(file.with_suffix(".queue.db")),
        results=False,
        serializer=signed,
        create_tables=False,
    )


class Queue:
    """Wakes workers, and is what a worker runs."""

    def __init__(self, app: Flask, *, database_url: str, secret: str) -> None:
        self._engine = engine_for(database_url, secret)

        @self._engine.task()  # type: ignore[untyped-decorator]  # Huey has no types
        def look_at_the_outbox() -> None:
            work_off(app)

        self._look = look_at_the_outbox

        @self._engine.periodic_task(crontab(minute="*"))  # type: ignore[untyped-decorator]  # Huey has no types
        def sweep() -> None:
            beat(app)
            work_off(app)

        @self._engine.periodic_task(crontab(minute="*/10"))  # type: ignore[untyped-decorator]  # Huey has no types
        def calendar() -> None:
            follow_calendar(app)

        @self._engine.periodic_task(crontab(minute="3-59/10"))  # type: ignore[untyped-decorator]  # Huey has no types
        def nights() -> None:
            read_gradebooks_back(app)

        @self._engine.periodic_task(crontab(minute="7,37"))  # type: ignore[untyped-decorator]  # Huey has no types
        def ladders() -> None:
            climb_ladders(app)

        @self._engine.periodic_task(crontab(minute="17"))  # type: ignore[untyped-decorator]  # Huey has no types
        def hourly() -> None:
            tidy(app)

        @self._engine.periodic_task(crontab(minute="37"))  # type: ignore[untyped-decorator]  # Huey has no types
        def pairs() -> None:
            look_after_all_pairs(app)

        @self._engine.on_startup()  # type: ignore[untyped-decorator]  # Huey has no types
        def start() -> None:
            beat(app)
            work_off(app)

    def prepare(self) -> None:
        """Make the engine's own tables, where there are none."""
        self._engine.storage.initialize_schema()

    def wake(self) -> None:
        """Have a worker look at the outbox now; what was decided is committed, so failing here costs a minute."""
        try:
            self._look()
        except Exception as fault:  # noqa: BLE001  # whatever keeps the engine from being woken, the sweep finds the row
            log.warning("queue.not_woken", fault=type(fault).__name__)

    def close(self) -> None:
        """Let go of the engine's connection."""
        self._engine.storage.close()

    def consumer(self, workers: int) -> Consumer:
        """A worker process with this many threads."""
        return Consumer(self._engine, workers=workers, initial_delay=0.05, max_delay=0.5, check_worker_health=True)
