"""The virtual environment of Open edX's package: made once from the hash-locked list beside this file.

It takes a quarter of a minute and about 150 MB, so that it is made only where somebody asks for it: REQUIRE_PEERS=1,
as in CI.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LOCK = Path(__file__).with_name("requirements-xblock.txt")
ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".venv-xblock"
MARK = FOLDER / "installed"  # holds the checksum of the list it was made from


def python() -> Path:
    """The environment's interpreter; where there is none yet it is made in CI, and the test is skipped elsewhere."""
    if _is_current():
        return _interpreter()
    if os.environ.get("REQUIRE_PEERS") != "1":
        pytest.skip(
            f"OPEN EDX IS NOT TESTED HERE: {FOLDER.name} is missing or older than {LOCK.name}. "
            "REQUIRE_PEERS=1 makes it (needs a package index), as CI does."
        )
    _make_once()
    return _interpreter()


def _interpreter() -> Path:
    return FOLDER / "bin" / "python"


def _checksum() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def _is_current() -> bool:
    return MARK.is_file() and MARK.read_text(encoding="ascii").strip() == _checksum()


def _make_once() -> None:
    """Two test processes may come here at the same time; the second waits and finds it made."""
    with LOCK.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not _is_current():
            _make()


def _make() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
    pip = [str(_interpreter()), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "install", "--no-compile", "--require-hashes", "--requirement", str(LOCK)], check=True)
    MARK.write_text(_checksum(), encoding="ascii")
