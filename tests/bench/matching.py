"""Matching: scores, proven pairs and changes to them, beside bare scipy, NetworkX and mentor-match.

Every run is a process of its own, which is stopped when it runs away. scipy is given the finished scores and a column
for each place of a mentor. The two peers live in `.venv-matching`, which is made where it is missing; without a package
index their figures are left out, and that is said.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from lti_tool.mentoring.matching.assignment import assign
from lti_tool.mentoring.matching.market import FORBIDDEN, Dense, Objective
from tests.bench.figures import Bar, Figure
from tests.bench.one_match import made, market_of
from tests.bench.place import Place
from tests.bench.programs import ROOT

SECTION = "Matching"
SIZES = (30, 300, 1000, 3000, 10_000)
BARS = {1000: Bar(name="M1", value=3.5), 3000: Bar(name="M1", value=1.25), 10_000: Bar(name="M1", value=1.0)}
PATIENCE_SECONDS = 900
PEERS = ROOT / ".venv-matching"

Run = dict[str, float]


def measure(place: Place) -> list[Figure]:
    """The figures about matching."""
    rounds = place.size(3, 1)
    figures: list[Figure] = []
    for people in SIZES[: place.size(5, 3)]:
        figures += _against_scipy("questionnaire", people, rounds if people < 10_000 else 1)
    for kind in ("popular", "product", "random", "ties"):
        figures += _hard(kind, place.size(3000, 300))
    figures += _changes(place.size(2000, 300), place.size(1000, 300), rounds)
    if not place.is_quick:
        figures += _many()
    python = _peers()
    if python is not None:
        figures += _pool(python, place.folder, place.size(300, 60))
        figures += _mentor_match(python, place.folder, place.size(1000, 60))
    return figures


def _run(*words: object) -> Run:
    """What one run of `one_match` prints."""
    command = [sys.executable, "-m", "tests.bench.one_match", *map(str, words)]
    return _printed(command)


def _printed(command: list[str]) -> Run:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE_SECONDS, check=True)
    found: Run = json.loads(done.stdout)
    return found


def _figure(what: str, unit: str, peer: str, rounds: list[tuple[float, float]], bar: Bar | None = None) -> Figure:
    return Figure(section=SECTION, what=what, unit=unit, peer=peer, rounds=tuple(rounds), bar=bar)


def _against_scipy(kind: str, people: int, rounds: int) -> list[Figure]:
    """Scores and proof against an assignment of finished scores; by both objectives."""
    runs = [[_run(side, kind, people) for side in ("fair", "total", "bare")] for _ in range(rounds)]
    name, peer = f"{kind}, {people:,} people", "bare linear_sum_assignment"
    figures = [
        _figure(
            f"{name}: scores + {words}",
            "ms",
            peer,
            [(1000 * run[place]["seconds"], 1000 * run[2]["seconds"]) for run in runs],
            BARS.get(people),
        )
        for place, words in ((0, "certificate, fair"), (1, "certificate, total"))
    ]
    totals = [(run[1]["total"], run[2]["total"]) for run in runs]
    memory = Bar(name="MB", value=1500 / runs[0][2]["mb"]) if people == 10_000 else None
    figures.append(_figure(f"{name}: total reached", "ppm", peer, totals, Bar(name="best", value=1, is_floor=True)))
    figures.append(_figure(f"{name}: peak memory", "MB", peer, [(run[0]["mb"], run[2]["mb"]) for run in runs], memory))
    return figures


def _hard(kind: str, people: int) -> list[Figure]:
    bar = Bar(name="M2", value=0.25) if kind in {"popular", "product"} else None
    ours, fair, bare = (_run(side, kind, people) for side in ("total", "fair", "bare"))
    name, peer = f"{kind} scores, {people:,} people", "bare linear_sum_assignment"
    return [
        _figure(f"{name}: certificate, total", "s", peer, [(ours["seconds"], bare["seconds"])], bar),
        _figure(f"{name}: certificate, fair", "s", peer, [(fair["seconds"], bare["seconds"])], bar),
        _figure(f"{name}: total reached", "ppm", peer, [(ours["total"], bare["total"])]),
    ]


def _changes(why: int, joins: int, rounds: int) -> list[Figure]:
    asked = [_run("why", "questionnaire", why) for _ in range(rounds)]
    joined = [(_run("newcomer", "questionnaire", joins), _run("bare", "questionnaire", joins)) for _ in range(rounds)]
    best = [(_run("joiner", "questionnaire", joins), bare) for _, bare in joined]
    return [
        _figure(
            f"“why not X?” among {why:,}",
            "ms",
            "solving it again",
            [(1000 * one["seconds"], 1000 * one["full"]) for one in asked],
            Bar(name="why", value=0.1),
        ),
        _figure(
            f"a late joiner among {joins:,}, nobody moves",
            "ms",
            "bare linear_sum_assignment",
            [(1000 * one["seconds"], 1000 * bare["seconds"]) for one, bare in joined],
            Bar(name="M5", value=1 / 50),
        ),
        _figure(
            f"a late joiner among {joins:,}, highest total",
            "ms",
            "bare linear_sum_assignment",
            [(1000 * one["seconds"], 1000 * bare["seconds"]) for one, bare in best],
        ),
    ]


def _many() -> list[Figure]:
    """Fifty thousand people, of whom each one's candidates are kept."""
    found = _run("lists", "questionnaire", 50_000)
    half = _run("lists", "questionnaire", 25_000)
    return [
        _figure("50,000 people, candidate lists", "s", "25,000 people", [(found["seconds"], half["seconds"])]),
        _figure("50,000 people, peak memory", "MB", "400 MB", [(found["mb"], 400)], Bar(name="M7", value=1)),
    ]


def _peers() -> Path | None:
    """The peers' interpreter; None where they cannot be had."""
    python = PEERS / "bin" / "python"
    listed = ROOT / "tests" / "peers" / "matching" / "requirements.txt"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        pip = [
            str(python),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--quiet",
            "install",
            "--requirement",
            str(listed),
        ]
        subprocess.run(pip, check=True, timeout=PATIENCE_SECONDS)
    except (OSError, subprocess.SubprocessError) as fault:
        print(f"mentor-match and NetworkX are not measured: {fault}", file=sys.stderr)
        return None
    return python


def _peer(python: Path, peer: str, file: Path, rounds: int) -> Run:
    return _printed([str(python), "-P", str(ROOT / "tests" / "bench" / "peer_match.py"), peer, str(file), str(rounds)])


def _pool(python: Path, folder: Path, people: int) -> list[Figure]:
    file = folder / "pool.npy"
    ours = _run("pool", "random", people, file)
    theirs = _peer(python, "networkx", file, 1)
    return [
        _figure(
            f"pairs in a pool of {people:,}",
            "s",
            "NetworkX",
            [(ours["seconds"], theirs["seconds"])],
            Bar(name="M6", value=1 / 50),
        ),
        _figure(f"pool of {people:,}: total reached", "ppm", "NetworkX", [(ours["total"], theirs["total"])]),
    ]


def _mentor_match(python: Path, folder: Path, people: int) -> list[Figure]:
    """Three rounds there are three places for every mentor here; inside the process, and as a whole process."""
    file, rounds = folder / "scores.npy", 3
    cells, capacities = made("random", people)
    np.save(file, np.where(cells > FORBIDDEN, cells, -1))
    began = time.perf_counter()
    theirs = _peer(python, "mentor-match", file, rounds)
    whole = time.perf_counter() - began
    whole_market = market_of(Dense(cells), np.full_like(capacities, rounds))
    began = time.process_time()
    found = assign(whole_market, objective=Objective.TOTAL)
    seconds = time.process_time() - began
    began = time.perf_counter()
    _run("total", "questionnaire", people)
    process = time.perf_counter() - began
    name = f"{people:,} people"
    return [
        _figure(f"{name}, pairs", "s", "mentor-match", [(seconds, theirs["seconds"])], Bar(name="M4", value=1 / 100)),
        _figure(f"{name}, whole process", "s", "mentor-match", [(process, whole)], Bar(name="M4", value=1 / 8)),
        _figure(
            f"{name}, total reached",
            "ppm",
            "mentor-match",
            [(found.total, theirs["total"])],
            Bar(name="best", value=1, is_floor=True),
        ),
    ]
