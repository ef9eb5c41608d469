"""Pairs proposed before there were scenarios are still there afterwards, and on the way back."""

from pathlib import Path

from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from lti_tool.app import create_app
from lti_tool.store.db import db
from lti_tool.store.matching import Pair, Scenario
from tests import make
from tests.databases import settings


def test_what_was_proposed_before_is_its_proposals_only_scenario(database_url: str, tmp_path: Path) -> None:
    app = create_app(settings(database_url, tmp_path))

    with app.app_context():
        at = make.setting()
        alice = make.person(at, "Alice Ashford", role="instructor")
        bob, dana = (
            make.enrolment(at, make.person(at, name), role=role)
            for name, role in (("Bob Birchwood", "mentor"), ("Dana Dewdrop", "mentee"))
        )
        make.pair(at, bob, dana, by=alice)
        db.session.remove()
        downgrade(revision="0004")
        with db.engine.connect() as connection:
            before = connection.execute(text("select count(*) from pair")).scalar()
        upgrade()
        pair = db.session.scalars(select(Pair)).one()
        scenario = db.session.scalars(select(Scenario)).one()
        db.session.remove()
        db.engine.dispose()

    assert before == 1
    assert (pair.scenario_id, scenario.is_published, scenario.objective) == (scenario.id, True, "fair")
    assert (pair.is_locked, pair.broken_rules, scenario.changes) == (False, [], {})
