"""Who writes about one person and who counts everybody wait for each other one after the other, never at once."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, text

from lti_tool.actions import audit
from lti_tool.actions.gradebook import try_again
from lti_tool.actions.programme import save_settings
from lti_tool.actions.release_for_many import release_people
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score
from lti_tool.store.programme import AuditEntry, Programme, settings_of
from tests import make
from tests.conftest import Clock

PATIENCE_SECONDS = 30
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def wait_for_a_lock() -> None:
    """Until somebody in this database waits for a lock."""
    over = time.monotonic() + PATIENCE_SECONDS
    while True:
        with db.engine.connect() as connection:
            if connection.scalar(text(_WAITING)):
                return
        assert time.monotonic() < over, "nobody waits for a lock"
        time.sleep(0.01)


def beside(app: Flask, do: Callable[[], object]) -> tuple[threading.Thread, list[Exception]]:
    """Somebody else who is about to do this, and what keeps them from it."""
    faults: list[Exception] = []

    def run() -> None:
        with app.app_context():
            try:
                do()
            except Exception as fault:  # noqa: BLE001  # whatever it is, the test shows it
                faults.append(fault)

    return threading.Thread(target=run), faults


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_noted_about_somebody_while_points_are_released_is_kept(app: Flask, clock: Clock) -> None:
    at = make.setting()
    dana = make.enrolment(at, make.person(at, "Dana Dewdrop"), role="mentee")
    other, faults = beside(app, lambda: release_people(at.programme_id, [dana], by=None, now=clock.now))
    with transaction() as session:
        session.get_one(Enrolment, dana, with_for_update=HELD)
        other.start()
        wait_for_a_lock()
        audit.record("excuses.ask", now=clock.now, by=None, programme_id=at.programme_id, after={})
        session.flush()
    other.join(PATIENCE_SECONDS)

    assert not faults
    assert db.session.query(AuditEntry).filter_by(what="excuses.ask").count() == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_somebodys_points_are_counted_while_staff_change_the_programmes_points(app: Flask, clock: Clock) -> None:
    at = make.setting()
    person = make.person(at, "Dana Dewdrop")
    dana = make.enrolment(at, person, role="mentee")
    make.score(at, person)

    def change() -> None:
        settings = replace(settings_of(db.session.get_one(Programme, at.programme_id)), points=50)
        save_settings(at.programme_id, settings, by=person, now=clock.now)

    other, faults = beside(app, change)
    with transaction() as session:
        session.get_one(Enrolment, dana, with_for_update=HELD)
        other.start()
        wait_for_a_lock()
        session.scalars(select(Score).with_for_update()).all()
    other.join(PATIENCE_SECONDS)

    assert not faults
    assert db.session.scalars(select(Score.points)).all() == [37.5]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_scores_are_tried_again_while_a_worker_writes_down_what_became_of_them(app: Flask, clock: Clock) -> None:
    at = make.setting()
    first, second = (make.score(at, make.person(at, name), state="held") for name in ("Bob", "Dana"))
    with transaction() as session:
        session.get_one(Score, first).state = "refused"  # it lies behind the second one now

    other, faults = beside(app, lambda: try_again(at.programme_id, now=clock.now))
    with transaction() as session:
        session.get_one(Score, first, with_for_update=True)
        other.start()
        wait_for_a_lock()
        session.get_one(Score, second, with_for_update=True)
    other.join(PATIENCE_SECONDS)

    assert not faults
