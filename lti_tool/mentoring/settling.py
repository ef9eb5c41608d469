"""What is written when a form comes back, although the same answers may have changed elsewhere meanwhile.

A form carries, question by question, what it was drawn with. So only what somebody changed in this form is written;
where the same answer was changed in another window too, both are shown and the person chooses; and where staff changed
the question meanwhile, the answer waits until the person has seen the new question. Nothing that was typed is dropped.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lti_tool.mentoring.answers import Form, parse_answers
from lti_tool.mentoring.questionnaire import HAPPY_TO, Answer, Question, QuestionKind
from lti_tool.mentoring.words import N_, Sentence

HERE, THERE = "here", "there"  # which of two answers counts: the one of this form, or the one that is saved
_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it came back.

    Shape: `form` holds every value of every field; `drawn` what the form carries by question key (see `drawn_with`),
        and so which questions it asked; `chosen` what the person decided about earlier clashes.
    """

    form: Form
    drawn: Mapping[str, str]
    chosen: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """One question with two answers: the one given in this form and the one that is saved; None is no answer."""

    here: Answer | None
    there: Answer | None

    @property
    def choose_here(self) -> str:
        """What a form sends to let its own answer replace exactly the one that is shown."""
        return f"{HERE}:{digest(self.there)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What becomes of a form: answers to write (None takes one back), clashes and problems, by question key."""

    writes: dict[str, Answer | None]
    clashes: dict[str, Clash]
    problems: dict[str, Sentence]
    missing: frozenset[str] = frozenset()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to decide or to correct."""
        return not self.clashes and not self.problems

    def for_later(self) -> "Settled":
        """Return the same for somebody who goes on another time: what was left open is no problem yet."""
        problems = {key: problem for key, problem in self.problems.items() if key not in self.missing}
        return replace(self, problems=problems)


CHANGED_QUESTION = Sentence(
    N_("This question was changed while you were answering. Your answer is still here: please look again, and save.")
)

NOT_SENT = Sentence(N_("This page did not send an answer here. Please choose one."))

CLASH = Sentence(N_("This answer was changed in another window too. Please choose which one counts."))


def drawn_with(question: Question, answer: Answer | None) -> str:
    """Return what a form carries for a question: which answer and which question it was drawn with."""
    return f"{digest(answer)}.{question_digest(question)}"


def digest(answer: Answer | None) -> str:
    """Return a short fingerprint of an answer, or of none."""
    return _fingerprint(answer)


def question_digest(question: Question) -> str:
    """Return a short fingerprint of what a person reads of a question, and of who sees the answer."""
    options = [[option.key, option.label] for option in question.options]
    return _fingerprint([question.wording, question.hint, options, sorted(question.seen_by)])


def as_asked(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored answers in the form in which the questions are asked today: an offer was a plain list once."""
    offers = {question.key for question in questions if question.kind is QuestionKind.OFFER}
    return {
        key: dict.fromkeys(answer, HAPPY_TO) if key in offers and isinstance(answer, list) else answer
        for key, answer in answers.items()
    }


def settle(questions: Sequence[Question], sent: Sent, stored: Mapping[str, Any]) -> Settled:
    """Return what to write of a form, and what the person still has to decide.

    Shape: `stored` are the answers as they are saved now (see `as_asked`); questions the form did not ask are left out.
    """
    questions = [question for question in questions if question.key in sent.drawn]
    parsed = parse_answers(questions, sent.form)
    drawn, chosen = sent.drawn, sent.chosen
    settled = Settled(writes={}, clashes={}, problems=dict(parsed.problems), missing=parsed.missing)
    for question in questions:
        key = question.key
        if key in parsed.problems:
            continue
        here, there = parsed.values.get(key), stored.get(key)
        answer_then, _, question_then = drawn[key].partition(".")
        if here == there or digest(here) == answer_then:
            continue
        if question_then != question_digest(question):
            settled.problems[key] = CHANGED_QUESTION
        elif digest(there) == answer_then or chosen.get(key) == Clash(here=here, there=there).choose_here:
            settled.writes[key] = here
        elif chosen.get(key) != THERE:
            settled.clashes[key] = Clash(here=here, there=there)
    return settled


def _fingerprint(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]
