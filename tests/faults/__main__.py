"""`python -m tests.faults`: the whole test of what happens when everything breaks, with its figures."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.databases import Databases
from tests.faults.harness import Plan, run

WHOLE = (
    Plan(database="postgresql", people=2000, workers=3, kills=50, restarts=2, rate=0.06, seed=7),
    Plan(database="sqlite", people=2000, workers=1, kills=10, restarts=0, rate=0.06, seed=8),
)


def main() -> int:
    """Run it; the exit status says whether everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database")
    options = parser.parse_args()
    is_wrong = False
    for plan in WHOLE:
        if options.only not in {None, plan.database}:
            continue
        with tempfile.TemporaryDirectory(prefix="faults-") as name:
            databases = Databases(Path(name))
            try:
                outcome = run(plan, databases, Path(name), print)
            finally:
                databases.stop()
        for what, figure in outcome.figures.items():
            print(f"  {what:24} {figure}")
        print("\n".join(f"  WRONG {line}" for line in outcome.wrong) or "  every cell is the ledger's or the teacher's")
        is_wrong = is_wrong or bool(outcome.wrong)
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
