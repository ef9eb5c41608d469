"""A matrix as a spreadsheet, and pairs as one: for people who keep their lists there.

The first row names the mentors, the first column the mentees; a row called `capacity` says how many mentees each mentor
takes; an empty cell forbids a pair.
"""

import csv
import io
from collections.abc import Mapping
from typing import Any

from lti_tool.mentoring.matching.given import InputWrong, shown

_CAPACITY = "capacity"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def matrix_of(text: str) -> dict[str, Any]:
    """Return a spreadsheet's text as the JSON object that asks the same.

    Raises: InputWrong.
    """
    text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        lines = [
            line for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if any(line)
        ]
    except csv.Error as fault:
        raise InputWrong("", f"this is no spreadsheet: {fault}") from None
    if not lines:
        raise InputWrong("", "the spreadsheet is empty")
    mentors = [name.strip() for name in lines[0][1:]]
    given: dict[str, Any] = {"scores": [], "mentees": [], "mentors": mentors, "capacities": [1] * len(mentors)}
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(lines[0]):
            raise InputWrong(f"row {number}", f"{len(lines[0])} cells are expected, not {len(line)}")
        cells = [
            _cell(cell, f"row {number}, column {place}", delimiter) for place, cell in enumerate(line[1:], start=2)
        ]
        if line[0].strip().lower() == _CAPACITY:
            given["capacities"] = [_count(cell, f"row {number}, column {place}") for place, cell in enumerate(cells, 2)]
        else:
            given["mentees"].append(line[0].strip())
            given["scores"].append(cells)
    return given


def _cell(text: str, place: str, delimiter: str) -> float | None:
    plain = text.strip() if delimiter == "," else text.strip().replace(",", ".")
    if not plain:
        return None
    try:
        number = float(plain)
    except ValueError:
        number = float("nan")
    if number - number != 0:
        raise InputWrong(place, f"a number is expected, not {shown(text)}")
    return number


def _count(cell: float | None, place: str) -> int:
    if cell is None or cell < 0 or cell != int(cell):
        raise InputWrong(place, "a capacity is a whole number from 0")
    return int(cell)


def pairs_as_csv(result: Mapping[str, Any]) -> str:
    """Return pairs, and then people left over, as a spreadsheet's text; nothing in it is taken for a formula."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["mentee", "mentor", "score", "reasons"])
    for pair in result["pairs"]:
        reasons = "; ".join(pair["reasons"])
        rows.writerow([_plain(pair["mentee"]), _plain(pair["mentor"]), pair["score"], _plain(reasons)])
    for left in result["unmatched"]:
        rows.writerow([_plain(left["mentee"]), "", "", _plain(left["reason"])])
    return text.getvalue()


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
