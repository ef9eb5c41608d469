"""The questionnaire as data, and how a form becomes answers.

A question says everything about itself: how it is asked, of whom, who sees the answer, and how two people's answers are
compared. So a new question is a new value, not new code. A form either becomes answers or problems named beside the
field; an answer is never changed, shortened or dropped on the way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.words import N_, Sentence, is_storable

# What a person gave to one question: an option's key, several of them, a number or a text.
Answer = str | int | list[str]


class QuestionKind(StrEnum):
    """How a question is asked."""

    SINGLE = "single"
    MULTI = "multi"
    RANK = "rank"
    GRID = "grid"
    WHOLE_NUMBER = "whole_number"
    TEXT = "text"
    LIKERT = "likert"


class Audience(StrEnum):
    """Who sees an answer, besides nobody."""

    SELF = "self"
    PARTNER = "partner"
    INSTRUCTOR = "instructor"


class Comparer(StrEnum):
    """How the answers of a mentee and a mentor are compared; `matching.compatibility` holds the arithmetic."""

    NONE = "none"
    NEED_OFFER = "need_offer"  # what the mentee wants, most important first, among what the mentor offers
    OVERLAP = "overlap"  # time in common; too little of it forbids the pair
    SHARED = "shared"  # things in common among all things named
    SHARED_RARE = "shared_rare"  # the same, where a rare thing in common counts more
    NEARNESS = "nearness"  # how near two choices are on an ordered scale
    LANGUAGE = "language"  # languages in common; none forbids the pair, unless a question asks which are needed
    NEEDED_LANGUAGE = "needed_language"  # languages the mentee needs; none of them at the counterpart forbids the pair
    ASYNC_CONSENT = "async_consent"  # both said yes (`YES`): too little time in common forbids nothing
    COMPLEMENT = "complement"  # what the mentee is unsure of, as far as the mentor is sure of it
    SAME = "same"  # the same single choice, such as a field
    STAGE = "stage"  # a mentor at least as far as the mentee, on an ordered scale
    CLOSENESS = "closeness"  # how near two answers on a scale of agreement are; told as a phrase
    OWN_SITUATIONS = "own_situations"  # situations of the mentee that the mentor knows too; told if both consent
    TOP_CRITERION = "top_criterion"  # what matters most to the mentee: doubles the questions of that name


YES = "yes"  # the option key of a consent
PREFER_NOT_TO_SAY = "prefer_not_to_say"  # the option key of an answer that is none
# A question's key with this behind it is the key of the consent to mention what is shared.
MAY_BE_MENTIONED = "_may_be_mentioned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that can be chosen; the key is stored, the label is shown."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Shape: `maximum` is how many options may be chosen, the highest number, or the length of a text; 0 means no limit.
        `counterpart` is the key of the question the other person answers, where it is not this one. `reason` is the
        sentence a pair reads when their answers fit, with `%(things)s` or `%(hours)s` in it.
    """

    key: str
    wording: str
    kind: QuestionKind
    asked_of: frozenset[EnrolmentRole]
    seen_by: frozenset[Audience]
    hint: str = ""
    options: tuple[Option, ...] = ()
    is_required: bool = False
    maximum: int = 0
    may_be_shown: bool = False
    comparer: Comparer = Comparer.NONE
    weight: int = 0
    counterpart: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        keys = [option.key for option in self.options]
        if len(set(keys)) != len(keys):
            raise ValueError(f"question {self.key} has two options with the same key")

    @property
    def answered_by_partner_under(self) -> str:
        """The key under which the other person's answer stands."""
        return self.counterpart or self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """The questions of a programme, in the order they are asked."""

    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        keys = [question.key for question in self.questions]
        if len(set(keys)) != len(keys):
            raise ValueError("a questionnaire has two questions with the same key")

    def for_role(self, role: EnrolmentRole) -> tuple[Question, ...]:
        """Return the questions somebody with that role is asked."""
        return tuple(question for question in self.questions if role in question.asked_of)

    def question(self, key: str) -> Question:
        """Return the question with that key.

        Raises: KeyError when there is none.
        """
        return {question.key: question for question in self.questions}[key]

    def to_json(self) -> dict[str, Any]:
        """Return the questionnaire as JSON values, which `questionnaire_from_json` reads back unchanged."""
        return {"questions": [_question_to_json(question) for question in self.questions]}


def questionnaire_from_json(stored: Mapping[str, Any]) -> Questionnaire:
    """Return the questionnaire that `to_json` wrote.

    Raises: KeyError, TypeError or ValueError when it is not one.
    """
    return Questionnaire(questions=tuple(_question_from_json(question) for question in stored["questions"]))


def _question_to_json(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "wording": question.wording,
        "hint": question.hint,
        "kind": question.kind.value,
        "options": [[option.key, option.label] for option in question.options],
        "asked_of": sorted(role.value for role in question.asked_of),
        "is_required": question.is_required,
        "maximum": question.maximum,
        "seen_by": sorted(audience.value for audience in question.seen_by),
        "may_be_shown": question.may_be_shown,
        "comparer": question.comparer.value,
        "weight": question.weight,
        "counterpart": question.counterpart,
        "reason": question.reason,
    }


def _question_from_json(stored: Mapping[str, Any]) -> Question:
    typed = {
        "kind": QuestionKind(stored["kind"]),
        "comparer": Comparer(stored["comparer"]),
        "options": tuple(Option(key=key, label=label) for key, label in stored["options"]),
        "asked_of": frozenset(EnrolmentRole(role) for role in stored["asked_of"]),
        "seen_by": frozenset(Audience(audience) for audience in stored["seen_by"]),
    }
    return Question(**{**stored, **typed})


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedAnswers:
    """What a form held: the answers that are in order, and a sentence for each question that is not.

    Shape: both by question key; `left_empty` are the questions without an answer, so that one given earlier can be
        taken back.
    """

    values: dict[str, Answer]
    problems: dict[str, Sentence]
    left_empty: frozenset[str]

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is left to correct."""
        return not self.problems


Form = Mapping[str, Sequence[str]]
Outcome = Answer | Sentence | None


def parse_answers(questions: Sequence[Question], form: Form) -> ParsedAnswers:
    """Return the answers a form holds, and what is wrong, by question key.

    Shape: a field is named as its question; a rank has one field per place (`key-1`, `key-2` ...); a grid and a multi
        repeat their field. Single answers are an option's key, lists are in the order of the options, a rank in the
        order of its places.
    """
    values: dict[str, Answer] = {}
    problems: dict[str, Sentence] = {}
    for question in questions:
        outcome = _PARSERS[question.kind](question, form)
        if isinstance(outcome, Sentence):
            problems[question.key] = outcome
        elif outcome is not None:
            values[question.key] = outcome
        elif question.is_required:
            problems[question.key] = _MISSING[question.kind]
    keys = {question.key for question in questions}
    left_empty = frozenset(keys - values.keys() - problems.keys())
    return ParsedAnswers(values=values, problems=problems, left_empty=left_empty)


def _given(form: Form, name: str) -> list[str]:
    return [text.strip() for text in form.get(name, ()) if text.strip()]


def _unknown(question: Question, chosen: Sequence[str]) -> Sentence | None:
    keys = {option.key for option in question.options}
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
    if question.maximum and len(chosen) > question.maximum:
        return Sentence(
            N_("You chose %(chosen)s. Please keep the %(maximum)s that matter most."),
            {"chosen": len(chosen), "maximum": question.maximum},
        )
    in_order = [option.key for option in question.options if option.key in chosen]
    return _unknown(question, sorted(chosen)) or in_order or None


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
    if not is_storable(text):
        return Sentence(N_("This text holds a character that cannot be saved. Please type it again."))
    return text or None


_PARSERS: Mapping[QuestionKind, Callable[[Question, Form], Outcome]] = {
    QuestionKind.SINGLE: _parse_single,
    QuestionKind.LIKERT: _parse_single,
    QuestionKind.MULTI: _parse_multi,
    QuestionKind.GRID: _parse_multi,
    QuestionKind.RANK: _parse_rank,
    QuestionKind.WHOLE_NUMBER: _parse_whole_number,
    QuestionKind.TEXT: _parse_text,
}

_MISSING: Mapping[QuestionKind, Sentence] = {
    QuestionKind.SINGLE: Sentence(N_("Please choose an answer.")),
    QuestionKind.LIKERT: Sentence(N_("Please choose an answer.")),
    QuestionKind.MULTI: Sentence(N_("Please choose at least one answer.")),
    QuestionKind.GRID: Sentence(N_("Please choose at least one time when you could meet.")),
    QuestionKind.RANK: Sentence(N_("Please choose at least the most important one.")),
    QuestionKind.WHOLE_NUMBER: Sentence(N_("Please enter a number.")),
    QuestionKind.TEXT: Sentence(N_("Please write something here.")),
}
