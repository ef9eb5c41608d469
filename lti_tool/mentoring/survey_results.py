"""What a closing survey came to, as far as it may be shown: counts of at least five sheets, and words in no order.

A side is shown only where each side that sent any sheets sent at least five, so that nobody learns anything about a few
people by taking one number from another. Results are worked out once no more sheets can come: two looks at a growing
pile would show what lay between them.
Source: product 1.6 (R53) and 7.7: hidden below k = 5.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from lti_tool.mentoring.closing_survey import Sheet, survey_questions
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.questionnaire import Question, QuestionKind

FEWEST = 5  # sheets


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One sheet, by nobody."""

    sheet: Sheet
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often each choice of a question was made.

    Shape: `counts` has every choice in its order; `of` is how many sheets asked the question; `by_sheet` has the same
        counts for each side, or nothing where sides are not shown.
    """

    question: Question
    of: int
    counts: tuple[int, ...]
    by_sheet: Mapping[Sheet, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What may be shown.

    Shape: `sheets` is how many came; below `FEWEST` there are no tallies. `sides` are the sides that are shown.
    """

    sheets: int
    sides: tuple[Sheet, ...]
    tallies: tuple[Tally, ...]

    @property
    def is_shown(self) -> bool:
        """Whether there are enough sheets to show anything."""
        return self.sheets >= FEWEST


def results(filled: Sequence[Filled], objectives: Collection[str]) -> Results:
    """Return the counts that may be shown."""
    if len(filled) < FEWEST:
        return Results(sheets=len(filled), sides=(), tallies=())
    by_sheet = {sheet: [one for one in filled if one.sheet is sheet] for sheet in Sheet}
    sides = tuple(sheet for sheet in Sheet if by_sheet[sheet])
    is_safe = len(sides) > 1 and all(len(by_sheet[sheet]) >= FEWEST for sheet in sides)
    shown = sides if is_safe else ()
    tallies = (
        _tally(question, by_sheet, shown)
        for question in survey_questions(objectives)
        if question.kind is QuestionKind.LIKERT
    )
    return Results(sheets=len(filled), sides=shown, tallies=tuple(one for one in tallies if one.of >= FEWEST))


def words(filled: Sequence[Filled], key: str) -> list[str]:
    """Return what was written to one question, in an order that says nothing; nothing of too few sheets."""
    if len(filled) < FEWEST:
        return []
    found = [text for one in filled if (text := str(one.answers.get(key) or "").strip())]
    return sorted(found, key=lambda text: sha256(f"{key} {text}".encode()).digest())


def _tally(question: Question, by_sheet: Mapping[Sheet, Sequence[Filled]], sides: Collection[Sheet]) -> Tally:
    asked = [sheet for sheet in Sheet if question.is_asked_of(EnrolmentRole(sheet.value))]
    everybody = [one for sheet in asked for one in by_sheet[sheet]]
    return Tally(
        question=question,
        of=len(everybody),
        counts=_counts(question, everybody),
        by_sheet={sheet: _counts(question, by_sheet[sheet]) for sheet in sides} if len(asked) > 1 else {},
    )


def _counts(question: Question, filled: Sequence[Filled]) -> tuple[int, ...]:
    chosen = Counter(str(one.answers.get(question.key)) for one in filled)
    return tuple(chosen[option.key] for option in question.options)
