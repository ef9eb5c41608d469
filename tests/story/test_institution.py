"""An institution's installation: two web and two worker processes that share nothing but one PostgreSQL.

Each request of a person's visit goes to the other web process; each process has an empty folder of its own, and signing
keys stand in the database. The embedded installation, all in SQLite, tells the same story in `test_semester`.
"""

from pathlib import Path

from cryptography.fernet import Fernet

from lti_tool.demo.campus import Places
from lti_tool.demo.programs import Programs
from lti_tool.demo.story import Story
from tests.databases import Databases
from tests.story.front import front
from tests.story.test_semester import SMALL, free_port

BACKGROUND = ("1", "2")


def test_two_web_and_two_worker_processes_tell_the_story_together(databases: Databases, tmp_path: Path) -> None:
    outside, lms_port, webs = free_port(), free_port(), (free_port(), free_port())
    said: list[str] = []
    places = Places(tool=f"http://localhost:{outside}", lms=f"http://localhost:{lms_port}")
    story = Story(places, said.append, joined=SMALL)

    with databases.fresh("postgresql") as url, front(outside, webs) as door:
        secrets = {"KEY_STORE": "database", "KEY_SECRETS": Fernet.generate_key().decode()}
        programs = Programs(places, tmp_path, url, **secrets)
        try:
            ways = ("--lms", "own", "--students", str(SMALL + 2))
            programs.start("lms", "lti_tool.demo_lms", "--port", str(lms_port), "--url", places.lms, *ways)
            programs.command("db", "upgrade")
            for port in webs:
                one_answer_each = {"WEB_CONCURRENCY": "1", "GUNICORN_CMD_ARGS": "--keep-alive 0"}
                own = {"BIND": f"127.0.0.1:{port}", "KEY_FOLDER": str(tmp_path / f"web-{port}")}
                programs.start(f"web-{port}", "lti_tool", "serve", **own, **one_answer_each)
            for number in BACKGROUND:
                own = {"KEY_FOLDER": str(tmp_path / f"worker-{number}")}
                programs.start(f"worker-{number}", "lti_tool", "worker", "--threads", "2", **own)
            for origin in (places.lms + "/", *(f"http://127.0.0.1:{port}/healthz" for port in webs)):
                programs.wait_for(origin)
            story.prepare(programs.command, lms="own")
            story.tell()
            in_the_lms = dict(story.gradebook())
        finally:
            programs.stop()

    logs = "".join(file.read_text() for file in tmp_path.glob("*.log"))
    assert in_the_lms == story.expected, said
    assert len(in_the_lms) > SMALL / 2
    assert "fault" not in logs
    assert min(door.served[port] for port in webs) > 50
    assert abs(door.served[webs[0]] - door.served[webs[1]]) <= 1
    assert not list(tmp_path.glob("w*-*/*"))  # no process left anything that another would need
