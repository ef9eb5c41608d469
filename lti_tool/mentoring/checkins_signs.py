"""When an answer is a sign that somebody should act, who should, and by when.

Only choices are read, never texts: what somebody writes is for people to understand.

Source: product section 7.1, "Escalation"; 5.7, "Wrong fit" and "Mentor overload".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.checkins_pulse import LIFE, NOT_WELL, VERY_HARD
from lti_tool.mentoring.words import N_, Sentence


class SignKind(StrEnum):
    """What an answer says that somebody should know."""

    URGENT = "urgent"
    VERY_HARD = "very_hard"
    SUPPORT = "support"
    NOT_FOR_ME = "not_for_me"
    ASKS_STAFF = "asks_staff"
    OVERLOAD = "overload"
    FALLING = "falling"
    SILENT = "silent"  # the last step of the nudge ladder


TIME_TO_ACT: Mapping[SignKind, timedelta] = {
    SignKind.URGENT: timedelta(hours=24),
    SignKind.VERY_HARD: timedelta(days=2),
    SignKind.SUPPORT: timedelta(days=3),
    SignKind.NOT_FOR_ME: timedelta(days=3),
    SignKind.ASKS_STAFF: timedelta(days=3),
    SignKind.OVERLOAD: timedelta(days=5),
    SignKind.FALLING: timedelta(days=7),
    SignKind.SILENT: timedelta(days=3),
}
NEEDS_HELP_NOW = frozenset({SignKind.URGENT, SignKind.VERY_HARD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing that staff should look at; `item` is the question it comes from."""

    kind: SignKind
    item: str
    reason: Sentence


def signs(answers: Mapping[str, Any]) -> tuple[Sign, ...]:
    """Return what the answers of one check-in or probe say that staff should know, the most urgent first."""
    found = [*_life(answers), *_by_choice(answers), *_asking(answers)]
    return tuple(sorted(found, key=lambda one: (TIME_TO_ACT[one.kind], one.kind, one.item)))


def falling(ratings: Sequence[int]) -> Sign | None:
    """Return a sign where the last two ratings each were lower than the one before; the newest rating is last."""
    if len(ratings) < 3 or not ratings[-1] < ratings[-2] < ratings[-3]:
        return None
    return Sign(
        kind=SignKind.FALLING,
        item="going",
        reason=Sentence(N_("Says twice in a row that it goes less well than before.")),
    )


def stays_low(ratings: Sequence[int], low: int = NOT_WELL) -> bool:
    """Tell whether the last two ratings were both low; the newest is last."""
    return len(ratings) >= 2 and max(ratings[-2:]) <= low


def needs_help_now(found: Iterable[Sign]) -> bool:
    """Tell whether the page that follows should name who helps at once."""
    return any(one.kind in NEEDS_HELP_NOW for one in found)


def _life(answers: Mapping[str, Any]) -> list[Sign]:
    return [
        Sign(
            kind=SignKind.VERY_HARD,
            item=key,
            reason=Sentence(N_("Says that this is very hard at the moment: %(part)s."), {"part": (label,)}),
        )
        for key, label in LIFE
        if answers.get(key) == VERY_HARD
    ]


_CHOICES: Mapping[tuple[str, str], tuple[SignKind, Sentence]] = {
    ("concern", "urgent"): (SignKind.URGENT, Sentence(N_("Is worried about the mentee: somebody should act soon."))),
    ("fit", "not_for_me"): (SignKind.NOT_FOR_ME, Sentence(N_("Says that this pair is not for them."))),
    ("go_on", "change"): (SignKind.NOT_FOR_ME, Sentence(N_("Would like to go on with somebody else."))),
    ("load", "too_much"): (SignKind.OVERLOAD, Sentence(N_("Says that mentoring is too much at the moment."))),
    ("boundaries", "no"): (SignKind.OVERLOAD, Sentence(N_("Could not keep the boundaries of mentoring."))),
    ("ask_staff", "yes"): (SignKind.ASKS_STAFF, Sentence(N_("Asks the staff to get in touch."))),
}
_CONSENT: Mapping[str, Sentence] = {
    "yes": Sentence(N_("Wishes support for the mentee, who knows about it.")),
    "will": Sentence(N_("Wishes support for the mentee, and will tell them first: please wait for a word.")),
    "no": Sentence(N_("Wishes support for the mentee, who does not know about it. Ask the mentor first.")),
    "": Sentence(N_("Wishes support for the mentee. Ask the mentor first whether the mentee knows about it.")),
}


def _by_choice(answers: Mapping[str, Any]) -> list[Sign]:
    found = [
        Sign(kind=kind, item=key, reason=reason)
        for (key, value), (kind, reason) in _CHOICES.items()
        if answers.get(key) == value
    ]
    if answers.get("concern") == "support":
        consent = str(answers.get("mentee_knows") or "")
        found.append(Sign(kind=SignKind.SUPPORT, item="concern", reason=_CONSENT.get(consent, _CONSENT[""])))
    return found


def _asking(answers: Mapping[str, Any]) -> list[Sign]:
    """A talk with the staff is asked for in two places; once is enough."""
    wished = [key for key in ("need", "wishes") if "talk" in (answers.get(key) or ())]
    return [
        Sign(kind=SignKind.ASKS_STAFF, item=key, reason=Sentence(N_("Asks for a talk with the staff.")))
        for key in wished[:1]
    ]
