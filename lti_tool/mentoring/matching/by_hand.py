"""Pairs that people chose: what they score, why they suit each other, and which rules they set aside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.assignment import Assignment, Proof
from lti_tool.mentoring.matching.compatibility import compatibility
from lti_tool.mentoring.matching.eligibility import BlockingRule, eligibility
from lti_tool.mentoring.matching.explain import Strength, difference, reasons, strength, talk_about
from lti_tool.mentoring.matching.facts import Candidate, Plan
from lti_tool.mentoring.matching.prepared import Prepared
from lti_tool.mentoring.words import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pair that somebody chose, as the matching sees it."""

    mentee_id: int
    mentor_id: int
    score_ppm: int
    strength: Strength
    reasons: tuple[Sentence, ...]
    broken: tuple[BlockingRule, ...]


def judged(candidates: Iterable[Candidate], plan: Plan, links: Sequence[tuple[int, int]]) -> list[Judged]:
    """Return what each pair, a mentee and a mentor by id, would be; they need not be allowed.

    Shape: every candidate is on a side; a pair of whom one is missing, or on the other side, is left out.
    """
    people = sorted(candidates, key=lambda person: person.id)
    mentees = [person for person in people if person.role is EnrolmentRole.MENTEE]
    mentors = [person for person in people if person.role is EnrolmentRole.MENTOR]
    row = {person.id: number for number, person in enumerate(mentees)}
    column = {person.id: number for number, person in enumerate(mentors)}
    places = [(row[mentee], column[mentor]) for mentee, mentor in links if mentee in row and mentor in column]
    if not places:
        return []
    scoring, rules = compatibility(mentees, mentors, plan), eligibility(mentees, mentors, plan)
    rows, columns = (np.array(side, dtype=np.int64) for side in zip(*places, strict=True))
    scores, counted = scoring.scores_of(rows, columns).tolist(), scoring.contributions(rows, columns)
    return [
        Judged(
            mentee_id=mentees[at[0]].id,
            mentor_id=mentors[at[1]].id,
            score_ppm=scores[number],
            strength=strength(scores[number]),
            reasons=all_reasons(
                mentees[at[0]], mentors[at[1]], {key: int(one[number]) for key, one in counted.items()}, plan
            ),
            broken=rules.broken_by(*at),
        )
        for number, at in enumerate(places)
    ]


def all_reasons(mentee: Candidate, mentor: Candidate, counted: Mapping[str, int], plan: Plan) -> tuple[Sentence, ...]:
    """Return everything that two people may read about themselves: what they share, a difference, how to begin."""
    more = (difference(mentee, mentor, plan), talk_about(mentee, mentor, counted, plan))
    return (*reasons(mentee, mentor, counted, plan), *(one for one in more if one))


def as_assignment(ready: Prepared, links: Iterable[tuple[int, int]]) -> Assignment:
    """Return pairs that people chose as an assignment, of which nothing is proved; who is not there is left out."""
    row = {person.id: number for number, person in enumerate(ready.mentees)}
    column = {person.id: number for number, person in enumerate(ready.mentors)}
    places = sorted((row[mentee], column[mentor]) for mentee, mentor in links if mentee in row and mentor in column)
    both = np.array(places, dtype=np.int64).reshape(len(places), 2)
    scores = ready.scores.scores_of(both[:, 0], both[:, 1])
    total = int(scores.sum())
    return Assignment(
        rows=both[:, 0],
        columns=both[:, 1],
        scores=scores,
        matched=len(set(both[:, 0].tolist())),
        worst=int(scores.min()) if places else None,
        total=total,
        bound=total,
        proof=Proof(coverage=None, worst=None, mentors=[0] * len(ready.mentors), per_pair=0, bonus=0),
        engine="by hand",
    )
