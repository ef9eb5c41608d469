"""`lti-tool bench`: the measurements and the storm of a source checkout, which an installed package does not carry."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from lti_tool.settings import HERE


def add_to(parser: argparse.ArgumentParser) -> None:
    """Give a command's parser what can be measured."""
    parser.add_argument(
        "what",
        nargs="?",
        choices=("figures", "faults"),
        default="figures",
        help="figures beside named peers (default), or the storm that breaks everything and counts afterwards",
    )
    parser.add_argument("--quick", action="store_true", help="small numbers: shows that it runs, proves little")
    parser.add_argument("--only", action="append", default=[], help="one section, or one database; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here, as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, *, checkout: Path = HERE.parent) -> int:
    """Run the programs beside the tests; their exit status."""
    if not (checkout / "tests" / "faults" / "__main__.py").is_file():
        print(
            "lti-tool bench needs a source checkout with its development packages (make test installs them).",
            file=sys.stderr,
        )
        return 1
    program = "tests.faults" if options.what == "faults" else "tests.bench"
    command = [sys.executable, "-m", program, *(f"--only={one}" for one in options.only)]
    command += ["--quick"] if options.quick else []
    command += [f"--json={options.json.resolve()}"] if options.json else []
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    done = subprocess.run(command, cwd=checkout, env=environment, check=False)  # noqa: S603  # our own programs, no shell
    return done.returncode
