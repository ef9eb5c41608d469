"""What the forms about excuses, cases, hours and breaks have in common: one of several answers, a day, a choice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from lti_tool.mentoring.words import N_, Sentence

CHOOSE = Sentence(N_("Please choose one of these."))
NO_DAY = Sentence(N_("Please give the day as it stands in a calendar."))

Form = Mapping[str, str]
Problems = dict[str, Sentence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One answer of a form as people choose it: texts to translate."""

    label: str
    hint: str


def one_of(form: Form, name: str, allowed: Iterable[str], problems: Problems) -> str | None:
    """Return what was chosen, or None and a problem beside the field."""
    choice = form.get(name, "")
    if choice in tuple(allowed):
        return choice
    problems[name] = CHOOSE
    return None


def day_in(text: str) -> date | None:
    """Return the day that was typed; None where it is none, and the form asks again."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None  # no date: the caller says so beside the field
