"""A real worker process that is told to end: it puts down what it was doing, and nobody waits for its lease."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select

from lti_tool.actions.gradebook import SCORES_KIND, ask_to_send
from lti_tool.lti.gradebook import SCORE_SCOPE
from lti_tool.store.admin import heartbeat_at
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.people import Course, Member, Person
from lti_tool.store.programme import Programme
from tests import make
from tests.databases import settings
from tests.outside import look_again, outbox_rows
from tests.silence import SilentLms, silent_lms

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 300


@pytest.fixture
def lms() -> Iterator[SilentLms]:
    """An LMS that hangs."""
    with silent_lms() as made:
        yield made


@contextmanager
def worker(url: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as an installation starts it."""
    as_tests = settings(url, folder)
    environment = os.environ | {
        "TOOL_URL": as_tests.tool_url,
        "DATABASE_URL": url,
        "SECRET_KEY": as_tests.secret_key,
        "KEY_FOLDER": str(as_tests.key_folder),
        "MAY_BE_LOCAL": "true",
        "LOG_LEVEL": "INFO",
        "PYTHONPATH": str(ROOT),
    }
    with (
        (folder / "worker.log").open("wb") as words,
        subprocess.Popen(
            [sys.executable, "-m", "lti_tool", "worker", "--threads", "2"],
            cwd=folder,
            env=environment,
            stdout=words,
            stderr=words,
        ) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


def waiting_scores(lms: SilentLms, count: int) -> None:
    """So many scores wait for an LMS."""
    at, now = make.setting(issuer=lms.url), datetime.now(UTC)
    with transaction() as session:
        session.get_one(Course, at.course_id).gradebook_scopes = [SCORE_SCOPE]
        column = {"state": "ready", "line_item_url": f"{lms.url}/column", "maximum": 100}
        session.add(Column(programme_id=at.programme_id, **column))
        named = [{"registration_id": at.registration_id, "subject": f"user-{number}"} for number in range(count)]
        session.execute(insert(Person), named)
        people = session.scalars(select(Person.id)).all()
        member = {"course_id": at.course_id, "role": "student"}
        session.execute(insert(Member), [member | {"person_id": one} for one in people])
        score = {"programme_id": at.programme_id, "points": 50, "state": "waiting", "changed_at": now}
        session.execute(insert(Score), [score | {"person_id": one} for one in people])
        ask_to_send(session.get_one(Programme, at.programme_id), now=now)


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it comes true before patience ends."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def has_beaten() -> bool:
    """Whether a worker has said that it is alive."""
    look_again()
    return heartbeat_at("worker") is not None


def the_row() -> OutboxRow:
    """The only piece of work there is."""
    (row,) = outbox_rows(SCORES_KIND)
    return row


def test_a_worker_that_is_told_to_end_leaves_nothing_leased(
    app: Flask, database_url: str, lms: SilentLms, tmp_path: Path
) -> None:
    waiting_scores(lms, 20)

    with worker(database_url, tmp_path) as process:
        assert lms.called.wait(PATIENCE_SECONDS), (tmp_path / "worker.log").read_text()
        held = the_row().state
        process.send_signal(signal.SIGTERM)
        status = process.wait(PATIENCE_SECONDS)

    look_again()
    row = the_row()
    assert (held, status) == ("running", 0), (tmp_path / "worker.log").read_text()
    assert (row.state, row.lease) == ("waiting", None)  # long before its lease would have ended
    assert db.session.scalar(select(Score.state).limit(1)) == "waiting"


def test_a_worker_with_nothing_to_do_ends_at_once(app: Flask, database_url: str, tmp_path: Path) -> None:
    with worker(database_url, tmp_path) as process:
        log = tmp_path / "worker.log"
        assert eventually(has_beaten), log.read_text()
        process.send_signal(signal.SIGTERM)

        assert process.wait(PATIENCE_SECONDS) == 0, log.read_text()
