"""A reminder as staff write it."""

from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

SUBJECT_LENGTH = 120
TEXT_LENGTH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What people will read."""

    subject: str
    text: str


def parse_reminder(form: Mapping[str, str]) -> tuple[Written | None, dict[str, Sentence]]:
    """Return the reminder a form holds, or None and what is wrong, by field name.

    Shape: the fields are `subject`, one line, and `text`.
    """
    subject, text = " ".join(form.get("subject", "").split()), form.get("text", "").strip().replace("\r\n", "\n")
    checks = {"subject": _wrong(subject, SUBJECT_LENGTH), "text": _wrong(text, TEXT_LENGTH)}
    problems = {name: problem for name, problem in checks.items() if problem}
    return (None if problems else Written(subject=subject, text=text)), problems


def _wrong(text: str, longest: int) -> Sentence | None:
    if not text:
        return Sentence(N_("Please write something here."))
    if len(text) > longest:
        return Sentence(N_("Please shorten this to %(maximum)s characters."), {"maximum": longest})
    return wrong_with_text(text)
