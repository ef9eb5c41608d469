"""The whole road from evidence to gradebook under fire: workers killed, the database restarted, an LMS that fails.

People check in through the product's own action, workers are the product's own processes, a teacher grades meanwhile,
and people launch with each new key of the LMS. At the end every cell must be the ledger's or the teacher's, and no post
may have said what it should not.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import requests
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from lti_tool.actions.gradebook import try_again
from lti_tool.actions.workspace import check_in
from lti_tool.app import create_app
from lti_tool.store.db import carried, db
from lti_tool.store.gradebook import Score
from lti_tool.store.outbox import OutboxRow
from tests.databases import Databases, settings
from tests.faults.launching import launch
from tests.faults.people import LMSS, People, settle
from tests.faults.reckoning import BY_TEACHER, Outcome, reckon

ROOT = Path(__file__).resolve().parent.parent.parent
CHANGES = 3  # check-ins of each person
HASTY = 10  # one person in so many
A_MOMENT_SECONDS = 0.4
LMS_RESTARTS_EVERY = 7  # kills of a worker
LEASE_SECONDS = 5  # a worker that has no processor for so long would lose its lane while it is sending
WRITERS = 2
# What comes true by itself is waited for as long as the slowest machine may take; it ends as soon as it is there.
PATIENCE_SECONDS = 900
POST_SECONDS = 60
ANSWER_SECONDS = 60
LONGEST_WITH_AN_OLD_KEY = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How hard it is to be."""

    database: str  # sqlite or postgresql
    people: int
    workers: int
    kills: int
    restarts: int  # of PostgreSQL
    rate: float  # of requests that fail
    seed: int


@dataclass(slots=True)
class Scene:
    """One installation with its LMS, its people and its workers."""

    plan: Plan
    app: Flask
    databases: Databases
    lms: str
    environment: dict[str, str]
    people: People
    chance: random.Random
    launched: Counter[bool] = field(
        default_factory=Counter
    )  # launches with a new key of the LMS, by whether it was known
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0

    def start_worker(self) -> None:
        """One more worker process, as an installation starts it."""
        command = [sys.executable, "-m", "lti_tool", "worker", "--threads", "2"]
        log = Path(self.environment["KEY_FOLDER"]).parent / "workers.log"
        with log.open("ab") as words:
            self.workers.append(subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=words, stderr=words))

    def kill_worker(self) -> None:
        """Kill one without warning, and start another in its place."""
        victim = self.workers.pop(self.chance.randrange(len(self.workers)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.kills += 1
        self.start_worker()


def run(plan: Plan, databases: Databases, folder: Path, say: Callable[[str], None]) -> Outcome:
    """Everything at once until everybody has checked in and enough was killed; then calm, and the reckoning."""
    with _scene(plan, databases, folder) as scene:
        began = time.monotonic()
        _under_fire(scene)
        under_fire = time.monotonic() - began
        say(f"{plan.database}: {under_fire:.0f} s under fire, {scene.kills} workers killed; now it is calm")
        requests.get(f"{scene.lms}/calm", timeout=ANSWER_SECONDS)
        waited = _until_quiet(scene)
        outcome = reckon(scene.lms, plan.people)
        outcome.wrong += _refused_launches(scene)
    outcome.figures |= {
        "launches with a new key": f"{scene.launched[True]} taken at once, {scene.launched[False]} had to come again",
        "workers killed": scene.kills,
        "PostgreSQL restarted": plan.restarts,
        "seconds under fire": round(under_fire),
        "seconds until quiet": round(waited),
    }
    return outcome


@contextmanager
def _scene(plan: Plan, databases: Databases, folder: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        url = stack.enter_context(databases.fresh(plan.database))
        lms = stack.enter_context(_failing_lms(plan))
        app = create_app(settings(url, folder))
        stack.callback(app.extensions["queue"].close)
        stack.enter_context(app.app_context())
        stack.callback(db.engine.dispose)
        stack.callback(db.session.remove)
        scene = Scene(
            plan=plan,
            app=app,
            databases=databases,
            lms=lms,
            environment=_environment(url, folder),
            people=settle(lms, plan.people, check_ins=CHANGES),
            chance=random.Random(plan.seed),  # noqa: S311  # which worker is killed when, no secret
        )
        stack.callback(lambda: [one.kill() for one in scene.workers] and [one.wait() for one in scene.workers])
        for _ in range(plan.workers):
            scene.start_worker()
        yield scene


@contextmanager
def _failing_lms(plan: Plan) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.faults.lms", "--seed", str(plan.seed), "--rate", str(plan.rate)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin
        assert program.stdout
        try:
            yield f"http://127.0.0.1:{int(program.stdout.readline())}"
        finally:
            program.stdin.close()


def _environment(url: str, folder: Path) -> dict[str, str]:
    as_tests = settings(url, folder)
    return os.environ | {
        "TOOL_URL": as_tests.tool_url,
        "DATABASE_URL": url,
        "SECRET_KEY": as_tests.secret_key,
        "KEY_FOLDER": str(as_tests.key_folder),
        "MAY_BE_LOCAL": "true",
        "LOG_LEVEL": "ERROR",
        "LEASE_SECONDS": str(LEASE_SECONDS),
        "PYTHONPATH": str(ROOT),
    }


def _under_fire(scene: Scene) -> None:
    """Round after round: people check in, scores begin to arrive, and a worker dies in the middle of it."""
    due = _in_order(scene.people.parts)
    over = threading.Event()
    teacher = threading.Thread(target=_grade_meanwhile, args=(scene, over))
    teacher.start()
    kills = scene.plan.kills
    restarts = set(scene.chance.sample(range(1, kills + 1), scene.plan.restarts))
    for number in range(1, kills + 1):
        writers = _check_in_meanwhile(due[len(due) * (number - 1) // kills : len(due) * number // kills])
        _wait_for_posts(scene)
        time.sleep(scene.chance.uniform(0, 1))
        scene.kill_worker()
        if number in restarts:
            scene.databases.restart()
        if number % min(LMS_RESTARTS_EVERY, max(1, kills // 2)) == 0:
            requests.get(f"{scene.lms}/restart", timeout=ANSWER_SECONDS)
            scene.launched[launch(scene.app, f"{scene.lms}/{number % LMSS}", number)] += 1
        for writer in writers:
            writer.join()
    over.set()
    teacher.join()


def _in_order(parts: tuple[tuple[int, int], ...]) -> list[tuple[tuple[int, int], int]]:
    """Everybody's first check-in, then everybody's second, and so on; a few hasty people send all of theirs in a row,
    so that several values of one cell meet within a second."""
    numbers = range(1, CHANGES + 1)
    calm = [(part, number) for number in numbers for place, part in enumerate(parts) if place % HASTY]
    hasty = [[(part, number) for number in numbers] for part in parts[::HASTY]]
    step = max(1, len(calm) // max(1, len(hasty)))
    return [
        one for place, theirs in enumerate(hasty) for one in (*calm[place * step : (place + 1) * step], *theirs)
    ] + (calm[len(hasty) * step :])


def _wait_for_posts(scene: Scene) -> None:
    """Until one more score reached the LMS, whatever became of it; where all have been sent there will be none."""
    before, end = _posts(scene), time.monotonic() + POST_SECONDS
    while _posts(scene) == before and time.monotonic() < end:
        time.sleep(0.05)


def _posts(scene: Scene) -> int:
    return int(requests.get(f"{scene.lms}/posts", timeout=ANSWER_SECONDS).json())


def _check_in_meanwhile(due: list[tuple[tuple[int, int], int]]) -> list[threading.Thread]:
    write = carried(_check_in_all)
    writers = [threading.Thread(target=write, args=(due[part::WRITERS],)) for part in range(WRITERS)]
    for writer in writers:
        writer.start()
    return writers


def _check_in_all(due: list[tuple[tuple[int, int], int]]) -> None:
    """Check in as a web process would; where the database was away, the person tries again. Who does it again at once
    leaves just enough time for the score before it to be on its way."""
    before = None
    for part, number in due:
        time.sleep(A_MOMENT_SECONDS if part == before else 0)
        (pair_id, enrolment_id), before = part, part
        while True:
            try:
                check_in(pair_id, enrolment_id, number, {"contact": "yes"}, now=datetime.now(UTC))
            except DBAPIError:
                db.session.remove()
                time.sleep(0.2)
            else:
                break


def _grade_meanwhile(scene: Scene, over: threading.Event) -> None:
    """A teacher gives one person in thirty a grade of their own."""
    chance = random.Random(scene.plan.seed + 1)  # noqa: S311  # who is graded, no secret
    chosen = chance.sample(range(scene.plan.people), max(scene.plan.people // 30, 1))
    for number in chosen:
        grade = {"user": f"user-{number}", "points": str(BY_TEACHER)}
        requests.get(f"{scene.lms}/grade", params=grade, timeout=ANSWER_SECONDS)
        if over.wait(chance.uniform(0.1, 1.0)):
            return


def _refused_launches(scene: Scene) -> Iterator[str]:
    """People of each LMS open the tool with the newest key; an unknown key is looked for once a minute at most."""
    end = time.monotonic() + LONGEST_WITH_AN_OLD_KEY
    for number in range(LMSS):
        while not launch(scene.app, f"{scene.lms}/{number}", number):
            if time.monotonic() > end:
                yield f"nobody can come from LMS {number} after it restarted with a new key"
                break
            time.sleep(1)


def _until_quiet(scene: Scene) -> float:
    """Somebody presses "try again" once; the seconds until nothing waits any more.

    Raises: TimeoutError.
    """
    began = time.monotonic()
    for programme_id in scene.people.programmes:
        try_again(programme_id, now=datetime.now(UTC))
    while time.monotonic() - began < PATIENCE_SECONDS:
        db.session.rollback()
        scores = db.session.scalar(select(func.count()).select_from(Score).filter_by(state="waiting"))
        rows = db.session.scalar(
            select(func.count()).select_from(OutboxRow).where(OutboxRow.state.in_(("waiting", "running")))
        )
        if not scores and not rows:
            return time.monotonic() - began
        time.sleep(0.25)
    raise TimeoutError(f"{scores} scores and {rows} rows still wait")
