"""Pairs among equals: everybody is both, so that pairs, swaps of skills or circles are found in one pool."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from lti_tool.actions.answers import Answer
from lti_tool.actions.candidates import candidates_of, plan_of
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.circles import PEOPLE_AT_MOST, circles
from lti_tool.mentoring.matching.explain import strength
from lti_tool.mentoring.matching.facts import Candidate, IntArray, Plan
from lti_tool.mentoring.matching.market import FORBIDDEN
from lti_tool.mentoring.matching.peers import mutual_scores, peer_pairs, reasons_among_equals
from lti_tool.mentoring.matching.prepared import input_hash
from lti_tool.mentoring.matching.propose import Proposal, ProposedPair, Unmatched
from lti_tool.mentoring.matching.swaps import RoleCard, role_cards, swap_scores
from lti_tool.mentoring.scenarios import Among, Link, Wanted, asked
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.programme import Programme

NOBODY_FITS = Sentence(N_("Nobody is left who would fit: the rules allow no pair, or everybody else has one."))
NO_SWAP = Sentence(N_("Nobody is left with whom each could help the other."))


class TooManyForCircles(ValueError):
    """Circles are found for up to three hundred people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Together:
    """People who are to be together, as positions, and how good that can be at best.

    Shape: `groups` of two to four; `outcome` is what the scenario keeps of the bound.
    """

    groups: Sequence[tuple[int, ...]]
    alone: Sequence[int]
    outcome: dict[str, Any] = field(default_factory=dict)


def among_equals(programme: Programme, wanted: Wanted) -> Answer:
    """The best pairs or circles of everybody with everybody.

    Raises: TooManyForCircles
    """
    people, plan = asked(candidates_of(programme), plan_of(programme), wanted)
    people = sorted(people, key=lambda one: one.id)
    is_swap = wanted.among is Among.SWAPS
    cells = swap_scores(people, plan) if is_swap else mutual_scores(people, plan)
    found = _circles(cells, wanted, plan) if wanted.among is Among.CIRCLES else _pairs(cells, plan)
    pairs = [_pair(people, group, cells, plan) for group in found.groups]
    links = [(people[group[1]].id, people[group[0]].id) for group in found.groups]
    reason = NO_SWAP if is_swap else NOBODY_FITS
    return Answer(
        result=Proposal(
            pairs=tuple(pairs),
            unmatched=tuple(
                Unmatched(id=people[one].id, role=EnrolmentRole.MENTEE, reason=reason, rule=None) for one in found.alone
            ),
            total_ppm=sum(pair.score_ppm for pair in pairs),
            worst_ppm=min((pair.score_ppm for pair in pairs), default=0),
            matched_mentees=len(people) - len(found.alone),
            mentee_count=len(people),
            seed=plan.seed,
            input_hash=input_hash(people, plan),
            mentees=tuple(one.id for one in people),
            mentors=tuple(one.id for one in people),
            certificate={},
        ),
        outcome={"among": wanted.among.value, **found.outcome},
        kind="peer",
        others=_others(people, found.groups, cells),
        cards=_cards(people, found.groups, links, plan) if is_swap else {},
    )


def _pairs(cells: IntArray, plan: Plan) -> _Together:
    found = peer_pairs(cells, seed=plan.seed)
    groups = [pair if pair != found.joins or found.odd is None else (*pair, found.odd) for pair in found.pairs]
    bound = {"total_ppm": found.total, "bound_ppm": found.bound, "is_exact": found.is_exact}
    return _Together(groups=groups, alone=found.alone, outcome=bound)


def _circles(cells: IntArray, wanted: Wanted, plan: Plan) -> _Together:
    if len(cells) > PEOPLE_AT_MOST:
        raise TooManyForCircles
    found = circles(cells, size=wanted.circle_size, seed=plan.seed)
    bound = {"total_ppm": found.total, "bound_ppm": found.bound, "is_exact": False}
    return _Together(groups=found.circles, alone=found.alone, outcome=bound)


def _pair(people: Sequence[Candidate], group: Sequence[int], cells: IntArray, plan: Plan) -> ProposedPair:
    """The first two of a group; what holds for all of it is its score: the mean of everybody with everybody."""
    a, b = group[0], group[1]
    score = _mean(group, cells)
    said, difference, talk_about = reasons_among_equals(people[a], people[b], plan)
    return ProposedPair(
        mentor_id=people[a].id,
        mentee_id=people[b].id,
        score_ppm=score,
        strength=strength(score),
        reasons=said if len(group) == 2 else (),
        difference=difference if len(group) == 2 else None,
        talk_about=talk_about if len(group) == 2 else None,
    )


def _mean(group: Sequence[int], cells: IntArray) -> int:
    scores = [max(0, int(cells[one, other])) for one, other in combinations(group, 2) if cells[one, other] > FORBIDDEN]
    return sum(scores) // max(1, len(scores))


def _others(
    people: Sequence[Candidate], groups: Sequence[tuple[int, ...]], cells: IntArray
) -> Mapping[Link, list[dict[str, Any]]]:
    """Who is in a group as third or fourth, each with how well they fit the first two."""
    return {
        (people[group[1]].id, people[group[0]].id): [
            {
                "enrolment_id": people[one].id,
                "role": "both",
                "score_ppm": _mean((group[0], group[1], one), cells),
                "strength": strength(_mean((group[0], group[1], one), cells)).value,
                "reasons": [],
            }
            for one in group[2:]
        ]
        for group in groups
        if len(group) > 2
    }


def _cards(
    people: Sequence[Candidate], groups: Sequence[tuple[int, ...]], links: Sequence[Link], plan: Plan
) -> Mapping[Link, list[dict[str, Any]]]:
    """Who helps whom with what, each two of a group."""
    return {
        link: [
            _as_json(card)
            for one, other in combinations(group, 2)
            for card in role_cards(people[one], people[other], plan)
        ]
        for group, link in zip(groups, links, strict=True)
    }


def _as_json(card: RoleCard) -> dict[str, Any]:
    return {"helper_id": card.helper_id, "helped_id": card.helped_id, "topics": list(card.topics)}
