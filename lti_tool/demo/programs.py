"""The three programs of the demo, started and stopped together: the tool, its worker, the demo LMS."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from lti_tool.demo.campus import Places
from lti_tool.demo.surfer import StoryBroken

PATIENCE_SECONDS = 60


class Programs:
    """The demo's processes and their environment."""

    def __init__(self, places: Places, folder: Path, database_url: str | None, **settings: str) -> None:
        self.places, self.folder = places, folder
        self._running: list[subprocess.Popen[bytes]] = []
        self._environment = os.environ | {
            "TOOL_URL": places.tool,
            "BIND": places.tool.split("://")[1].replace("localhost", "127.0.0.1"),
            "DATABASE_URL": database_url or f"sqlite:///{folder / 'demo.db'}",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "KEY_FOLDER": str(folder / "keys"),
            "CONFIG_FILE": str(_config()),
            **settings,
        }

    def command(self, *arguments: str) -> str:
        """Run one command of the tool to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "lti_tool", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StoryBroken(f"lti-tool {' '.join(arguments)} failed:\n{done.stderr}")
        return done.stdout.strip()

    def start(self, name: str, *arguments: str, **changes: str) -> None:
        """Start one program; what it says goes to a file of its own. `changes` are to its environment."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self._running.append(
                subprocess.Popen(
                    [sys.executable, "-m", *arguments],
                    env=self._environment | changes,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )

    def wait_for(self, url: str) -> None:
        """Wait until a program answers."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            for one in self._running:
                if one.poll() is not None:
                    raise StoryBroken(f"a program of the demo ended; its words stand in {self.folder}/*.log")
            try:
                if requests.get(url, timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise StoryBroken(f"{url} does not answer")

    def wait(self) -> None:
        """Go on until one of the programs ends or somebody presses Ctrl-C."""
        while all(one.poll() is None for one in self._running):
            time.sleep(0.5)

    def stop(self) -> None:
        """End every program."""
        for one in self._running:
            one.terminate()
        for one in self._running:
            try:
                one.wait(10)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


@contextmanager
def running(
    places: Places, folder: Path, *, database_url: str | None = None, lms: str = "own", students: int = 40
) -> Iterator[Programs]:
    """The three programs, on a fresh database in `folder`, until the block ends; the LMS has the ways of `lms`."""
    for url in (places.tool, places.lms):
        _require_free(url)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    programs = Programs(places, folder, database_url)
    lms_port = places.lms.rsplit(":", 1)[1]
    try:
        ways = ("--lms", lms, "--students", str(students))
        programs.start("demo-lms", "lti_tool.demo_lms", "--port", lms_port, "--url", places.lms, *ways)
        programs.command("db", "upgrade")
        programs.start("tool", "lti_tool", "serve")
        programs.start("worker", "lti_tool", "worker")
        programs.wait_for(places.lms + "/")
        programs.wait_for(places.tool + "/healthz")
        yield programs
    finally:
        programs.stop()


def _require_free(url: str) -> None:
    """Nobody else may answer there: the demo would talk with a stranger."""
    host, port = url.rsplit("://", 1)[1].rsplit(":", 1)
    with socket.socket() as caller:
        caller.settimeout(1)
        if caller.connect_ex((host, int(port))) == 0:
            raise StoryBroken(f"port {port} is in use already. End that program, or choose --port and --lms-port.")


def _config() -> Path:
    here = Path(__file__).resolve().parent.parent
    inside = here / "config" / "demo.toml"
    return inside if inside.is_file() else here.parent / "config" / "demo.toml"
