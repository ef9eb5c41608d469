"""`lti-tool outbox`: what must still reach the outside, what was given up, and trying it again."""

import argparse
import sys
from datetime import UTC, datetime

from lti_tool.cli.application import BY, application, load


def add_to(parser: argparse.ArgumentParser) -> None:
    """Give a command's parser what can be done with the outbox."""
    what = parser.add_subparsers(required=True, metavar="what")
    what.add_parser("list", help="count the work by kind and state, and list what was given up").set_defaults(run=_list)
    retry = what.add_parser("retry", help="try again what was given up")
    chosen = retry.add_mutually_exclusive_group(required=True)
    chosen.add_argument("number", type=int, nargs="?", help="as `outbox list` shows it")
    chosen.add_argument("--all", action="store_true", help="everything")
    retry.set_defaults(run=_retry)


def _list(_options: argparse.Namespace) -> None:
    from lti_tool.store.buried import buried_rows  # noqa: PLC0415  # other commands start without the database
    from lti_tool.store.health import work_counts  # noqa: PLC0415  # as above

    with application(load()):
        for kind, state, count in sorted(work_counts()):
            print(f"{kind}\t{state}\t{count}")
        for row, name in buried_rows():
            since = f"{row.done_at:%Y-%m-%d %H:%M} UTC" if row.done_at else ""
            print(f"{row.id}\t{row.kind}\t{name or '-'}\tgiven up {since}\t{row.last_error}")


def _retry(options: argparse.Namespace) -> int:
    from lti_tool.actions.burials import try_again, try_all_again  # noqa: PLC0415  # as above

    with application(load()):
        if options.all:
            print(f"{try_all_again(by=BY, now=datetime.now(UTC))} pieces of work are tried again.")
            return 0
        if try_again(options.number, by=BY, now=datetime.now(UTC)):
            print("It is tried again.")
            return 0
    print(f"Nothing of number {options.number} was given up.", file=sys.stderr)
    return 1
