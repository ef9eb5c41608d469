"""`lti-tool keys`: the tool's own signing keys."""

import argparse
import sys
from datetime import UTC, datetime

from lti_tool.cli.application import BY, application, load


def add_to(parser: argparse.ArgumentParser) -> None:
    """Give a command's parser what can be done with keys."""
    keys = parser.add_subparsers(required=True, metavar="what")
    keys.add_parser("rotate", help="publish the next key; it signs a day later").set_defaults(run=_rotate_keys)
    keys.add_parser("encrypt", help="encrypt with the first of KEY_SECRETS").set_defaults(run=_encrypt_anew)
    keys.add_parser("list", help="list the published keys").set_defaults(run=_list_keys)


def _rotate_keys(_options: argparse.Namespace) -> None:
    with application(load()) as app:
        keys = app.extensions["edge"].key_ring.rotate(by=BY, now=datetime.now(UTC))
    print(f"Published key {keys.newest.kid}. It signs from {keys.newest.signs_from:%Y-%m-%d %H:%M} UTC on.")


def _encrypt_anew(_options: argparse.Namespace) -> int:
    from lti_tool.actions.secrets import encrypt_anew  # noqa: PLC0415  # other commands start without the database

    with application(load()) as app:
        done = encrypt_anew(app.extensions["edge"].encryption, by=BY, now=datetime.now(UTC))
    print(f"Encrypted: {done.signing_keys} signing keys, {done.management_tokens} tokens of LMSs.")
    sys.stderr.writelines(f"No secret opens: {name}. Nothing was changed there.\n" for name in done.unreadable)
    return 1 if done.unreadable else 0


def _list_keys(_options: argparse.Namespace) -> None:
    now = datetime.now(UTC)
    with application(load()) as app:
        keys = app.extensions["edge"].signing_keys
    for key in keys.all:
        state = "signs" if key.kid == keys.signer(now).kid else "next" if key.signs_from > now else "published"
        print(f"{key.kid}\t{state}\t{f'goes {key.retires_at:%Y-%m-%d}' if key.retires_at else 'stays'}")
