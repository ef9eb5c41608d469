"""The command `lti-tool`."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from lti_tool import matching_file
from lti_tool import settings as configuration
from lti_tool.cli import bench, keys, outbox, platforms
from lti_tool.cli.application import application, load
from lti_tool.mentoring.contents import ContentsWrong
from lti_tool.settings import SettingsWrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except (SettingsWrong, ContentsWrong) as fault:
        print(fault, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lti-tool", description="Peer Mentoring for LTI")
    commands = parser.add_subparsers(required=True, metavar="command")

    demo = commands.add_parser("demo", help="run the tool with a small LMS on this machine")
    demo.add_argument("--story", action="store_true", help="run the whole story over HTTP, print it, and stop")
    demo.add_argument("--port", type=int, default=8000, help="of the tool (default 8000)")
    demo.add_argument("--lms-port", type=int, default=8001, help="of the demo LMS (default 8001)")
    demo.add_argument(
        "--lms",
        choices=("own", "canvas", "moodle", "blackboard", "brightspace", "sakai", "openedx"),
        default="own",
        help="whose ways the demo LMS has (default: its own)",
    )
    demo.add_argument("--students", type=int, default=40, help="in the large course (default 40); 2000 is a fair test")
    demo.set_defaults(run=_demo)
    crowd = commands.add_parser("demo-crowd", help="part of the demo: let the rest of a large course come")
    crowd.set_defaults(run=_crowd)

    commands.add_parser("serve", help="run the web processes").set_defaults(run=_serve)
    worker = commands.add_parser("worker", help="run a background worker")
    worker.add_argument("--threads", type=int, default=4)
    worker.set_defaults(run=_worker)

    database = commands.add_parser("db", help="the database").add_subparsers(required=True, metavar="what")
    database.add_parser("upgrade", help="bring the tables up to date").set_defaults(run=_upgrade)

    keys.add_to(commands.add_parser("keys", help="the signing keys"))
    admin = commands.add_parser("admin", help="the admin's pages").add_subparsers(required=True, metavar="what")
    admin.add_parser("link", help="print a one-time sign-in address").set_defaults(run=_admin_link)
    matching_file.add_to(commands.add_parser("match", help="find the best pairs for a file, or check a certificate"))
    commands.add_parser("doctor", help="test the connection to every LMS").set_defaults(run=_doctor)
    texts = commands.add_parser("contents", help="the training's texts").add_subparsers(required=True, metavar="what")
    texts.add_parser("check", help="read them, name what is wrong, and say how long they take").set_defaults(run=_texts)

    platforms.add_to(commands.add_parser("platforms", help="LMSs that know this tool"))
    outbox.add_to(commands.add_parser("outbox", help="work that must reach an LMS, a mail server or a chat channel"))
    bench.add_to(commands.add_parser("bench", help="measure, or break everything on purpose (source checkout only)"))
    return parser


def _demo(options: argparse.Namespace) -> int:
    from lti_tool.demo.run import run_demo  # noqa: PLC0415  # other commands need not load it

    return run_demo(
        port=options.port,
        lms_port=options.lms_port,
        is_story=options.story,
        lms=options.lms,
        students=options.students,
    )


def _crowd(_options: argparse.Namespace) -> int:
    from lti_tool.crowd import fill  # noqa: PLC0415  # other commands need not load it

    settings = load()
    if not settings.may_be_local:
        print("demo-crowd invents people. It runs only where MAY_BE_LOCAL=true.", file=sys.stderr)
        return 1
    with application(settings) as app:
        came = fill(app.extensions["contents"].contents("en"), now=datetime.now(UTC))
    print(f"{came.students} students: {came.joined} joined, {came.approved} mentors approved, {came.trained} trained")
    return 0


def _serve(_options: argparse.Namespace) -> None:
    load()  # wrong settings are named here, before gunicorn starts
    config = configuration.folder("config") / "gunicorn.conf.py"
    os.execv(  # noqa: S606  # no shell: the program and its arguments are ours
        sys.executable, [sys.executable, "-m", "gunicorn", "--config", str(config), "lti_tool.wsgi:app"]
    )


def _worker(options: argparse.Namespace) -> None:
    from lti_tool.app import create_app  # noqa: PLC0415  # other commands start without the web application

    queue = create_app(load()).extensions["queue"]
    queue.prepare()
    queue.run(options.threads)
    sys.stdout.flush()
    os._exit(0)  # a thread that still waits for an LMS holds nothing any more; Python would wait for it


def _upgrade(_options: argparse.Namespace) -> None:
    from flask_migrate import upgrade  # noqa: PLC0415  # other commands start without the migrations

    settings = load()
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    with application(settings) as app:
        upgrade()
        app.extensions["queue"].prepare()


def _admin_link(_options: argparse.Namespace) -> None:
    from lti_tool.actions.admin import make_link  # noqa: PLC0415  # other commands start without the database

    settings = load()
    with application(settings):
        print(f"{settings.tool_url}/admin/enter?code={make_link(now=datetime.now(UTC))}")


def _doctor(_options: argparse.Namespace) -> int:
    from lti_tool.actions.doctor import Verdict, examine  # noqa: PLC0415  # as below
    from lti_tool.store.platforms import all_registrations  # noqa: PLC0415  # other commands start without the database

    problems = 0
    with application(load()) as app:
        for row in all_registrations():
            print(f"{row.name} ({row.issuer}, {row.client_id})")
            _print_events(row.id)
            for check in examine(row.id, edge=app.extensions["edge"], now=datetime.now(UTC)):
                problems += check.verdict is Verdict.PROBLEM
                print(f"  {check.verdict:8}{check.way.replace('_', ' '):14}{check.said}")
                if check.todo:
                    print(f"{'':24}{check.todo}")
    return 1 if problems else 0


def _texts(_options: argparse.Namespace) -> None:
    from lti_tool.store.contents import outline, read_contents  # noqa: PLC0415  # other commands need not load it

    print("\n".join(outline(read_contents(load().contents_dir))))


def _print_events(registration_id: int) -> None:
    from lti_tool.actions.doctor import last_events  # noqa: PLC0415  # other commands start without the database

    for name, at, said, todo in last_events(registration_id):
        print(f"  {name:22}{f'{at:%Y-%m-%d %H:%M} UTC' if at else 'not yet'}{f': {said}' if said else ''}")
        if todo:
            print(f"{'':24}{todo}")
