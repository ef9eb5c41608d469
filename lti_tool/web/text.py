"""How values become words: sentences of the rules translated, times in the reader's zone, states and roles by name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from flask import Flask
from flask_babel import format_date, format_decimal, get_locale, get_timezone, to_user_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from lti_tool.mentoring.columns import PART_WORDS
from lti_tool.mentoring.gradebook_states import STATE_WORDS, TO_STUDENTS
from lti_tool.mentoring.parts import Part, PartKind
from lti_tool.mentoring.programme import USUAL_DUTIES
from lti_tool.mentoring.questionnaire import Audience
from lti_tool.mentoring.reflections import TITLES, Stage
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.people import Member, Person, shown_name
from lti_tool.web.clocks import moment
from lti_tool.web.language import translated

SEEN_BY = {
    frozenset({Audience.SELF}): _l("only you"),
    frozenset({Audience.INSTRUCTOR}): _l("only the staff of this course"),
    frozenset({Audience.SELF, Audience.INSTRUCTOR}): _l("you and the staff of this course"),
    frozenset({Audience.SELF, Audience.PARTNER}): _l("you and your mentoring partner"),
    frozenset(Audience): _l("you, your mentoring partner and the staff of this course"),
}
SEEN_BY_OF_THEM = SEEN_BY | {
    frozenset({Audience.SELF, Audience.INSTRUCTOR}): _l("this person and the staff of this course"),
}
ROLES = {
    "instructor": _l("Instructor"),
    "teaching_assistant": _l("Teaching assistant"),
    "designer": _l("Course designer"),
    "student": _l("Student"),
    "observer": _l("Observer"),
    "administrator": _l("Administrator"),
    "guest": _l("Guest"),
}
SIDES = {"mentor": _l("Mentor"), "mentee": _l("Mentee"), "either": _l("Either"), "swap": _l("Both at once")}
SIDE_OF = {"mentor": "mentor", "mentee": "mentee", "both": "swap"}  # a place in a pair, as a side
STRENGTHS = {"strong": _l("Strong match"), "good": _l("Good match"), "fair": _l("Fair match"), "weak": _l("Weak match")}
STRENGTH_LEVELS = {"strong": 4, "good": 3, "fair": 2, "weak": 1}
CADENCES = {
    "weekly": _l("Every week"),
    "fortnightly": _l("Every two weeks"),
    "monthly": _l("Every four weeks"),
    "own_pace": _l("At one’s own pace: all check-ins are open from the start"),
}
PHASES = {
    "set_up": _l("Set-up"),
    "sign_up": _l("Sign-up"),
    "matching": _l("Matching"),
    "running": _l("Running"),
    "closing": _l("Closing"),
    "closed": _l("Closed"),
}
APPLICATION_STATES = {
    "draft": ("neutral", _l("Not sent yet")),
    "submitted": ("attention", _l("Waiting for an answer")),
    "asked": ("attention", _l("Asked for more")),
    "approved": ("good", _l("Approved")),
    "declined": ("neutral", _l("Declined")),
}
TASK_STATES = {"to_do": _l("To do"), "doing": _l("In progress"), "done": _l("Done")}
GRADEBOOK_KINDS = {  # how a state looks; its words: mentoring/gradebook_states
    "differs": "problem",
    "refused": "problem",
    "outdated": "problem",
    "frozen": "attention",
    "ready": "attention",
    "no_column": "attention",
    "released": "attention",
    "sent": "good",
    "confirmed": "good",
    "collecting": "neutral",
    "not_started": "neutral",
    "held": "neutral",
}


def place_words(member: Member, group_names: Mapping[str, str], role: str | None) -> str:
    """What stands beside a member's name: role, sections and groups, as far as there are any."""
    sections = ", ".join(map(str, member.section_ids))
    groups = ", ".join(str(group_names.get(one) or one) for one in member.group_ids)
    parts = [
        str(role or ""),
        _("Section %(names)s", names=sections) if sections else "",
        _("Group %(names)s", names=groups) if groups else "",
    ]
    return " · ".join(part for part in parts if part)


def part_name(part: Part, guides: Mapping[str, str]) -> str:
    """What of a programme stands in the course, by name; the titles of `guides` by their keys."""
    if part.kind is PartKind.CHECK_IN:
        return str(_("Check-in %(number)s", number=part.which))
    if part.kind is PartKind.REFLECTION:
        return str(_(TITLES[Stage(part.which)]))
    if part.kind is PartKind.GUIDE:
        return guides.get(part.which, part.which)
    return str(_("My participation"))


def names(people: Iterable[Person]) -> Markup:
    """Several people by name, as a reader's language lists them, each in its own direction."""
    return Markup(listed([str(Markup("<bdi>{}</bdi>").format(person_name(one))) for one in people]))  # noqa: S704  # each name is escaped


def plain_names(people: Iterable[Person]) -> str:
    """The same for a title, where there is no markup."""
    return listed([person_name(one) for one in people])


def attach(app: Flask) -> None:
    """Give templates their filters."""
    app.jinja_env.filters.update(
        sentence=sentence,
        instant=instant,
        deadline=deadline,
        day=day,
        points=points,
        person_name=person_name,
        initials=initials,
        seen_by=seen_by,
    )
    app.jinja_env.filters.update(seen_by_of_them=seen_by_of_them, names=names, plain_names=plain_names)
    app.jinja_env.filters["file_size"] = file_size
    app.jinja_env.globals.update(
        ROLES=ROLES,
        place_words=place_words,
        SIDES=SIDES,
        SIDE_OF=SIDE_OF,
        USUAL_DUTIES=USUAL_DUTIES,
        STRENGTHS=STRENGTHS,
        STRENGTH_LEVELS=STRENGTH_LEVELS,
        CADENCES=CADENCES,
        PHASES=PHASES,
        GRADEBOOK_KINDS=GRADEBOOK_KINDS,
        GRADEBOOK_WORDS=STATE_WORDS,
        GRADEBOOK_TO_STUDENTS=TO_STUDENTS,
        PART_WORDS=PART_WORDS,
        TASK_STATES=TASK_STATES,
        APPLICATION_STATES=APPLICATION_STATES,
    )


def sentence(value: Sentence | Mapping[str, Any] | str | None) -> str:
    """A sentence of the rules in the reader's language, also one that was stored as JSON."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return translated(value)
    text, values = (value.text, value.values) if isinstance(value, Sentence) else (value["text"], value["values"])
    return translated(text, **{name: _in_words(inner, name) for name, inner in values.items()})


def _in_words(value: Any, name: str = "") -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return deadline(value) if name == "due_at" else instant(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Sentence | Mapping):
        return sentence(value)
    if isinstance(value, Sequence):
        return listed([translated(inner) if isinstance(inner, str) else _in_words(inner) for inner in value])
    return str(value)


def listed(words: Sequence[str]) -> str:
    """Several words as a reader's language lists them."""
    if len(words) < 2:
        return "".join(words)
    return translated(N_("%(first)s and %(last)s"), first=", ".join(words[:-1]), last=words[-1])


def instant(value: datetime | None) -> str:
    """A moment in the reader's time zone, which is named."""
    return f"{moment(value, get_timezone())} ({get_timezone()})" if value else ""


def deadline(value: datetime | None) -> str:
    """A moment until which something is due; where it is the end of a day, the last minute of that day."""
    is_midnight = value is not None and to_user_timezone(value).time() == time()
    return instant(value - timedelta(minutes=1) if value and is_midnight else value)


def day(value: date | None) -> str:
    """A date in the reader's form."""
    return str(format_date(value, "long", rebase=False)) if value else ""


def points(value: Any) -> str:
    """Points without needless zeros."""
    return str(format_decimal(value, "#,##0.##"))


def file_size(size_bytes: int) -> str:
    """How large a file is, in the unit that people read."""
    if size_bytes < 1024 * 1024:
        return str(_("%(size)s KB", size=format_decimal(max(1, round(size_bytes / 1024)), "#,##0")))
    return str(_("%(size)s MB", size=format_decimal(round(size_bytes / 1024 / 1024, 1), "#,##0.#")))


def person_name(person: Person) -> str:
    """A person's name; where the LMS sends none, a neutral one that stays the same."""
    name = shown_name(person)
    return str(_("Participant %(number)s", number=name)) if name.startswith("#") else name


def initials(name: str) -> str:
    """The first letters of the first and the last part of a name."""
    letters = [part[0].upper() for part in name.split() if part[0].isalpha()]
    return (letters[0] + (letters[-1] if len(letters) > 1 else "")) if letters else "?"


def seen_by(audiences: Iterable[Audience]) -> str:
    """Who can read what is written here, in one sentence."""
    return str(SEEN_BY[frozenset(audiences)])


def seen_by_of_them(audiences: Iterable[Audience]) -> str:
    """The same, where staff write about somebody."""
    return str(SEEN_BY_OF_THEM[frozenset(audiences)])


@cache
def time_zones() -> tuple[str, ...]:
    """The time zones people choose from: places, by name."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(areas)))


def direction() -> str:
    """Whether the reader's language runs from right to left."""
    locale = get_locale()
    return str(locale.text_direction) if locale else "ltr"
