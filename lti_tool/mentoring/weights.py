"""How much a question counts: presets, steps in words, and the numbers behind them.

The numbers are a reasoned start and not an estimate from data. Source: product section 5.3.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from lti_tool.mentoring.questionnaire import Comparer, Question, Questionnaire

HIGHEST_WEIGHT = 100


class Importance(StrEnum):
    """How much a question counts, in words."""

    MUST = "must"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    OFF = "off"


class Likeness(StrEnum):
    """What is looked for in two people's answers: the same, what completes it, or nothing."""

    SIMILAR = "similar"
    COMPLEMENTARY = "complementary"
    IGNORE = "ignore"


# Comparers that give no part of a score, but a condition or a wish about the others.
CONDITIONS = frozenset({Comparer.NEEDED_LANGUAGE, Comparer.ASYNC_CONSENT, Comparer.TOP_CRITERION})
_COMPLEMENTARY = frozenset({Comparer.NEED_OFFER, Comparer.COMPLEMENT})

_NUMBER = {Importance.MUST: 20, Importance.HIGH: 20, Importance.MEDIUM: 10, Importance.LOW: 3, Importance.OFF: 0}
_LOW_TO, _MEDIUM_TO = 5, 14  # the highest weights that are still called low and medium


def _table(**weights: int) -> Mapping[str, int]:
    return weights


# What each preset weighs, by the question's number in product section 5.2; the weights of a preset sum to 100.
_PRESETS: Mapping[str, Mapping[str, int]] = {
    "study_skills": _table(q2=25, q4=20, q3=12, q7=10, q9=10, q8=8, q11=5, q10=4, q6=3, q5=2, q12=1),
    "hard_course": _table(q3=25, q4=22, q2=20, q7=12, q9=6, q8=6, q6=3, q5=2, q11=2, q10=1, q12=1),
    "transition": _table(q2=20, q4=20, q7=14, q9=12, q11=12, q8=8, q10=8, q6=3, q5=2, q12=1, q3=0),
    "thesis_project": _table(q2=24, q7=22, q9=16, q4=12, q3=8, q8=8, q6=3, q5=2, q10=2, q11=2, q12=1),
}
PRESETS = tuple(_PRESETS)

# The keys of the questions under each number; more than one share its weight, the first of them the larger parts.
KEYS: Mapping[str, tuple[str, ...]] = {
    "q2": ("help_wanted",),
    "q3": ("topics_unsure",),
    "q4": ("availability",),
    "q5": ("meeting_modes",),
    "q6": ("frequency",),
    "q7": ("field", "stage"),
    "q8": ("aims",),
    "q9": ("way_planning", "way_feedback", "way_talking", "way_focus", "way_rhythm"),
    "q10": ("interests",),
    "q11": ("situations",),
    "q12": ("languages",),
}


def by_key(weights: Mapping[str, int]) -> dict[str, int]:
    """Return weights by question number as weights by question key; questions under one number share its weight."""
    return {
        key: weight // len(KEYS[number]) + (place < weight % len(KEYS[number]))
        for number, weight in weights.items()
        for place, key in enumerate(KEYS[number])
    }


def with_weights(questionnaire: Questionnaire, preset: str) -> Questionnaire:
    """Return the questionnaire with a preset's weights; questions of one's own and an unknown preset change nothing."""
    weights = by_key(_PRESETS.get(preset, {}))
    questions = tuple(
        replace(question, weight=weights.get(question.key, question.weight)) for question in questionnaire.questions
    )
    return replace(questionnaire, questions=questions)


def importance(question: Question) -> Importance:
    """Return how much a question counts, in words."""
    if question.is_must:
        return Importance.MUST
    if question.weight == 0:
        return Importance.OFF
    if question.weight <= _LOW_TO:
        return Importance.LOW
    return Importance.MEDIUM if question.weight <= _MEDIUM_TO else Importance.HIGH


def weight_for(step: Importance) -> int:
    """Return the usual number behind a word."""
    return _NUMBER[step]


def likeness(question: Question) -> Likeness:
    """Return what is looked for in the answers to a question."""
    if question.comparer is Comparer.NONE:
        return Likeness.IGNORE
    return Likeness.COMPLEMENTARY if question.comparer in _COMPLEMENTARY else Likeness.SIMILAR
