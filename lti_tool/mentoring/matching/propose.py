"""From candidates to a proposal: pairs with reasons, and the people left unmatched, each with the reason.

Equal input gives an equal proposal, in whatever order the candidates come; `input_hash` names the input.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.assignment import Assignment, assign
from lti_tool.mentoring.matching.certificate import Origin, certificate, sealed
from lti_tool.mentoring.matching.eligibility import BlockingRule
from lti_tool.mentoring.matching.explain import Strength, difference, reasons, strength, talk_about
from lti_tool.mentoring.matching.facts import PPM, Candidate, Plan
from lti_tool.mentoring.matching.market import Objective
from lti_tool.mentoring.matching.prepared import Prepared, input_hash, prepare
from lti_tool.mentoring.words import N_, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedPair:
    """A mentor and a mentee the tool suggests to each other; both may read the reasons.

    Shape: `difference` and `talk_about` are None where nothing may be said.
    """

    mentor_id: int
    mentee_id: int
    score_ppm: int
    strength: Strength
    reasons: tuple[Sentence, ...]
    difference: Sentence | None = None
    talk_about: Sentence | None = None


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
        `worst_ppm` are 0 without pairs. `certificate` is the proof as JSON values; its positions are those of `mentees`
        and `mentors`, the ids in order.
    """

    pairs: tuple[ProposedPair, ...]
    unmatched: tuple[Unmatched, ...]
    total_ppm: int
    worst_ppm: int
    matched_mentees: int
    mentee_count: int
    seed: int
    input_hash: str
    mentees: tuple[int, ...]
    mentors: tuple[int, ...]
    certificate: Mapping[str, Any]


def propose(candidates: Iterable[Candidate], plan: Plan) -> Proposal:
    """Return the best pairs of these candidates.

    Raises: ValueError when two candidates have the same id, or locked pairs cannot stay.
    """
    return proposal_for(prepare(candidates, plan))


def proposal_for(ready: Prepared, found: Assignment | None = None) -> Proposal:
    """Return the best pairs of prepared candidates, or an assignment found in another way, as a proposal."""
    best = found or solve(ready)
    pairs = tuple(sorted(_pairs(ready, best), key=lambda pair: (pair.mentor_id, pair.mentee_id)))
    digest = input_hash(ready.people, ready.plan)
    origin = Origin(objective=Objective(ready.plan.objective), scale=PPM, seed=ready.plan.seed, input_sha256=digest)
    claims = certificate(ready.question(), best, origin)
    return Proposal(
        pairs=pairs,
        unmatched=(*_mentees_left(ready, best), *_mentors_left(ready, best)),
        total_ppm=best.total,
        worst_ppm=best.worst or 0,
        matched_mentees=best.matched,
        mentee_count=len(ready.mentees),
        seed=ready.plan.seed,
        input_hash=digest,
        mentees=tuple(one.id for one in ready.mentees),
        mentors=tuple(one.id for one in ready.mentors),
        certificate=sealed({"pairs": [[pair.mentee_id, pair.mentor_id] for pair in pairs], "certificate": claims})[
            "certificate"
        ],
    )


def solve(ready: Prepared) -> Assignment:
    """Return the best assignment of prepared candidates."""
    objective = Objective(ready.plan.objective)
    return assign(ready.market, objective=objective, locked=ready.locked, chance=ready.chance())


def _pairs(ready: Prepared, best: Assignment) -> list[ProposedPair]:
    contributions = ready.scores.contributions(best.rows, best.columns)
    given = best.scores.tolist()
    pairs = []
    for number, (row, column) in enumerate(zip(best.rows.tolist(), best.columns.tolist(), strict=True)):
        counted = {key: int(amounts[number]) for key, amounts in contributions.items()}
        mentee, mentor = ready.mentees[row], ready.mentors[column]
        pairs.append(
            ProposedPair(
                mentor_id=mentor.id,
                mentee_id=mentee.id,
                score_ppm=given[number],
                strength=strength(given[number]),
                reasons=reasons(mentee, mentor, counted, ready.plan),
                difference=difference(mentee, mentor, ready.plan),
                talk_about=talk_about(mentee, mentor, counted, ready.plan),
            )
        )
    return pairs


def _mentees_left(ready: Prepared, best: Assignment) -> list[Unmatched]:
    left = sorted(set(range(len(ready.mentees))) - set(best.rows.tolist()))
    return [_mentee_left(ready, row) for row in left]


def _mentee_left(ready: Prepared, row: int) -> Unmatched:
    rule = None
    if not ready.mentors:
        reason = Sentence(N_("Nobody has joined as a mentor yet."))
    elif ready.has_candidates(row):
        reason = Sentence(N_("Every mentor who would fit already has as many mentees as they can take."))
    else:
        rule = ready.rules.rule_for_mentee(row) if not ready.rules.rows_allowed(row, row + 1).any() else None
        reason = _blocked(rule) if rule else Sentence(N_("No possible mentor reaches the least score asked for."))
    return Unmatched(id=ready.mentees[row].id, role=EnrolmentRole.MENTEE, reason=reason, rule=rule)


def _mentors_left(ready: Prepared, best: Assignment) -> list[Unmatched]:
    left = sorted(set(range(len(ready.mentors))) - set(best.columns.tolist()))
    anybody = ready.rules.columns_allowed() if left else ()
    return [_mentor_left(ready, column, is_allowed=bool(anybody[column])) for column in left]


def _mentor_left(ready: Prepared, column: int, *, is_allowed: bool) -> Unmatched:
    rule, mentor = None, ready.mentors[column]
    if not ready.mentees:
        reason = Sentence(N_("Nobody has joined as a mentee yet."))
    elif mentor.capacity < 1:
        reason = Sentence(N_("This mentor takes no mentees at the moment."))
    elif is_allowed:
        reason = Sentence(N_("There are more mentors than needed: everybody who would fit has one."))
    else:
        rule = ready.rules.rule_for_mentor(column)
        reason = _blocked(rule)
    return Unmatched(id=mentor.id, role=EnrolmentRole.MENTOR, reason=reason, rule=rule)


def _blocked(rule: BlockingRule | None) -> Sentence:
    if rule is None:
        raise ValueError("nothing is allowed although no rule forbids anything")
    return rule.sentence
