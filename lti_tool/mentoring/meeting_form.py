"""How forms about meetings become values: a time in the writer's own zone, how long, where."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from lti_tool.mentoring.meeting_links import read_where
from lti_tool.mentoring.meeting_reports import before_the_pair
from lti_tool.mentoring.meeting_times import Twice, instant_of
from lti_tool.mentoring.meetings import OVER, Plan
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

USUAL_MINUTES = 30
MOST_MINUTES = 480
FARTHEST_DAYS = 366
WORDS_LENGTH = 500
NOTES_LENGTH = 5000
WHICH = "which"  # the field that says which of two equal hours is meant

Form = Mapping[str, Sequence[str]]
Problems = dict[str, Sentence]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A proposal as somebody wrote it."""

    plan: Plan
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """That a meeting took place, as somebody wrote it; `held_on` is None where the meeting was planned."""

    held_on: date | None
    minutes: int
    present: frozenset[int]


def read_proposal(form: Form, *, zone: str, least_minutes: int, now: datetime) -> tuple[Asked | None, Problems]:
    """Return the proposal, or None and what is wrong, by field.

    Shape: fields `day`, `hour`, `minutes`, `where`, `words`, and `which` where the hour comes twice.
    """
    problems: Problems = {}
    day, hour = _day(form, problems), _hour(form, problems)
    minutes = _minutes(form, problems)
    if "minutes" not in problems and minutes < least_minutes:
        problems["minutes"] = Sentence(
            N_("Meetings of this programme count from %(least)s minutes on. Please plan at least so long."),
            {"least": least_minutes},
        )
    where = read_where(_given(form, "where"))
    if isinstance(where, Sentence):
        problems["where"] = where
    words = read_words(form, "words", WORDS_LENGTH, problems)
    starts_at = _instant(form, day, hour, zone, problems) if day and hour else None
    if starts_at is not None:
        problems |= _wrong_with_time(starts_at, now)
    if problems or starts_at is None or isinstance(where, Sentence):
        return None, problems
    return Asked(plan=Plan(starts_at=starts_at, minutes=minutes, where=where), words=words), {}


def written(instant: datetime, zone: str) -> dict[str, str]:
    """Return the fields of a form that stand for this instant in that zone."""
    local = instant.astimezone(ZoneInfo(zone))
    return {"day": f"{local:%Y-%m-%d}", "hour": f"{local:%H:%M}"}


def read_report(
    form: Form, *, members: Collection[int], by: int, today: date | None = None, since: date = date.min
) -> tuple[Said | None, Problems]:
    """Return what somebody says of a meeting that took place, or None and what is wrong.

    Shape: fields `minutes`; `day`, where `today` is given, which no day may be after, and none before `since`, when the
        pair began; `present` as often as somebody beside the writer was there, asked only of more than two.
    """
    problems: Problems = {}
    held_on = _day(form, problems) if today else None
    if held_on and today and held_on > today:
        problems["day"] = Sentence(N_("This day is still to come. A meeting is logged after it took place."))
    elif held_on and held_on < since:
        problems["day"] = before_the_pair(since)
    minutes = _minutes(form, problems)
    present = frozenset(members)
    if len(present) > 2:
        present = frozenset(one for one in members if str(one) in form.get("present", ())) | {by}
        if len(present) < 2:
            problems["present"] = Sentence(N_("Say who was there: you, and at least one other of you."))
    if problems:
        return None, problems
    return Said(held_on=held_on, minutes=minutes, present=present), {}


def read_words(form: Form, name: str, maximum: int, problems: Problems, *, is_required: bool = False) -> str:
    """Return a text somebody wrote; what is wrong with it is added to the problems."""
    text = _given(form, name).replace("\r\n", "\n")
    wrong = wrong_with_text(text)
    if wrong is not None:
        problems[name] = wrong
    elif len(text) > maximum:
        problems[name] = Sentence(
            N_("Please shorten this to %(maximum)s characters; it has %(length)s."),
            {"maximum": maximum, "length": len(text)},
        )
    elif is_required and not text:
        problems[name] = Sentence(N_("Please write something here."))
    return text


def _given(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0].strip() if values else ""


def _day(form: Form, problems: Problems) -> date | None:
    try:
        day = date.fromisoformat(_given(form, "day"))
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year < 2100:
        problems["day"] = Sentence(N_("Please enter a date as year, month and day, such as 2026-09-01."))
        return None
    return day


def _hour(form: Form, problems: Problems) -> time | None:
    hour, colon, minute = _given(form, "hour").partition(":")
    is_written = colon and all(one.isascii() and one.isdigit() and len(one) <= 2 for one in (hour, minute))
    if is_written and int(hour) < 24 and int(minute) < 60:
        return time(int(hour), int(minute))
    problems["hour"] = Sentence(N_("Please enter a time as hours and minutes, such as 16:30."))
    return None


def _minutes(form: Form, problems: Problems) -> int:
    text = _given(form, "minutes")
    if text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST_MINUTES:
        return int(text)
    problems["minutes"] = Sentence(
        N_("Please enter a whole number of minutes from %(minimum)s to %(maximum)s."),
        {"minimum": 1, "maximum": MOST_MINUTES},
    )
    return 0


def _instant(form: Form, day: date, hour: time, zone: str, problems: Problems) -> datetime | None:
    which = _given(form, WHICH)
    found = instant_of(day, hour, zone, is_second={"first": False, "second": True}.get(which))
    if isinstance(found, Sentence):
        problems["hour"] = found
    elif isinstance(found, Twice):
        problems[WHICH] = Sentence(
            N_("The clocks go back that night, so this hour comes twice in your time zone. Please say which you mean.")
        )
    else:
        return found
    return None


def _wrong_with_time(starts_at: datetime, now: datetime) -> Problems:
    if starts_at <= now:
        return {"hour": OVER}
    if (starts_at - now).days > FARTHEST_DAYS:
        return {"day": Sentence(N_("This is more than a year away. Please choose an earlier day."))}
    return {}
