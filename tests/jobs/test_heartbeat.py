"""The worker's sign of life: written when it starts and with each sweep, one row for all workers."""

from flask import Flask
from sqlalchemy import select

from lti_tool.jobs.heartbeat import beat
from lti_tool.store.admin import Heartbeat
from lti_tool.store.db import db
from tests.conftest import Clock
from tests.outside import look_again


def test_each_beat_replaces_the_one_before(app: Flask, clock: Clock) -> None:
    beat(app)
    clock.advance(minutes=1)

    beat(app)

    look_again()
    assert [row.at for row in db.session.scalars(select(Heartbeat))] == [clock.now]


def test_the_sweep_beats(app: Flask, clock: Clock) -> None:
    app.extensions["queue"].prepare()
    engine = app.extensions["queue"]._engine
    (sweep,) = [task for task in engine._registry.periodic_tasks if type(task).__name__.endswith("sweep")]

    engine.execute(sweep)

    look_again()
    assert db.session.scalars(select(Heartbeat.at)).one() == clock.now
