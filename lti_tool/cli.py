"""The command `lti-tool`."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lti_tool import matching_file
from lti_tool import settings as configuration
from lti_tool.settings import Settings, SettingsWrong

if TYPE_CHECKING:
    from flask import Flask

BY = "command line"  # as the audit record says it
ADDED = (
    (
        "preset",
        "canvas, canvas-beta, canvas-test, canvas-own, moodle, blackboard, brightspace, sakai, openedx or other",
    ),
    ("site", "the LMS's own address, from which a preset makes the others"),
    ("issuer", "exactly as the LMS writes it"),
    ("client-id", "the id that the LMS gave the tool"),
    ("auth-login-url", "the LMS's OIDC authentication address"),
    ("auth-token-url", "the LMS's access token address"),
    ("auth-audience", "the token audience, where the LMS wants another one (Brightspace)"),
    ("jwks-url", "the LMS's public key set address"),
    ("deployment-id", "a deployment that is known already"),
    ("name", "what to call this LMS (default: made from its address)"),
    ("family", "with the preset `other`: canvas, moodle, blackboardlearn, desire2learn, sakai or openedx"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except SettingsWrong as fault:
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
    demo.set_defaults(run=_demo)

    commands.add_parser("serve", help="run the web processes").set_defaults(run=_serve)
    worker = commands.add_parser("worker", help="run a background worker")
    worker.add_argument("--threads", type=int, default=4)
    worker.set_defaults(run=_worker)

    database = commands.add_parser("db", help="the database").add_subparsers(required=True, metavar="what")
    database.add_parser("upgrade", help="bring the tables up to date").set_defaults(run=_upgrade)

    keys = commands.add_parser("keys", help="the signing keys").add_subparsers(required=True, metavar="what")
    keys.add_parser("rotate", help="publish the next key; it signs a day later").set_defaults(run=_rotate_keys)
    keys.add_parser("encrypt", help="encrypt with the first of KEY_SECRETS").set_defaults(run=_encrypt_anew)
    keys.add_parser("list", help="list the published keys").set_defaults(run=_list_keys)

    admin = commands.add_parser("admin", help="the admin's pages").add_subparsers(required=True, metavar="what")
    admin.add_parser("link", help="print a one-time sign-in address").set_defaults(run=_admin_link)
    matching_file.add_to(commands.add_parser("match", help="find the best pairs for a file, or check a certificate"))
    commands.add_parser("doctor", help="test the connection to every LMS").set_defaults(run=_doctor)

    _platform_commands(commands.add_parser("platforms", help="LMSs that know this tool"))
    return parser


def _platform_commands(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(required=True, metavar="what")
    what.add_parser("invite", help="print a one-time registration address").set_defaults(run=_invite)
    what.add_parser("list", help="list the registered LMSs").set_defaults(run=_list)
    add = what.add_parser("add", help="register an LMS by hand")
    for name, text in ADDED:
        add.add_argument(f"--{name}", default="", help=text)
    add.set_defaults(run=_add_platform)
    for name, text in (("pause", "let nobody in, send nothing, keep everything"), ("resume", "go on after a pause")):
        one = what.add_parser(name, help=text)
        one.add_argument("number", type=int, help="as `platforms list` shows it")
        one.set_defaults(run=_pause, is_paused=name == "pause")
    delete = what.add_parser("delete", help="delete an LMS with everything that came from it")
    delete.add_argument("number", type=int, help="as `platforms list` shows it")
    delete.add_argument("--name", required=True, help="its name, so that no number is mistyped")
    delete.set_defaults(run=_delete)
    deployments = what.add_parser("deployments", help="list an LMS's deployments, allow or refuse one")
    deployments.add_argument("number", type=int, help="as `platforms list` shows it")
    deployments.add_argument("--allow", type=int, metavar="ROW", help="let this one in")
    deployments.add_argument("--refuse", type=int, metavar="ROW", help="let this one not in")
    deployments.add_argument("--policy", choices=("accept", "ask"), help="what becomes of new ones")
    deployments.set_defaults(run=_deployments)


def _load() -> Settings:
    return configuration.load(Path(".env"))


@contextmanager
def _application(settings: Settings) -> Iterator["Flask"]:
    """The application for one command, which leaves no connection open."""
    from lti_tool.app import create_app  # noqa: PLC0415  # other commands start without the web application
    from lti_tool.store.db import db  # noqa: PLC0415  # other commands start without the database

    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    app.extensions["queue"].close()


def _demo(options: argparse.Namespace) -> int:
    from lti_tool.demo.run import run_demo  # noqa: PLC0415  # other commands need not load it

    return run_demo(port=options.port, lms_port=options.lms_port, is_story=options.story, lms=options.lms)


def _serve(_options: argparse.Namespace) -> None:
    _load()  # wrong settings are named here, before gunicorn starts
    config = configuration.folder("config") / "gunicorn.conf.py"
    os.execv(  # noqa: S606  # no shell: the program and its arguments are ours
        sys.executable, [sys.executable, "-m", "gunicorn", "--config", str(config), "lti_tool.wsgi:app"]
    )


def _worker(options: argparse.Namespace) -> None:
    from lti_tool.app import create_app  # noqa: PLC0415  # other commands start without the web application

    queue = create_app(_load()).extensions["queue"]
    queue.prepare()
    queue.consumer(options.threads).run()


def _upgrade(_options: argparse.Namespace) -> None:
    from flask_migrate import upgrade  # noqa: PLC0415  # other commands start without the migrations

    settings = _load()
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    with _application(settings) as app:
        upgrade()
        app.extensions["queue"].prepare()


def _rotate_keys(_options: argparse.Namespace) -> None:
    with _application(_load()) as app:
        keys = app.extensions["edge"].key_ring.rotate(by=BY, now=datetime.now(UTC))
    print(f"Published key {keys.newest.kid}. It signs from {keys.newest.signs_from:%Y-%m-%d %H:%M} UTC on.")


def _encrypt_anew(_options: argparse.Namespace) -> int:
    from lti_tool.actions.secrets import encrypt_anew  # noqa: PLC0415  # other commands start without the database

    with _application(_load()) as app:
        done = encrypt_anew(app.extensions["edge"].encryption, by=BY, now=datetime.now(UTC))
    print(f"Encrypted: {done.signing_keys} signing keys, {done.management_tokens} tokens of LMSs.")
    sys.stderr.writelines(f"No secret opens: {name}. Nothing was changed there.\n" for name in done.unreadable)
    return 1 if done.unreadable else 0


def _list_keys(_options: argparse.Namespace) -> None:
    now = datetime.now(UTC)
    with _application(_load()) as app:
        keys = app.extensions["edge"].signing_keys
    for key in keys.all:
        state = "signs" if key.kid == keys.signer(now).kid else "next" if key.signs_from > now else "published"
        print(f"{key.kid}\t{state}\t{f'goes {key.retires_at:%Y-%m-%d}' if key.retires_at else 'stays'}")


def _admin_link(_options: argparse.Namespace) -> None:
    from lti_tool.actions.admin import make_link  # noqa: PLC0415  # other commands start without the database

    settings = _load()
    with _application(settings):
        print(f"{settings.tool_url}/admin/enter?code={make_link(now=datetime.now(UTC))}")


def _doctor(_options: argparse.Namespace) -> int:
    from lti_tool.actions.doctor import Verdict, examine  # noqa: PLC0415  # other commands start without the database
    from lti_tool.store.platforms import all_registrations  # noqa: PLC0415  # other commands start without the database

    problems = 0
    with _application(_load()) as app:
        for row in all_registrations():
            print(f"{row.name} ({row.issuer}, {row.client_id})")
            for check in examine(row.id, edge=app.extensions["edge"], now=datetime.now(UTC)):
                problems += check.verdict is Verdict.PROBLEM
                print(f"  {check.verdict:8}{check.way.replace('_', ' '):14}{check.said}")
                if check.todo:
                    print(f"{'':24}{check.todo}")
    return 1 if problems else 0


def _invite(_options: argparse.Namespace) -> None:
    from lti_tool.actions.platforms import invite  # noqa: PLC0415  # other commands start without the database

    settings = _load()
    with _application(settings):
        print(f"{settings.tool_url}/lti/register?invite={invite(now=datetime.now(UTC))}")


def _list(_options: argparse.Namespace) -> None:
    from lti_tool.store.platforms import all_registrations  # noqa: PLC0415  # other commands start without the database

    with _application(_load()):
        for row in all_registrations():
            state = "paused" if row.is_paused else "active" if row.first_launch_at else "pending"
            print(f"{row.id}\t{row.name}\t{row.issuer}\t{row.client_id}\t{state}")


def _add_platform(options: argparse.Namespace) -> int:
    from lti_tool.actions.by_hand import OTHER, ByHand, read_by_hand  # noqa: PLC0415  # as above
    from lti_tool.actions.platforms import RegistrationExists, add_registration  # noqa: PLC0415  # as above
    from lti_tool.lti.presets import UnknownPreset  # noqa: PLC0415  # as above

    settings = _load()
    values = {name.replace("-", "_"): getattr(options, name.replace("-", "_")) for name, _text in ADDED}
    key, family = options.preset or OTHER, options.family if not options.preset else None
    try:
        read = read_by_hand(key, values, family=family, may_be_local=settings.may_be_local)
    except UnknownPreset as fault:
        print(fault, file=sys.stderr)
        return 2
    if not isinstance(read, ByHand):
        lines = (f"--{name.replace('_', '-')}: {problem}" for name, problem in read.items())
        print("\n".join(lines), file=sys.stderr)
        return 2
    with _application(settings):
        try:
            number = add_registration(read.new, deployment_id=read.deployment_id, by=BY, now=datetime.now(UTC))
        except RegistrationExists as fault:
            print(fault, file=sys.stderr)
            return 1
    print(f"Registered as number {number}.")
    return 0


def _pause(options: argparse.Namespace) -> int:
    from lti_tool.actions.upkeep import set_paused  # noqa: PLC0415  # other commands start without the database

    with _registered(options.number) as name:
        if name is not None:
            set_paused(options.number, options.is_paused, by=BY, now=datetime.now(UTC))
    return 1 if name is None else 0


def _delete(options: argparse.Namespace) -> int:
    from lti_tool.actions.upkeep import remove_registration  # noqa: PLC0415  # other commands start without the database

    with _registered(options.number) as name:
        if name is None:
            return 1
        if name != options.name:
            print(f"Number {options.number} is called {name}. Nothing was deleted.", file=sys.stderr)
            return 1
        lost = remove_registration(options.number, by=BY, now=datetime.now(UTC))
    print(f"Deleted, with {lost.courses} courses, {lost.programmes} programmes and {lost.people} people.")
    return 0


def _deployments(options: argparse.Namespace) -> int:
    from lti_tool.actions.upkeep import decide_deployment, set_policy  # noqa: PLC0415  # as above
    from lti_tool.store.admin import deployments_of  # noqa: PLC0415  # as above

    now, number = datetime.now(UTC), options.number
    with _registered(number) as name:
        if name is None:
            return 1
        if options.policy:
            set_policy(number, options.policy == "accept", by=BY, now=now)
        for row, state in ((options.allow, "accepted"), (options.refuse, "refused")):
            if row is not None and not decide_deployment(number, row, state, by=BY, now=now):
                print(f"There is no deployment {row}.", file=sys.stderr)
                return 1
        for one in deployments_of(number, limit=1000):
            print(f"{one.id}\t{one.deployment_id}\t{one.state}")
    return 0


@contextmanager
def _registered(number: int) -> Iterator[str | None]:
    """The application, and the name of the LMS of this number; None, after saying so, where there is none."""
    from lti_tool.store.db import db  # noqa: PLC0415  # other commands start without the database
    from lti_tool.store.platforms import Registration  # noqa: PLC0415  # other commands start without the database

    with _application(_load()):
        row = db.session.get(Registration, number)
        if row is None:
            print(f"There is no LMS number {number}.", file=sys.stderr)
        yield row.name if row else None
