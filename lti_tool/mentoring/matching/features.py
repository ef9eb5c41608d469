"""Answers as arrays, one row per person, so that every pair is compared at once.

A row of zeros means "not answered"; what nobody answered is unknown and neither speaks for a pair nor against it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache, reduce
from operator import or_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.availability import GRID, HALF_HOURS, week_mask
from lti_tool.mentoring.matching.facts import BoolArray, Candidate
from lti_tool.mentoring.questionnaire import PREFER_NOT_TO_SAY, YES, Question

# Counts in here are small whole numbers, which 32 bits hold exactly.
Counts = NDArray[np.float32]
_WORD = 64


def chosen(people: Sequence[Candidate], key: str, question: Question) -> Counts:
    """Return 1 where a person chose an option.

    Shape: people × options of the question; a key that is no option any more, or says nothing, counts for nothing.
    """
    width = len(question.options)
    column = {option.key: number for number, option in enumerate(question.options) if option.key != PREFER_NOT_TO_SAY}
    places: list[int] = []
    for number, person in enumerate(people):
        answer = person.answers.get(key)
        if answer:
            keys = (answer,) if isinstance(answer, str) else answer
            places += [number * width + column[option] for option in keys if option in column]
    rows = np.zeros(len(people) * width, dtype=np.float32)
    rows[places] = 1
    return rows.reshape(len(people), width)


def ranked(people: Sequence[Candidate], key: str, question: Question) -> Counts:
    """Return 3 for a person's first choice of three, then 2 and 1; 0 for what they did not choose.

    Shape: people × options of the question.
    """
    width = len(question.options)
    column = {option.key: number for number, option in enumerate(question.options)}
    rows = np.zeros((len(people), width), dtype=np.float32)
    for number, person in enumerate(people):
        for place, option in enumerate(keys_of(person, key)):
            if option in column:
                rows[number, column[option]] = max(question.maximum - place, 1)
    return rows


def said_yes(people: Sequence[Candidate], key: str) -> BoolArray:
    """Return who gave a consent."""
    return np.array([YES in keys_of(person, key) for person in people], dtype=np.bool_)


def free_half_hours(people: Sequence[Candidate], key: str, week_of: date) -> NDArray[np.uint8]:
    """Return 1 for each half hour of the week (in UTC) in which a person is free.

    Shape: people × 336.
    """
    free = np.zeros((len(people), HALF_HOURS), dtype=np.uint8)
    by_zone: dict[str, list[int]] = {}
    for number, person in enumerate(people):
        by_zone.setdefault(person.time_zone, []).append(number)
    for zone, numbers in by_zone.items():
        free[numbers] = _free_in(zone, [keys_of(people[number], key) for number in numbers], week_of)
    return free


def _free_in(zone: str, answers: Sequence[Sequence[str]], week_of: date) -> NDArray[np.uint8]:
    masks = _masks_in(zone, week_of)
    free = (
        [week_mask(blocks, zone, week_of) for blocks in answers]
        if masks is None
        else [reduce(or_, [masks[block] for block in blocks], 0) for blocks in answers]
    )
    packed = b"".join(mask.to_bytes(HALF_HOURS // 8, "little") for mask in free)
    rows = np.frombuffer(packed, dtype=np.uint8).reshape(len(answers), HALF_HOURS // 8)
    return np.unpackbits(rows, axis=1, bitorder="little")


@lru_cache(maxsize=512)
def _masks_in(zone: str, week_of: date) -> Mapping[str, int] | None:
    """Return each block's half hours; None where a zone is a quarter off, so that blocks side by side share one."""
    masks = {option.key: week_mask([option.key], zone, week_of) for option in GRID}
    return masks if all(mask.bit_count() % 2 == 0 for mask in masks.values()) else None


def shared_words(
    mentees: NDArray[np.uint8], mentors: NDArray[np.uint8]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], int]:
    """Return both sides' free times as the bits of few 64-bit words, and how many minutes a bit stands for.

    Shape: half hours in which one side is never free are left out; two or four that always come together are one bit.
    """
    both = np.concatenate([mentees, mentors])
    for size in (4, 2, 1):
        grouped = both.reshape(len(both), HALF_HOURS // size, size)
        if (grouped == grouped[:, :, :1]).all():
            break
    both = grouped[:, :, 0]
    used = both[: len(mentees)].any(axis=0) & both[len(mentees) :].any(axis=0)
    packed = np.packbits(both[:, used], axis=1, bitorder="little")
    width = max(1, -(-int(used.sum()) // _WORD))
    words = np.zeros((len(both), width * 8), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    numbers = words.view("<u8").astype(np.uint64)
    return numbers[: len(mentees)], numbers[len(mentees) :], 30 * size


def answered(rows: NDArray[Any]) -> BoolArray:
    """Return for each person whether anything is known."""
    return np.asarray(rows.any(axis=-1), dtype=np.bool_)


def keys_of(person: Candidate, key: str) -> Sequence[str]:
    """Return an answer's option keys; a single choice is a list of one."""
    answer = person.answers.get(key)
    if answer is None:
        return ()
    return (answer,) if isinstance(answer, str) else answer
