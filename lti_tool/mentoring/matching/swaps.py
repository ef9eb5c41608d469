"""Skill swaps: each helps the other with something, so each pair has two role cards."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lti_tool.mentoring.matching.comparers import Linear
from lti_tool.mentoring.matching.compatibility import compatibility
from lti_tool.mentoring.matching.explain import things_in_common
from lti_tool.mentoring.matching.facts import BoolArray, Candidate, IntArray, Plan
from lti_tool.mentoring.matching.market import FORBIDDEN
from lti_tool.mentoring.matching.peers import PeerPairs, mutual_scores, peer_pairs
from lti_tool.mentoring.questionnaire import Comparer

_HELPING = frozenset({Comparer.NEED_OFFER, Comparer.COMPLEMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCard:
    """Who helps whom with what; ids, and labels of what may be shown."""

    helper_id: int
    helped_id: int
    topics: tuple[str, ...]


def swap_scores(people: Sequence[Candidate], plan: Plan) -> IntArray:
    """Return how well each two suit each other, `FORBIDDEN` unless each can help the other."""
    helps = _helps(people, plan)
    return np.where(helps & helps.T, mutual_scores(people, plan), FORBIDDEN)


def swap_pairs(people: Sequence[Candidate], plan: Plan) -> tuple[PeerPairs, list[tuple[RoleCard, RoleCard]]]:
    """Return the best pairs who can help each other, and two role cards for each pair."""
    found = peer_pairs(swap_scores(people, plan), seed=plan.seed)
    return found, [role_cards(people[a], people[b], plan) for a, b in found.pairs]


def role_cards(one: Candidate, other: Candidate, plan: Plan) -> tuple[RoleCard, RoleCard]:
    """Return what the other helps the one with, and what the one helps the other with."""
    return _card(other, one, plan), _card(one, other, plan)


def _helps(people: Sequence[Candidate], plan: Plan) -> BoolArray:
    """Return who (in columns) can help whom (in rows) with something they asked for."""
    found = np.zeros((len(people), len(people)), dtype=np.bool_)
    for one in compatibility(people, people, plan).asked:
        if one.question.comparer in _HELPING and isinstance(one.answers, Linear):
            found |= one.answers.mentees @ one.answers.mentors.T > 0
    return found


def _card(helper: Candidate, helped: Candidate, plan: Plan) -> RoleCard:
    topics: list[str] = []
    for question in plan.questionnaire.questions:
        if question.comparer in _HELPING and question.may_be_shown:
            topics += things_in_common(question, helped, helper)
    return RoleCard(helper_id=helper.id, helped_id=helped.id, topics=tuple(dict.fromkeys(topics)))
