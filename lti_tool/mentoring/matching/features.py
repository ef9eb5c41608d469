"""Answers as arrays, one row per person, so that every pair is compared at once.

A row of zeros means "not answered"; what nobody answered is unknown and neither speaks for a pair nor against it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.availability import HALF_HOURS, week_mask
from lti_tool.mentoring.matching.facts import BoolArray, Candidate, IntArray
from lti_tool.mentoring.questionnaire import Question

_WORDS = -(-HALF_HOURS // 64)


def chosen(people: Sequence[Candidate], key: str, question: Question) -> IntArray:
    """Return 1 where a person chose an option.

    Shape: people × options of the question; a key that is no option any more counts for nothing.
    """
    column = {option.key: number for number, option in enumerate(question.options)}
    rows = np.zeros((len(people), len(question.options)), dtype=np.int64)
    for number, person in enumerate(people):
        rows[number, [column[key] for key in _keys(person.answers.get(key)) if key in column]] = 1
    return rows


def ranked(people: Sequence[Candidate], key: str, question: Question) -> IntArray:
    """Return 3 for a person's first choice of three, then 2 and 1; 0 for what they did not choose.

    Shape: people × options of the question.
    """
    column = {option.key: number for number, option in enumerate(question.options)}
    rows = np.zeros((len(people), len(question.options)), dtype=np.int64)
    for number, person in enumerate(people):
        for place, option in enumerate(_keys(person.answers.get(key))):
            if option in column:
                rows[number, column[option]] = max(question.maximum - place, 1)
    return rows


def free_half_hours(people: Sequence[Candidate], key: str, week_of: date) -> NDArray[np.uint64]:
    """Return each person's free half hours as the bits of 64-bit words.

    Shape: people × 6.
    """
    masks = [week_mask(_keys(person.answers.get(key)), person.time_zone, week_of) for person in people]
    packed = b"".join(mask.to_bytes(_WORDS * 8, "little") for mask in masks)
    return np.frombuffer(packed, dtype="<u8").astype(np.uint64).reshape(len(people), _WORDS)


def minutes_in_common(mentees: NDArray[np.uint64], mentors: NDArray[np.uint64]) -> IntArray:
    """Return the minutes two people are both free, for arrays that broadcast against each other but for the words."""
    shape = np.broadcast_shapes(mentees.shape, mentors.shape)[:-1]
    half_hours = np.zeros(shape, dtype=np.int64)
    for word in range(_WORDS):
        half_hours += np.bitwise_count(mentees[..., word] & mentors[..., word])
    return half_hours * 30


def answered(rows: NDArray[Any]) -> BoolArray:
    """Return for each person whether anything is known."""
    return np.asarray(rows.any(axis=-1), dtype=np.bool_)


def _keys(answer: Any) -> list[str]:
    """Return an answer's option keys; a single choice is a list of one."""
    if answer is None:
        return []
    return [answer] if isinstance(answer, str) else list(answer)
