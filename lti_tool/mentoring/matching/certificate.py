"""The certificate: what is claimed of the pairs, and the prices that prove it, as JSON values.

Its seal is a hash over pairs and claims, so that any change shows; the prices prove the claims themselves.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lti_tool.mentoring.matching.assignment import Assignment
from lti_tool.mentoring.matching.checker import Question, blocking, problems
from lti_tool.mentoring.matching.given import InputWrong, a_list, a_number, a_whole_number, an_object, each, shown
from lti_tool.mentoring.matching.market import Objective

_BLOCKING_AT_MOST = 100
_LIMIT = 1 << 61

# How a file names somebody.
Name = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the claims come from: of which input, how counted.

    Units: a score of the file times `scale` is a whole number of the certificate's prices.
    """

    objective: Objective
    scale: float
    seed: int
    input_sha256: str


def certificate(asked: Question, found: Assignment, origin: Origin) -> dict[str, Any]:
    """Return what is claimed and the proof, without the seal."""
    pairs = list(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
    unhappy = blocking(asked, pairs)
    scale = origin.scale
    return {
        "matched": found.matched,
        "worst": None if found.worst is None else found.worst / scale,
        "total": found.total / scale,
        "bound": found.bound / scale,
        "gap": (found.bound - found.total) / scale,
        "engine": found.engine,
        "seed": origin.seed,
        "input_sha256": origin.input_sha256,
        "objective": origin.objective.value,
        "pairs": len(pairs),
        "blocking_pairs": {"count": len(unhappy), "first": [list(pair) for pair in unhappy[:_BLOCKING_AT_MOST]]},
        "prices": {
            "scale": scale,
            "total": found.total,
            "bound": found.bound,
            "worst_score": found.worst,
            "coverage": found.proof.coverage,
            "worst": found.proof.worst,
            "mentors": found.proof.mentors,
            "per_pair": found.proof.per_pair,
            "bonus": found.proof.bonus,
        },
    }


def sealed(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result whose certificate carries its seal."""
    return {**result, "certificate": {**result["certificate"], "seal": seal(result)}}


def seal(result: Mapping[str, Any]) -> str:
    """Return the hash of all of a result but its seal."""
    claims = {key: value for key, value in result["certificate"].items() if key != "seal"}
    text = json.dumps({**result, "certificate": claims}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Given:
    """What a result says of its pairs: as positions, with their scores; and what these scores are in the input."""

    pairs: Sequence[tuple[int, int]]
    scores: Sequence[float]
    true_scores: Sequence[float]


def faults(asked: Question, given: Given, result: Mapping[str, Any], origin: Origin) -> list[str]:
    """Return what is wrong with a result; nothing when it holds.

    Raises: InputWrong when the certificate is not one at all.
    """
    claims = an_object(result.get("certificate"), "certificate")
    exact = _exact(an_object(claims.get("prices"), "certificate.prices"), len(asked.capacities))
    scale, total, most, worst = origin.scale, exact["total"], exact["bound"], exact["worst_score"]
    expected = {
        "the seal": ("seal", seal(result)),
        "the input": ("input_sha256", origin.input_sha256),
        "the seed": ("seed", origin.seed),
        "the total": ("total", total / scale),
        "the bound": ("bound", most / scale),
        "the gap": ("gap", (most - total) / scale),
        "the worst pair": ("worst", None if worst is None else worst / scale),
        "the number of pairs": ("pairs", len(given.pairs)),
    }
    found = [text for text, (key, value) in expected.items() if claims.get(key) != value]
    if list(given.scores) != list(given.true_scores):
        found.append("a score")
    if exact["scale"] != scale:
        found.append("the scale")
    claim = {
        "objective": claims.get("objective"),
        "matched": claims.get("matched"),
        "worst": worst,
        "total": total,
        "bound": most,
        "prices": exact,
    }
    return list(dict.fromkeys(found + problems(asked, given.pairs, claim)))


def read_pairs(
    answer: Mapping[str, Any], rows: Mapping[Name, int], columns: Mapping[Name, int]
) -> tuple[list[tuple[int, int]], list[float]]:
    """Return the pairs an answer names, as positions, and the scores it gives them.

    Raises: InputWrong.
    """

    def one(value: Any, place: str) -> tuple[tuple[int, int], float]:
        pair = an_object(value, place)
        both = _known(pair, place, "mentee", rows), _known(pair, place, "mentor", columns)
        return both, a_number(pair.get("score"), f"{place}.score")

    found = each(a_list(answer.get("pairs"), "pairs"), "pairs", one)
    return [pair for pair, _ in found], [score for _, score in found]


def _known(pair: Mapping[str, Any], place: str, key: str, numbers: Mapping[Name, int]) -> int:
    name = pair.get(key)
    if isinstance(name, bool) or not isinstance(name, (int, str)) or name not in numbers:
        raise InputWrong(f"{place}.{key}", f"nobody in the input: {shown(name)}")
    return numbers[name]


def _exact(given: Mapping[str, Any], mentors: int) -> dict[str, Any]:
    """Return the whole numbers of a certificate, small enough to reckon with."""
    place = "certificate.prices"

    def number(value: Any, at: str) -> int:
        return a_whole_number(value, at, -_LIMIT, _LIMIT)

    exact: dict[str, Any] = {
        key: number(given.get(key), f"{place}.{key}") for key in ("total", "bound", "per_pair", "bonus")
    }
    exact["scale"] = a_number(given.get("scale"), f"{place}.scale")
    exact["worst_score"] = None if given.get("worst_score") is None else number(given["worst_score"], place)
    for key in ("coverage", "worst", "mentors"):
        values = given.get(key)
        if values is None and key != "mentors":
            exact[key] = [0] * mentors  # proves nothing, and so only holds where nothing needs to be proved
        else:
            exact[key] = each(a_list(values, f"{place}.{key}", mentors, "prices"), f"{place}.{key}", number)
    return exact
