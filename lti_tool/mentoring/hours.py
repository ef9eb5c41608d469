"""Hours worked, as somebody in a practicum logs them: day by day, with what they were for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lti_tool.mentoring.form_parts import day_in
from lti_tool.mentoring.plain import one_line, wrong
from lti_tool.mentoring.words import N_, Sentence

MOST_MINUTES = 24 * 60  # a day has no more
WORDS_LENGTH = 200
MOST_ENTRIES = 500  # of one person
TOO_MANY = Sentence(
    N_("You have logged %(most)s entries. Take one back before you add another."), {"most": MOST_ENTRIES}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Time worked on one day."""

    on: date
    minutes: int
    words: str


def parse_hours(form: Mapping[str, str], today: date) -> tuple[Hours | None, dict[str, Sentence]]:
    """Return what a form says, or None and what is wrong, by field name.

    Shape: the fields are `day`, `hours`, `minutes` and `words`; no hours or no minutes are none. `today` is the day in
        the programme's time zone.
    """
    problems: dict[str, Sentence] = {}
    on, words = day_in(form.get("day", "")), one_line(form.get("words", ""))
    if on is None:
        problems["day"] = Sentence(N_("Please choose a day."))
    elif on > today:
        problems["day"] = Sentence(N_("This day is still to come. Log it once you have worked."))
    minutes = _minutes(form, problems)
    problem = wrong(words, longest=WORDS_LENGTH)
    if problem:
        problems["words"] = problem
    if problems or on is None:
        return None, problems
    return Hours(on=on, minutes=minutes, words=words), {}


def in_hours(minutes: int) -> Sentence:
    """Return so many minutes as people say it."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return Sentence(N_("%(hours)s h"), {"hours": hours})
    if not hours:
        return Sentence(N_("%(minutes)s min"), {"minutes": rest})
    return Sentence(N_("%(hours)s h %(minutes)s min"), {"hours": hours, "minutes": rest})


def _minutes(form: Mapping[str, str], problems: dict[str, Sentence]) -> int:
    hours, minutes = _whole(form.get("hours", ""), 24), _whole(form.get("minutes", ""), MOST_MINUTES)
    if hours is None:
        problems["hours"] = Sentence(
            N_("Please enter a whole number from %(least)s to %(most)s."), {"least": 0, "most": 24}
        )
    if minutes is None:
        problems["minutes"] = Sentence(
            N_("Please enter a whole number from %(least)s to %(most)s."), {"least": 0, "most": MOST_MINUTES}
        )
    if hours is None or minutes is None:
        return 0
    total = 60 * hours + minutes
    if not 1 <= total <= MOST_MINUTES:
        problems["hours"] = Sentence(N_("Please enter between one minute and 24 hours for a day."))
    return total


def _whole(text: str, most: int) -> int | None:
    """The number that stands there; nothing is 0."""
    text = text.strip() or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= most else None
