"""How a form becomes answers.

A form either becomes answers or problems named beside the field; an answer is never changed, shortened or dropped on
the way.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lti_tool.mentoring.questionnaire import CHOICES, HAPPY_TO, STRONG, YES, Answer, Option, Question, QuestionKind
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedAnswers:
    """What a form held: the answers that are in order, and a sentence for each question that is not.

    Shape: both by question key; `left_empty` are the questions without an answer, so that one given earlier can be
        taken back; `missing` are those of the problems where nothing was given at all.
    """

    values: dict[str, Answer]
    problems: dict[str, Sentence]
    left_empty: frozenset[str]
    missing: frozenset[str] = frozenset()

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is left to correct."""
        return not self.problems


_LONGEST_ID = 15  # digits; the databases hold more
Form = Mapping[str, Sequence[str]]
Outcome = Answer | Sentence | None


def parse_answers(questions: Sequence[Question], form: Form) -> ParsedAnswers:
    """Return the answers a form holds, and what is wrong, by question key.

    Shape: a field is named as its question; a rank has one field per place (`key-1`, `key-2` ...); a grid, a multi and
        people repeat their field; an offer has a second field for what is strong (`key-strong`). Single answers are an
        option's key, lists and offers are in the order of the options, a rank in the order of its places.
    """
    values: dict[str, Answer] = {}
    problems: dict[str, Sentence] = {}
    missing: set[str] = set()
    for question in questions:
        outcome = _PARSERS[question.kind](question, form)
        if isinstance(outcome, Sentence):
            problems[question.key] = outcome
        elif outcome is not None:
            values[question.key] = outcome
        elif question.is_required:
            problems[question.key] = _MISSING[question.kind]
            missing.add(question.key)
    keys = {question.key for question in questions}
    left_empty = frozenset(keys - values.keys() - problems.keys())
    return ParsedAnswers(values=values, problems=problems, left_empty=left_empty, missing=frozenset(missing))


def is_answered(question: Question, answer: Any) -> bool:
    """Tell whether an answer still counts: one that names only what is no longer on offer does not."""
    if question.kind not in CHOICES:
        return answer not in (None, "")
    named = [answer] if isinstance(answer, str) else list(answer or ())
    return any(option.key in named for option in question.options)


def unanswered(questions: Sequence[Question], answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return the questions that must be answered and are not."""
    return tuple(
        question
        for question in questions
        if question.is_required and not is_answered(question, answers.get(question.key))
    )


def _given(form: Form, name: str) -> list[str]:
    return [text.strip() for text in form.get(name, ()) if text.strip()]


def _unknown(question: Question, chosen: Sequence[str]) -> Sentence | None:
    keys = {option.key for option in _ever_offered(question)}
    if all(key in keys for key in chosen):
        return None
    return Sentence(N_("One of these choices is not on offer any more. Please choose again from the list."))


def _parse_single(question: Question, form: Form) -> Outcome:
    chosen = _given(form, question.key)
    if len(chosen) > 1:
        return Sentence(N_("Please choose only one answer here."))
    return _unknown(question, chosen) or (chosen[0] if chosen else None)


def _parse_multi(question: Question, form: Form) -> Outcome:
    chosen = set(_given(form, question.key))
    problem = _unknown(question, sorted(chosen)) or _too_many(question, chosen)
    return problem or [option.key for option in _ever_offered(question) if option.key in chosen] or None


def _parse_offer(question: Question, form: Form) -> Outcome:
    """Who says that they are strong in something offers it, whether or not they ticked that, too."""
    strong = set(_given(form, f"{question.key}-{STRONG}"))
    chosen = strong | set(_given(form, question.key))
    problem = _unknown(question, sorted(chosen)) or _too_many(question, chosen)
    levels = {
        option.key: STRONG if option.key in strong else HAPPY_TO
        for option in _ever_offered(question)
        if option.key in chosen
    }
    return problem or levels or None


def _parse_tick(question: Question, form: Form) -> Outcome:
    chosen = set(_given(form, question.key))
    return _unknown(question, sorted(chosen)) or (YES if chosen else None)


def _parse_people(question: Question, form: Form) -> Outcome:
    chosen = list(dict.fromkeys(_given(form, question.key)))
    if not all(one.isascii() and one.isdigit() and len(one) <= _LONGEST_ID for one in chosen):
        return Sentence(N_("Please choose people from the list."))
    return _too_many(question, chosen) or chosen or None


def _ever_offered(question: Question) -> tuple[Option, ...]:
    return (*question.options, *question.removed_options)


def _too_many(question: Question, chosen: Collection[str]) -> Sentence | None:
    """What is no longer on offer does not count towards the most."""
    count = len(set(chosen) - {option.key for option in question.removed_options})
    if not question.maximum or count <= question.maximum:
        return None
    return Sentence(
        N_("You chose %(chosen)s. Please keep the %(maximum)s that matter most."),
        {"chosen": count, "maximum": question.maximum},
    )


def _parse_rank(question: Question, form: Form) -> Outcome:
    places = [_given(form, f"{question.key}-{place}") for place in range(1, question.maximum + 1)]
    if any(len(place) > 1 for place in places) or _has_more_places(question, form):
        return Sentence(N_("Please choose one answer for each of the %(maximum)s places."), {"maximum": len(places)})
    chosen = [place[0] for place in places if place]
    if len(set(chosen)) < len(chosen):
        return Sentence(N_("You chose the same answer twice. Please choose another one, or leave that place empty."))
    if [] in places[: len(chosen)]:
        return Sentence(N_("Please fill the places from the top, the most important first."))
    return _unknown(question, chosen) or chosen or None


def _has_more_places(question: Question, form: Form) -> bool:
    prefix = f"{question.key}-"
    places = {f"{prefix}{place}" for place in range(1, question.maximum + 1)}
    return any(_given(form, name) for name in form if name.startswith(prefix) and name not in places)


def _parse_whole_number(question: Question, form: Form) -> Outcome:
    given = _given(form, question.key)
    if not given:
        return None
    text = given[0]
    if len(given) == 1 and text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= question.maximum:
        return int(text)
    return Sentence(N_("Please enter a whole number from 1 to %(maximum)s."), {"maximum": question.maximum})


def _parse_text(question: Question, form: Form) -> Outcome:
    given = _given(form, question.key)
    if len(given) > 1:
        return Sentence(N_("Please give only one answer here."))
    text = given[0].replace("\r\n", "\n") if given else ""
    if question.maximum and len(text) > question.maximum:
        return Sentence(
            N_("This is %(length)s characters long. Please shorten it to %(maximum)s."),
            {"length": len(text), "maximum": question.maximum},
        )
    return wrong_with_text(text) or text or None


_PARSERS: Mapping[QuestionKind, Callable[[Question, Form], Outcome]] = {
    QuestionKind.SINGLE: _parse_single,
    QuestionKind.LIKERT: _parse_single,
    QuestionKind.MULTI: _parse_multi,
    QuestionKind.GRID: _parse_multi,
    QuestionKind.RANK: _parse_rank,
    QuestionKind.WHOLE_NUMBER: _parse_whole_number,
    QuestionKind.TEXT: _parse_text,
    QuestionKind.OFFER: _parse_offer,
    QuestionKind.TICK: _parse_tick,
    QuestionKind.PEOPLE: _parse_people,
}

_MISSING: Mapping[QuestionKind, Sentence] = {
    QuestionKind.SINGLE: Sentence(N_("Please choose an answer.")),
    QuestionKind.LIKERT: Sentence(N_("Please choose an answer.")),
    QuestionKind.MULTI: Sentence(N_("Please choose at least one answer.")),
    QuestionKind.GRID: Sentence(N_("Please choose at least one time when you could meet.")),
    QuestionKind.RANK: Sentence(N_("Please choose at least the most important one.")),
    QuestionKind.WHOLE_NUMBER: Sentence(N_("Please enter a number.")),
    QuestionKind.TEXT: Sentence(N_("Please write something here.")),
    QuestionKind.OFFER: Sentence(N_("Please choose at least one answer.")),
    QuestionKind.TICK: Sentence(N_("Please tick the box.")),
    QuestionKind.PEOPLE: Sentence(N_("Please choose somebody.")),
}
