"""From an empty database to the newest tables, which are the models'; and one step down and up again."""

import re
from pathlib import Path

from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text

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


def test_rows_of_two_institutions_with_equal_ids_survive_a_way_back(database_url: str, tmp_path: Path) -> None:
    app = create_app(settings(database_url, tmp_path))

    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "insert into registration (id, issuer, client_id, name, family, auth_login_url, auth_token_url,"
                    " jwks_url, is_paused, accepts_new_deployments, created_at, checks) values (1, 'https://i', 'c',"
                    " 'n', '', 'u', 'u', 'u', false, true, '2026-09-14 12:00:00', '[]')"
                )
            )
            for number, tenant in enumerate(("", "north-1", "south-1"), 1):
                connection.execute(
                    text(
                        "insert into person (id, registration_id, tenant, subject, name, given_name, family_name,"
                        " email, locale, time_zone, is_test_user) values"
                        " (:number, 1, :tenant, 'bob', 'Bob', '', '', '', '', '', false)"
                    ),
                    {"number": number, "tenant": tenant},
                )
        downgrade(revision="0003")
        with db.engine.connect() as connection:
            before = list(connection.execute(text("select subject from person order by id")).scalars())
        upgrade()
        with db.engine.connect() as connection:
            after = [tuple(row) for row in connection.execute(text("select subject, tenant from person order by id"))]
        check()
        db.engine.dispose()

    assert before == ["bob", "north-1:bob", "south-1:bob"]
    assert after == [("bob", ""), ("north-1:bob", ""), ("south-1:bob", "")]


def test_migrations_import_no_application_code() -> None:
    for file in (folder("migrations") / "versions").glob("*.py"):
        assert not re.search(r"^\s*(from|import) lti_tool", file.read_text(), re.MULTILINE), file.name
