"""The questionnaire editor's words: kinds, importance, likeness, and what two versions of a question differ in."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.mentoring.questionnaire import Question, QuestionKind
from lti_tool.mentoring.visibility import ALL_SEE, EVERYBODY, MENTEES, MENTORS, ONLY_SELF, PARTNER_SEES, STAFF_SEE
from lti_tool.mentoring.weights import Importance, Likeness, importance, likeness

KINDS = {
    QuestionKind.SINGLE: (_l("One of a list"), _l("People choose one.")),
    QuestionKind.MULTI: (_l("Several of a list"), _l("People choose as many as fit, or up to a number.")),
    QuestionKind.RANK: (_l("The most important first"), _l("People choose a few, in the order of importance.")),
    QuestionKind.LIKERT: (_l("A scale"), _l("Degrees from one end to the other, such as a pair of statements.")),
    QuestionKind.WHOLE_NUMBER: (_l("A number"), _l("A whole number from 1 on.")),
    QuestionKind.TEXT: (_l("Own words"), _l("For people to read; it is never matched.")),
    QuestionKind.TICK: (_l("A box to tick"), _l("Yes, or nothing.")),
    QuestionKind.GRID: (_l("Times of the week"), _l("When somebody could meet.")),
    QuestionKind.OFFER: (_l("Several, with strengths"), _l("What somebody offers, and where they are strong.")),
    QuestionKind.PEOPLE: (_l("People of the course"), _l("Private wishes.")),
}
IMPORTANCE = {
    Importance.MUST: (_l("Must"), _l("Without anything in common here, two people are not matched.")),
    Importance.HIGH: (_l("High"), ""),
    Importance.MEDIUM: (_l("Medium"), ""),
    Importance.LOW: (_l("Low"), ""),
    Importance.OFF: (_l("Off"), _l("It is asked, and does not count.")),
}
LIKENESS = {
    Likeness.SIMILAR: (_l("Similar"), _l("The more alike the answers, the better.")),
    Likeness.COMPLEMENTARY: (_l("Complementary"), _l("One looks for what the other offers.")),
    Likeness.IGNORE: (_l("Ignore"), _l("For people to read only.")),
}
SEEN_WORDS = {
    ONLY_SELF: _l("only the student who answers"),
    STAFF_SEE: _l("the student and the staff of this course"),
    PARTNER_SEES: _l("the student and their mentoring partner"),
    ALL_SEE: _l("the student, their mentoring partner and the staff of this course"),
}
ASKED_WORDS = {EVERYBODY: _l("everybody"), MENTORS: _l("mentors"), MENTEES: _l("mentees")}


def differences(saved: Question, typed: Question) -> list[tuple[str, str, str]]:
    """What two versions of a question differ in: the field, what is saved, what was typed."""
    return [(str(name), read(saved), read(typed)) for name, read in _FIELDS if read(saved) != read(typed)]


def _yes(is_so: bool) -> str:
    return str(_("yes") if is_so else _("no"))


_FIELDS: tuple[tuple[object, Callable[[Question], str]], ...] = (
    (_l("Question"), lambda one: str(_(one.wording))),
    (_l("Hint"), lambda one: str(_(one.hint)) if one.hint else ""),
    (_l("Choices"), lambda one: "; ".join(str(_(option.label)) for option in one.options)),
    (_l("Page"), lambda one: str(_(one.page.heading))),
    (_l("Asked of"), lambda one: str(ASKED_WORDS.get(one.asked_of, _("some")))),
    (_l("Who sees the answer"), lambda one: str(SEEN_WORDS[one.seen_by])),
    (_l("Must be answered"), lambda one: _yes(one.is_required)),
    (_l("May be mentioned as a reason"), lambda one: _yes(one.may_be_shown)),
    (_l("At most"), lambda one: str(one.maximum or "")),
    (_l("Compared as"), lambda one: str(LIKENESS[likeness(one)][0])),
    (_l("Counts"), lambda one: f"{IMPORTANCE[importance(one)][0]} ({one.weight})"),
    (_l("Hidden"), lambda one: _yes(one.is_hidden)),
)
