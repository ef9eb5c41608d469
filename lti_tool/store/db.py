"""The engine, how times and names are stored, and `transaction`: the only commit in the product."""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Table,
    bindparam,
    event,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")
R = TypeVar("R")

# How a programme or an enrolment is locked: one after the other, while others may write rows that point to it. (With
# PostgreSQL's stronger lock, who has locked a person and notes something about the programme, and who has locked the
# programme and counts its people, would wait for each other.)
HELD = {"key_share": True}
WAKE = "wake_worker"  # the key in app.extensions: called after a commit that wrote to the outbox


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive one is refused.

    Source: SQLite keeps no zone, PostgreSQL's timestamptz does.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC; without its zone where the database keeps none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # the signature is SQLAlchemy's
        """The stored moment, aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Row(DeclarativeBase):
    """What all rows share: one naming convention and two types."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012  # SQLAlchemy's own name


db = SQLAlchemy(metadata=Row.metadata, session_options={"expire_on_commit": False})


def attach(app: Flask) -> None:
    """Give `app` its database; on SQLite in WAL mode with foreign keys checked."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below decides how a transaction starts
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        # A write transaction takes its lock at once: one that read first could not wait for another writer.
        options = connection.get_execution_options()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def insert_into(table: type[Row]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this database's own kind, which knows what to do on a conflict."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


def table_of(row: type[Row]) -> Table:
    """The row's table, for statements that want plain columns: they cost a third of what rows cost."""
    return cast(Table, row.__table__)


def finder(table: type[R], *columns: str) -> Callable[..., R | None]:
    """A look-up by these columns, prepared once: building a statement costs more than running it."""
    query = select(table).where(*(getattr(table, name) == bindparam(name) for name in columns))

    def find(*values: object) -> R | None:
        return db.session.scalar(query, dict(zip(columns, values, strict=True)))

    return find


def one_of(column: Any, numbers: Collection[int]) -> ColumnElement[bool]:
    """Which rows have one of these numbers, which may be thousands: they stand in the statement itself, since a
    parameter for each costs psycopg more than the whole query."""
    named = bindparam("numbers", sorted(numbers), type_=Integer, expanding=True, literal_execute=True, unique=True)
    found: ColumnElement[bool] = column.in_(named)
    return found


def carried(function: Callable[[T], R]) -> Callable[[T], R]:
    """The function as a thread of its own may call it: with the application, and a session of that thread."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # Flask's documented way to pass the application on

    def run(argument: T) -> R:
        with app.app_context():
            return function(argument)

    return run


@contextmanager
def transaction() -> Iterator[Session]:
    """All or nothing: what is written inside is committed at the end, or not at all.

    What was read before is read again inside; whoever waits for the outbox is woken after the commit.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        raise RuntimeError("a transaction is open already: one action is one transaction")
    if session.info.get("is_rehearsal"):
        yield session
        session.flush()
        return
    session.rollback()
    session.expire_all()  # a rollback forgets nothing where none was begun since the last commit
    session.info["in_transaction"] = True
    try:
        session.connection(execution_options={"writes": True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop("wake", None)
        raise
    finally:
        session.info.pop("in_transaction", None)
    if session.info.pop("wake", False):
        wake: Callable[[], None] | None = current_app.extensions.get(WAKE)
        if wake is not None:
            wake()


@contextmanager
def rehearsal() -> Iterator[Session]:
    """Everything may be written inside, also by actions, and nothing of it stays or reaches a worker."""
    session = db.session()
    session.rollback()
    session.expire_all()
    session.info["is_rehearsal"] = True
    try:
        session.connection(execution_options={"writes": True})
        yield session
    finally:
        session.rollback()
        session.info.pop("is_rehearsal", None)
        session.info.pop("wake", None)
