"""Candidates and a plan, made ready: who stands on which side, the scores, the rules, and the question they make."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.checker import Question
from lti_tool.mentoring.matching.compatibility import Compatibility, compatibility
from lti_tool.mentoring.matching.eligibility import Eligibility, eligibility
from lti_tool.mentoring.matching.facts import BoolArray, Candidate, IntArray, Plan
from lti_tool.mentoring.matching.market import FORBIDDEN, Dense, Market, Table
from lti_tool.mentoring.matching.scored import Scored, table
from lti_tool.mentoring.matching.sides import with_sides
from lti_tool.mentoring.matching.ties import Ties, ties


class LockedWrong(ValueError):
    """A locked pair cannot stay: somebody is not there, on the other side, or takes no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything an assignment needs; mentees and mentors each by id."""

    people: tuple[Candidate, ...]
    mentees: tuple[Candidate, ...]
    mentors: tuple[Candidate, ...]
    plan: Plan
    scores: Compatibility
    rules: Eligibility
    market: Market
    locked: tuple[tuple[int, int], ...]

    def chance(self) -> Ties:
        """Return how ties are broken."""
        return ties(self.plan.seed, [one.id for one in self.mentees], [one.id for one in self.mentors])

    def row_of(self, mentee_id: int) -> int:
        """Return a mentee's position.

        Raises: KeyError when they are not on that side.
        """
        return {one.id: number for number, one in enumerate(self.mentees)}[mentee_id]

    def column_of(self, mentor_id: int) -> int:
        """Return a mentor's position.

        Raises: KeyError when they are not on that side.
        """
        return {one.id: number for number, one in enumerate(self.mentors)}[mentor_id]

    def has_candidates(self, row: int) -> bool:
        """Tell whether a mentee may have any mentor at all."""
        return bool((self.market.table.block(row, row + 1) != FORBIDDEN).any())

    def question(self) -> Question:
        """Return what was asked, for the independent checker."""
        cells = self.market.table.block(0, self.market.shape[0])
        return Question(
            scores=np.where(cells == FORBIDDEN, 0, cells),
            allowed=np.asarray(cells != FORBIDDEN, dtype=np.bool_),
            capacities=self.market.capacities.tolist(),
            demands=self.market.demands.tolist(),
            minimums=self.market.minimums.tolist(),
            locked=self.locked,
        )


def prepare(candidates: Iterable[Candidate], plan: Plan) -> Prepared:
    """Return candidates made ready.

    Raises: ValueError when two have the same id; LockedWrong.
    """
    people = tuple(sorted(candidates, key=lambda person: person.id))
    if len({person.id for person in people}) < len(people):
        raise ValueError("a candidate appears twice")
    sided = with_sides(_settled(people, plan), plan)
    mentees = tuple(person for person in sided if person.role is EnrolmentRole.MENTEE)
    mentors = tuple(person for person in sided if person.role is EnrolmentRole.MENTOR)
    scores, rules = compatibility(mentees, mentors, plan), eligibility(mentees, mentors, plan)
    market = _market(mentees, mentors, table(Scored(scores, rules, plan.minimum_score_ppm)))
    prepared = Prepared(
        people=people,
        mentees=mentees,
        mentors=mentors,
        plan=plan,
        scores=scores,
        rules=rules,
        market=market,
        locked=(),
    )
    return with_locked(prepared, plan.locked) if plan.locked else prepared


def _settled(people: Sequence[Candidate], plan: Plan) -> tuple[Candidate, ...]:
    """Return the people, those in locked pairs on the side the pair puts them."""
    side = {mentee: EnrolmentRole.MENTEE for mentee, _ in plan.locked}
    side |= {mentor: EnrolmentRole.MENTOR for _, mentor in plan.locked}
    return tuple(
        replace(one, role=side[one.id]) if one.id in side and one.role is EnrolmentRole.EITHER else one
        for one in people
    )


def _market(mentees: Sequence[Candidate], mentors: Sequence[Candidate], cells: Table) -> Market:
    rows, columns = len(mentees), len(mentors)
    capacities = _counts([one.capacity for one in mentors], rows)
    return Market(
        table=cells,
        capacities=capacities,
        demands=_counts([one.mentors_wanted for one in mentees], columns),
        minimums=np.minimum(_counts([one.minimum_load for one in mentors], rows), capacities),
        loads=np.zeros(columns, dtype=np.int64),
        is_served=np.zeros(rows, dtype=np.bool_),
    )


def _counts(counts: Sequence[int], most: int) -> IntArray:
    return np.array([min(max(count, 0), most) for count in counts], dtype=np.int64)


def with_locked(prepared: Prepared, pairs: Iterable[tuple[int, int]]) -> Prepared:
    """Return the same with these pairs locked, even where a rule forbids them; they are ids, mentee and mentor.

    Raises: LockedWrong.
    """
    row = {one.id: number for number, one in enumerate(prepared.mentees)}
    column = {one.id: number for number, one in enumerate(prepared.mentors)}
    wanted = sorted(set(pairs))
    for mentee, mentor in wanted:
        if mentee not in row or mentor not in column:
            raise LockedWrong(f"{mentee} is no mentee here, or {mentor} no mentor")
    locked = [(row[mentee], column[mentor]) for mentee, mentor in wanted]
    taken = np.bincount([row for row, _ in locked], minlength=len(prepared.mentees))
    load = np.bincount([column for _, column in locked], minlength=len(prepared.mentors))
    if (taken > prepared.market.demands).any() or (load > prepared.market.capacities).any():
        raise LockedWrong("more pairs are locked than somebody takes")
    return replace(prepared, locked=tuple(locked), market=replace(prepared.market, table=_allowing(prepared, locked)))


def _allowing(prepared: Prepared, pairs: Sequence[tuple[int, int]]) -> Table:
    """Return the table with these pairs allowed."""
    rows, columns = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    given = prepared.market.table.at(rows, columns)
    forbidden: BoolArray = given == FORBIDDEN
    if not forbidden.any():
        return prepared.market.table
    cells = prepared.market.table.block(0, len(prepared.mentees)).copy()
    cells[rows[forbidden], columns[forbidden]] = prepared.scores.scores_of(rows[forbidden], columns[forbidden])
    return Dense(cells)


def input_hash(people: Sequence[Candidate], plan: Plan) -> str:
    """Return a fingerprint of everything a proposal depends on."""
    facts = {
        "people": [_plain(asdict(person)) for person in people],
        "plan": _plain({name: getattr(plan, name) for name in Plan.__slots__ if name not in {"questionnaire", "soft"}}),
        "soft": asdict(plan.soft),
        "questionnaire": plan.questionnaire.to_json(),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts as JSON values, sets sorted, dates as text."""
    return {
        name: sorted(value) if isinstance(value, frozenset) else value.isoformat() if name == "week_of" else value
        for name, value in facts.items()
    }
