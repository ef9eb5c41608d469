"""Words around a ledger that students and staff share: standings, excuses, and who decided."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.actions.gradebook import plan_of
from lti_tool.mentoring.evidence import EXCUSE_WORDS, ExcuseReason
from lti_tool.mentoring.excuses import Choice, label_of_key
from lti_tool.mentoring.ledgers import Entry, Ledger, Standing
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Scheme
from lti_tool.store.gradebook import columns_of
from lti_tool.store.participation import Excuse
from lti_tool.store.programme import Programme, settings_of
from lti_tool.web.text import listed, sentence

STANDINGS = {
    Standing.COUNTED: ("good", _l("Counts")),
    Standing.NOT_DUE: ("neutral", _l("Not due yet")),
    Standing.EXCUSED: ("neutral", _l("Excused")),
    Standing.BEYOND: ("neutral", _l("Beyond what counts")),
    Standing.UNREAD: ("attention", _l("Not read yet")),
    Standing.EXTRA: ("neutral", _l("Without points")),
}
_OF_THEM = {
    ExcuseReason.BARRIER: _l("Something that keeps them from taking part"),
    ExcuseReason.PARTNER_LEFT: _l("Their partner left"),
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


def shown_excuses(
    rows: Iterable[Excuse], ledger: Ledger | None, *, scheme: Scheme | None = None, of_them: bool = False
) -> list[ShownExcuse]:
    """Excuses as a page lists them, to whom they are about or, of them, to staff."""
    words = dict(reasons(of_them=of_them))
    return [
        ShownExcuse(row=row, label=sentence(label_of_key(row.key, ledger, scheme=scheme)), reason=words[row.reason])
        for row in rows
    ]


def given_together(shown: Iterable[ShownExcuse]) -> list[ShownExcuse]:
    """Excuses as the person reads them: what was given to many at once stands once, whatever lines it excuses from."""
    found: dict[object, list[ShownExcuse]] = {}
    for one in shown:
        row = one.row
        is_alone = row.batch_id is None or row.asked_at is not None
        found.setdefault(row.id if is_alone else (row.batch_id, row.state, row.answer), []).append(one)
    return [replace(some[0], label=listed([one.label for one in reversed(some)])) for some in found.values()]


def reasons(*, of_them: bool = False) -> list[tuple[str, str]]:
    """Why somebody may be excused, to choose from; of them, where staff choose."""
    return [(one.value, str((of_them and _OF_THEM.get(one)) or _(words))) for one, words in EXCUSE_WORDS.items()]


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


def other_scales(programme: Programme) -> dict[str, tuple[int, int]]:
    """The columns in the LMS that have another maximum than their points here: there and here, by part."""
    here = {plan.part.value: plan.maximum for plan in plan_of(programme)}
    ready = (one for one in columns_of(programme.id) if one.state == "ready" and one.part in here)
    return {one.part: (one.maximum, here[one.part]) for one in ready if one.maximum != here[one.part]}


def so_far(programme: Programme) -> str:
    """What points before the end of a programme mean."""
    scheme = scheme_for(settings_of(programme))
    if scheme.complete_from is not None:
        rule = _(
            "Whoever has done %(percent)s percent of everything has all the points; there is nothing in between.",
            percent=scheme.complete_from,
        )
        return str(rule)
    if scheme.counts_from_start:
        return str(_("Everything counts from the start: your points grow with each thing you do."))
    return str(_("So far means: your share of what has counted until now. What is not due yet takes nothing away."))
