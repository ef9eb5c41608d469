"""The processes beside the bench: the stand-in LMS, and web servers started as an installation starts them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_SECONDS = 60


@contextmanager
def stand_in_lms(folder: Path, *, members: int = 0, latency_seconds: float = 0.05, cost: float = 0.05) -> Iterator[str]:
    """The origin of a running stand-in LMS that publishes `folder`/jwks.json; `cost` is of a score, in its bucket."""
    options = ["--folder", str(folder), "--members", str(members), "--latency", str(latency_seconds)]
    options += ["--cost", str(cost)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.lms", *options], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdin
        assert program.stdout
        try:
            port = int(program.stdout.readline())
            yield f"http://127.0.0.1:{port}"
        finally:
            program.stdin.close()


def counts(lms: str) -> dict[str, int]:
    """How often the stand-in LMS was asked for each of its addresses."""
    found: dict[str, int] = requests.get(f"{lms}/counts", timeout=10).json()
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A web application behind gunicorn."""

    port: int
    process_id: int

    def cpu_seconds(self) -> float:
        """What the server's processes have used so far.

        Source: proc(5), `utime` and `stime` of the master and its workers.
        """
        workers = Path(f"/proc/{self.process_id}/task/{self.process_id}/children").read_text(encoding="ascii").split()
        return sum(_cpu_seconds(one) for one in (str(self.process_id), *workers))


def _cpu_seconds(process_id: str) -> float:
    after_name = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(app: str, *, port: int, folder: Path, environment: dict[str, str]) -> Iterator[Served]:
    """A WSGI application behind gunicorn, with the configuration that the product ships."""
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.conf.py"), app]
    more = {"BIND": f"127.0.0.1:{port}", "PYTHONPATH": str(ROOT)}
    log = folder / f"gunicorn-{port}.log"
    with (
        log.open("wb") as words,
        subprocess.Popen(
            command, cwd=folder, env=os.environ | more | environment, stdout=words, stderr=words
        ) as program,
    ):
        try:
            _wait_for(port, program, log)
            yield Served(port=port, process_id=program.pid)
        finally:
            program.terminate()


def _wait_for(port: int, program: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and program.poll() is None:
        try:
            requests.get(f"http://127.0.0.1:{port}/lti/jwks", timeout=5)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the web server did not start:\n{log.read_text(encoding='utf-8')}")
