"""Why two people were matched, in sentences both of them may read.

A reason comes only from a question whose answers may be shown, and names only what both have in common. The reasons
that counted most come first. Besides: one useful difference, and one thing to talk about. A score is never shown as a
number, only as one of four words.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from lti_tool.mentoring.availability import overlap_minutes, week_mask
from lti_tool.mentoring.matching.facts import Candidate, Plan
from lti_tool.mentoring.matching.features import keys_of
from lti_tool.mentoring.questionnaire import MAY_BE_MENTIONED, PREFER_NOT_TO_SAY, YES, Comparer, Question
from lti_tool.mentoring.words import N_, Sentence

REASONS_AT_MOST = 3
DIFFERENCES_AT_MOST = 3


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
    """Return why these two suit each other, the strongest reason first, and at most three.

    Shape: `contributions` is weight × part by question key. `things` in a sentence is a tuple of texts to translate.
    """
    found: list[Sentence] = []
    said: set[str] = set()
    for question in _by_weight(contributions, plan):
        if question.reason and question.reason not in said and contributions.get(question.key, 0) > 0:
            values = _VALUES[question.comparer](question, mentee, mentor, plan.week_of)
            if values and may_be_mentioned(question, mentee, mentor):
                said.add(question.reason)
                found.append(Sentence(question.reason, values))
    return tuple(found[:REASONS_AT_MOST])


def difference(mentee: Candidate, mentor: Candidate, plan: Plan, *, among_equals: bool = False) -> Sentence | None:
    """Return something useful that the mentor brings and the mentee did not ask for, or None; of equals neither is a
    mentor."""
    telling = _DIFFERENT.keys() - ({Comparer.NEED_OFFER} if among_equals else set())
    for question in plan.questionnaire.questions:
        if question.comparer in telling and _shown(question, plan):
            mine = set(keys_of(mentee, question.key))
            label = {option.key: option.label for option in question.options}
            theirs = keys_of(mentor, question.answered_by_partner_under)
            more = tuple(label[key] for key in theirs if key in label and key not in mine)
            if more and mine:
                return Sentence(_DIFFERENT[question.comparer], {"things": more[:DIFFERENCES_AT_MOST]})
    return None


def talk_about(mentee: Candidate, mentor: Candidate, contributions: Mapping[str, int], plan: Plan) -> Sentence | None:
    """Return something both could begin with: what they share outside the matter itself, else where help is wanted."""
    for wanted in _TO_TALK_ABOUT:
        for question in _by_weight(contributions, plan):
            shared = things_in_common(question, mentee, mentor) if question.comparer in wanted else ()
            if shared:
                return Sentence(N_("You could begin by talking about: %(things)s"), {"things": shared[:1]})
    return None


_DIFFERENT: Mapping[Comparer, str] = {
    Comparer.NEED_OFFER: N_("The mentor could also help with: %(things)s"),
    Comparer.SHARED_RARE: N_("Only one of you named this, so ask about it: %(things)s"),
}
_TO_TALK_ABOUT = (
    frozenset({Comparer.SHARED_RARE}),
    frozenset({Comparer.SHARED, Comparer.SAME}),
    frozenset({Comparer.NEED_OFFER, Comparer.COMPLEMENT}),
)


def may_be_mentioned(question: Question, mentee: Candidate, mentor: Candidate) -> bool:
    """Tell whether both agreed that this is mentioned; only what somebody lives with asks for such consent."""
    if question.comparer is not Comparer.OWN_SITUATIONS:
        return True
    consent = question.key + MAY_BE_MENTIONED
    return all(YES in keys_of(person, consent) for person in (mentee, mentor))


def things_in_common(question: Question, mentee: Candidate, mentor: Candidate) -> tuple[str, ...]:
    """Return the labels of what the mentee named and the mentor named too, in the mentee's order."""
    label = {option.key: option.label for option in question.options if option.key != PREFER_NOT_TO_SAY}
    theirs = set(keys_of(mentor, question.answered_by_partner_under))
    return tuple(label[key] for key in keys_of(mentee, question.key) if key in theirs and key in label)


def _by_weight(contributions: Mapping[str, int], plan: Plan) -> list[Question]:
    """Return the questions that may be shown, those that counted most first."""
    shown = [question for question in plan.questionnaire.questions if _shown(question, plan)]
    return sorted(shown, key=lambda question: -contributions.get(question.key, 0))


def _shown(question: Question, plan: Plan) -> bool:
    """Tell whether both people's answers may be shown; the other one's may stand under another question."""
    both = {question.key, question.answered_by_partner_under}
    hidden = {one.key for one in plan.questionnaire.questions if not one.may_be_shown}
    return question.comparer in _VALUES and not both & hidden


def _things(question: Question, mentee: Candidate, mentor: Candidate, _week_of: date) -> Mapping[str, object]:
    shared = things_in_common(question, mentee, mentor)
    return {"things": shared} if shared else {}


def _hours(question: Question, mentee: Candidate, mentor: Candidate, week_of: date) -> Mapping[str, object]:
    """Return the whole hours both are free; never which ones."""
    free = week_mask(keys_of(mentee, question.key), mentee.time_zone, week_of)
    theirs = week_mask(keys_of(mentor, question.answered_by_partner_under), mentor.time_zone, week_of)
    hours = overlap_minutes(free, theirs) // 60
    return {"hours": hours} if hours else {}


_VALUES: Mapping[Comparer, Callable[[Question, Candidate, Candidate, date], Mapping[str, object]]] = {
    Comparer.NEED_OFFER: _things,
    Comparer.OVERLAP: _hours,
    Comparer.SHARED: _things,
    Comparer.SHARED_RARE: _things,
    Comparer.NEARNESS: _things,
    Comparer.CLOSENESS: _things,
    Comparer.SAME: _things,
    Comparer.STAGE: _things,
    Comparer.COMPLEMENT: _things,
    Comparer.OWN_SITUATIONS: _things,
    Comparer.LANGUAGE: _things,
}
