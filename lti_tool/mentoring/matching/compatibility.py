"""How well a mentee and a mentor suit each other: a score from their answers.

Each question gives a part from 0 to 1; the score is their mean by weight. A question one of the two left open is left
out and the others count more, but each open heavy question costs a little, so that empty answers do not look perfect.
What matters most to a mentee counts twice; wishes and soft rules are added in the end. The result is whole millionths.
Source: product sections 5.3 and 5.4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.matching.comparers import UNIT, Compared, Curved, Linear, compared, has_comparer
from lti_tool.mentoring.matching.facts import PPM, BoolArray, Candidate, IntArray, Plan
from lti_tool.mentoring.matching.features import keys_of
from lti_tool.mentoring.matching.shortlist import blocks
from lti_tool.mentoring.matching.soft import Adjustments, adjustments
from lti_tool.mentoring.matching.views import Block, Floats, Pairs, View
from lti_tool.mentoring.questionnaire import Comparer, Question

HEAVY_WEIGHT = 10
OPEN_QUESTION_COST = 20_000


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question that enters the score: how answers compare, and how much it counts for each mentee."""

    question: Question
    answers: Compared
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compatibility:
    """All that is needed to score any pair of these mentees and mentors.

    Shape: `linear` are the linear questions' rows, weights included, of all mentees and of all mentors; `open_*` hold
        the questions that not everybody answered.
    """

    shape: tuple[int, int]
    asked: tuple[_Asked, ...]
    linear: tuple[NDArray[np.float64], NDArray[np.float64]]
    weight: tuple[NDArray[np.float64], NDArray[np.float64]]
    heavy: tuple[NDArray[np.float64], NDArray[np.float64]]
    heavy_count: int
    extra: Adjustments

    def scores(self) -> IntArray:
        """Return the score of every pair.

        Shape: mentees × mentors.
        Units: millionths, from 0 to 1,000,000.
        """
        scores = np.zeros(self.shape, dtype=np.int64)
        for first, last in blocks(self.shape):
            scores[first:last] = self.block(first, last)
        return scores

    def block(self, first: int, last: int) -> IntArray:
        """Return the scores of some mentees, one after another, with every mentor."""
        return self.scores_in(Block(first, last))

    def scores_of(self, rows: IntArray, columns: IntArray) -> IntArray:
        """Return the scores of the chosen pairs only."""
        return self.scores_in(Pairs(rows, columns))

    def scores_in(self, view: View) -> IntArray:
        """Return the scores of the pairs in view."""
        score = view.dot(*self.linear)
        for one in self.asked:
            if isinstance(one.answers, Curved):
                part = one.answers.part(view)
                part *= view.mentees(one.weights.astype(np.float32))
                score += part
        score *= PPM / UNIT
        score /= np.maximum(view.dot(*self.weight), 1)
        if self.heavy_count:
            score -= OPEN_QUESTION_COST * (self.heavy_count - view.dot(*self.heavy))
        np.rint(score, out=score)
        score = self.extra.applied(view, score)
        return np.clip(score, 0, PPM, out=score).astype(np.int64)

    def parts(self, rows: IntArray, columns: IntArray) -> dict[str, tuple[IntArray, BoolArray]]:
        """Return each question's part in millionths for the chosen pairs, and whether both answered."""
        view = Pairs(rows, columns)
        found = {}
        for one in self.asked:
            known = view.mentees(one.answers.known_mentees) & view.mentors(one.answers.known_mentors)
            part = np.rint(_part(one.answers, view) * (PPM / UNIT)).astype(np.int64)
            found[one.question.key] = (part, known)
        return found

    def contributions(self, rows: IntArray, columns: IntArray) -> dict[str, IntArray]:
        """Return weight × part of each question for the chosen pairs only, by question key."""
        parts = self.parts(rows, columns)
        return {
            one.question.key: np.asarray(one.weights[rows].astype(np.int64) * parts[one.question.key][0])
            for one in self.asked
        }


def compatibility(mentees: Sequence[Candidate], mentors: Sequence[Candidate], plan: Plan) -> Compatibility:
    """Prepare the answers of both sides for scoring.

    Raises: ValueError when the questionnaire has no question that enters the score.
    """
    questions = [question for question in plan.questionnaire.questions if question.weight and has_comparer(question)]
    if not questions:
        raise ValueError("the questionnaire has no question that enters the score")
    doubled = _doubled(mentees, questions, plan)
    asked = tuple(
        _Asked(question, compared(question, mentees, mentors, plan), question.weight * doubled[question.key])
        for question in questions
    )
    heavy = [one for one in asked if one.question.weight >= HEAVY_WEIGHT and not _is_answered_by_all(one)]
    return Compatibility(
        shape=(len(mentees), len(mentors)),
        asked=asked,
        linear=_stacked(asked, len(mentees), len(mentors)),
        weight=_weight(asked, len(mentees), len(mentors)),
        heavy=(
            _columns([one.answers.known_mentees for one in heavy], len(mentees)),
            _columns([one.answers.known_mentors for one in heavy], len(mentors)),
        ),
        heavy_count=len(heavy),
        extra=adjustments(mentees, mentors, plan),
    )


def _doubled(
    mentees: Sequence[Candidate], questions: Sequence[Question], plan: Plan
) -> Mapping[str, NDArray[np.float64]]:
    """Return for each question how many times it counts for each mentee: twice what they said matters most."""
    times = {question.key: np.ones(len(mentees)) for question in questions}
    for criterion in plan.questionnaire.questions:
        if criterion.comparer is Comparer.TOP_CRITERION:
            for number, person in enumerate(mentees):
                for key in keys_of(person, criterion.key):
                    for question in questions_of(key, questions):
                        times[question.key][number] = 2
    return times


def questions_of(criterion: str, questions: Sequence[Question]) -> list[Question]:
    """Return the questions a criterion speaks of: the one of that name, and those whose names go on from it."""
    return [one for one in questions if one.key == criterion or one.key.startswith(f"{criterion}_")]


def _is_answered_by_all(one: _Asked) -> bool:
    return bool(one.answers.known_mentees.all() and one.answers.known_mentors.all())


def _part(answers: Compared, view: View) -> Floats:
    return view.dot(answers.mentees, answers.mentors) if isinstance(answers, Linear) else answers.part(view)


def _stacked(asked: Sequence[_Asked], rows: int, columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return all linear questions as one."""
    both = [(one.answers, one.weights) for one in asked if isinstance(one.answers, Linear)]
    mentees = [np.zeros((rows, 1)), *(answers.mentees * weights[:, None] for answers, weights in both)]
    mentors = [np.zeros((columns, 1)), *(answers.mentors for answers, _ in both)]
    return np.concatenate(mentees, axis=1), np.concatenate(mentors, axis=1)


def _weight(asked: Sequence[_Asked], rows: int, columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the weights of the questions both answered add up to, as a sum of products."""
    always = np.zeros(rows)
    some = [one for one in asked if not _is_answered_by_all(one)]
    for one in asked:
        if _is_answered_by_all(one):
            always = always + one.weights
    mentees = [always, *(one.weights * one.answers.known_mentees for one in some)]
    mentors = [np.ones(columns), *(one.answers.known_mentors for one in some)]
    return _columns(mentees, rows), _columns(mentors, columns)


def _columns(values: Sequence[NDArray[Any]], length: int) -> NDArray[np.float64]:
    return np.stack(values, axis=1).astype(np.float64) if values else np.zeros((length, 0))
