"""How much a question counts: presets, steps in words, and the numbers behind them.

The numbers are a reasoned start and not an estimate from data. Source: product section 5.3.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from lti_tool.mentoring.programme import Preset
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


# Questions that share one weight, the first of them the larger parts: they are one question to the product.
_SHARED: Mapping[str, tuple[str, ...]] = {
    "studies": ("field", "stage"),
    "ways": ("way_planning", "way_feedback", "way_talking", "way_focus", "way_rhythm"),
}


def _by_key(**weights: int) -> Mapping[str, int]:
    """Weights by the key of each question; those under one name share its weight."""
    shares = [(weight, _SHARED.get(name, (name,))) for name, weight in weights.items()]
    return {
        key: weight // len(keys) + (place < weight % len(keys))
        for weight, keys in shares
        for place, key in enumerate(keys)
    }


# What each preset weighs, by the key of the question in `questions`; the weights of a preset sum to 100.
_PRESETS: Mapping[Preset, Mapping[str, int]] = {
    Preset.STUDY_SKILLS: _by_key(
        help_wanted=25,
        availability=20,
        topics_unsure=12,
        studies=10,
        ways=10,
        aims=8,
        situations=5,
        interests=4,
        frequency=3,
        meeting_modes=2,
        languages=1,
    ),
    Preset.HARD_COURSE: _by_key(
        topics_unsure=25,
        availability=22,
        help_wanted=20,
        studies=12,
        ways=6,
        aims=6,
        frequency=3,
        meeting_modes=2,
        situations=2,
        interests=1,
        languages=1,
    ),
    Preset.TRANSITION: _by_key(
        help_wanted=20,
        availability=20,
        studies=14,
        ways=12,
        situations=12,
        aims=8,
        interests=8,
        frequency=3,
        meeting_modes=2,
        languages=1,
        topics_unsure=0,
    ),
    Preset.THESIS_PROJECT: _by_key(
        help_wanted=24,
        studies=22,
        ways=16,
        availability=12,
        topics_unsure=8,
        aims=8,
        frequency=3,
        meeting_modes=2,
        interests=2,
        situations=2,
        languages=1,
    ),
}


def preset_weights(preset: Preset) -> Mapping[str, int]:
    """Return what each question weighs in a preset, by its key; questions of one's own are not among them."""
    return _PRESETS[preset]


def with_weights(questionnaire: Questionnaire, preset: Preset) -> Questionnaire:
    """Return the questionnaire with a preset's weights; questions of one's own keep theirs."""
    weights = preset_weights(preset)
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
