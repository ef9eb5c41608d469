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


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An enrolled person as the matching sees them; `capacity` counts only on the mentors' side."""

    id: int
    role: EnrolmentRole
    capacity: int
    answers: Mapping[str, Any]
    time_zone: str
    please_not: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a matching is asked to do; `week_of` decides which summer-time rules apply, `seed` how ties are broken."""

    questionnaire: Questionnaire
    week_of: date
    minimum_overlap_minutes: int = 60
    seed: int = 0
