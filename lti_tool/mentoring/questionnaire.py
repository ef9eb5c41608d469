"""The questionnaire as data.

A question says everything about itself: how it is asked, of whom, who sees the answer, and how two people's answers are
compared. So a new question is a new value, not new code. How a form becomes answers is told in `answers`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.words import N_

# What a person gave to one question: an option's key, several, a number or a text; of an offer the level by key.
Answer = str | int | list[str] | dict[str, str]


class QuestionKind(StrEnum):
    """How a question is asked."""

    SINGLE = "single"
    MULTI = "multi"
    RANK = "rank"
    GRID = "grid"
    WHOLE_NUMBER = "whole_number"
    TEXT = "text"
    LIKERT = "likert"
    OFFER = "offer"  # several, each either `HAPPY_TO` or `STRONG`
    TICK = "tick"  # one box, ticked (`YES`) or not
    PEOPLE = "people"  # fellow students, chosen on a page of their own


# The two levels of an offer.
HAPPY_TO = "happy_to"
STRONG = "strong"


class Page(StrEnum):
    """The pages on which a questionnaire is asked, in their order."""

    HELP = "help"
    TIMES = "times"
    STUDIES = "studies"
    ABOUT = "about"
    PARTNER = "partner"

    @property
    def heading(self) -> str:
        """What stands above the page."""
        return _PAGE_TITLES[self]


_PAGE_TITLES = {
    Page.HELP: N_("Helping and being helped"),
    Page.TIMES: N_("When and how you could meet"),
    Page.STUDIES: N_("Your studies and how you work"),
    Page.ABOUT: N_("About you"),
    Page.PARTNER: N_("Your partner"),
}


class Audience(StrEnum):
    """Who sees an answer, besides nobody."""

    SELF = "self"
    PARTNER = "partner"
    INSTRUCTOR = "instructor"


class Comparer(StrEnum):
    """How the answers of a mentee and a mentor are compared; `matching.compatibility` holds the arithmetic."""

    NONE = "none"
    NEED_OFFER = "need_offer"  # what the mentee wants, most important first, among what the mentor offers
    OVERLAP = "overlap"  # time in common; too little of it forbids the pair
    SHARED = "shared"  # things in common among all things named
    SHARED_RARE = "shared_rare"  # the same, where a rare thing in common counts more
    NEARNESS = "nearness"  # how near two choices are on an ordered scale
    LANGUAGE = "language"  # languages in common; none forbids the pair, unless a question asks which are needed
    NEEDED_LANGUAGE = "needed_language"  # languages the mentee needs; none of them at the counterpart forbids the pair
    ASYNC_CONSENT = "async_consent"  # both said yes (`YES`): too little time in common forbids nothing
    COMPLEMENT = "complement"  # what the mentee is unsure of, as far as the mentor is sure of it
    SAME = "same"  # the same single choice, such as a field
    STAGE = "stage"  # a mentor at least as far as the mentee, on an ordered scale
    CLOSENESS = "closeness"  # how near two answers on a scale of agreement are; told as a phrase
    OWN_SITUATIONS = "own_situations"  # situations of the mentee that the mentor knows too; told if both consent
    TOP_CRITERION = "top_criterion"  # what matters most to the mentee: doubles the questions of that name


YES = "yes"  # the option key of a consent
PREFER_NOT_TO_SAY = "prefer_not_to_say"  # the option key of an answer that is none
# A question's key with this behind it is the key of the consent to mention what is shared.
MAY_BE_MENTIONED = "_may_be_mentioned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something that can be chosen; the key is stored, the label is shown."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Shape: `maximum` is how many options may be chosen, the highest number, or the length of a text; 0 means no limit.
        `removed_options` were on offer once: who chose one keeps it, but it no longer counts. `suggested` is the number
        that stands there at first. `counterpart` is the key of the question the other person answers, where it is not
        this one. `is_must` forbids pairs that have nothing in common here. `reason` is the sentence a pair reads when
        their answers fit, with `%(things)s` or `%(hours)s` in it.
    """

    key: str
    wording: str
    kind: QuestionKind
    asked_of: frozenset[EnrolmentRole]
    seen_by: frozenset[Audience]
    hint: str = ""
    options: tuple[Option, ...] = ()
    removed_options: tuple[Option, ...] = ()
    page: Page = Page.ABOUT
    is_required: bool = False
    is_hidden: bool = False
    maximum: int = 0
    suggested: int = 0
    may_be_shown: bool = False
    comparer: Comparer = Comparer.NONE
    weight: int = 0
    is_must: bool = False
    counterpart: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        keys = [option.key for option in (*self.options, *self.removed_options)]
        if len(set(keys)) != len(keys):
            raise ValueError(f"question {self.key} has two options with the same key")

    @property
    def answered_by_partner_under(self) -> str:
        """The key under which the other person's answer stands."""
        return self.counterpart or self.key

    @property
    def is_askable(self) -> bool:
        """Whether it can be asked: a choice without options waits until staff have written some."""
        return not self.is_hidden and (bool(self.options) or self.kind not in CHOICES)

    def is_asked_of(self, role: EnrolmentRole) -> bool:
        """Whether somebody with that role is asked; who wants both sides is asked what `either` is."""
        return role in self.asked_of or (role is EnrolmentRole.SWAP and EnrolmentRole.EITHER in self.asked_of)


CHOICES = frozenset(
    {
        QuestionKind.SINGLE,
        QuestionKind.MULTI,
        QuestionKind.RANK,
        QuestionKind.GRID,
        QuestionKind.LIKERT,
        QuestionKind.OFFER,
        QuestionKind.TICK,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """The questions of a programme, in the order they are asked.

    Shape: `removed` are questions that staff deleted; they are asked of nobody, but their keys and answers stay.
    """

    questions: tuple[Question, ...]
    removed: tuple[Question, ...] = ()

    def __post_init__(self) -> None:
        keys = [question.key for question in (*self.questions, *self.removed)]
        if len(set(keys)) != len(keys):
            raise ValueError("a questionnaire has two questions with the same key")

    def for_role(self, role: EnrolmentRole) -> tuple[Question, ...]:
        """Return the questions whose answers somebody with that role is asked for; wishes are not among them."""
        return tuple(question for question in self._asked(role) if question.kind is not QuestionKind.PEOPLE)

    def wishes_for(self, role: EnrolmentRole) -> tuple[Question, ...]:
        """Return the questions about people whom somebody with that role would like, or would rather not, work with."""
        return tuple(question for question in self._asked(role) if question.kind is QuestionKind.PEOPLE)

    def pages_for(self, role: EnrolmentRole) -> tuple[Page, ...]:
        """Return the pages on which somebody with that role finds questions, in order."""
        present = {question.page for question in self.for_role(role)}
        return tuple(page for page in Page if page in present)

    def on_page(self, role: EnrolmentRole, page: Page) -> tuple[Question, ...]:
        """Return the questions that somebody with that role is asked on one page."""
        return tuple(question for question in self.for_role(role) if question.page is page)

    def for_matching(self) -> "Questionnaire":
        """Return the questions that count now: what is hidden or removed keeps its answers and counts for nothing."""
        return Questionnaire(questions=tuple(question for question in self.questions if not question.is_hidden))

    def question(self, key: str) -> Question:
        """Return the question with that key, also one that was removed.

        Raises: KeyError when there is none.
        """
        return {question.key: question for question in (*self.questions, *self.removed)}[key]

    def to_json(self) -> dict[str, Any]:
        """Return the questionnaire as JSON values, which `questionnaire_from_json` reads back unchanged."""
        removed = [question_to_json(question) for question in self.removed]
        questions = [question_to_json(question) for question in self.questions]
        return {"questions": questions} | ({"removed": removed} if removed else {})

    def _asked(self, role: EnrolmentRole) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.is_askable and question.is_asked_of(role))


def questionnaire_from_json(stored: Mapping[str, Any]) -> Questionnaire:
    """Return the questionnaire that `to_json` wrote, in this version or an earlier one.

    Raises: KeyError, TypeError or ValueError when it is not one.
    """
    return Questionnaire(
        questions=tuple(map(question_from_json, stored["questions"])),
        removed=tuple(map(question_from_json, stored.get("removed", ()))),
    )


def question_to_json(question: Question) -> dict[str, Any]:
    """Return one question as JSON values."""
    return {
        "key": question.key,
        "page": question.page.value,
        "wording": question.wording,
        "hint": question.hint,
        "kind": question.kind.value,
        "options": [[option.key, option.label] for option in question.options],
        "removed_options": [[option.key, option.label] for option in question.removed_options],
        "asked_of": sorted(role.value for role in question.asked_of),
        "is_required": question.is_required,
        "is_hidden": question.is_hidden,
        "maximum": question.maximum,
        "suggested": question.suggested,
        "seen_by": sorted(audience.value for audience in question.seen_by),
        "may_be_shown": question.may_be_shown,
        "comparer": question.comparer.value,
        "weight": question.weight,
        "is_must": question.is_must,
        "counterpart": question.counterpart,
        "reason": question.reason,
    }


def question_from_json(stored: Mapping[str, Any]) -> Question:
    """Return the question that `question_to_json` wrote; what an earlier version did not know has its default.

    Raises: KeyError, TypeError or ValueError when it is not one.
    """
    typed = {
        "kind": QuestionKind(stored["kind"]),
        "page": Page(stored["page"]) if "page" in stored else _PAGE_OF_OLD.get(stored["key"], Page.ABOUT),
        "comparer": Comparer(stored["comparer"]),
        "options": tuple(Option(key=key, label=label) for key, label in stored["options"]),
        "removed_options": tuple(Option(key=key, label=label) for key, label in stored.get("removed_options", ())),
        "asked_of": _with_swap(EnrolmentRole(role) for role in stored["asked_of"]),
        "seen_by": frozenset(Audience(audience) for audience in stored["seen_by"]),
    }
    return Question(**{**stored, **typed})


def _with_swap(roles: Iterable[EnrolmentRole]) -> frozenset[EnrolmentRole]:
    """Who wants both sides is asked what `either` is; an earlier version did not know them."""
    found = frozenset(roles)
    return found | {EnrolmentRole.SWAP} if EnrolmentRole.EITHER in found else found


# Where the questions stand of programmes that began before there were pages.
_PAGE_OF_OLD: Mapping[str, Page] = {
    "help_wanted": Page.HELP,
    "help_offered": Page.HELP,
    "mentee_limit": Page.HELP,
    "availability": Page.TIMES,
    "meeting_modes": Page.TIMES,
    "frequency": Page.TIMES,
    "aims": Page.STUDIES,
    "note_to_partner": Page.PARTNER,
}
