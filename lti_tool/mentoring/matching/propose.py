"""From candidates to a proposal: pairs with reasons, and the people left unmatched, each with the reason.

Equal input gives an equal proposal, in whatever order the candidates come; `input_hash` names the input.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.assignment import Assignment, assign
from lti_tool.mentoring.matching.compatibility import Compatibility, compatibility
from lti_tool.mentoring.matching.eligibility import BlockingRule, Eligibility, eligibility
from lti_tool.mentoring.matching.explain import Strength, reasons, strength
from lti_tool.mentoring.matching.facts import Candidate, Plan
from lti_tool.mentoring.matching.market import market
from lti_tool.mentoring.matching.sides import with_sides
from lti_tool.mentoring.matching.ties import ties
from lti_tool.mentoring.words import N_, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedPair:
    """A mentor and a mentee the tool suggests to each other; both may read the reasons."""

    mentor_id: int
    mentee_id: int
    score_ppm: int
    strength: Strength
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """Somebody without a partner, on the side they were considered for; the reason is for staff only."""

    id: int
    role: EnrolmentRole
    reason: Sentence
    rule: BlockingRule | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the tool suggests.

    Shape: pairs sorted by mentor, then mentee; unmatched mentees first, then mentors, each by id. `total_ppm` and
        `worst_ppm` are 0 without pairs.
    """

    pairs: tuple[ProposedPair, ...]
    unmatched: tuple[Unmatched, ...]
    total_ppm: int
    worst_ppm: int
    matched_mentees: int
    mentee_count: int
    seed: int
    input_hash: str


def propose(candidates: Iterable[Candidate], plan: Plan) -> Proposal:
    """Return the best pairs of these candidates.

    Raises: ValueError when two candidates have the same id.
    """
    people = sorted(candidates, key=lambda person: person.id)
    if len({person.id for person in people}) < len(people):
        raise ValueError("a candidate appears twice")
    sided = with_sides(people, plan)
    mentees = [person for person in sided if person.role is EnrolmentRole.MENTEE]
    mentors = [person for person in sided if person.role is EnrolmentRole.MENTOR]
    rules = eligibility(mentees, mentors, plan)
    scoring = compatibility(mentees, mentors, plan)
    capacities = np.array([max(person.capacity, 0) for person in mentors], dtype=np.int64)
    chance = ties(plan.seed, [person.id for person in mentees], [person.id for person in mentors])
    best = assign(market(scoring.scores(), rules.allowed, capacities), chance=chance)
    pairs = _pairs(mentees, mentors, best, scoring, plan)
    return Proposal(
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.mentor_id, pair.mentee_id))),
        unmatched=(*_mentees_left(mentees, mentors, best, rules), *_mentors_left(mentees, mentors, best, rules)),
        total_ppm=best.total,
        worst_ppm=best.worst or 0,
        matched_mentees=best.matched,
        mentee_count=len(mentees),
        seed=plan.seed,
        input_hash=_input_hash(people, plan),
    )


def _pairs(
    mentees: Sequence[Candidate], mentors: Sequence[Candidate], best: Assignment, scoring: Compatibility, plan: Plan
) -> list[ProposedPair]:
    contributions = scoring.contributions(best.rows, best.columns)
    given = scoring.scores_of(best.rows, best.columns).tolist()
    pairs = []
    for number, (row, column) in enumerate(zip(best.rows.tolist(), best.columns.tolist(), strict=True)):
        counted = {key: int(amounts[number]) for key, amounts in contributions.items()}
        pairs.append(
            ProposedPair(
                mentor_id=mentors[column].id,
                mentee_id=mentees[row].id,
                score_ppm=given[number],
                strength=strength(given[number]),
                reasons=reasons(mentees[row], mentors[column], counted, plan),
            )
        )
    return pairs


def _mentees_left(
    mentees: Sequence[Candidate], mentors: Sequence[Candidate], best: Assignment, rules: Eligibility
) -> list[Unmatched]:
    left = sorted(set(range(len(mentees))) - set(best.rows.tolist()))
    return [_mentee_left(mentees[row], row, mentors, rules) for row in left]


def _mentee_left(mentee: Candidate, row: int, mentors: Sequence[Candidate], rules: Eligibility) -> Unmatched:
    rule = None
    if not mentors:
        reason = Sentence(N_("Nobody has joined as a mentor yet."))
    elif rules.allowed[row].any():
        reason = Sentence(N_("Every mentor who would fit already has as many mentees as they can take."))
    else:
        rule = rules.rule_for_mentee(row)
        reason = _blocked(rule)
    return Unmatched(id=mentee.id, role=EnrolmentRole.MENTEE, reason=reason, rule=rule)


def _mentors_left(
    mentees: Sequence[Candidate], mentors: Sequence[Candidate], best: Assignment, rules: Eligibility
) -> list[Unmatched]:
    left = sorted(set(range(len(mentors))) - set(best.columns.tolist()))
    return [_mentor_left(mentors[column], column, mentees, rules) for column in left]


def _mentor_left(mentor: Candidate, column: int, mentees: Sequence[Candidate], rules: Eligibility) -> Unmatched:
    rule = None
    if not mentees:
        reason = Sentence(N_("Nobody has joined as a mentee yet."))
    elif mentor.capacity < 1:
        reason = Sentence(N_("This mentor takes no mentees at the moment."))
    elif rules.allowed[:, column].any():
        reason = Sentence(N_("There are more mentors than needed: everybody who would fit has one."))
    else:
        rule = rules.rule_for_mentor(column)
        reason = _blocked(rule)
    return Unmatched(id=mentor.id, role=EnrolmentRole.MENTOR, reason=reason, rule=rule)


def _blocked(rule: BlockingRule | None) -> Sentence:
    if rule is None:
        raise ValueError("nothing is allowed although no rule forbids anything")
    return rule.sentence


def _input_hash(people: Sequence[Candidate], plan: Plan) -> str:
    """Return a fingerprint of everything the proposal depends on."""
    facts = {
        "people": [
            [
                person.id,
                person.role.value,
                person.capacity,
                dict(person.answers),
                person.time_zone,
                sorted(person.please_not),
            ]
            for person in people
        ],
        "questionnaire": plan.questionnaire.to_json(),
        "week_of": plan.week_of.isoformat(),
        "minimum_overlap_minutes": plan.minimum_overlap_minutes,
        "seed": plan.seed,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
