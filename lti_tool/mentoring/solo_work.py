"""Ten minutes alone where a partner does not answer: what can be done, and when somebody should be told of it.

Source: product section 6.4 (partner item): two attempts at contact and a ten-minute solo alternative earn full points.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lti_tool.mentoring.efforts import tries_enough
from lti_tool.mentoring.form_parts import Labelled
from lti_tool.mentoring.plain import paragraphs, wrong
from lti_tool.mentoring.words import N_, Sentence

MINUTES = 10
TEXT_LENGTH = 2000


class SoloKind(StrEnum):
    """What somebody does alone."""

    AGENDA = "agenda"
    QUESTIONS = "questions"
    GUIDE = "guide"


CHOICES: Mapping[str, Labelled] = {
    SoloKind.AGENDA: Labelled(
        label=N_("Prepare an agenda for your next talk"),
        hint=N_("Three points you would like to talk about, and how long each may take."),
    ),
    SoloKind.QUESTIONS: Labelled(
        label=N_("Write down the two questions you would ask"),
        hint=N_("And for each, why an answer would help you."),
    ),
    SoloKind.GUIDE: Labelled(
        label=N_("Work through a conversation guide alone"),
        hint=N_("Which guide it was, and your own answers to two of its questions."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Solo:
    """What somebody did alone."""

    kind: SoloKind
    words: str


def parse_solo(form: Mapping[str, str]) -> tuple[Solo | None, dict[str, Sentence]]:
    """Return what a form says, or None and what is wrong, by field name.

    Shape: the fields are `what` and `words`.
    """
    kind, words = form.get("what", ""), paragraphs(form.get("words", ""))
    problems: dict[str, Sentence] = {}
    if kind not in set(SoloKind):
        problems["what"] = Sentence(N_("Please choose an answer."))
    problem = wrong(words, longest=TEXT_LENGTH)
    if problem:
        problems["words"] = problem
    return (None, problems) if problems else (Solo(kind=SoloKind(kind), words=words), {})


def is_offered(tried: Collection[datetime], done: Collection[datetime], heard_at: datetime | None) -> bool:
    """Tell whether only the work alone is missing to full points: two attempts far enough apart for each piece.

    Shape: what somebody tried and did alone in a pair; `heard_at` is the last sign of a partner, before which nothing
        was in vain.
    """
    return tries_enough(in_vain(tried, heard_at)) > len(in_vain(done, heard_at))


def in_vain(moments: Collection[datetime], heard_at: datetime | None) -> list[datetime]:
    """Return those after which nothing was heard of a partner."""
    return [one for one in moments if heard_at is None or one > heard_at]
