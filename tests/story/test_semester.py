"""The whole story over HTTP with the real programs: LMS, tool and worker, each a process, on both databases."""

import socket
from pathlib import Path

import pytest

from lti_tool.demo.campus import Places
from lti_tool.demo.programs import running
from lti_tool.demo.story import JOINED, Story
from tests.databases import NAMES, Databases


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.xdist_group("story")
@pytest.mark.parametrize("name", NAMES)
def test_a_semester_from_registration_to_gradebook(name: str, databases: Databases, tmp_path: Path) -> None:
    places = Places(tool=f"http://localhost:{free_port()}", lms=f"http://localhost:{free_port()}")
    said: list[str] = []
    with databases.fresh(name) as url, running(places, tmp_path / "demo", database_url=url) as programs:
        story = Story(places, said.append)

        story.prepare(programs.command("platforms", "invite"))
        story.tell()

        in_the_lms = story.gradebook()
        logs = "".join(file.read_text() for file in programs.folder.glob("*.log"))
    assert in_the_lms == story.expected, said
    assert len(in_the_lms) > JOINED / 2
    assert len(set(in_the_lms.values())) > 3
    assert "fault" not in logs
    for person in ("Bob", "Birchwood", "Dana", "Dewdrop"):
        assert person not in logs
