"""From questions to the fields a template draws, and from a request's form to what the rules parse."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _

from lti_tool.mentoring.availability import BLOCKS, DAYS
from lti_tool.mentoring.questionnaire import Answer, Audience, Question, QuestionKind
from lti_tool.mentoring.words import Sentence
from lti_tool.web.text import seen_by, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question as a template draws it; `value` is what was typed before, also where it was wrong."""

    question: Question
    value: Any
    problem: str

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen, translated."""
        return [(option.key, _(option.label)) for option in self.question.options]

    @property
    def seen_by(self) -> str:
        """Who sees the answer."""
        return seen_by(self.question.seen_by)


def fields(
    questions: Iterable[Question], answers: Mapping[str, Answer], problems: Mapping[str, Sentence]
) -> list[Field]:
    """The questions with what was answered: on a second try, exactly what was typed."""
    is_retry = request.method == "POST"
    return [
        Field(
            question=question,
            value=typed(question) if is_retry else answers.get(question.key, ""),
            problem=sentence(problems.get(question.key)),
        )
        for question in questions
    ]


def typed(question: Question) -> Any:
    """What the request's form holds for a question, unchecked."""
    if question.kind is QuestionKind.RANK:
        return [request.form.get(f"{question.key}-{place}", "") for place in range(1, question.maximum + 1)]
    if question.kind in {QuestionKind.MULTI, QuestionKind.GRID}:
        return request.form.getlist(question.key)
    return request.form.get(question.key, "")


def form_lists() -> dict[str, list[str]]:
    """The request's form with every value of every field."""
    return {name: request.form.getlist(name) for name in request.form}


def grid_axes() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Days and blocks of an availability grid, translated."""
    return [(one.key, _(one.label)) for one in DAYS], [(one.key, _(one.label)) for one in BLOCKS]


def readable(questions: Sequence[Question], answers: Mapping[str, Any], audience: Audience) -> list[tuple[str, str]]:
    """The answers this audience may read, in words. The one place that shows answers to others."""
    return [
        (_(question.wording), _in_words(question, answers[question.key]))
        for question in questions
        if audience in question.seen_by and question.key in answers
    ]


def _in_words(question: Question, answer: Any) -> str:
    labels: dict[str, str] = {option.key: _(option.label) for option in question.options}
    if question.kind is QuestionKind.GRID:
        return _times(answer, labels)
    if isinstance(answer, list):
        return ", ".join(str(labels.get(key, key)) for key in answer)
    return labels.get(str(answer), str(answer))


def _times(answer: Sequence[str], labels: Mapping[str, str]) -> str:
    """Times of a week, day by day."""
    days = {day.key: [labels[key] for key in answer if key in labels and key.startswith(day.key)] for day in DAYS}
    return "; ".join(f"{_(day.label)} {', '.join(days[day.key])}" for day in DAYS if days[day.key])


def page_number() -> int:
    """The page of a long list that the address asks for."""
    return max(1, request.args.get("page", 1, type=int))
