"""`lti-tool platforms`: the LMSs that know this tool."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from lti_tool.cli.application import BY, application, load

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


def add_to(parser: argparse.ArgumentParser) -> None:
    """Give a command's parser what can be done with LMSs."""
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


def _invite(_options: argparse.Namespace) -> None:
    from lti_tool.actions.platforms import invite  # noqa: PLC0415  # other commands start without the database

    settings = load()
    with application(settings):
        print(f"{settings.tool_url}/lti/register?invite={invite(now=datetime.now(UTC))}")


def _list(_options: argparse.Namespace) -> None:
    from lti_tool.store.platforms import all_registrations  # noqa: PLC0415  # other commands start without the database

    with application(load()):
        for row in all_registrations():
            state = "paused" if row.is_paused else "active" if row.first_launch_at else "pending"
            print(f"{row.id}\t{row.name}\t{row.issuer}\t{row.client_id}\t{state}")


def _add_platform(options: argparse.Namespace) -> int:
    from lti_tool.actions.by_hand import OTHER, ByHand, read_by_hand  # noqa: PLC0415  # as above
    from lti_tool.actions.platforms import RegistrationExists, add_registration  # noqa: PLC0415  # as above
    from lti_tool.lti.presets import UnknownPreset  # noqa: PLC0415  # as above

    settings = load()
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
    with application(settings):
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

    with application(load()):
        row = db.session.get(Registration, number)
        if row is None:
            print(f"There is no LMS number {number}.", file=sys.stderr)
        yield row.name if row else None
