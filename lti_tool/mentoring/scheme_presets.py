"""Schemes to begin with.

Source: product section 6.3. The one of check-ins alone is what programmes had before there were others; each
check-in that counts is worth the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from lti_tool.mentoring.programme import ProgrammeSettings
from lti_tool.mentoring.schemes import (
    JOIN_LATENESS,
    USUAL_LATENESS,
    Basis,
    Item,
    Kind,
    Lateness,
    Scheme,
    SchemePreset,
)
from lti_tool.mentoring.words import N_

LIGHT_MEETINGS = 4
LIGHT_POINTS = 10
PRACTICUM_MINUTES = 20 * 60  # documented hours outside class (product 6.1, E34)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetWords:
    """A preset as staff choose it."""

    label: str
    explained: str


PRESET_WORDS: Mapping[SchemePreset, PresetWords] = {
    SchemePreset.DEFAULT: PresetWords(
        label=N_("Everything people do"),
        explained=N_(
            "Joining, training, agreement, meetings, check-ins, two reflections and the closing survey. More is "
            "offered than needed: one meeting and one check-in may be missed without losing a point."
        ),
    ),
    SchemePreset.LIGHT: PresetWords(
        label=N_("Meetings alone"),
        explained=N_("Whoever meets four times has it complete; nothing else counts."),
    ),
    SchemePreset.PRACTICUM: PresetWords(
        label=N_("Practicum for mentors"),
        explained=N_(
            "Mentors log hours, write three reflections and bring one case. Mentees have the usual items; both can "
            "reach the same points."
        ),
    ),
    SchemePreset.UNGRADED: PresetWords(
        label=N_("No points"),
        explained=N_("People see how far they are. Nothing is sent to the gradebook."),
    ),
    SchemePreset.CHECK_INS: PresetWords(
        label=N_("Check-ins alone"),
        explained=N_("Every check-in is worth the same; points grow with each that is sent."),
    ),
}

GRADED = tuple(one for one in PRESET_WORDS if one is not SchemePreset.UNGRADED)


def scheme_of(preset: SchemePreset, settings: ProgrammeSettings) -> Scheme:
    """Return the preset's scheme, made for a programme with these settings."""
    scheme = _MADE[preset](settings)
    return replace(scheme, is_graded=scheme.is_graded and settings.is_graded)


def scheme_for(settings: ProgrammeSettings) -> Scheme:
    """Return what a programme's participation is worth: its preset, or what staff made of it.

    Shape: points, minutes and the number of check-ins are always those of the settings.
    """
    own = settings.own_scheme
    if own is None or own.preset is not settings.participation:
        usual = scheme_of(settings.participation, settings)
        return replace(usual, maximum=settings.points, least_minutes=settings.least_meeting_minutes)
    return replace(
        own,
        items=tuple(_as_often(item, settings.check_in_count) for item in own.items),
        maximum=settings.points,
        is_graded=settings.is_graded,
        least_minutes=settings.least_meeting_minutes,
    )


def _as_often(item: Item, check_in_count: int) -> Item:
    return replace(item, count=check_in_count) if item.kind is Kind.CHECK_IN else item


def _usual(settings: ProgrammeSettings) -> Scheme:
    return Scheme(preset=SchemePreset.DEFAULT, items=_usual_items(settings), maximum=settings.points)


def _usual_items(settings: ProgrammeSettings) -> tuple[Item, ...]:
    meetings, check_ins = settings.meeting_count, settings.check_in_count
    return (
        _for_all(Kind.JOIN, 5, late=JOIN_LATENESS),
        _for_all(Kind.TRAINING, 10),
        _for_pairs(Kind.AGREEMENT, 10),
        *((_for_pairs(Kind.MEETING, 30, count=meetings, best_of=_all_but_one(meetings)),) if meetings else ()),
        _for_all(Kind.CHECK_IN, 25, count=check_ins, best_of=_all_but_one(check_ins)),
        _for_all(Kind.REFLECTION_MIDDLE, 8),
        _for_all(Kind.REFLECTION_END, 8),
        _for_all(Kind.SURVEY, 4, late=None),
        Item(kind=Kind.PEER_CASE, reserve=Decimal(40), late=USUAL_LATENESS),
    )


def _light(settings: ProgrammeSettings) -> Scheme:
    count = min(LIGHT_MEETINGS, settings.meeting_count) or LIGHT_MEETINGS
    return Scheme(
        preset=SchemePreset.LIGHT,
        items=(
            _for_pairs(Kind.MEETING, LIGHT_POINTS, count=count),
            Item(kind=Kind.PEER_CASE, reserve=Decimal(LIGHT_POINTS)),
        ),
        maximum=LIGHT_POINTS,
        basis=Basis.START,
        complete_from=100,
    )


def _practicum(settings: ProgrammeSettings) -> Scheme:
    mentors = (
        Item(kind=Kind.HOURS, mentor=Decimal(40), target_minutes=PRACTICUM_MINUTES),
        Item(kind=Kind.REFLECTION_START, mentor=Decimal(12), reserve=Decimal(20), late=USUAL_LATENESS),
        Item(
            kind=Kind.REFLECTION_MIDDLE,
            mentor=Decimal(14),
            reserve=Decimal(20),
            mentee=Decimal(8),
            late=USUAL_LATENESS,
        ),
        Item(
            kind=Kind.REFLECTION_END,
            mentor=Decimal(14),
            reserve=Decimal(20),
            mentee=Decimal(8),
            late=USUAL_LATENESS,
        ),
        Item(kind=Kind.PEER_CASE, mentor=Decimal(20), reserve=Decimal(40), late=USUAL_LATENESS),
    )
    taken = {item.kind for item in mentors}
    mentees = tuple(_for_mentees(item) for item in _usual_items(settings) if item.kind not in taken)
    items = sorted((*mentees, *mentors), key=lambda item: list(Kind).index(item.kind))
    return Scheme(preset=SchemePreset.PRACTICUM, items=tuple(items), maximum=settings.points)


def _ungraded(settings: ProgrammeSettings) -> Scheme:
    return Scheme(preset=SchemePreset.UNGRADED, items=_usual_items(settings), maximum=settings.points, is_graded=False)


def _check_ins(settings: ProgrammeSettings) -> Scheme:
    points = Decimal(settings.points)
    item = Item(
        kind=Kind.CHECK_IN,
        mentor=points,
        mentee=points,
        reserve=points,
        count=settings.check_in_count,
        shares_rest=True,
    )
    return Scheme(
        preset=SchemePreset.CHECK_INS,
        items=(item,),
        maximum=settings.points,
        basis=Basis.START,
    )


def _for_all(
    kind: Kind, points: int, *, count: int = 1, best_of: int | None = None, late: Lateness | None = USUAL_LATENESS
) -> Item:
    worth = Decimal(points)
    return Item(kind=kind, mentor=worth, mentee=worth, reserve=worth, count=count, best_of=best_of, late=late)


def _for_pairs(kind: Kind, points: int, *, count: int = 1, best_of: int | None = None) -> Item:
    return Item(kind=kind, mentor=Decimal(points), mentee=Decimal(points), count=count, best_of=best_of)


def _for_mentees(item: Item) -> Item:
    return Item(kind=item.kind, mentee=item.mentee, count=item.count, best_of=item.best_of, late=item.late)


def _all_but_one(count: int) -> int:
    return max(count - 1, 1)


_MADE: Mapping[SchemePreset, Callable[[ProgrammeSettings], Scheme]] = {
    SchemePreset.DEFAULT: _usual,
    SchemePreset.LIGHT: _light,
    SchemePreset.PRACTICUM: _practicum,
    SchemePreset.UNGRADED: _ungraded,
    SchemePreset.CHECK_INS: _check_ins,
}
