"""How Alembic meets the application's engine. Migrations themselves never import application code."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Our own types by what they are in the database, so that a migration stays readable without our code."""
    if kind == "type" and type(item).__name__ == "Instant":
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """The queue engine makes its own tables and looks after them."""
    return not (kind == "table" and name is not None and name.startswith("huey_"))


def run() -> None:
    """Bring the database to the wanted revision, on the application's own engine."""
    engine = database.engine
    with engine.connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            # SQLite rebuilds a table to change it; foreign keys would fire on the way. It hears this outside of a
            # transaction only, so it is said to the driver.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=is_sqlite,
            compare_type=True,
            render_item=render_item,
            include_name=include_name,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
