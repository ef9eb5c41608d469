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

# The weights of each preset by the beginning of the questions' keys; they sum to 100.
_PRESETS: Mapping[str, Mapping[str, int]] = {
    "study_skills": {
        "help_wanted": 25,
        "availability": 20,
        "topics_unsure": 12,
        "field": 6,
        "stage": 4,
        "way_": 2,
        "aims": 8,
        "situations": 5,
        "interests": 4,
        "frequency": 3,
        "meeting_modes": 2,
        "languages": 1,
    },
    "hard_course": {
        "help_wanted": 20,
        "availability": 20,
        "topics_unsure": 25,
        "field": 3,
        "stage": 4,
        "way_": 2,
        "aims": 6,
        "situations": 2,
        "interests": 3,
        "frequency": 3,
        "meeting_modes": 3,
        "languages": 1,
    },
    "transition": {
        "help_wanted": 22,
        "availability": 20,
        "topics_unsure": 0,
        "field": 8,
        "stage": 4,
        "way_": 2,
        "aims": 8,
        "situations": 12,
        "interests": 10,
        "frequency": 3,
        "meeting_modes": 2,
        "languages": 1,
    },
    "thesis": {
        "help_wanted": 20,
        "availability": 15,
        "topics_unsure": 12,
        "field": 14,
        "stage": 6,
        "way_": 3,
        "aims": 8,
        "situations": 2,
        "interests": 2,
        "frequency": 3,
        "meeting_modes": 2,
        "languages": 1,
    },
}
PRESETS = tuple(_PRESETS)


def with_weights(questionnaire: Questionnaire, preset: str) -> Questionnaire:
    """Return the questionnaire with a preset's weights; questions of one's own and an unknown preset change nothing."""
    weights = _PRESETS.get(preset, {})
    return replace(questionnaire, questions=tuple(_weighted(question, weights) for question in questionnaire.questions))


def _weighted(question: Question, weights: Mapping[str, int]) -> Question:
    """Only a question that is compared has a weight."""
    if question.comparer is Comparer.NONE or question.comparer in CONDITIONS:
        return question
    name = "way_" if question.key.startswith("way_") else question.key
    return replace(question, weight=weights.get(name, question.weight))


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
