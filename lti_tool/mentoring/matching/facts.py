"""What the matching knows about people, and what it is asked to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.questionnaire import Questionnaire

# Rows are mentees and columns mentors, wherever a matrix speaks of pairs.
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Scores and their parts are whole numbers of millionths, so that equal input gives equal output on every machine.
PPM = 1_000_000

_NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An enrolled person as the matching sees them.

    Shape: people are named by their ids. `capacity` and `minimum_load` (mentees at most and, as far as possible, at
        least) count only on the mentors' side, `mentors_wanted` only on the mentees'.
    """

    id: int
    role: EnrolmentRole
    capacity: int
    answers: Mapping[str, Any]
    time_zone: str
    please_not: frozenset[int] = _NOBODY
    would_like: frozenset[int] = _NOBODY
    past_partners: frozenset[int] = _NOBODY
    sections: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    is_trained: bool = True
    is_new: bool = False
    mentors_wanted: int = 1
    minimum_load: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Soft:
    """What counts against a pair without forbidding it, and a wish for it.

    Units: millionths of the score. `past_pair` may be of either sign.
    """

    lower_stage: int = 150_000
    far_zone: int = 50_000
    both_new: int = 10_000
    past_pair: int = 0
    one_wish: int = 50_000
    mutual_wish: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a matching is asked to do; `week_of` decides which summer-time rules apply, `seed` how ties are broken.

    Shape: `objective` is `fair`, `total` or `stable`. `locked` pairs stay, as (mentee, mentor); `conflicts` are people
        who must not be paired, in whatever order; `minimum_score_ppm` is what a pair must reach.
    """

    questionnaire: Questionnaire
    week_of: date
    minimum_overlap_minutes: int = 60
    seed: int = 0
    objective: str = "fair"
    same_section: bool = False
    same_group: bool = False
    new_partners_only: bool = False
    needs_training: bool = False
    mentor_not_below: bool = False
    conflicts: frozenset[tuple[int, int]] = frozenset()
    locked: frozenset[tuple[int, int]] = frozenset()
    minimum_score_ppm: int = 0
    soft: Soft = field(default_factory=Soft)
