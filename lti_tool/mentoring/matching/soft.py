"""Soft rules and wishes: what is taken off a pair's score or added to it, besides the answers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.matching.facts import Candidate, IntArray, Plan
from lti_tool.mentoring.matching.features import chosen
from lti_tool.mentoring.matching.views import Cells, Floats, View, cells
from lti_tool.mentoring.questionnaire import Comparer

FAR_HOURS = 6


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What to add to scores: for single pairs, and by rules for everybody."""

    single: Cells
    rules: tuple[Callable[[View], Floats], ...]

    def applied(self, view: View, scores: Floats) -> Floats:
        """Return the scores of the pairs in view with everything added."""
        for rule in self.rules:
            scores += rule(view)
        view.add(self.single, scores)
        return scores


def adjustments(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> Adjustments:
    """Return what to add to the scores of these people."""
    amounts = _wishes(mentees, mentors, plan)
    for pair in named_pairs(mentees, mentors, lambda one: one.past_partners) if plan.soft.past_pair else ():
        amounts[pair] = amounts.get(pair, 0) + plan.soft.past_pair
    rules = [*_lower_stage(mentees, mentors, plan), *_far(mentees, mentors, plan), *_new(mentees, mentors, plan)]
    return Adjustments(cells(amounts), tuple(rules))


def named_pairs(
    mentees: Sequence[Candidate], mentors: Sequence[Candidate], names: Callable[[Candidate], Iterable[int]]
) -> set[tuple[int, int]]:
    """Return the positions of mentee and mentor of whom one or the other names the other."""
    row = {person.id: number for number, person in enumerate(mentees)}
    column = {person.id: number for number, person in enumerate(mentors)}
    by_mentees = {(row[one.id], column[other]) for one in mentees for other in names(one) if other in column}
    return by_mentees | {(row[other], column[one.id]) for one in mentors for other in names(one) if other in row}


def _wishes(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> dict[tuple[int, int], int]:
    """Return a bonus for pairs of whom one wishes for the other, a larger one where both do."""
    row = {person.id: number for number, person in enumerate(mentees)}
    column = {person.id: number for number, person in enumerate(mentors)}
    by_mentees = {(row[one.id], column[other]) for one in mentees for other in one.would_like if other in column}
    by_mentors = {(row[other], column[one.id]) for one in mentors for other in one.would_like if other in row}
    once = dict.fromkeys(by_mentees | by_mentors, plan.soft.one_wish)
    return once | dict.fromkeys(by_mentees & by_mentors, plan.soft.mutual_wish)


Rule = Callable[[View], Floats]


def _lower_stage(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> list[Rule]:
    """A mentor who is less far than the mentee."""
    rules: list[Rule] = []
    for question in plan.questionnaire.questions:
        if question.comparer is Comparer.STAGE and plan.soft.lower_stage:
            rows = _step(chosen(mentees, question.key, question), -1)
            columns = _step(chosen(mentors, question.answered_by_partner_under, question), len(question.options))
            rules.append(_penalty(rows, columns, plan.soft.lower_stage))
    return rules


def _step(rows: NDArray[np.float32], unknown: int) -> IntArray:
    """Return the step each person is on; where it is unknown, one that is neither too low nor too high."""
    return np.where(rows.any(axis=1), rows.argmax(axis=1), unknown)


def _penalty(rows: IntArray, columns: IntArray, amount: int) -> Rule:
    def rule(view: View) -> Floats:
        return np.asarray(-amount * (view.mentors(columns) < view.mentees(rows)))

    return rule


def _far(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> list[Rule]:
    """Clocks more than six hours apart."""
    rows, columns = (_minutes(people, plan.week_of) for people in (mentees, mentors))
    both = np.concatenate([rows, columns])
    if not plan.soft.far_zone or not len(both) or both.max() - both.min() <= FAR_HOURS * 60:
        return []

    clocks = np.unique(columns)
    apart = np.abs(rows[:, None] - clocks[None, :])
    cost = np.where(np.minimum(apart, 24 * 60 - apart) > FAR_HOURS * 60, -plan.soft.far_zone, 0).astype(np.float32)
    of_mentors = (columns[:, None] == clocks[None, :]).astype(np.float32)
    return [lambda view: view.dot(cost, of_mentors)]


def _minutes(people: Sequence[Candidate], week_of: date) -> IntArray:
    """Return by how many minutes each person's clock is ahead of UTC."""
    noon = datetime.combine(week_of, time(12))
    offset = {zone: noon.replace(tzinfo=ZoneInfo(zone)).utcoffset() for zone in {one.time_zone for one in people}}
    return np.array([(offset[one.time_zone] or timedelta()) // timedelta(minutes=1) for one in people], dtype=np.int64)


def _new(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> list[Rule]:
    """Both are new to the tool."""
    rows = np.array([person.is_new for person in mentees], dtype=np.bool_)
    columns = np.array([person.is_new for person in mentors], dtype=np.bool_)
    if not plan.soft.both_new or not (rows.any() and columns.any()):
        return []
    return [lambda view: np.asarray(-plan.soft.both_new * (view.mentees(rows) & view.mentors(columns)))]
