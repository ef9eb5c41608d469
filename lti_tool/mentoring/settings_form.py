"""How a form becomes settings: one section at a time, each wrong field with a sentence beside it.

A section is one question of the set-up and one page of the settings. Source: product 1.1 and the matrix "Programme
set-up".
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.objectives import OBJECTIVES
from lti_tool.mentoring.programme import SETTING_NAMES, TITLE_LENGTH, Cadence, Preset, ProgrammeSettings, Seniority
from lti_tool.mentoring.schemes import Columns, Release, SchemePreset
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text
from lti_tool.mentoring.zones import zone_named

WORD_LENGTH = 40
DUTIES_LENGTH = 500
OBJECTIVE_LENGTH = 200
SECTION_LENGTH = 255
CHECK_IN_LIMIT = 52
MEETING_LIMIT = 52
MEETING_MINUTES_LIMIT = 240
POINTS_LIMIT = 1000
CAPACITY_LIMIT = 30

Form = Mapping[str, Sequence[str]]


class Section(StrEnum):
    """One question of the set-up, in the order in which they are asked."""

    OBJECTIVE = "objective"
    PRESET = "preset"
    ROLES = "roles"
    CALENDAR = "calendar"
    GRADING = "grading"

    @property
    def number(self) -> int:
        """Its place, the first being 1."""
        return list(Section).index(self) + 1


SECTIONS: Mapping[Section, tuple[str, ...]] = {
    Section.OBJECTIVE: ("title", "objectives"),
    Section.PRESET: ("preset",),
    Section.ROLES: (
        "mentor_word",
        "mentee_word",
        "mentors_word",
        "mentees_word",
        "mentor_duties",
        "mentee_duties",
        "mentor_capacity_limit",
        "mentor_section_ids",
        "mentee_section_ids",
        "same_section_only",
        "seniority",
        "asks_application",
        "asks_training",
    ),
    Section.CALENDAR: (
        "time_zone",
        "starts_on",
        "sign_up_closes_on",
        "matching_on",
        "ends_on",
        "moves_by_date",
        "cadence",
        "check_in_count",
        "meeting_count",
        "least_meeting_minutes",
    ),
    Section.GRADING: ("is_graded", "participation", "points", "release", "columns", "column_label"),
}
ON_A_PAGE_OF_ITS_OWN = frozenset({"own_scheme"})


def form_of(settings: ProgrammeSettings) -> dict[str, list[str]]:
    """Return the fields of a form that holds these settings.

    Shape: named as the settings; a switch that is off has no value, an objective's own words are in `objective-KEY`.
    """
    names = [name for name in SETTING_NAMES if name not in ON_A_PAGE_OF_ITS_OWN]
    form = {name: _written(getattr(settings, name)) for name in names}
    form["objectives"] = [key for key, _words in settings.objectives]
    return form | {f"objective-{key}": [words] for key, words in settings.objectives}


def parse_settings(
    form: Form, kept: ProgrammeSettings, *, names: Collection[str], section_ids: Collection[str] = ()
) -> tuple[ProgrammeSettings | None, dict[str, Sentence]]:
    """Return `kept` with those settings taken from the form, or None and what is wrong, by field name.

    Shape: a date is written YYYY-MM-DD; `section_ids` are the sections that exist, and those named before stay valid.
    """
    known = {*section_ids, *kept.mentor_section_ids, *kept.mentee_section_ids}
    values: dict[str, Any] = {}
    problems: dict[str, Sentence] = {}
    for name in names:
        outcome = _sections(form, name, known) if name in _SECTION_FIELDS else _PARSERS[name](form, name)
        if isinstance(outcome, Sentence):
            problems[name] = outcome
        else:
            values[name] = outcome
    if "objectives" in names:
        problems |= _wrong_objectives(form)
    parsed = replace(kept, **values)
    problems |= {name: why for name, why in _across(parsed).items() if name in names and name not in problems}
    return (None if problems else parsed), problems


def _across(settings: ProgrammeSettings) -> dict[str, Sentence]:
    """What is wrong between fields: dates that are not in their order."""
    problems = {}
    closes, matching, ends = settings.sign_up_closes_on, settings.matching_on, settings.ends_on
    if closes and closes < settings.starts_on:
        problems["sign_up_closes_on"] = Sentence(N_("Sign-up cannot close before the first day."))
    if matching and matching < max(settings.starts_on, closes or settings.starts_on):
        problems["matching_on"] = Sentence(N_("The pairs cannot be made before sign-up has closed."))
    if ends and ends <= max(settings.starts_on, closes or settings.starts_on, matching or settings.starts_on):
        problems["ends_on"] = Sentence(N_("The programme has to end after it has begun and the pairs are made."))
    return problems


def _written(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["yes"] if value else []
    if isinstance(value, tuple):
        return [str(inner) for inner in value]
    return ["" if value is None else str(value)]


def _given(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0].strip() if values else ""


Outcome = object
Parser = Callable[[Form, str], Outcome]


def _text(maximum: int, *, is_required: bool = True) -> Parser:
    def parse(form: Form, name: str) -> Outcome:
        text = _given(form, name)
        if is_required and not text:
            return Sentence(N_("Please write something here."))
        if len(text) > maximum:
            return Sentence(N_("Please shorten this to %(maximum)s characters."), {"maximum": maximum})
        return wrong_with_text(text) or text

    return parse


def _whole_number(minimum: int, maximum: int) -> Parser:
    def parse(form: Form, name: str) -> Outcome:
        text = _given(form, name)
        if text.isascii() and text.isdigit() and len(text) <= 9 and minimum <= int(text) <= maximum:
            return int(text)
        return Sentence(
            N_("Please enter a whole number from %(minimum)s to %(maximum)s."),
            {"minimum": minimum, "maximum": maximum},
        )

    return parse


def _choice(kind: type[StrEnum], *, without: Collection[StrEnum] = ()) -> Parser:
    def parse(form: Form, name: str) -> Outcome:
        chosen = _given(form, name)
        return kind(chosen) if chosen in {*kind} - {*without} else Sentence(N_("Please choose an answer."))

    return parse


def _day(*, is_required: bool) -> Parser:
    def parse(form: Form, name: str) -> Outcome:
        text = _given(form, name)
        if not text and not is_required:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return Sentence(N_("Please enter a date as year, month and day, such as 2026-09-01."))
        if not 2000 <= day.year < 2100:
            return Sentence(N_("Please enter a date between the years 2000 and 2099."))
        return day

    return parse


def _time_zone(form: Form, name: str) -> Outcome:
    text = _given(form, name)
    return text if zone_named(text) else Sentence(N_("Please choose a time zone from the list."))


def _switch(form: Form, name: str) -> Outcome:
    return _given(form, name) == "yes"


def _objectives(form: Form, name: str) -> Outcome:
    chosen = set(form.get(name, ()))
    if not chosen:
        return Sentence(N_("Please choose at least one. It decides what is measured."))
    if not chosen <= OBJECTIVES.keys():
        return Sentence(N_("One of these choices is not on offer any more. Please choose again from the list."))
    return tuple((key, _given(form, f"objective-{key}")) for key in OBJECTIVES if key in chosen)


def _wrong_objectives(form: Form) -> dict[str, Sentence]:
    """What is wrong with the own words of objectives, beside the field of each."""
    parse = _text(OBJECTIVE_LENGTH, is_required=False)
    outcomes = {f"objective-{key}": parse(form, f"objective-{key}") for key in OBJECTIVES}
    return {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Sentence)}


_SECTION_FIELDS = frozenset({"mentor_section_ids", "mentee_section_ids"})


def _sections(form: Form, name: str, known: Collection[str]) -> Outcome:
    chosen = tuple(dict.fromkeys(form.get(name, ())))
    if all(one in known and len(one) <= SECTION_LENGTH for one in chosen):
        return chosen
    return Sentence(N_("One of these sections is not in the course any more. Please choose again from the list."))


_PARSERS: Mapping[str, Parser] = {
    "title": _text(TITLE_LENGTH),
    "objectives": _objectives,
    "preset": _choice(Preset),
    "mentor_word": _text(WORD_LENGTH),
    "mentee_word": _text(WORD_LENGTH),
    "mentors_word": _text(WORD_LENGTH, is_required=False),
    "mentees_word": _text(WORD_LENGTH, is_required=False),
    "mentor_duties": _text(DUTIES_LENGTH, is_required=False),
    "mentee_duties": _text(DUTIES_LENGTH, is_required=False),
    "mentor_capacity_limit": _whole_number(1, CAPACITY_LIMIT),
    "same_section_only": _switch,
    "seniority": _choice(Seniority),
    "asks_application": _switch,
    "asks_training": _switch,
    "time_zone": _time_zone,
    "starts_on": _day(is_required=True),
    "sign_up_closes_on": _day(is_required=False),
    "matching_on": _day(is_required=False),
    "ends_on": _day(is_required=False),
    "moves_by_date": _switch,
    "cadence": _choice(Cadence),
    "check_in_count": _whole_number(1, CHECK_IN_LIMIT),
    "meeting_count": _whole_number(0, MEETING_LIMIT),
    "least_meeting_minutes": _whole_number(1, MEETING_MINUTES_LIMIT),
    "is_graded": _switch,
    "points": _whole_number(1, POINTS_LIMIT),
    "column_label": _text(TITLE_LENGTH, is_required=False),
    "participation": _choice(SchemePreset, without=(SchemePreset.UNGRADED,)),
    "release": _choice(Release),
    "columns": _choice(Columns),
}
