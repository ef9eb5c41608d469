"""A programme's settings: what an instructor may choose, what stands there before they choose, and what is wrong.

Defaults follow a twelve-week term: six check-ins, one every two weeks, a hundred points, three mentees per mentor.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.words import N_, Sentence, is_storable
from lti_tool.mentoring.zones import zone_named

TITLE_LENGTH = 200
WORD_LENGTH = 40
CHECK_IN_LIMIT = 52
POINTS_LIMIT = 1000
CAPACITY_LIMIT = 30


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
    """Where a programme stands; `running` means that pairs are published."""

    SET_UP = "set_up"
    SIGN_UP = "sign_up"
    MATCHING = "matching"
    RUNNING = "running"
    CLOSING = "closing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSettings:
    """What an instructor decides about a programme."""

    title: str
    mentor_word: str
    mentee_word: str
    cadence: Cadence
    check_in_count: int
    points: int
    starts_on: date
    time_zone: str
    mentor_capacity_limit: int


def default_settings(course_title: str, today: date, time_zone: str) -> ProgrammeSettings:
    """Return settings a course can run with unchanged: a programme of twelve weeks from today.

    Shape: the title is the one given, as far as it fits; an unknown time zone becomes UTC. The settings page shows
        both for correction.
    """
    return ProgrammeSettings(
        title=course_title.strip()[:TITLE_LENGTH] or N_("Peer mentoring"),
        mentor_word=N_("Mentor"),
        mentee_word=N_("Mentee"),
        cadence=Cadence.FORTNIGHTLY,
        check_in_count=6,
        points=100,
        starts_on=today,
        time_zone=time_zone if zone_named(time_zone) else "UTC",
        mentor_capacity_limit=3,
    )


def parse_settings(form: Mapping[str, str]) -> tuple[ProgrammeSettings | None, dict[str, Sentence]]:
    """Return the settings a form holds, or None and what is wrong, by field name.

    Shape: the fields are named as those of `ProgrammeSettings`; a date is written YYYY-MM-DD.
    """
    values: dict[str, Any] = {}
    problems: dict[str, Sentence] = {}
    for name, parse in _PARSERS.items():
        outcome = parse(form.get(name, "").strip())
        if isinstance(outcome, Sentence):
            problems[name] = outcome
        else:
            values[name] = outcome
    return None if problems else ProgrammeSettings(**values), problems


def _text(maximum: int) -> Callable[[str], str | Sentence]:
    def parse(text: str) -> str | Sentence:
        if not text:
            return Sentence(N_("Please write something here."))
        if len(text) > maximum:
            return Sentence(N_("Please shorten this to %(maximum)s characters."), {"maximum": maximum})
        if not is_storable(text):
            return Sentence(N_("This text holds a character that cannot be saved. Please type it again."))
        return text

    return parse


def _whole_number(maximum: int) -> Callable[[str], int | Sentence]:
    def parse(text: str) -> int | Sentence:
        if text.isascii() and text.isdigit() and len(text) <= 9 and 1 <= int(text) <= maximum:
            return int(text)
        return Sentence(N_("Please enter a whole number from 1 to %(maximum)s."), {"maximum": maximum})

    return parse


def _cadence(text: str) -> Cadence | Sentence:
    try:
        return Cadence(text)
    except ValueError:
        return Sentence(N_("Please choose how often people check in."))


def _day(text: str) -> date | Sentence:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Sentence(N_("Please enter a date as year, month and day, such as 2026-09-01."))
    if not 2000 <= day.year < 2100:
        return Sentence(N_("Please enter a date between the years 2000 and 2099."))
    return day


def _time_zone(text: str) -> str | Sentence:
    if zone_named(text) is None:
        return Sentence(N_("Please choose a time zone from the list."))
    return text


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "title": _text(TITLE_LENGTH),
    "mentor_word": _text(WORD_LENGTH),
    "mentee_word": _text(WORD_LENGTH),
    "cadence": _cadence,
    "check_in_count": _whole_number(CHECK_IN_LIMIT),
    "points": _whole_number(POINTS_LIMIT),
    "starts_on": _day,
    "time_zone": _time_zone,
    "mentor_capacity_limit": _whole_number(CAPACITY_LIMIT),
}
