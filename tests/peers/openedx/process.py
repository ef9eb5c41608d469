"""The campus as a test sees it: a process that is started once, and HTTP."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.peers.openedx.environment import ROOT

START_SECONDS = 60
ANSWER_SECONDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A link to the tool in the campus's course, and what Studio shows of it."""

    campus: str
    name: str
    shown: dict[str, Any]

    def start_url(self, username: str) -> str:
        """Where this person opens the unit."""
        return f"{self.campus}/campus/open/{self.name}/{username}"

    def gradebook(self) -> dict[str, Any]:
        """What the unit's gradebook was told: columns, scores as they arrived, grades as they were published."""
        return dict(requests.get(f"{self.campus}/campus/gradebook/{self.name}", timeout=ANSWER_SECONDS).json())


@contextmanager
def running_campus(interpreter: Path, folder: Path) -> Iterator[str]:
    """The campus's origin, while its process runs; what it complains about is in `campus.log`."""
    log = folder / "campus.log"
    command = [str(interpreter), "-m", "tests.peers.openedx.server", str(folder)]
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        patience = threading.Timer(START_SECONDS, process.kill)
        patience.start()
        try:
            assert process.stdout is not None
            origin = process.stdout.readline().strip()
            patience.cancel()
            assert origin, log.read_text(encoding="utf-8")[-4000:]
            yield origin
        finally:
            patience.cancel()
            process.terminate()


def add_unit(campus: str, *, name: str, shares_names: bool, **fields: Any) -> Unit:
    """A teacher adds a unit to the course."""
    body = {"name": name, "shares_names": shares_names, **fields}
    answer = requests.post(f"{campus}/campus/units", json=body, timeout=ANSWER_SECONDS)
    assert answer.status_code == 200, answer.text[:2000]
    return Unit(campus=campus, name=name, shown=answer.json())
