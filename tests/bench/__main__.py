"""`python -m tests.bench`: measure, print a table, write JSON; the exit status says whether everything could be run."""

import argparse
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.bench import board, funnel, launches, ledgers, ledgers_kept, matching, one_launch, pairs, roster, scores
from tests.bench.figures import Figure, as_json, table
from tests.bench.place import Place, place

SECTIONS: dict[str, Callable[[Place], list[Figure]]] = {
    "launches": launches.measure,
    "one launch": one_launch.measure,
    "roster": roster.measure,
    "scores": scores.measure,
    "ledgers": ledgers.measure,
    "ledgers from the database": ledgers_kept.measure,
    "matching": matching.measure,
    "funnel": funnel.measure,
    "board": board.measure,
    "pairs": pairs.measure,
}


def main() -> int:
    """Measure everything, or the sections named by `--only`."""
    options = _options()
    figures: list[Figure] = []
    failures: list[str] = []
    with place(is_quick=options.quick) as here:
        for name in options.only or SECTIONS:
            _measure(name, here, figures, failures)
    print(table(figures))
    text = as_json(figures, failures, is_quick=options.quick)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    return 1 if failures else 0


def _measure(name: str, here: Place, figures: list[Figure], failures: list[str]) -> None:
    print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
    began = time.perf_counter()
    try:
        figures += SECTIONS[name](here)
    except Exception:  # noqa: BLE001  # one section that cannot run must not take the others' figures with it
        failures.append(name)
        print("failed", file=sys.stderr)
        traceback.print_exc()
    else:
        print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small numbers: shows that everything runs, proves little")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the JSON here instead of printing it")
    parser.add_argument("--only", action="append", choices=list(SECTIONS), help="one section; may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
