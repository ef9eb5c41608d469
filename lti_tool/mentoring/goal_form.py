"""How a form becomes a goal, and a day that somebody writes into one."""

from collections.abc import Mapping
from datetime import date, timedelta

from lti_tool.mentoring.goals import GoalTerms
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

OUTCOME_LENGTH, MEASURE_LENGTH, MILESTONE_LENGTH = 200, 300, 120
MOST_MILESTONES = 5
MOST_DAYS = 730  # of the time for something, where the programme has no last day
LEAST_DAYS = 14  # of a goal's time that are always on offer, however near the end of the programme is


def last_day(ends_on: date | None, today: date) -> date:
    """Return the last day on which a goal may be due: while the programme runs, as far as that is known."""
    return max(ends_on, today + timedelta(days=LEAST_DAYS)) if ends_on else today + timedelta(days=MOST_DAYS)


def parse_goal(
    form: Mapping[str, str], *, today: date, latest: date, kept: date | None = None
) -> tuple[GoalTerms | None, dict[str, Sentence]]:
    """Return the goal a form says, or None and what is wrong, by field name.

    Shape: the fields are `outcome`, `measure`, `by_on` (as browsers send dates) and `milestone-1` to `milestone-5`;
        `kept` is a day that stands already, and stays possible when it is over.
    """
    outcome, measure = one_line(form.get("outcome", "")), form.get("measure", "").strip().replace("\r\n", "\n")
    names = [f"milestone-{number}" for number in range(1, MOST_MILESTONES + 1)]
    steps = {name: one_line(form.get(name, "")) for name in names}
    by_on, wrong_day = parse_day(form.get("by_on", ""), today=today, latest=latest, kept=kept)
    found = {
        "outcome": wrong_with_words(outcome, OUTCOME_LENGTH),
        "measure": wrong_with_words(measure, MEASURE_LENGTH),
        "by_on": wrong_day,
        **{name: wrong_with_words(words, MILESTONE_LENGTH) for name, words in steps.items() if words},
    }
    if not any(steps.values()):
        found[names[0]] = Sentence(N_("Please write one step at least; a small one is best."))
    problems = {name: problem for name, problem in found.items() if problem}
    if problems or by_on is None:
        return None, problems
    milestones = tuple(dict.fromkeys(words for words in steps.values() if words))
    return GoalTerms(outcome=outcome, measure=measure, by_on=by_on, milestones=milestones), {}


def parse_day(text: str, *, today: date, latest: date, kept: date | None = None) -> tuple[date | None, Sentence | None]:
    """Return the day that somebody wrote, from today to the latest, or None and what is wrong."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None, Sentence(N_("Please choose a day, or write it like this: 2026-10-31."))
    if day == kept:
        return day, None
    if day < today:
        return None, Sentence(N_("This day is over. Please choose a later one."))
    if day > latest:
        return None, Sentence(N_("Please choose a day until %(day)s."), {"day": latest})
    return day, None


def one_line(text: str) -> str:
    """Return the text without line breaks and doubled spaces."""
    return " ".join(text.split())


def wrong_with_words(words: str, longest: int) -> Sentence | None:
    """Return why this cannot be taken for words that are needed, or None."""
    if not words:
        return Sentence(N_("Please write something here."))
    if len(words) > longest:
        return Sentence(N_("Please shorten this to %(maximum)s characters."), {"maximum": longest})
    return wrong_with_text(words)
