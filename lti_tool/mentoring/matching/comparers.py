"""How two answers to one question become a part from 0 to 1, one comparer a function.

Most comparers are linear: a part is a sum over options of something the mentee's answer gives and something the
mentor's gives, so that all of them together are one product of matrices. Coefficients are whole numbers of 1 / `UNIT`,
which every share of up to twelve things is, so the sum is exact whatever the order it is made in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.matching.facts import BoolArray, Candidate, Plan
from lti_tool.mentoring.matching.features import answered, chosen, free_half_hours, ranked, shared_words
from lti_tool.mentoring.matching.views import Floats, View
from lti_tool.mentoring.questionnaire import Comparer, Question

UNIT = 27_720
ENOUGH_MINUTES = 360


@dataclass(frozen=True, slots=True)
class Linear:
    """A comparison whose part is the sum of products of two people's rows, in units."""

    mentees: NDArray[np.float64]
    mentors: NDArray[np.float64]
    known_mentees: BoolArray
    known_mentors: BoolArray


@dataclass(frozen=True, slots=True)
class Curved:
    """Any other comparison.

    Shape: `part` gives the parts of the pairs in view, in units, 0 where an answer is missing.
    """

    part: Callable[[View], Floats]
    known_mentees: BoolArray
    known_mentors: BoolArray


Compared = Linear | Curved
People = Sequence[Candidate]


def compared(question: Question, mentees: People, mentors: People, plan: Plan) -> Compared:
    """Return how everybody's answers to one question compare."""
    return _COMPARERS[question.comparer](question, mentees, mentors, plan)


def has_comparer(question: Question) -> bool:
    """Tell whether answers to a question can be compared."""
    return question.comparer in _COMPARERS


def _shares(rows: NDArray[Any]) -> NDArray[np.float64]:
    """Return each person's row so that it adds up to one unit."""
    whole = rows.sum(axis=1, keepdims=True, dtype=np.float64)
    return np.asarray(np.rint(rows * UNIT / np.maximum(whole, 1)), dtype=np.float64)


def _share_of_mentees(rows: NDArray[Any], columns: NDArray[Any]) -> Linear:
    return Linear(_shares(rows), columns.astype(np.float64), answered(rows), answered(columns))


def _need_offer(question: Question, mentees: People, mentors: People, _plan: Plan) -> Linear:
    rows = ranked(mentees, question.key, question)
    return _share_of_mentees(rows, chosen(mentors, question.answered_by_partner_under, question))


def _own(question: Question, mentees: People, mentors: People, _plan: Plan) -> Linear:
    rows = chosen(mentees, question.key, question)
    return _share_of_mentees(rows, chosen(mentors, question.answered_by_partner_under, question))


def _on_scale(table: Callable[[int], NDArray[np.float64]]) -> Callable[[Question, People, People, Plan], Linear]:
    """Return a comparer of single choices by a table of parts: the mentee's option × the mentor's."""

    def compare(question: Question, mentees: People, mentors: People, _plan: Plan) -> Linear:
        rows = chosen(mentees, question.key, question)
        columns = chosen(mentors, question.answered_by_partner_under, question)
        parts = table(len(question.options))
        return Linear(
            rows.astype(np.float64) @ np.rint(parts * UNIT),
            columns.astype(np.float64),
            answered(rows),
            answered(columns),
        )

    return compare


def _near(options: int) -> NDArray[np.float64]:
    """Return 1 for the same step of the scale and 0 for its two ends."""
    steps = np.arange(options)
    return np.asarray(1 - np.abs(steps[:, None] - steps[None, :]) / max(options - 1, 1), dtype=np.float64)


def _equal(options: int) -> NDArray[np.float64]:
    """Return 1 for the same choice."""
    return np.eye(options)


def _as_far(options: int) -> NDArray[np.float64]:
    """Return 1 where the mentor is at least as far."""
    return np.triu(np.ones((options, options)))


def _jaccard(
    rows: NDArray[Any],
    columns: NDArray[Any],
    weights: NDArray[np.float32],
    whole: Callable[[Floats, Floats, Floats], Floats],
) -> Curved:
    """Return the weight of what is shared as a part of a whole: of what either, or of what the one with less named."""
    weighted = rows * weights
    of_mentees, of_mentors = weighted.sum(axis=1), (columns * weights).sum(axis=1)
    # A half instead of nothing: whoever answered nothing shares nothing, and 0 ÷ ½ is 0.
    of_mentees, of_mentors = np.maximum(of_mentees, np.float32(0.5)), np.maximum(of_mentors, np.float32(0.5))

    def part(view: View) -> Floats:
        both = view.dot(weighted, columns)
        divisor = whole(view.mentees(of_mentees), view.mentors(of_mentors), both)
        both *= np.float32(UNIT)
        both /= divisor
        return both

    return Curved(part, answered(rows), answered(columns))


def _either(a: Floats, b: Floats, both: Floats) -> Floats:
    return np.asarray(a + b - both)


def _fewer(a: Floats, b: Floats, _both: Floats) -> Floats:
    return np.asarray(np.minimum(a, b))


def _shared(question: Question, mentees: People, mentors: People, _plan: Plan) -> Curved:
    rows, columns = _both_chosen(question, mentees, mentors)
    return _jaccard(rows, columns, np.ones(rows.shape[1], dtype=np.float32), _either)


def _shared_rare(question: Question, mentees: People, mentors: People, _plan: Plan) -> Curved:
    """An option everybody chose counts once, one that hardly anybody chose almost twice."""
    rows, columns = _both_chosen(question, mentees, mentors)
    weights = 2 * (len(rows) + len(columns)) - rows.sum(axis=0) - columns.sum(axis=0)
    return _jaccard(rows, columns, weights.astype(np.float32), _either)


def _language(question: Question, mentees: People, mentors: People, _plan: Plan) -> Curved:
    """Measured by whoever named fewer: knowing many languages is no drawback."""
    rows, columns = _both_chosen(question, mentees, mentors)
    return _jaccard(rows, columns, np.ones(rows.shape[1], dtype=np.float32), _fewer)


def _both_chosen(question: Question, mentees: People, mentors: People) -> tuple[NDArray[Any], NDArray[Any]]:
    return chosen(mentees, question.key, question), chosen(mentors, question.answered_by_partner_under, question)


@dataclass(frozen=True, slots=True)
class Week:
    """When people are free."""

    key: str
    mentees: NDArray[np.uint64]
    mentors: NDArray[np.uint64]
    minutes_a_bit: int
    known_mentees: BoolArray
    known_mentors: BoolArray

    def minutes(self, view: View) -> NDArray[Any]:
        """Return how many minutes a week two people are both free."""
        return view.remembered(("minutes", self.key), lambda: self._minutes(view))

    def _minutes(self, view: View) -> NDArray[Any]:
        count: Any = 0
        for word in range(self.mentees.shape[1]):
            both = view.mentees(self.mentees[:, word]) & view.mentors(self.mentors[:, word])
            count = count + np.bitwise_count(both).astype(np.int16)
        return np.asarray(count * np.int16(self.minutes_a_bit))


def week(question: Question, mentees: People, mentors: People, plan: Plan) -> Week:
    """Return when everybody is free."""
    rows = free_half_hours(mentees, question.key, plan.week_of)
    columns = free_half_hours(mentors, question.answered_by_partner_under, plan.week_of)
    return Week(question.key, *shared_words(rows, columns), answered(rows), answered(columns))


def _overlap(question: Question, mentees: People, mentors: People, plan: Plan) -> Curved:
    when = week(question, mentees, mentors, plan)

    def part(view: View) -> Floats:
        minutes: Floats = np.minimum(when.minutes(view), ENOUGH_MINUTES).astype(np.float32)
        minutes *= np.float32(UNIT / ENOUGH_MINUTES)
        return minutes

    return Curved(part, when.known_mentees, when.known_mentors)


_COMPARERS: Mapping[Comparer, Callable[[Question, People, People, Plan], Compared]] = {
    Comparer.NEED_OFFER: _need_offer,
    Comparer.OVERLAP: _overlap,
    Comparer.SHARED: _shared,
    Comparer.SHARED_RARE: _shared_rare,
    Comparer.NEARNESS: _on_scale(_near),
    Comparer.CLOSENESS: _on_scale(_near),
    Comparer.SAME: _on_scale(_equal),
    Comparer.STAGE: _on_scale(_as_far),
    Comparer.COMPLEMENT: _own,
    Comparer.OWN_SITUATIONS: _own,
    Comparer.LANGUAGE: _language,
}
