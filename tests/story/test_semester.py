"""The whole story over HTTP with the real programs: LMS, tool and worker, each a process.

On both databases, with a whole class, and in each LMS's ways with a small one; `EVERY_STORY=1 make test` tells these
on both databases, too.
"""

import os
import socket
from pathlib import Path

import pytest

from lti_tool.demo.campus import Places
from lti_tool.demo.programs import running
from lti_tool.demo.story import JOINED, Story
from tests.databases import NAMES, Databases

SMALL = 10
LMSS = ("canvas", "moodle", "blackboard", "brightspace", "sakai", "openedx")


def on(name: str, *values: object) -> object:
    """Answer one case; those on one database run after each other, so that both cores have work."""
    return pytest.param(name, *values, marks=pytest.mark.xdist_group(f"story-{name}"))


def databases_of(number: int) -> list[str]:
    """Answer where an LMS's story is told: on both databases where everything is checked, else on one, in turn."""
    return list(NAMES) if "EVERY_STORY" in os.environ else [NAMES[number % len(NAMES)]]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def told(story: Story, folder: Path, *, database_url: str, lms: str, students: int) -> tuple[dict[str, object], str]:
    """Tell the story; answer the LMS's gradebook and everything that the programs logged."""
    with running(story.places, folder, database_url=database_url, lms=lms, students=students) as programs:
        story.prepare(programs.command, lms=lms)
        story.tell()
        return dict(story.gradebook()), "".join(file.read_text() for file in programs.folder.glob("*.log"))


def new_story(*, joined: int) -> tuple[Story, list[str]]:
    """Answer a story that nobody has told, and where it says how far it is."""
    said: list[str] = []
    places = Places(tool=f"http://localhost:{free_port()}", lms=f"http://localhost:{free_port()}")
    return Story(places, said.append, joined=joined), said


@pytest.mark.parametrize("name", [on(name) for name in NAMES])
def test_a_semester_from_registration_to_gradebook(name: str, databases: Databases, tmp_path: Path) -> None:
    story, said = new_story(joined=JOINED)

    with databases.fresh(name) as url:
        in_the_lms, logs = told(story, tmp_path / "demo", database_url=url, lms="own", students=40)

    assert in_the_lms == story.expected, said
    assert len(in_the_lms) > JOINED / 2
    assert len(set(in_the_lms.values())) > 3
    assert "fault" not in logs
    for person in ("Bob", "Birchwood", "Dana", "Dewdrop"):
        assert person not in logs


@pytest.mark.parametrize(("name", "lms"), [on(name, lms) for k, lms in enumerate(LMSS) for name in databases_of(k)])
def test_a_semester_in_the_ways_of_an_lms(name: str, lms: str, databases: Databases, tmp_path: Path) -> None:
    story, said = new_story(joined=SMALL)

    with databases.fresh(name) as url:
        in_the_lms, logs = told(story, tmp_path / "demo", database_url=url, lms=lms, students=SMALL + 2)

    assert in_the_lms == story.expected, said
    assert len(in_the_lms) > SMALL / 2
    assert "fault" not in logs
