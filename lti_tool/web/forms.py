"""From questions to the fields a template draws, and from a request's form to what the rules parse."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, jsonify, request
from flask_babel import gettext as _

from lti_tool.mentoring.availability import BLOCKS, DAYS
from lti_tool.mentoring.questionnaire import HAPPY_TO, STRONG, Answer, Audience, Question, QuestionKind
from lti_tool.mentoring.settling import CLASH, THERE, Clash, Sent, Settled, drawn_with
from lti_tool.mentoring.words import Sentence
from lti_tool.web.text import seen_by, sentence

ONCE_LENGTH = 40
DRAWN, CHOSEN = (
    "was-",
    "settle-",
)  # the fields that carry what a question was drawn with, and a choice between two answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question as a template draws it.

    Shape: `value` is what was typed before, also where it was wrong; `drawn` is what the form carries of question and
        answer, or nothing; `clash` holds two answers to choose from.
    """

    question: Question
    value: Any
    problem: str
    drawn: str = ""
    clash: Clash | None = None

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen, translated; what is no longer on offer only where it was chosen."""
        named = self.value if isinstance(self.value, list | dict) else [self.value]
        kept = [option for option in self.question.removed_options if option.key in named]
        return [(option.key, _(option.label)) for option in self.question.options] + [
            (option.key, _("%(choice)s (no longer offered)", choice=_(option.label))) for option in kept
        ]

    @property
    def seen_by(self) -> str:
        """Who sees the answer."""
        return seen_by(self.question.seen_by)

    @property
    def two_answers(self) -> list[tuple[str, str]]:
        """What can be chosen between two answers that were given at once."""
        if self.clash is None:
            return []
        here, there = in_words(self.question, self.clash.here), in_words(self.question, self.clash.there)
        return [
            (self.clash.choose_here, _("What you chose here: %(answer)s", answer=here)),
            (THERE, _("What is saved: %(answer)s", answer=there)),
        ]


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


def settled_fields(
    questions: Iterable[Question], answers: Mapping[str, Any], settled: Settled | None = None
) -> list[Field]:
    """The questions of a form that loses nothing: with what is saved, or what was typed where it is not saved yet."""
    return [_settled_field(question, answers.get(question.key), settled) for question in questions]


def _settled_field(question: Question, stored: Any, settled: Settled | None) -> Field:
    problem, clash = None, None
    if settled is not None:
        problem, clash = settled.problems.get(question.key), settled.clashes.get(question.key)
    drawn = drawn_with(question, stored)
    if clash or problem:
        # The answer of before, so that the same is not taken for unchanged; the question as it is shown from now on.
        before = request.form.get(DRAWN + question.key, "").partition(".")[0]
        drawn = f"{before}.{drawn.partition('.')[2]}"
    return Field(
        question=question,
        value=typed(question) if clash or problem else _first_value(question, stored),
        problem=sentence(CLASH if clash else problem),
        drawn=drawn,
        clash=clash,
    )


def _first_value(question: Question, stored: Any) -> Any:
    if stored is not None:
        return stored
    return min(question.suggested, question.maximum) if question.suggested else ""


def sent() -> Sent:
    """The request's form, with what it was drawn with."""
    return Sent(form=form_lists(), drawn=_named(DRAWN), chosen=_named(CHOSEN))


def is_quiet() -> bool:
    """Whether the page saves itself while somebody is still writing on it."""
    return "quiet" in request.form


def kept(questions: Iterable[Question], settled: Settled) -> Response:
    """What a page that saved itself is drawn with from now on, as far as its answers were written."""
    by_key = {question.key: question for question in questions}
    drawn = {DRAWN + key: drawn_with(by_key[key], answer) for key, answer in settled.writes.items() if key in by_key}
    return jsonify(drawn=drawn, is_whole=settled.for_later().is_done)


def _named(prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): request.form[name] for name in request.form if name.startswith(prefix)}


def typed(question: Question) -> Any:
    """What the request's form holds for a question, unchecked."""
    if question.kind is QuestionKind.RANK:
        return [request.form.get(f"{question.key}-{place}", "") for place in range(1, question.maximum + 1)]
    if question.kind is QuestionKind.OFFER:
        strong = request.form.getlist(f"{question.key}-{STRONG}")
        return dict.fromkeys(request.form.getlist(question.key), HAPPY_TO) | dict.fromkeys(strong, STRONG)
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
        (_(question.wording), in_words(question, answers[question.key]))
        for question in questions
        if audience in question.seen_by and question.key in answers
    ]


def in_words(question: Question, answer: Any) -> str:
    """An answer as people read it."""
    if answer is None:
        return str(_("no answer"))
    labels = {option.key: str(_(option.label)) for option in (*question.removed_options, *question.options)}
    if question.kind is QuestionKind.GRID:
        return _times_in_words(answer)
    if isinstance(answer, dict):
        return ", ".join(_offer_in_words(_label(labels, key), level) for key, level in answer.items())
    if isinstance(answer, list):
        return ", ".join(_label(labels, key) for key in answer)
    return labels.get(str(answer), str(answer))


def _label(labels: Mapping[str, str], key: str) -> str:
    return labels.get(key) or key


def _offer_in_words(label: str, level: str) -> str:
    return str(_("%(thing)s (strong)", thing=label)) if level == STRONG else label


def _times_in_words(cells: Iterable[str]) -> str:
    """The blocks of a week, day by day."""
    blocks = {one.key: str(_(one.label)) for one in BLOCKS}
    chosen = [cell.partition("-") for cell in cells]
    days = [
        (str(_(day.label)), [blocks.get(hour, hour) for key, _dash, hour in chosen if key == day.key]) for day in DAYS
    ]
    return "; ".join(f"{day} {', '.join(hours)}" for day, hours in days if hours)


def once() -> str:
    """What the form was drawn with, so that sending it twice is noticed; see `components/once.html`."""
    return request.form.get("once", "")[:ONCE_LENGTH] or new_once()


def new_once() -> str:
    """A name for what a form is about to create."""
    return secrets.token_urlsafe(12)


def version() -> int:
    """The version of what the form was drawn with; 0 where it says none."""
    return request.form.get("version", 0, type=int)


def page_number(name: str = "page") -> int:
    """The page of a long list that the address asks for, under this name where the page has several lists."""
    return max(1, request.args.get(name, 1, type=int))
