"""How well a mentee and a mentor suit each other: a score from their answers.

Each question gives a part from 0 to 1; the score is their mean by weight. A question one of the two left open is left
out and the others count more, but each open heavy question costs a little, so that empty answers do not look perfect.
Everything is whole millionths. Source: product section 5.3.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.matching.facts import PPM, BoolArray, Candidate, IntArray, Plan
from lti_tool.mentoring.matching.features import answered, chosen, free_half_hours, minutes_in_common, ranked
from lti_tool.mentoring.questionnaire import Comparer, Question

HEAVY_WEIGHT = 10
OPEN_QUESTION_COST = 20_000
ENOUGH_MINUTES = 360
_BLOCK_ROWS = 256


@dataclass(frozen=True, slots=True)
class _Encoded:
    """One question's answers on both sides, and what each option counts."""

    mentees: NDArray[Any]
    mentors: NDArray[Any]
    option_weights: IntArray


@dataclass(frozen=True, slots=True)
class _Comparison:
    """How a comparer turns answers into arrays, and two people's arrays into a part."""

    encode: Callable[[Question, Sequence[Candidate], Sequence[Candidate], Plan], _Encoded]
    part: Callable[[NDArray[Any], NDArray[Any], IntArray], IntArray]


@dataclass(frozen=True, slots=True)
class Compatibility:
    """All that is needed to score any pair of these mentees and mentors."""

    questions: tuple[Question, ...]
    encoded: tuple[_Encoded, ...]

    def scores(self) -> IntArray:
        """Return the score of every pair.

        Shape: mentees × mentors.
        Units: millionths, from 0 to 1,000,000.
        """
        rows, columns = len(self.encoded[0].mentees), len(self.encoded[0].mentors)
        scores = np.zeros((rows, columns), dtype=np.int64)
        every_mentor = np.arange(columns)[None, :]
        for start in range(0, rows, _BLOCK_ROWS):
            block = np.arange(start, min(start + _BLOCK_ROWS, rows))[:, None]
            scores[block[:, 0]] = self._score(block, every_mentor)
        return scores

    def scores_of(self, rows: IntArray, columns: IntArray) -> IntArray:
        """Return the scores of the chosen pairs only."""
        return self._score(rows, columns)

    def contributions(self, rows: IntArray, columns: IntArray) -> dict[str, IntArray]:
        """Return weight × part of each question for the chosen pairs only, by question key."""
        parts = self._parts(rows, columns)
        return {
            question.key: question.weight * np.where(known, part, 0)
            for question, (part, known) in zip(self.questions, parts, strict=True)
        }

    def _parts(self, rows: IntArray, columns: IntArray) -> list[tuple[IntArray, BoolArray]]:
        """Return each question's part and whether both sides answered, for row and column numbers that broadcast."""
        parts = []
        for question, encoded in zip(self.questions, self.encoded, strict=True):
            mentees, mentors = encoded.mentees[rows], encoded.mentors[columns]
            part = _COMPARISONS[question.comparer].part(mentees, mentors, encoded.option_weights)
            parts.append((part, answered(mentees) & answered(mentors)))
        return parts

    def _score(self, rows: IntArray, columns: IntArray) -> IntArray:
        shape = np.broadcast_shapes(rows.shape, columns.shape)
        total, weight, open_cost = (np.zeros(shape, dtype=np.int64) for _ in range(3))
        for question, (part, known) in zip(self.questions, self._parts(rows, columns), strict=True):
            total += question.weight * np.where(known, part, 0)
            weight += question.weight * known
            if question.weight >= HEAVY_WEIGHT:
                open_cost += OPEN_QUESTION_COST * ~known
        return np.asarray(np.maximum(_share(total, weight) - open_cost, 0), dtype=np.int64)


def compatibility(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> Compatibility:
    """Prepare the answers of both sides for scoring.

    Raises: ValueError when the questionnaire has no question that enters the score.
    """
    questions = tuple(
        question for question in plan.questionnaire.questions if question.weight and question.comparer in _COMPARISONS
    )
    if not questions:
        raise ValueError("the questionnaire has no question that enters the score")
    encoded = tuple(_COMPARISONS[question.comparer].encode(question, mentees, mentors, plan) for question in questions)
    return Compatibility(questions=questions, encoded=encoded)


def _share(amount: IntArray, whole: IntArray) -> IntArray:
    """Return amount ÷ whole, rounded to the nearest; 0 where the whole is 0."""
    divisor = np.maximum(whole, 1)
    return np.asarray((2 * amount + divisor) // (2 * divisor), dtype=np.int64)


def _product(a: NDArray[Any], b: NDArray[Any]) -> IntArray:
    """Return the sum of products over the last axis."""
    return np.asarray(np.einsum("...o,...o->...", a, b), dtype=np.int64)


def _encode_choices(
    question: Question, mentees: Sequence[Candidate], mentors: Sequence[Candidate], _plan: Plan
) -> _Encoded:
    rows = chosen(mentees, question.key, question)
    columns = chosen(mentors, question.answered_by_partner_under, question)
    return _Encoded(rows, columns, np.ones(rows.shape[1], dtype=np.int64))


def _encode_rarity(
    question: Question, mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan
) -> _Encoded:
    """An option everybody chose counts once, one that hardly anybody chose almost twice."""
    plain = _encode_choices(question, mentees, mentors, plan)
    people = len(mentees) + len(mentors)
    weights = 2 * people - plain.mentees.sum(axis=0) - plain.mentors.sum(axis=0)
    return _Encoded(plain.mentees, plain.mentors, weights)


def _encode_needs(
    question: Question, mentees: Sequence[Candidate], mentors: Sequence[Candidate], _plan: Plan
) -> _Encoded:
    rows = ranked(mentees, question.key, question)
    columns = chosen(mentors, question.answered_by_partner_under, question)
    return _Encoded(rows, columns, np.ones(rows.shape[1], dtype=np.int64))


def _encode_week(
    question: Question, mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan
) -> _Encoded:
    rows = free_half_hours(mentees, question.key, plan.week_of)
    columns = free_half_hours(mentors, question.answered_by_partner_under, plan.week_of)
    return _Encoded(rows, columns, np.ones(0, dtype=np.int64))


def _need_offer(wanted: NDArray[Any], offered: NDArray[Any], _weights: IntArray) -> IntArray:
    return _share(PPM * _product(wanted, offered), wanted.sum(axis=-1))


def _overlap(mentees: NDArray[Any], mentors: NDArray[Any], _weights: IntArray) -> IntArray:
    return np.minimum(minutes_in_common(mentees, mentors), ENOUGH_MINUTES) * PPM // ENOUGH_MINUTES


def _shared(mentees: NDArray[Any], mentors: NDArray[Any], weights: IntArray) -> IntArray:
    both = _product(mentees * weights, mentors)
    return _share(PPM * both, _product(mentees, weights) + _product(mentors, weights) - both)


def _shared_language(mentees: NDArray[Any], mentors: NDArray[Any], _weights: IntArray) -> IntArray:
    """Return the share of languages in common, measured by whoever named fewer; many languages are no drawback."""
    fewer: IntArray = np.minimum(mentees.sum(axis=-1), mentors.sum(axis=-1))
    return _share(PPM * _product(mentees, mentors), fewer)


def _nearness(mentees: NDArray[Any], mentors: NDArray[Any], _weights: IntArray) -> IntArray:
    """Return 1 for the same step of the scale and 0 for its two ends."""
    steps = mentees.shape[-1] - 1
    distance: IntArray = np.abs(mentees.argmax(axis=-1) - mentors.argmax(axis=-1))
    return PPM - _share(PPM * distance, np.full(distance.shape, steps, dtype=np.int64))


_COMPARISONS: Mapping[Comparer, _Comparison] = {
    Comparer.NEED_OFFER: _Comparison(_encode_needs, _need_offer),
    Comparer.OVERLAP: _Comparison(_encode_week, _overlap),
    Comparer.SHARED: _Comparison(_encode_choices, _shared),
    Comparer.SHARED_RARE: _Comparison(_encode_rarity, _shared),
    Comparer.NEARNESS: _Comparison(_encode_choices, _nearness),
    Comparer.LANGUAGE: _Comparison(_encode_choices, _shared_language),
}
