"""Words around a ledger that students and staff share: standings, excuses, and who decided."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.mentoring.evidence import EXCUSE_WORDS
from lti_tool.mentoring.excuses import Choice, label_of_key
from lti_tool.mentoring.ledgers import Entry, Ledger, Standing
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.store.participation import Excuse
from lti_tool.store.programme import Programme, settings_of
from lti_tool.web.text import sentence

STANDINGS = {
    Standing.COUNTED: ("good", _l("Counts")),
    Standing.NOT_DUE: ("neutral", _l("Not due yet")),
    Standing.EXCUSED: ("neutral", _l("Excused")),
    Standing.BEYOND: ("neutral", _l("Beyond what counts")),
    Standing.UNREAD: ("attention", _l("Not read yet")),
    Standing.EXTRA: ("neutral", _l("Without points")),
}
EXCUSE_STATES = {
    "asked": ("attention", _l("Waits for an answer")),
    "granted": ("good", _l("Excused")),
    "refused": ("neutral", _l("Not excused")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownExcuse:
    """An excuse with the name of what it is for."""

    row: Excuse
    label: str
    reason: str


def shown_excuses(rows: Iterable[Excuse], ledger: Ledger | None) -> list[ShownExcuse]:
    """Excuses as a page lists them."""
    return [
        ShownExcuse(
            row=row,
            label=sentence(label_of_key(row.key, ledger)),
            reason=str(_(EXCUSE_WORDS[row.reason])),  # type: ignore[index]  # the column holds a value of it
        )
        for row in rows
    ]


def reasons() -> list[tuple[str, str]]:
    """Why somebody may be excused, to choose from."""
    return [(one.value, str(_(words))) for one, words in EXCUSE_WORDS.items()]


def options(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    """What can be excused, to choose from."""
    return [(one.key, sentence(one.label)) for one in choices]


def done_of(entries: Iterable[Entry]) -> tuple[int, int]:
    """How much of what is asked of somebody is done: without what is excused."""
    asked = [one for one in entries if one.standing is not Standing.EXCUSED]
    return sum(one.is_done for one in asked), len(asked)


def is_graded(programme: Programme) -> bool:
    """Whether the programme gives points at all."""
    return scheme_for(settings_of(programme)).is_graded
