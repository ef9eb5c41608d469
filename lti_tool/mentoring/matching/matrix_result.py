"""The answer to a bare matrix: pairs, who is left and why, and the certificate; and whether such an answer holds."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from lti_tool.mentoring.matching.assignment import Assignment, assign
from lti_tool.mentoring.matching.certificate import Given, Name, Origin, certificate, faults, read_pairs, sealed
from lti_tool.mentoring.matching.checker import Question
from lti_tool.mentoring.matching.given import InputWrong, an_object, shown
from lti_tool.mentoring.matching.market import Objective
from lti_tool.mentoring.matching.matrix import Matrix, question, scaled
from lti_tool.mentoring.matching.ties import ties


def match_matrix(asked: Matrix, objective: Objective, input_sha256: str) -> dict[str, Any]:
    """Return the best pairs of a matrix, as JSON values.

    Raises: TooWide when the scores are too far apart for exact arithmetic.
    """
    numbers = scaled(asked)
    rows, columns = asked.cells.shape
    chance = ties(asked.seed, range(rows), range(columns))
    found = assign(question(asked, numbers.cells), objective=objective, locked=asked.locked, chance=chance)
    origin = Origin(objective=objective, scale=numbers.scale, seed=asked.seed, input_sha256=input_sha256)
    mentees, mentors = _names(asked)
    locked = set(asked.locked)
    pairs = [
        {
            "mentee": mentees[row],
            "mentor": mentors[column],
            "score": float(asked.cells[row, column]),
            "reasons": [_reason(asked, row, column, (row, column) in locked)],
        }
        for row, column in zip(found.rows.tolist(), found.columns.tolist(), strict=True)
    ]
    result = {
        "pairs": pairs,
        "unmatched": _unmatched(asked, found, mentees),
        "certificate": certificate(_asked(asked, numbers.cells), found, origin),
    }
    return sealed(result)


def check_matrix(asked: Matrix, result: Any, input_sha256: str) -> list[str]:
    """Return what is wrong with an answer to a matrix; nothing when it holds.

    Raises: InputWrong when it is no answer at all.
    """
    answer = an_object(result, "")
    claims = an_object(answer.get("certificate"), "certificate")
    numbers = scaled(asked)
    pairs, scores = _read_pairs(answer, asked)
    if claims.get("objective") not in tuple(Objective):
        raise InputWrong("certificate.objective", f"not an objective: {shown(claims.get('objective'))}")
    origin = Origin(
        objective=Objective(claims["objective"]), scale=numbers.scale, seed=asked.seed, input_sha256=input_sha256
    )
    true_scores = [float(asked.cells[pair]) for pair in pairs]
    return faults(_asked(asked, numbers.cells), Given(pairs, scores, true_scores), answer, origin)


def _asked(asked: Matrix, scores: Any) -> Question:
    rows, columns = asked.cells.shape
    return Question(
        scores=scores,
        allowed=asked.allowed,
        capacities=[min(count, rows) for count in asked.capacities],
        demands=[min(count, columns) for count in asked.mentors_wanted],
        minimums=[min(both) for both in zip(asked.minimum_loads, asked.capacities, [rows] * columns, strict=True)],
        locked=asked.locked,
    )


def _names(asked: Matrix) -> tuple[list[Name], list[Name]]:
    rows, columns = asked.cells.shape
    return list(asked.mentees or range(rows)), list(asked.mentors or range(columns))


def _read_pairs(answer: Mapping[str, Any], asked: Matrix) -> tuple[list[tuple[int, int]], list[float]]:
    row_of, column_of = ({name: number for number, name in enumerate(names)} for names in _names(asked))

    return read_pairs(answer, row_of, column_of)


def _reason(asked: Matrix, row: int, column: int, is_locked: bool) -> str:
    if is_locked:
        return "Locked in the input."
    scores = asked.cells[row][asked.allowed[row]]
    rank = 1 + int((scores > asked.cells[row, column]).sum())
    if rank == 1:
        return "The highest score this mentee has with anybody."
    return f"Number {rank} of the {len(scores)} mentors this mentee may have, by score."


def _unmatched(asked: Matrix, found: Assignment, mentees: list[Name]) -> list[dict[str, Any]]:
    left = sorted(set(range(len(mentees))) - set(found.rows.tolist()))
    return [{"mentee": mentees[row], "reason": _why(asked, row)} for row in left]


def _why(asked: Matrix, row: int) -> str:
    if not asked.cells.shape[1]:
        return "There is no mentor."
    if not asked.mentors_wanted[row]:
        return "This mentee wants no mentor."
    if not asked.allowed[row].any():
        is_known = bool((~np.isnan(asked.cells[row])).any())
        return "No mentor who is allowed reaches the least score." if is_known else "Every mentor is forbidden."
    return "Every mentor who is allowed is full."
