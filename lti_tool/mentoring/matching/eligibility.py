"""The hard rules: which pairs are forbidden, and by which rule.

A hard rule is never broken. What somebody did not answer forbids nothing: they are matched on what is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lti_tool.mentoring.matching.facts import BoolArray, Candidate, Plan
from lti_tool.mentoring.matching.features import answered, chosen, free_half_hours, minutes_in_common
from lti_tool.mentoring.questionnaire import Comparer, Question
from lti_tool.mentoring.words import N_, Sentence


class BlockingRule(StrEnum):
    """A hard rule, in the order in which it is named when several forbid the same."""

    SAME_PERSON = "same_person"
    PLEASE_NOT = "please_not"
    NO_COMMON_LANGUAGE = "no_common_language"
    TOO_LITTLE_TIME = "too_little_time"
    NOTHING_WHERE_IT_MUST = "nothing_where_it_must"

    @property
    def sentence(self) -> Sentence:
        """Why the rule leaves somebody unmatched; written for staff, since it may speak of a private wish."""
        return _SENTENCES[self]


_SENTENCES: Mapping[BlockingRule, Sentence] = {
    BlockingRule.SAME_PERSON: Sentence(N_("Nobody can be their own partner, and nobody else is there.")),
    BlockingRule.PLEASE_NOT: Sentence(N_("A “please not” wish rules out most of the possible partners.")),
    BlockingRule.NO_COMMON_LANGUAGE: Sentence(N_("Most of the possible partners do not share a language.")),
    BlockingRule.TOO_LITTLE_TIME: Sentence(N_("Most of the possible partners have too little free time in common.")),
    BlockingRule.NOTHING_WHERE_IT_MUST: Sentence(
        N_("Most of the possible partners have nothing in common in a question where they must.")
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Which pairs are allowed, and which each rule forbids.

    Shape: mentees × mentors.
    """

    allowed: BoolArray
    forbidden: Mapping[BlockingRule, BoolArray]

    def rule_for_mentee(self, row: int) -> BlockingRule | None:
        """Return the rule that forbids this mentee most mentors, or None when no rule forbids any."""
        return _most({rule: int(matrix[row].sum()) for rule, matrix in self.forbidden.items()})

    def rule_for_mentor(self, column: int) -> BlockingRule | None:
        """Return the rule that forbids this mentor most mentees, or None when no rule forbids any."""
        return _most({rule: int(matrix[:, column].sum()) for rule, matrix in self.forbidden.items()})


def eligibility(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> Eligibility:
    """Return which pairs the hard rules allow."""
    forbidden = {
        BlockingRule.SAME_PERSON: _same_person(mentees, mentors),
        BlockingRule.PLEASE_NOT: _please_not(mentees, mentors),
        BlockingRule.NO_COMMON_LANGUAGE: _any_of(Comparer.LANGUAGE, mentees, mentors, plan),
        BlockingRule.TOO_LITTLE_TIME: _any_of(Comparer.OVERLAP, mentees, mentors, plan),
        BlockingRule.NOTHING_WHERE_IT_MUST: _musts(mentees, mentors, plan),
    }
    return Eligibility(allowed=~np.logical_or.reduce(list(forbidden.values())), forbidden=forbidden)


def _most(counts: Mapping[BlockingRule, int]) -> BlockingRule | None:
    rule = max(counts, key=lambda rule: counts[rule])
    return rule if counts[rule] else None


def _same_person(mentees: Sequence[Candidate], mentors: Sequence[Candidate]) -> BoolArray:
    rows = np.array([person.id for person in mentees], dtype=np.int64)
    columns = np.array([person.id for person in mentors], dtype=np.int64)
    return np.asarray(rows[:, None] == columns[None, :], dtype=np.bool_)


def _please_not(mentees: Sequence[Candidate], mentors: Sequence[Candidate]) -> BoolArray:
    forbidden = np.zeros((len(mentees), len(mentors)), dtype=np.bool_)
    row = {person.id: number for number, person in enumerate(mentees)}
    column = {person.id: number for number, person in enumerate(mentors)}
    for mentee in mentees:
        forbidden[row[mentee.id], [column[id_] for id_ in mentee.please_not if id_ in column]] = True
    for mentor in mentors:
        forbidden[[row[id_] for id_ in mentor.please_not if id_ in row], column[mentor.id]] = True
    return forbidden


def _any_of(comparer: Comparer, mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> BoolArray:
    """Return the pairs that a question with this comparer forbids."""
    forbidden = np.zeros((len(mentees), len(mentors)), dtype=np.bool_)
    for question in plan.questionnaire.questions:
        if question.comparer is comparer and comparer is Comparer.LANGUAGE:
            forbidden |= _no_common_choice(mentees, mentors, question)
        elif question.comparer is comparer and comparer is Comparer.OVERLAP:
            forbidden |= _too_little_time(mentees, mentors, question, plan)
    return forbidden


def _musts(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> BoolArray:
    """Return the pairs who both answered a question that must fit, and have no choice in common there."""
    forbidden = np.zeros((len(mentees), len(mentors)), dtype=np.bool_)
    for question in plan.questionnaire.questions:
        if question.is_must:
            forbidden |= _no_common_choice(mentees, mentors, question)
    return forbidden


def _no_common_choice(mentees: Sequence[Candidate], mentors: Sequence[Candidate], question: Question) -> BoolArray:
    rows = chosen(mentees, question.key, question)
    columns = chosen(mentors, question.answered_by_partner_under, question)
    both_known = answered(rows)[:, None] & answered(columns)[None, :]
    return np.asarray(both_known & (rows @ columns.T == 0), dtype=np.bool_)


def _too_little_time(
    mentees: Sequence[Candidate], mentors: Sequence[Candidate], question: Question, plan: Plan
) -> BoolArray:
    rows = free_half_hours(mentees, question.key, plan.week_of)
    columns = free_half_hours(mentors, question.answered_by_partner_under, plan.week_of)
    minutes = minutes_in_common(rows[:, None], columns[None, :])
    both_known = answered(rows)[:, None] & answered(columns)[None, :]
    return np.asarray(both_known & (minutes < plan.minimum_overlap_minutes), dtype=np.bool_)
