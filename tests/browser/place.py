"""The demo's programs with a handful of people, on two sites: the tool at localhost, the LMS at 127.0.0.1.

Cookies know no ports, so that two ports of localhost would be one site; localhost and 127.0.0.1 are two, and browsers
trust both without https.

What the tool has stored is kept at moments from which tests begin, and brought back while the programs run: no file of
tests meets what another has left behind, whichever of them came first.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from lti_tool.demo.campus import TEACHER, Places, launched, signed_in
from lti_tool.demo.programs import Programs, running
from lti_tool.demo.registering import register
from lti_tool.demo.students import join
from lti_tool.demo.surfer import Page, Surfer
from tests.bench.programs import free_port

PATIENCE_SECONDS = 60
REGISTERED = "registered"  # the tool and the LMS know each other; nobody has opened anything
JOINED = "joined"  # set up, the roster read, and some students joined
PAIRED = "paired"  # every mentee has a partner, Dana among them
# Who has joined before a test begins: the number decides how they answer (lti_tool/demo/students.py). More are mentors
# than mentees, so that whoever joins later finds one.
STUDENTS = {
    "bob-birchwood": 0,
    "dana-dewdrop": 1,
    "zoe-angstrom": 3,
    "finn-ofable": 6,
    "hugo-hypothetical": 9,
    "ida-heart": 12,
    "layla-qamar": 4,
    "nandu-pena": 5,
}


def wait_until(happened: Callable[[], object], what: str) -> None:
    """Wait for something that a worker does."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < end, f"waited {PATIENCE_SECONDS} seconds for {what}"
        time.sleep(0.1)


@contextmanager
def place(folder: Path) -> Iterator[tuple[Places, Programs]]:
    """Registered, set up, the roster read, and some students joined."""
    places = Places(tool=f"http://localhost:{free_port()}", lms=f"http://127.0.0.1:{free_port()}")
    with running(places, folder) as programs:
        register(places, programs.command, lms="own")
        keep(programs, REGISTERED)
        _set_up(places)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda one: join(places, *one), STUDENTS.items()))
        keep(programs, JOINED)
        yield places, programs


def keep(programs: Programs, moment: str) -> None:
    """Remember everything that the tool has stored by now."""
    _copy(_stored(programs), _kept(programs, moment))


def bring_back(programs: Programs, moment: str) -> None:
    """Let everything be stored as it was then."""
    _copy(_kept(programs, moment), _stored(programs))


def bring_back_pairs(places: Places, programs: Programs) -> None:
    """The moment when pairs were published, which comes when it is first asked for."""
    if _kept(programs, PAIRED).exists():
        bring_back(programs, PAIRED)
        return
    bring_back(programs, JOINED)
    publish_pairs(places)
    keep(programs, PAIRED)


def _stored(programs: Programs) -> Path:
    return programs.folder / "demo.db"


def _kept(programs: Programs, moment: str) -> Path:
    return programs.folder / f"{moment}.db"


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def publish_pairs(places: Places) -> None:
    """Let the teacher publish the best pairs of everybody who has joined, if there are any left to make."""
    teacher, visit = _teacher(places)
    board = f"{visit}/staff/matching/"
    teacher.submit(teacher.open(board), "/matching/propose")
    wait_until(lambda: "/matching/discard" in _actions(teacher.open(board)), "a proposal")
    page = teacher.open(board)
    teacher.submit(page, "/matching/publish" if "/matching/publish" in _actions(page) else "/matching/discard")


def _actions(page: Page) -> str:
    return " ".join(one.action for one in page.forms)


def _teacher(places: Places) -> tuple[Surfer, str]:
    teacher = signed_in(places, TEACHER)
    home = launched(teacher, places)
    return teacher, places.tool + "/".join(urlsplit(home.url).path.split("/")[:3])


def _set_up(places: Places) -> None:
    teacher, visit = _teacher(places)
    wait_until(lambda: "Priya" in teacher.open(f"{visit}/staff/people?q=Priya").text, "the roster")
    page = teacher.open(f"{visit}/staff/set-up/calendar")
    teacher.submit(page, "/set-up/calendar", cadence="own_pace", check_in_count="4")
    page = teacher.open(f"{visit}/staff/set-up/grading")
    teacher.submit(page, "/set-up/grading", participation="check_ins", release="at_once")
    teacher.submit(teacher.open(f"{visit}/staff/"), "/set-up/open")
