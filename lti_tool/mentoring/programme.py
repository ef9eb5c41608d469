"""A programme's settings: what an instructor may choose, and what stands there before they choose.

Defaults follow a twelve-week term: two weeks of sign-up, pairs on the day after, six check-ins, one every two weeks, a
hundred points, three mentees per mentor. How a form becomes settings stands in `settings_form`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.scheme_files import scheme_from_json, scheme_to_json
from lti_tool.mentoring.schemes import Columns, Release, Scheme, SchemePreset
from lti_tool.mentoring.words import N_
from lti_tool.mentoring.zones import zone_named

TITLE_LENGTH = 200
SIGN_UP_DAYS = 14
PROGRAMME_DAYS = 84
CLOSING_DAYS = 14  # from the last day until the programme closes by itself: time for the last words


class Cadence(StrEnum):
    """How often a programme asks for a check-in."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    OWN_PACE = "own_pace"

    @property
    def days(self) -> int:
        """The days from one check-in to the next; 0 where all open together."""
        return {"weekly": 7, "fortnightly": 14, "monthly": 28, "own_pace": 0}[self.value]


class Phase(StrEnum):
    """Where a programme stands; from `running` on pairs are published. Steps between them: `phases`."""

    SET_UP = "set_up"
    SIGN_UP = "sign_up"
    MATCHING = "matching"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"


class Preset(StrEnum):
    """What a programme is mostly for; `presets` says what follows from it."""

    STUDY_SKILLS = "study_skills"
    HARD_COURSE = "hard_course"
    TRANSITION = "transition"
    THESIS_PROJECT = "thesis_project"


class Seniority(StrEnum):
    """Whether a mentor should be at least as far as the mentee."""

    IGNORE = "ignore"
    PREFER = "prefer"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSettings:
    """What an instructor decides about a programme.

    Shape: `objectives` are (key, own words); no own words mean the usual ones, and so do empty duties and plurals. No
        section ids mean everybody. A date that is None is left to somebody's hand. `own_scheme` is there where staff
        changed what the preset `participation` gives; one made of another preset is kept and has no effect.
    """

    title: str
    mentor_word: str
    mentee_word: str
    cadence: Cadence
    check_in_count: int
    points: int
    starts_on: date
    time_zone: str
    mentor_capacity_limit: int
    objectives: tuple[tuple[str, str], ...] = ()
    preset: Preset = Preset.STUDY_SKILLS
    asks_application: bool = False
    asks_training: bool = False
    mentor_section_ids: tuple[str, ...] = ()
    mentee_section_ids: tuple[str, ...] = ()
    same_section_only: bool = False
    seniority: Seniority = Seniority.IGNORE
    sign_up_closes_on: date | None = None
    matching_on: date | None = None
    ends_on: date | None = None
    meeting_count: int = 5
    least_meeting_minutes: int = 15
    is_graded: bool = True
    column_label: str = ""
    moves_by_date: bool = True
    participation: SchemePreset = SchemePreset.CHECK_INS
    own_scheme: Scheme | None = None
    release: Release = Release.AT_ONCE
    columns: Columns = Columns.ONE
    mentors_word: str = ""
    mentees_word: str = ""
    mentor_duties: str = ""
    mentee_duties: str = ""


SETTING_NAMES = tuple(field.name for field in fields(ProgrammeSettings))
# What is expected of each side of a pair, unless a programme says it in its own words. Source: product 1.1 R2.
USUAL_DUTIES = {
    "mentor": N_(
        "You guide, ask and listen, and say who can help where you cannot. You answer within the days that you two"
        " agree on, and note your meetings."
    ),
    "mentee": N_(
        "You choose the topics and ask for the meetings. You say what helps and what does not, try things out between"
        " meetings, and note your meetings."
    ),
}


def default_settings(course_title: str, today: date, time_zone: str) -> ProgrammeSettings:
    """Return settings a course can run with unchanged: a programme of twelve weeks from today.

    Shape: the title is the one given, as far as it fits; an unknown time zone becomes UTC. The settings page shows
        both for correction.
    """
    begun = ProgrammeSettings(
        title=course_title.strip()[:TITLE_LENGTH] or N_("Peer mentoring"),
        mentor_word=N_("Mentor"),
        mentee_word=N_("Mentee"),
        cadence=Cadence.FORTNIGHTLY,
        check_in_count=6,
        points=100,
        starts_on=today,
        time_zone=time_zone if zone_named(time_zone) else "UTC",
        mentor_capacity_limit=3,
        objectives=(("belonging", ""), ("study_habits", "")),
        participation=SchemePreset.DEFAULT,
        release=Release.BY_HAND,
    )
    return with_calendar(begun, today)


def with_calendar(settings: ProgrammeSettings, starts_on: date) -> ProgrammeSettings:
    """Return the settings with the usual dates after that first day."""
    return replace(
        settings,
        starts_on=starts_on,
        sign_up_closes_on=starts_on + timedelta(days=SIGN_UP_DAYS),
        matching_on=starts_on + timedelta(days=SIGN_UP_DAYS + 1),
        ends_on=starts_on + timedelta(days=PROGRAMME_DAYS),
    )


def moved_to(settings: ProgrammeSettings, starts_on: date) -> ProgrammeSettings:
    """Return the settings with every date as far from the new first day as it was from the old one."""
    by = starts_on - settings.starts_on

    def moved(day: date | None) -> date | None:
        return day + by if day else None

    return replace(
        settings,
        starts_on=starts_on,
        sign_up_closes_on=moved(settings.sign_up_closes_on),
        matching_on=moved(settings.matching_on),
        ends_on=moved(settings.ends_on),
        own_scheme=_moved_scheme(settings.own_scheme, by),
    )


def _moved_scheme(scheme: Scheme | None, by: timedelta) -> Scheme | None:
    if scheme is None:
        return None
    items = (replace(one, due_on=one.due_on + by if one.due_on else None) for one in scheme.items)
    return replace(scheme, items=tuple(items))


def settings_to_json(settings: ProgrammeSettings) -> dict[str, Any]:
    """Return the settings as JSON values, which `settings_from_json` reads back unchanged."""
    return {name: _plain(getattr(settings, name)) for name in SETTING_NAMES}


def settings_from_json(stored: Mapping[str, Any], otherwise: ProgrammeSettings) -> ProgrammeSettings:
    """Return the settings that `settings_to_json` wrote; what an older version did not know is as in `otherwise`.

    Raises: KeyError, TypeError or ValueError when they are none.
    """
    known = {name: _READERS.get(name, _same)(stored[name]) for name in SETTING_NAMES if name in stored}
    return replace(otherwise, **known)


def _plain(value: object) -> object:
    if isinstance(value, Scheme):
        return scheme_to_json(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return value.value if isinstance(value, StrEnum) else value


def _same(value: Any) -> Any:
    return value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_READERS: Mapping[str, Any] = {
    "cadence": Cadence,
    "preset": Preset,
    "seniority": Seniority,
    "objectives": lambda pairs: tuple((str(key), str(words)) for key, words in pairs),
    "mentor_section_ids": tuple,
    "mentee_section_ids": tuple,
    "starts_on": _day,
    "sign_up_closes_on": _day,
    "matching_on": _day,
    "ends_on": _day,
    "participation": SchemePreset,
    "own_scheme": lambda stored: scheme_from_json(stored) if stored else None,
    "release": Release,
    "columns": Columns,
}
