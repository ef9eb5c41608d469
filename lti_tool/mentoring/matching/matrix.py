"""A matching given as a bare matrix of scores, as `docs/matching-format.md` describes it.

Scores become whole numbers: exactly, where they have few enough decimals, else to about fifteen figures.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.matching.facts import BoolArray, IntArray
from lti_tool.mentoring.matching.given import (
    InputWrong,
    NotANumber,
    a_list,
    a_number,
    a_text,
    a_whole_number,
    each,
    only_keys,
    shown,
)
from lti_tool.mentoring.matching.market import Market, Objective, market, widest_range

KEYS = (
    "scores",
    "capacities",
    "min_scores",
    "locked",
    "forbidden",
    "mentors_wanted",
    "minimum_loads",
    "objective",
    "seed",
    "mentees",
    "mentors",
)
_EXACT = 1 << 52
_SAMPLE = 4096

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """What the file asks.

    Shape: `cells` mentees × mentors, where `allowed`; `locked` positions of mentee and mentor; names are empty where
        the file has none.
    """

    cells: FloatArray
    allowed: BoolArray
    capacities: tuple[int, ...]
    mentors_wanted: tuple[int, ...]
    minimum_loads: tuple[int, ...]
    locked: tuple[tuple[int, int], ...]
    objective: Objective | None
    seed: int
    mentees: tuple[str, ...]
    mentors: tuple[str, ...]


def read_matrix(given: Mapping[str, Any]) -> Matrix:
    """Return what a JSON object asks.

    Raises: InputWrong.
    """
    only_keys(given, KEYS, "")
    rows = a_list(given["scores"], "scores")
    width = _width(given, rows)
    cells, allowed = _cells(rows, width)
    shape = (len(rows), width)
    _forbid(given.get("forbidden"), shape, allowed)
    too_low = _too_low(given.get("min_scores"), cells)
    capacities = _counts(given.get("capacities"), "capacities", width, "mentors", 1)
    wanted = _counts(given.get("mentors_wanted"), "mentors_wanted", len(rows), "mentees", 1)
    locked = _locked(given.get("locked"), shape, allowed, too_low, capacities, wanted)
    return Matrix(
        cells=cells,
        allowed=allowed & ~too_low,
        capacities=tuple(capacities),
        mentors_wanted=tuple(wanted),
        minimum_loads=tuple(_counts(given.get("minimum_loads"), "minimum_loads", width, "mentors", 0)),
        locked=tuple(locked),
        objective=read_objective(given.get("objective"), "objective"),
        seed=0 if given.get("seed") is None else a_whole_number(given["seed"], "seed"),
        mentees=_names(given.get("mentees"), "mentees", len(rows)),
        mentors=_names(given.get("mentors"), "mentors", width),
    )


def read_objective(given: Any, place: str) -> Objective | None:
    """Return the objective, or None where none is named.

    Raises: InputWrong.
    """
    if given is None:
        return None
    if given not in tuple(Objective):
        raise InputWrong(place, f"fair, total or stable is expected, not {shown(given)}")
    return Objective(given)


def _width(given: Mapping[str, Any], rows: Sequence[Any]) -> int:
    if rows:
        return len(a_list(rows[0], "scores[0]"))
    capacities = given.get("capacities")
    return 0 if capacities is None else len(a_list(capacities, "capacities"))


def _cells(rows: Sequence[Any], width: int) -> tuple[FloatArray, BoolArray]:
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != width or not set(map(type, row)) <= {int, float, type(None)}:
            _find_fault(row, f"scores[{number}]", width)
    try:
        cells = np.array(rows, dtype=np.float64).reshape(len(rows), width)
    except OverflowError:
        cells = np.array([[_as_float(cell) for cell in row] for row in rows], dtype=np.float64)
    allowed = ~np.isnan(cells)
    if np.isinf(cells).any():
        row, column = np.argwhere(np.isinf(cells))[0].tolist()
        raise InputWrong(f"scores[{row}][{column}]", "the number is too large")
    return cells, allowed


def _as_float(cell: float | None) -> float:
    try:
        return math.nan if cell is None else float(cell)
    except OverflowError:
        return math.inf


def _find_fault(row: Any, place: str, width: int) -> None:
    """Say what is wrong with a row that is not in order."""
    cells = a_list(row, place, width, "scores, as in the first row,")
    for number, cell in enumerate(cells):
        if isinstance(cell, NotANumber):
            raise InputWrong(f"{place}[{number}]", f"{cell} is no score; null stands for a forbidden pair")
        if cell is not None:
            a_number(cell, f"{place}[{number}]")


def _counts(given: Any, place: str, length: int, of: str, default: int) -> list[int]:
    if given is None:
        return [default] * length
    return each(a_list(given, place, length, of), place, lambda value, at: a_whole_number(value, at, 0))


def _names(given: Any, place: str, length: int) -> tuple[str, ...]:
    if given is None:
        return ()
    names = each(a_list(given, place, length, "names"), place, a_text)
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            raise InputWrong(f"{place}[{number}]", f"{shown(name)} is there twice")
        seen.add(name)
    return tuple(names)


def _pair(value: Any, place: str, shape: tuple[int, int]) -> tuple[int, int]:
    """Return a pair of positions."""
    both = a_list(value, place, 2, "numbers, mentee and mentor,")
    for number, (whom, size) in enumerate(zip(("mentee", "mentor"), shape, strict=True)):
        if not 0 <= a_whole_number(both[number], f"{place}[{number}]") < size:
            raise InputWrong(f"{place}[{number}]", f"there is no {whom} {both[number]}; the first is 0")
    return both[0], both[1]


def _or_none(given: Any, place: str) -> list[Any]:
    return [] if given is None else a_list(given, place)


def _forbid(given: Any, shape: tuple[int, int], allowed: BoolArray) -> None:
    for row, column in each(_or_none(given, "forbidden"), "forbidden", lambda value, at: _pair(value, at, shape)):
        allowed[row, column] = False


def _too_low(given: Any, cells: FloatArray) -> BoolArray:
    """Return the pairs below what one of the two asks for at least."""
    if given is None:
        return np.zeros(cells.shape, dtype=np.bool_)
    if isinstance(given, dict):
        only_keys(given, ("mentees", "mentors"), "min_scores")
        mentees = _least(given.get("mentees"), "min_scores.mentees", cells.shape[0], "mentees")
        mentors = _least(given.get("mentors"), "min_scores.mentors", cells.shape[1], "mentors")
        return np.asarray((cells < mentees[:, None]) | (cells < mentors[None, :]), dtype=np.bool_)
    if isinstance(given, list):
        return np.asarray(cells < _least(given, "min_scores", cells.shape[0], "mentees")[:, None], dtype=np.bool_)
    return np.asarray(cells < a_number(given, "min_scores"), dtype=np.bool_)


def _least(given: Any, place: str, length: int, of: str) -> FloatArray:
    if given is None:
        return np.full(length, -np.inf)
    values = a_list(given, place, length, of)
    return np.array(each(values, place, lambda value, at: -math.inf if value is None else a_number(value, at)))


def _locked(
    given: Any,
    shape: tuple[int, int],
    allowed: BoolArray,
    too_low: BoolArray,
    capacities: Sequence[int],
    wanted: Sequence[int],
) -> list[tuple[int, int]]:
    """Return the locked pairs, each once."""
    found: dict[tuple[int, int], None] = {}
    load, taken = [0] * shape[1], [0] * shape[0]
    for number, value in enumerate(_or_none(given, "locked")):
        place = f"locked[{number}]"
        row, column = _pair(value, place, shape)
        if (row, column) in found:
            continue
        found[row, column] = None
        load[column] += 1
        taken[row] += 1
        if not allowed[row, column]:
            raise InputWrong(place, f"mentee {row} and mentor {column} are a forbidden pair")
        if too_low[row, column]:
            raise InputWrong(place, f"mentee {row} and mentor {column} are below the least score asked for")
        if load[column] > capacities[column]:
            raise InputWrong(place, f"mentor {column} takes {capacities[column]} at most, and more are locked")
        if taken[row] > wanted[row]:
            raise InputWrong(place, f"mentee {row} is locked with more mentors than the {wanted[row]} wanted")
    return list(found)


@dataclass(frozen=True, slots=True)
class Scaled:
    """Scores as whole numbers of `1 / scale`."""

    cells: IntArray
    scale: float


def scaled(asked: Matrix) -> Scaled:
    """Return the scores as whole numbers: exactly if they fit, else as finely as the solver can bear."""
    shape_only = _market(asked, np.zeros(asked.cells.shape, dtype=np.int64))
    limit = min(_EXACT, widest_range(shape_only) // 2)
    cells = np.where(asked.allowed, asked.cells, 0.0)
    largest = float(np.abs(cells).max(initial=0.0))
    for digits in range(16):
        scale = 10.0**digits
        if largest * scale > limit:
            break
        if _is_exact(cells.ravel()[:_SAMPLE], scale) and _is_exact(cells, scale):
            return Scaled(np.rint(cells * scale).astype(np.int64), scale)
    scale = math.ldexp(1.0, min(1000, math.frexp(limit)[1] - math.frexp(largest)[1] - 1))
    return Scaled(np.rint(cells * scale).astype(np.int64), scale)


def _is_exact(cells: FloatArray, scale: float) -> bool:
    return bool((np.rint(cells * scale) / scale == cells).all())


def question(asked: Matrix, scores: IntArray) -> Market:
    """Return the matrix as a question for the engine."""
    return _market(asked, scores)


def _market(asked: Matrix, scores: IntArray) -> Market:
    return market(
        scores,
        asked.allowed,
        _as_array(asked.capacities, len(asked.mentors_wanted)),
        demands=_as_array(asked.mentors_wanted, len(asked.capacities)),
        minimums=_as_array(asked.minimum_loads, len(asked.mentors_wanted)),
    )


def _as_array(counts: Sequence[int], most: int) -> IntArray:
    """Return counts of people, none of them larger than the number there is."""
    return np.array([min(count, most) for count in counts], dtype=np.int64)
