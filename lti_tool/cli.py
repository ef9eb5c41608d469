"""The command `lti-tool`."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from lti_tool import settings as configuration
from lti_tool.settings import Settings, SettingsWrong


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
    demo.set_defaults(run=_demo)

    commands.add_parser("serve", help="run the web processes").set_defaults(run=_serve)
    worker = commands.add_parser("worker", help="run a background worker")
    worker.add_argument("--threads", type=int, default=4)
    worker.set_defaults(run=_worker)

    database = commands.add_parser("db", help="the database").add_subparsers(required=True, metavar="what")
    database.add_parser("upgrade", help="bring the tables up to date").set_defaults(run=_upgrade)

    keys = commands.add_parser("keys", help="the signing keys").add_subparsers(required=True, metavar="what")
    keys.add_parser("add", help="make a new key; it signs from the next start on").set_defaults(run=_add_key)

    _platform_commands(commands.add_parser("platforms", help="LMSs that know this tool"))
    return parser


def _platform_commands(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(required=True, metavar="what")
    what.add_parser("invite", help="print a one-time registration address").set_defaults(run=_invite)
    what.add_parser("list", help="list the registered LMSs").set_defaults(run=_list)
    add = what.add_parser("add", help="register an LMS by hand")
    for name, text in (
        ("issuer", "exactly as the LMS writes it"),
        ("client-id", "the id that the LMS gave the tool"),
        ("auth-login-url", "the LMS's OIDC authentication address"),
        ("auth-token-url", "the LMS's access token address"),
        ("jwks-url", "the LMS's public key set address"),
    ):
        add.add_argument(f"--{name}", required=True, help=text)
    add.add_argument("--name", help="what to call this LMS (default: the issuer)")
    add.add_argument("--family", default="", help="canvas, moodle, blackboard, brightspace, sakai or openedx")
    add.add_argument("--auth-audience", help="the token audience, where the LMS wants another one (Brightspace)")
    add.add_argument("--deployment-id", help="a deployment that is known already")
    add.set_defaults(run=_add_platform)


def _load() -> Settings:
    return configuration.load(Path(".env"))


def _demo(options: argparse.Namespace) -> int:
    from lti_tool.demo.run import run_demo  # noqa: PLC0415  # other commands need not load it

    return run_demo(port=options.port, lms_port=options.lms_port, is_story=options.story)


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

    from lti_tool.app import create_app  # noqa: PLC0415  # other commands start without the web application

    settings = _load()
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    with app.app_context():
        upgrade()
    app.extensions["queue"].prepare()


def _add_key(_options: argparse.Namespace) -> None:
    from lti_tool.lti.keys import add_signing_key  # noqa: PLC0415  # other commands need no keys

    keys = add_signing_key(_load().key_folder, datetime.now(UTC))
    print(f"Made key {keys.current.kid}. Restart the tool to sign with it.")


def _invite(_options: argparse.Namespace) -> None:
    from lti_tool.actions.platforms import invite  # noqa: PLC0415  # other commands start without the database
    from lti_tool.app import create_app  # noqa: PLC0415  # other commands start without the web application

    settings = _load()
    with create_app(settings).app_context():
        print(f"{settings.tool_url}/lti/register?invite={invite(now=datetime.now(UTC))}")


def _list(_options: argparse.Namespace) -> None:
    from lti_tool.app import create_app  # noqa: PLC0415  # other commands start without the web application
    from lti_tool.store.platforms import all_registrations  # noqa: PLC0415  # other commands start without the database

    with create_app(_load()).app_context():
        for row in all_registrations():
            print(f"{row.id}\t{row.name}\t{row.issuer}\t{row.client_id}\t{'paused' if row.is_paused else 'active'}")


def _add_platform(options: argparse.Namespace) -> int:
    from lti_tool.actions.platforms import (  # noqa: PLC0415  # other commands start without the database
        NewRegistration,
        RegistrationExists,
        add_registration,
    )
    from lti_tool.app import create_app  # noqa: PLC0415  # other commands start without the web application

    settings = _load()
    problems = _address_problems(options, settings)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 2
    new = NewRegistration(
        issuer=options.issuer,
        client_id=options.client_id,
        name=options.name or options.issuer,
        family=options.family,
        auth_login_url=options.auth_login_url,
        auth_token_url=options.auth_token_url,
        auth_audience=options.auth_audience,
        jwks_url=options.jwks_url,
    )
    with create_app(settings).app_context():
        try:
            number = add_registration(
                new, deployment_id=options.deployment_id, by="command line", now=datetime.now(UTC)
            )
        except RegistrationExists as fault:
            print(fault, file=sys.stderr)
            return 1
    print(f"Registered as number {number}.")
    return 0


def _address_problems(options: argparse.Namespace, settings: Settings) -> list[str]:
    """What is wrong with the addresses of an LMS: browsers and this tool must be able to trust them."""
    from lti_tool.lti.addresses import host_of, is_local_name, is_secure  # noqa: PLC0415  # other commands need no LMS

    addresses = {name: getattr(options, name) for name in ("auth_login_url", "auth_token_url", "jwks_url")}
    return [
        f"--{name.replace('_', '-')}: an address that begins with https:// is needed, not {address!r}"
        for name, address in addresses.items()
        if not is_secure(address) and not (settings.may_be_local and is_local_name(host_of(address)))
    ]
