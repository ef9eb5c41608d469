"""What was given up is visible to the admin and the command line, and is done after all when somebody asks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.burials import try_all_again
from lti_tool.actions.gradebook import SCORES_KIND, ask_to_send
from lti_tool.actions.roster import KIND as ROSTER_KIND
from lti_tool.actions.roster import ask_for_roster
from lti_tool.cli import bench, main
from lti_tool.jobs import handlers
from lti_tool.jobs.handlers import work_off
from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.store import outbox
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.people import Course
from lti_tool.store.programme import AuditEntry, Programme
from tests import make
from tests.conftest import NOON, Clock
from tests.outside import look_again, outbox_rows
from tests.pages import PageClient
from tests.web.admins import signed_in

KIND = "errand"


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A kind of work that is refused as long as nothing stands in this list."""
    said: list[str] = []

    def run(_row: object, _edge: object) -> None:
        if not said:
            raise PlatformRefused(ServiceFault.FORBIDDEN, status=403)

    for kind in (KIND, ROSTER_KIND, SCORES_KIND):
        monkeypatch.setitem(handlers.HANDLERS, kind, run)
    return said


@pytest.fixture
def commands(database_url: str, app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., int]:
    """The command line of the application under test."""
    for name in ("CONFIG_FILE", "KEY_STORE", "KEY_SECRETS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TOOL_URL", "https://mentoring.example.edu")
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.setenv("KEY_FOLDER", str(tmp_path / "keys"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    return lambda *words: main(["outbox", *words])


def lost(app: Flask, clock: Clock) -> make.Setting:
    """A course whose roster and whose points were given up, and an errand besides."""
    at = make.setting()
    bob = make.person(at, "Bob Birchwood")
    with transaction() as session:
        course, programme = session.get_one(Course, at.course_id), session.get_one(Programme, at.programme_id)
        column = {"state": "ready", "line_item_url": "https://lms.example/column", "maximum": 100}
        session.add(Column(programme_id=at.programme_id, **column))
        score = {"points": 10, "state": "waiting", "changed_at": clock.now}
        session.add(Score(programme_id=at.programme_id, person_id=bob, **score))
        ask_for_roster(course, only_if_stale=False, now=clock.now)
        ask_to_send(programme, now=clock.now)
        lane = outbox.lms_lane(at.registration_id)
        wanted = {"kind": KIND, "key": "1", "lane": lane, "registration_id": at.registration_id, "payload": {"a": 1}}
        outbox.enqueue(**wanted, now=clock.now)
    work_off(app)
    return at


def test_everything_that_was_given_up_is_done_after_all(app: Flask, clock: Clock, refusing: list[str]) -> None:
    at = lost(app, clock)
    refusing.append("now it works")

    count = try_all_again(by="admin", now=clock.now)
    tried = work_off(app)

    assert (count, tried) == (3, 3)
    look_again()
    assert db.session.scalars(select(Score.state)).all() == ["waiting"]  # not refused any more
    assert db.session.get_one(Course, at.course_id).roster_state == "waiting"
    assert [row.payload for row in outbox_rows(KIND)] == [{"a": 1}, {"a": 1}]
    for kind in (KIND, ROSTER_KIND, SCORES_KIND):
        assert [row.state for row in outbox_rows(kind)] == ["done", "done"]
    said = db.session.scalars(select(AuditEntry.after).filter_by(what="outbox.retry")).all()
    assert sorted(one["kind"] for one in said) == sorted((KIND, ROSTER_KIND, SCORES_KIND))


def test_the_admin_sees_it_and_tries_it_again(
    app: Flask, clock: Clock, refusing: list[str], pages: Callable[[], PageClient]
) -> None:
    lost(app, clock)
    browser = signed_in(pages, clock)
    number = outbox_rows(SCORES_KIND)[0].id

    words = browser.get("/admin/health/").get_text(" ", strip=True)
    browser.submit(browser.get("/admin/health/"), f"/health/work/{number}", {}, status=303)
    after = browser.follow().get_text(" ", strip=True)
    refusing.append("now it works")
    browser.submit(browser.get("/admin/health/"), "/health/work", {}, status=303)
    done = browser.follow().get_text(" ", strip=True)
    work_off(app)

    assert "Given up" in words
    assert words.count("forbidden (HTTP 403)") == 3
    assert "It is tried again" in after
    assert "Waits to be done: Points" in after
    assert "2 pieces of work are tried again" in done
    assert "Given up" not in browser.get("/admin/health/").get_text(" ", strip=True)


def test_the_command_line_lists_it_and_tries_it_again(
    app: Flask, clock: Clock, refusing: list[str], commands: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    lost(app, clock)
    number = outbox_rows(KIND)[0].id

    listed, one, none, rest = (
        commands("list"),
        commands("retry", str(number)),
        commands("retry", "4711"),
        commands("retry", "--all"),
    )

    said = capsys.readouterr()
    assert (listed, one, none, rest) == (0, 0, 1, 0)
    assert f"{KIND}\tburied\t1" in said.out
    assert f"{number}\t{KIND}\t" in said.out
    assert "forbidden (HTTP 403)" in said.out
    assert "2 pieces of work are tried again" in said.out
    assert "Nothing of number 4711" in said.err
    refusing.append("now it works")
    clock.now = max(NOON, *(row.next_at for kind in (KIND, ROSTER_KIND, SCORES_KIND) for row in outbox_rows(kind)))
    assert work_off(app) == 3


def test_the_measurements_need_a_source_checkout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Options:
        what, quick, only, json = "faults", True, (), None

    assert bench.run(Options, checkout=tmp_path) == 1  # type: ignore[arg-type]  # a namespace is anything with these names
    assert "source checkout" in capsys.readouterr().err
