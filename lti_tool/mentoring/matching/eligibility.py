"""The hard rules: which pairs are forbidden, and by which rule.

A hard rule is never broken. What somebody did not answer forbids nothing: they are matched on what is known.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from lti_tool.mentoring.matching.comparers import Week, week
from lti_tool.mentoring.matching.facts import BoolArray, Candidate, IntArray, Plan
from lti_tool.mentoring.matching.features import Counts, answered, chosen, said_yes
from lti_tool.mentoring.matching.shortlist import blocks
from lti_tool.mentoring.matching.soft import named_pairs, stages
from lti_tool.mentoring.matching.views import Block, Cells, View, cells
from lti_tool.mentoring.questionnaire import Comparer, Question
from lti_tool.mentoring.words import N_, Sentence


class BlockingRule(StrEnum):
    """A hard rule, in the order in which it is named when several forbid the same."""

    SAME_PERSON = "same_person"
    CONFLICT = "conflict"
    PLEASE_NOT = "please_not"
    NOT_TRAINED = "not_trained"
    OTHER_SECTION = "other_section"
    OTHER_GROUP = "other_group"
    PAST_PARTNER = "past_partner"
    NEEDED_LANGUAGE = "needed_language"
    NO_COMMON_LANGUAGE = "no_common_language"
    TOO_LITTLE_TIME = "too_little_time"
    NOTHING_WHERE_IT_MUST = "nothing_where_it_must"
    LOWER_STAGE = "lower_stage"

    @property
    def sentence(self) -> Sentence:
        """Why the rule leaves somebody unmatched; written for staff, since it may speak of a private wish."""
        return _SENTENCES[self]


_SENTENCES: Mapping[BlockingRule, Sentence] = {
    BlockingRule.SAME_PERSON: Sentence(N_("Nobody can be their own partner, and nobody else is there.")),
    BlockingRule.CONFLICT: Sentence(N_("Most of the possible partners are ruled out by the list of conflicts.")),
    BlockingRule.PLEASE_NOT: Sentence(N_("A “please not” wish rules out most of the possible partners.")),
    BlockingRule.NOT_TRAINED: Sentence(N_("Most of the possible mentors have not passed the training yet.")),
    BlockingRule.OTHER_SECTION: Sentence(N_("Most of the possible partners are in another section.")),
    BlockingRule.OTHER_GROUP: Sentence(N_("Most of the possible partners are in another group.")),
    BlockingRule.PAST_PARTNER: Sentence(N_("Most of the possible partners were partners before.")),
    BlockingRule.NEEDED_LANGUAGE: Sentence(
        N_("Most of the possible mentors do not speak the language that is needed.")
    ),
    BlockingRule.NO_COMMON_LANGUAGE: Sentence(N_("Most of the possible partners do not share a language.")),
    BlockingRule.TOO_LITTLE_TIME: Sentence(N_("Most of the possible partners have too little free time in common.")),
    BlockingRule.LOWER_STAGE: Sentence(N_("Most of the possible mentors are not as far as the mentee.")),
    BlockingRule.NOTHING_WHERE_IT_MUST: Sentence(
        N_("Most of the possible partners have nothing in common in a question where they must.")
    ),
}

Rule = Callable[[View], BoolArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Which pairs are allowed, and which each rule forbids; worked out for the pairs that are looked at."""

    shape: tuple[int, int]
    rules: Mapping[BlockingRule, Rule]

    @property
    def allowed(self) -> BoolArray:
        """Which of all pairs are allowed.

        Shape: mentees × mentors.
        """
        allowed = np.zeros(self.shape, dtype=np.bool_)
        for first, last in blocks(self.shape):
            allowed[first:last] = self.allowed_in(Block(first, last))
        return allowed

    def rows_allowed(self, first: int, last: int) -> BoolArray:
        """Return which pairs of some mentees are allowed."""
        return self.allowed_in(Block(first, last))

    def columns_allowed(self) -> BoolArray:
        """Return for each mentor whether they may be paired with anybody."""
        found = np.zeros(self.shape[1], dtype=np.bool_)
        for first, last in blocks(self.shape):
            found |= self.rows_allowed(first, last).any(axis=0)
        return found

    def allowed_in(self, view: View) -> BoolArray:
        """Return which of the pairs in view are allowed."""
        forbidden: BoolArray | None = None
        for rule in self.rules.values():
            broken = rule(view)
            forbidden = broken if forbidden is None else forbidden | broken
        if forbidden is None:
            raise ValueError("there is always the rule that nobody is their own partner")
        return ~forbidden

    def broken_by(self, row: int, column: int) -> tuple[BlockingRule, ...]:
        """Return the rules that forbid one pair."""
        view = Block(row, row + 1)
        return tuple(name for name, rule in self.rules.items() if rule(view)[0, column])

    def rule_for_mentee(self, row: int) -> BlockingRule | None:
        """Return the rule that forbids this mentee most mentors, or None when no rule forbids any."""
        view = Block(row, row + 1)
        return _most({name: int(rule(view).sum()) for name, rule in self.rules.items()})

    def rule_for_mentor(self, column: int) -> BlockingRule | None:
        """Return the rule that forbids this mentor most mentees, or None when no rule forbids any."""
        counts = dict.fromkeys(self.rules, 0)
        for first, last in blocks(self.shape):
            view = Block(first, last)
            for name, rule in self.rules.items():
                counts[name] += int(rule(view)[:, column].sum())
        return _most(counts)


def eligibility(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> Eligibility:
    """Return which pairs the hard rules allow."""
    shape = (len(mentees), len(mentors))
    named = {
        BlockingRule.SAME_PERSON: named_pairs(mentees, mentors, lambda one: (one.id,)),
        BlockingRule.CONFLICT: _conflicts(mentees, mentors, plan),
        BlockingRule.PLEASE_NOT: named_pairs(mentees, mentors, lambda one: one.please_not),
    }
    if plan.new_partners_only:
        named[BlockingRule.PAST_PARTNER] = named_pairs(mentees, mentors, lambda one: one.past_partners)
    rules: dict[BlockingRule, Rule] = {
        name: partial(_is_cell, cells=cells(dict.fromkeys(pairs, 1)), columns=len(mentors))
        for name, pairs in named.items()
        if pairs or name is BlockingRule.SAME_PERSON
    }
    if plan.needs_training:
        untrained = np.array([not person.is_trained for person in mentors], dtype=np.bool_)
        rules[BlockingRule.NOT_TRAINED] = lambda view: view.mentors(untrained) & view.mentees(np.ones(shape[0], bool))
    rules |= _where(mentees, mentors, plan) | _by_answers(mentees, mentors, plan)
    return Eligibility(shape=shape, rules={name: rules[name] for name in BlockingRule if name in rules})


def _most(counts: Mapping[BlockingRule, int]) -> BlockingRule | None:
    rule = max(counts, key=lambda rule: counts[rule])
    return rule if counts[rule] else None


def _is_cell(view: View, *, cells: Cells, columns: int) -> BoolArray:
    """Tell which pairs in view are among the cells."""
    found = view.zeros(columns)
    view.add(cells, found)
    return found > 0


def _conflicts(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> set[tuple[int, int]]:
    against: dict[int, set[int]] = {}
    for one, other in plan.conflicts:
        against.setdefault(one, set()).add(other)
    return named_pairs(mentees, mentors, lambda person: against.get(person.id, set()))


def _where(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> dict[BlockingRule, Rule]:
    """Return the rules about sections and groups; somebody without one is kept from nobody."""
    rules: dict[BlockingRule, Rule] = {}
    if plan.same_section:
        rules[BlockingRule.OTHER_SECTION] = _nothing_shared(*_memberships(mentees, mentors, lambda one: one.sections))
    if plan.same_group:
        rules[BlockingRule.OTHER_GROUP] = _nothing_shared(*_memberships(mentees, mentors, lambda one: one.groups))
    return rules


def _memberships(
    mentees: Sequence[Candidate], mentors: Sequence[Candidate], of: Callable[[Candidate], frozenset[str] | set[str]]
) -> tuple[Counts, Counts]:
    names = sorted({name for one in (*mentees, *mentors) for name in of(one)})
    both = [
        np.array([[name in of(one) for name in names] for one in people], dtype=np.float32).reshape(-1, len(names))
        if names
        else np.zeros((len(people), 0), dtype=np.float32)
        for people in (mentees, mentors)
    ]
    return both[0], both[1]


def _nothing_shared(rows: Counts, columns: Counts) -> Rule:
    """Return a rule against pairs who share nothing, of whom both are known to have something."""
    known_rows, known_columns = answered(rows), answered(columns)

    def rule(view: View) -> BoolArray:
        return np.asarray(
            (view.dot(rows, columns) == 0) & view.mentees(known_rows) & view.mentors(known_columns), dtype=np.bool_
        )

    return rule


def _by_answers(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> dict[BlockingRule, Rule]:
    """Return the rules about languages and time."""
    rules: dict[BlockingRule, Rule] = {}
    needs = [one for one in plan.questionnaire.questions if one.comparer is Comparer.NEEDED_LANGUAGE]
    for question in plan.questionnaire.questions:
        if question.comparer is Comparer.NEEDED_LANGUAGE:
            rules[BlockingRule.NEEDED_LANGUAGE] = _share_nothing(mentees, mentors, question)
        elif question.comparer is Comparer.LANGUAGE and not needs:
            rules[BlockingRule.NO_COMMON_LANGUAGE] = _share_nothing(mentees, mentors, question)
        elif question.comparer is Comparer.OVERLAP:
            rules[BlockingRule.TOO_LITTLE_TIME] = _too_little_time(mentees, mentors, question, plan)
        elif question.comparer is Comparer.STAGE and plan.mentor_not_below:
            rules[BlockingRule.LOWER_STAGE] = partial(_is_below, stages=stages(mentees, mentors, question))
    musts = [_share_nothing(mentees, mentors, one) for one in plan.questionnaire.questions if one.is_must]
    if musts:
        rules[BlockingRule.NOTHING_WHERE_IT_MUST] = lambda view: np.logical_or.reduce([rule(view) for rule in musts])
    return rules


def _is_below(view: View, *, stages: tuple[IntArray, IntArray]) -> BoolArray:
    rows, columns = stages
    return np.asarray(view.mentors(columns) < view.mentees(rows), dtype=np.bool_)


def _share_nothing(mentees: Sequence[Candidate], mentors: Sequence[Candidate], question: Question) -> Rule:
    rows = chosen(mentees, question.key, question)
    return _nothing_shared(rows, chosen(mentors, question.answered_by_partner_under, question))


def _too_little_time(
    mentees: Sequence[Candidate], mentors: Sequence[Candidate], question: Question, plan: Plan
) -> Rule:
    """Too few minutes in common, unless both agreed to meet at different times."""
    when: Week = week(question, mentees, mentors, plan)
    consents = [one for one in plan.questionnaire.questions if one.comparer is Comparer.ASYNC_CONSENT]
    row_agrees, column_agrees = (
        np.logical_or.reduce([said_yes(people, one.key) for one in consents]) if consents else None
        for people in (mentees, mentors)
    )

    def rule(view: View) -> BoolArray:
        known = view.mentees(when.known_mentees) & view.mentors(when.known_mentors)
        forbidden = (when.minutes(view) < plan.minimum_overlap_minutes) & known
        if row_agrees is not None and column_agrees is not None:
            forbidden &= ~(view.mentees(row_agrees) & view.mentors(column_agrees))
        return np.asarray(forbidden, dtype=np.bool_)

    return rule
