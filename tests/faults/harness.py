"""The whole road from evidence to gradebook under fire: workers killed, the database restarted, an LMS that fails.

People check in through the product's own action, workers are the product's own processes, a teacher grades meanwhile.
At the end every cell must be the ledger's or the teacher's, and no post may have said what it should not.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError

from lti_tool.actions.gradebook import try_again
from lti_tool.actions.workspace import check_in
from lti_tool.app import create_app
from lti_tool.lti.gradebook import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.store.db import carried, db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.matching import Pair, Proposal
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.pairs import add_members
from lti_tool.store.people import Course, Member, Person
from tests import make
from tests.databases import Databases, settings

ROOT = Path(__file__).resolve().parent.parent.parent
CHANGES = 3  # check-ins of each person
LEASE_SECONDS = 3
WRITERS = 2
PATIENCE_SECONDS = 240


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
class Outcome:
    """What happened, in figures, and whatever should not have."""

    figures: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Scene:
    """One installation with its LMS, its people and its workers."""

    plan: Plan
    app: Flask
    databases: Databases
    lms: str
    environment: dict[str, str]
    programme_id: int
    chance: random.Random
    parts: list[tuple[int, int]]  # pair and enrolment of each person
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
        requests.get(f"{scene.lms}/calm", timeout=10)
        waited = _until_quiet(scene)
        outcome = _reckon(scene)
    outcome.figures |= {"seconds under fire": round(under_fire), "seconds until quiet": round(waited)}
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
        programme_id, parts = _people(lms, plan.people)
        scene = Scene(
            plan=plan,
            app=app,
            databases=databases,
            lms=lms,
            environment=_environment(url, folder),
            programme_id=programme_id,
            chance=random.Random(plan.seed),  # noqa: S311  # which worker is killed when, no secret
            parts=parts,
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


def _people(lms: str, count: int) -> tuple[int, list[tuple[int, int]]]:
    """A programme whose people are in pairs already; its id, and pair and enrolment of each."""
    at, now = make.setting(issuer=lms, check_in_count=CHANGES), datetime.now(UTC)
    with transaction() as session:
        session.get_one(Course, at.course_id).gradebook_scopes = [RESULT_SCOPE, SCORE_SCOPE]
        column = {"state": "ready", "line_item_url": f"{lms}/column", "maximum": 100}
        session.add(Column(programme_id=at.programme_id, **column))
        named = [{"registration_id": at.registration_id, "subject": f"user-{number}"} for number in range(count)]
        session.execute(insert(Person), named)
        people = list(session.scalars(select(Person.id).order_by(Person.id)))
        member = {"course_id": at.course_id, "role": "student"}
        session.execute(insert(Member), [member | {"person_id": one} for one in people])
        part = {"programme_id": at.programme_id, "state": "joined", "time_zone": "UTC", "changed_at": now}
        sides = ("mentor", "mentee")
        session.execute(
            insert(Enrolment), [part | {"person_id": one, "role": sides[k % 2]} for k, one in enumerate(people)]
        )
        joined = list(session.scalars(select(Enrolment.id).order_by(Enrolment.id)))
        proposal = Proposal(programme_id=at.programme_id, state="published", asked_by=people[0], asked_at=now)
        session.add(proposal)
        session.flush()
        pair = {"programme_id": at.programme_id, "proposal_id": proposal.id, "state": "active", "published_at": now}
        fit = {"score_ppm": 1, "strength": "good", "reasons": []}
        pairs = [fit | pair | {"mentor_id": a, "mentee_id": b} for a, b in zip(joined[::2], joined[1::2], strict=True)]
        session.execute(insert(Pair), pairs)
        add_members(session.scalars(select(Pair)).all())
        made = session.execute(select(Pair.id, Pair.mentor_id, Pair.mentee_id)).all()
    return at.programme_id, [(one.id, side) for one in made for side in (one.mentor_id, one.mentee_id)]


def _under_fire(scene: Scene) -> None:
    """Round after round: people check in, scores begin to arrive, and a worker dies in the middle of it."""
    due = [(part, number) for number in range(1, CHANGES + 1) for part in scene.parts]
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
        if number % 7 == 0:
            requests.get(f"{scene.lms}/restart", timeout=10)
        for writer in writers:
            writer.join()
    over.set()
    teacher.join()


def _wait_for_posts(scene: Scene) -> None:
    """Until one more score reached the LMS, whatever became of it; where all have been sent there will be none."""
    before, end = _posts(scene), time.monotonic() + 20
    while _posts(scene) == before and time.monotonic() < end:
        time.sleep(0.05)


def _posts(scene: Scene) -> int:
    return int(requests.get(f"{scene.lms}/posts", timeout=10).json())


def _check_in_meanwhile(due: list[tuple[tuple[int, int], int]]) -> list[threading.Thread]:
    write = carried(_check_in_all)
    writers = [threading.Thread(target=write, args=(due[part::WRITERS],)) for part in range(WRITERS)]
    for writer in writers:
        writer.start()
    return writers


def _check_in_all(due: list[tuple[tuple[int, int], int]]) -> None:
    """Check in as a web process would; where the database was away, the person tries again."""
    for (pair_id, enrolment_id), number in due:
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
        requests.get(f"{scene.lms}/grade", params={"user": f"user-{number}", "points": "12.5"}, timeout=10)
        if over.wait(chance.uniform(0.1, 1.0)):
            return


def _until_quiet(scene: Scene) -> float:
    """Somebody presses "try again" once; the seconds until nothing waits any more.

    Raises: TimeoutError.
    """
    began = time.monotonic()
    try_again(scene.programme_id, now=datetime.now(UTC))
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


def _reckon(scene: Scene) -> Outcome:
    """Compare the gradebook with the ledger, and look at every post that was ever made."""
    journal = requests.get(f"{scene.lms}/journal", timeout=60).json()
    outcome, posts = Outcome(), 0
    scores = {
        person.subject: score
        for score, person in db.session.execute(select(Score, Person).join(Person, Person.id == Score.person_id))
    }
    if len(scores) != scene.plan.people:
        outcome.wrong.append(f"{scene.plan.people - len(scores)} people have no score")
    for user, score in scores.items():
        points, by_teacher, made = journal["cells"].get(user, (None, False, []))
        posts += len(made)
        outcome.wrong += [f"{user}: {what}" for what in _wrong(float(score.points), score.state, points, by_teacher)]
        outcome.wrong += [f"{user}: {what}" for what in _wrong_posts(made)]
    outcome.figures = {
        "people": len(scores),
        "posts": posts,
        "graded by the teacher": sum(by_teacher for _, by_teacher, _ in journal["cells"].values()),
        "faults of the LMS": dict(sorted(journal["faults"].items())),
        "tokens asked for": journal["tokens"],
        "workers killed": scene.kills,
        "PostgreSQL restarted": scene.plan.restarts,
    }
    return outcome


def _wrong(ledger: float, state: str, points: float | None, by_teacher: bool) -> Iterator[str]:
    if ledger != 100:
        yield f"the ledger says {ledger}; a check-in was lost"
    if by_teacher and points != 12.5:
        yield f"the teacher's grade became {points}"
    if not by_teacher and (points != ledger or state != "sent"):
        yield f"the ledger says {ledger} ({state}), the gradebook {points}"


def _wrong_posts(posts: list[tuple[str, float, str]]) -> Iterator[str]:
    said: dict[str, float] = {}
    highest = -1.0
    for at, points, became in posts:
        if said.setdefault(at, points) != points:
            yield f"two values for {at}"
        if became == "over the teacher's":
            yield "posted over the teacher's grade"
        if became == "taken" and points < highest:
            yield f"went back from {highest} to {points}"
        if became == "taken":
            highest = points
