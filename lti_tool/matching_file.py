"""The command `lti-tool match`: pairs for a file, with the certificate; and a check of one.

Exit status: 0 when it worked and the certificate holds, 1 when it does not hold, 2 for input that cannot be read, with
one line that names the place. The format is described in `docs/matching-format.md`.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

CSV = ".csv"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Give a command's parser what `match` needs to know."""
    parser.add_argument(
        "input", metavar="INPUT", help="a JSON or CSV file as docs/matching-format.md describes it, or -"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="write here: JSON, or pairs as CSV")
    parser.add_argument("--objective", choices=("fair", "total", "stable"), help="what is best (default: fair)")
    parser.add_argument("--verify", type=Path, metavar="OUT", help="check the certificate of this result instead")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Match what a file holds, or check a result."""
    from lti_tool.mentoring.matching.assignment import TooWide  # noqa: PLC0415  # other commands need no numpy
    from lti_tool.mentoring.matching.given import InputWrong  # noqa: PLC0415  # as above

    place = options.input
    try:
        content = _content(place)
        given = _parsed(content, is_csv=place.lower().endswith(CSV))
        digest = hashlib.sha256(content).hexdigest()
        if options.verify is None:
            result = _match(given, options.objective, digest)
            return _write(result, options.output)
        place = str(options.verify)
        return _tell(_check(given, _parsed(_content(place), is_csv=False), digest))
    except (InputWrong, TooWide) as fault:
        return _refuse(place, str(fault))
    except OSError as fault:
        return _refuse(fault.filename or place, fault.strerror or "cannot be read")
    except RecursionError:
        return _refuse(place, "lists within lists without end")


def _refuse(place: str, problem: str) -> int:
    line = " ".join(f"{place}: {problem}".split())
    print(line, file=sys.stderr)
    return 2


def _content(place: str) -> bytes:
    return sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes()


def _parsed(content: bytes, *, is_csv: bool) -> Mapping[str, Any]:
    from lti_tool.mentoring.matching.given import InputWrong, NotANumber, an_object  # noqa: PLC0415  # as above
    from lti_tool.mentoring.matching.spreadsheet import matrix_of  # noqa: PLC0415  # as above

    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputWrong(f"byte {fault.start}", "not UTF-8 text") from None
    if is_csv:
        return matrix_of(text)
    try:
        value = json.loads(text, parse_constant=NotANumber)
    except json.JSONDecodeError as fault:
        raise InputWrong(f"line {fault.lineno}, column {fault.colno}", f"not JSON: {fault.msg}") from None
    except ValueError:
        raise InputWrong("", "a whole number has too many digits") from None
    return an_object(value, "")


def _match(given: Mapping[str, Any], objective: str | None, digest: str) -> dict[str, Any]:
    from lti_tool.mentoring.matching.market import Objective  # noqa: PLC0415  # as above
    from lti_tool.mentoring.matching.matrix import read_matrix  # noqa: PLC0415  # as above
    from lti_tool.mentoring.matching.matrix_result import match_matrix  # noqa: PLC0415  # as above

    if _has_people(given):
        from lti_tool.mentoring.matching.people_file import read_people  # noqa: PLC0415  # as above
        from lti_tool.mentoring.matching.people_result import match_people  # noqa: PLC0415  # as above

        people = read_people(given)
        plan = replace(people.plan, objective=objective) if objective else people.plan
        return match_people(replace(people, plan=plan), digest)
    asked = read_matrix(given)
    return match_matrix(asked, Objective(objective) if objective else asked.objective or Objective.FAIR, digest)


def _check(given: Mapping[str, Any], result: Mapping[str, Any], digest: str) -> list[str]:
    from lti_tool.mentoring.matching.matrix import read_matrix  # noqa: PLC0415  # as above
    from lti_tool.mentoring.matching.matrix_result import check_matrix  # noqa: PLC0415  # as above

    if _has_people(given):
        from lti_tool.mentoring.matching.people_file import read_people  # noqa: PLC0415  # as above
        from lti_tool.mentoring.matching.people_result import check_people  # noqa: PLC0415  # as above

        return check_people(read_people(given), result, digest)
    return check_matrix(read_matrix(given), result, digest)


def _has_people(given: Mapping[str, Any]) -> bool:
    from lti_tool.mentoring.matching.given import InputWrong  # noqa: PLC0415  # as above

    if ("scores" in given) == ("candidates" in given):
        raise InputWrong("", "either `scores` or `candidates` is expected")
    return "candidates" in given


def _write(result: Mapping[str, Any], output: Path | None) -> int:
    text = json.dumps(result, ensure_ascii=False, allow_nan=False) + "\n"
    if output is None:
        sys.stdout.write(text)
        return 0
    if output.suffix.lower() == CSV:
        from lti_tool.mentoring.matching.spreadsheet import pairs_as_csv  # noqa: PLC0415  # as above

        output.write_text(pairs_as_csv(result), encoding="utf-8", newline="")
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")
    return 0


def _tell(faults: list[str]) -> int:
    if faults:
        print("The certificate does not hold. What is wrong: " + ", ".join(faults) + ".", file=sys.stderr)
        return 1
    print("The certificate holds: the pairs keep all rules, and none are better.")
    return 0
