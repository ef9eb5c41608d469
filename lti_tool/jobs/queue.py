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

from lti_tool.jobs.crew import Crew
from lti_tool.jobs.handlers import CREW, work_off
from lti_tool.jobs.heartbeat import beat
from lti_tool.jobs.schedule import (
    climb_ladders,
    count_points,
    follow_calendar,
    look_after_all_pairs,
    read_gradebooks_back,
    tidy,
)

GRACE_SECONDS = 15  # for what is under way when the process is told to end

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
        self._app = app
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

        @self._engine.periodic_task(crontab(minute="3-59/10"))  # type: ignore[untyped-decorator]  # Huey has no types
        def points() -> None:
            count_points(app)

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

    def wake_in(self, seconds: float) -> None:
        """Have a worker look again after a while; failing here costs a minute, as above."""
        try:
            self._look.schedule(delay=seconds + 0.1)
        except Exception as fault:  # noqa: BLE001  # as above
            log.warning("queue.not_woken", fault=type(fault).__name__)

    def close(self) -> None:
        """Let go of the engine's connection."""
        self._engine.storage.close()

    def run(self, workers: int) -> None:
        """Be a worker process with this many threads, until a signal ends it.

        On SIGTERM the threads finish what they do or put it down; what is still held after a while is handed back.
        """
        consumer = Consumer(
            self._engine,
            workers=workers,
            initial_delay=0.05,
            max_delay=0.5,
            check_worker_health=True,
            graceful_signal="TERM",
            shutdown_timeout=GRACE_SECONDS,
        )
        crew = self._app.extensions[CREW] = Crew(workers, consumer.stop_flag)
        consumer.run()
        with self._app.app_context():
            handed_back = crew.hand_back(now=self._app.extensions["edge"].clock())
        log.info("worker.ended", handed_back=handed_back)
