"""Why two people were matched, in sentences both of them may read.

A reason comes only from a question whose answers may be shown, and names only what both have in common. The reasons
that counted most come first. A score is never shown as a number, only as one of four words.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from lti_tool.mentoring.availability import overlap_minutes, week_mask
from lti_tool.mentoring.matching.facts import Candidate, Plan
from lti_tool.mentoring.questionnaire import Comparer, Question
from lti_tool.mentoring.words import N_, Sentence

REASONS_AT_MOST = 4


class Strength(StrEnum):
    """A score in words."""

    STRONG = "strong"
    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"

    @property
    def label(self) -> str:
        """The word as people read it."""
        return _LABELS[self]


_LABELS: Mapping[Strength, str] = {
    Strength.STRONG: N_("Strong match"),
    Strength.GOOD: N_("Good match"),
    Strength.FAIR: N_("Fair match"),
    Strength.WEAK: N_("Weak match"),
}

# The same for every programme, so that a word means the same from term to term.
_CUT_POINTS = ((700_000, Strength.STRONG), (550_000, Strength.GOOD), (400_000, Strength.FAIR), (0, Strength.WEAK))


def strength(score_ppm: int) -> Strength:
    """Return the word for a score."""
    return next(word for least, word in _CUT_POINTS if score_ppm >= least)


def reasons(mentee: Candidate, mentor: Candidate, contributions: Mapping[str, int], plan: Plan) -> tuple[Sentence, ...]:
    """Return why these two suit each other, the strongest reason first, and at most four.

    Shape: `contributions` is weight × part by question key. `things` in a sentence is a tuple of texts to translate.
    """
    ordered = sorted(plan.questionnaire.questions, key=lambda question: -contributions.get(question.key, 0))
    found = []
    for question in ordered:
        if question.may_be_shown and question.reason and contributions.get(question.key, 0) > 0:
            values = _VALUES[question.comparer](question, mentee, mentor, plan.week_of)
            found += [Sentence(question.reason, values)] if values else []
    return tuple(found[:REASONS_AT_MOST])


def _things(question: Question, mentee: Candidate, mentor: Candidate, _week_of: date) -> Mapping[str, object]:
    """Return the labels of what the mentee named and the mentor named too, in the mentee's order."""
    label = {option.key: option.label for option in question.options}
    theirs = set(_keys(mentor, question.answered_by_partner_under))
    shared = tuple(label[key] for key in _keys(mentee, question.key) if key in theirs and key in label)
    return {"things": shared} if shared else {}


def _hours(question: Question, mentee: Candidate, mentor: Candidate, week_of: date) -> Mapping[str, object]:
    """Return the whole hours both are free; never which ones."""
    free = week_mask(_keys(mentee, question.key), mentee.time_zone, week_of)
    theirs = week_mask(_keys(mentor, question.answered_by_partner_under), mentor.time_zone, week_of)
    hours = overlap_minutes(free, theirs) // 60
    return {"hours": hours} if hours else {}


_VALUES: Mapping[Comparer, Callable[[Question, Candidate, Candidate, date], Mapping[str, object]]] = {
    Comparer.NEED_OFFER: _things,
    Comparer.OVERLAP: _hours,
    Comparer.SHARED: _things,
    Comparer.SHARED_RARE: _things,
    Comparer.NEARNESS: _things,
    Comparer.LANGUAGE: _things,
}


def _keys(person: Candidate, key: str) -> list[str]:
    answer = person.answers.get(key)
    if answer is None:
        return []
    return [answer] if isinstance(answer, str) else list(answer)
