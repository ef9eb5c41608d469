"""`python -m tests.faults`, or `lti-tool bench faults`: the whole test of what happens when everything breaks."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tests.databases import Databases
from tests.faults.harness import Plan, run

WHOLE = (
    Plan(database="postgresql", people=2000, workers=3, kills=50, restarts=2, rate=0.06, seed=7),
    Plan(database="sqlite", people=2000, workers=1, kills=50, restarts=0, rate=0.06, seed=8),
)
DATABASES = tuple(plan.database for plan in WHOLE)


def main() -> int:
    """Run it and print its figures; the exit status says whether everything held."""
    options = _options()
    told = [_weather(_sized(plan, options)) for plan in WHOLE if plan.database in (options.only or DATABASES)]
    if options.json:
        options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return int(any(one["wrong"] for one in told))


def _weather(plan: Plan) -> dict[str, Any]:
    """One storm over one database, told while it blows; what came of it."""
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        databases = Databases(Path(name), is_durable=True)
        try:
            outcome = run(plan, databases, Path(name), lambda line: print(line, flush=True))
        finally:
            databases.stop()
    for what, figure in outcome.figures.items():
        print(f"  {what:24} {figure}")
    print("\n".join(f"  WRONG {line}" for line in outcome.wrong) or "  every cell is the ledger's or the teacher's")
    return {"plan": asdict(plan), "figures": outcome.figures, "wrong": outcome.wrong}


def _sized(plan: Plan, options: argparse.Namespace) -> Plan:
    people, kills = (60, 5) if options.quick else (options.people, options.kills or plan.kills)
    return replace(plan, people=people, kills=kills, restarts=min(plan.restarts, kills))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few people: shows that it runs, proves little")
    parser.add_argument("--people", type=int, default=2000, help="who change three times each (default 2000)")
    parser.add_argument("--kills", type=int, help="of workers (default 50)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    parser.add_argument("--only", action="append", choices=DATABASES, help="one database")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
