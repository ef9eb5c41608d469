"""From an empty database to the newest tables, which are the models'; and one step down and up again."""

import re
from pathlib import Path

from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from lti_tool.app import create_app
from lti_tool.settings import folder
from lti_tool.store.db import db
from tests.databases import settings


def test_the_newest_tables_are_the_models(database_url: str, tmp_path: Path) -> None:
    app = create_app(settings(database_url, tmp_path))

    with app.app_context():
        check()  # exits when the models differ
        assert {name for name in inspect(db.engine).get_table_names() if not name.startswith("huey_")} == {
            *db.metadata.tables,
            "alembic_version",
        }
        db.engine.dispose()


def test_one_step_down_and_up_again_works(database_url: str, tmp_path: Path) -> None:
    app = create_app(settings(database_url, tmp_path))

    with app.app_context():
        downgrade()
        upgrade()
        check()
        assert "enrolment" in inspect(db.engine).get_table_names()
        db.engine.dispose()


def test_migrations_import_no_application_code() -> None:
    for file in (folder("migrations") / "versions").glob("*.py"):
        assert not re.search(r"^\s*(from|import) lti_tool", file.read_text(), re.MULTILINE), file.name
