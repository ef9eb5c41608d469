"""What the closing survey asks: a few plain sentences to agree with or not, one for each objective, and two free texts.

All wording is our own. Who answered is known, what they answered is known, and nothing leads from one to the other.
Source: product sections 1.6 (R52, R53), 6.5 case 22 and 7.7 (measures).
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.objectives import OBJECTIVES
from lti_tool.mentoring.questionnaire import Audience, Option, Question, QuestionKind
from lti_tool.mentoring.visibility import EVERYBODY
from lti_tool.mentoring.words import N_

TEXT_LENGTH = 500
BY_STAFF = frozenset({Audience.INSTRUCTOR})
AGREEMENT = (
    Option(key="1", label=N_("Not at all")),
    Option(key="2", label=N_("A little")),
    Option(key="3", label=N_("Partly")),
    Option(key="4", label=N_("Mostly")),
    Option(key="5", label=N_("Fully")),
)
_OF_MENTORS = frozenset({EnrolmentRole.MENTOR})
_OF_MENTEES = frozenset({EnrolmentRole.MENTEE})


class Sheet(StrEnum):
    """Which of two sheets somebody gets; who is both gets the mentees'."""

    MENTOR = "mentor"
    MENTEE = "mentee"


def _agree(key: str, wording: str, asked_of: frozenset[EnrolmentRole] = EVERYBODY) -> Question:
    return Question(
        key=key, wording=wording, kind=QuestionKind.LIKERT, asked_of=asked_of, seen_by=BY_STAFF, options=AGREEMENT
    )


def _words(key: str, wording: str) -> Question:
    return Question(
        key=key,
        wording=wording,
        kind=QuestionKind.TEXT,
        asked_of=EVERYBODY,
        seen_by=BY_STAFF,
        hint=N_("Leave out names, and what would show who you are."),
        maximum=TEXT_LENGTH,
    )


_ABOUT_THE_PAIR = (
    _agree("open", N_("I could say openly what was on my mind.")),
    _agree("mattered", N_("We worked on what mattered to me."), _OF_MENTEES),
    _agree("mattered_to_them", N_("We worked on what mattered to my mentee."), _OF_MENTORS),
    _agree("duty", N_("Our talks often felt like a duty.")),
    _agree("fitted", N_("Mentoring fitted into my weeks.")),
    _agree("learned", N_("I learned something that I will go on using.")),
)
_BY_OBJECTIVE: Mapping[str, Question] = {
    key: _agree(key, one.statement, _OF_MENTORS if one.is_of_mentors else EVERYBODY) for key, one in OBJECTIVES.items()
}
_AT_LAST = (
    _agree("recommend", N_("I would tell a friend to take part.")),
    _words("helped", N_("What helped you most?")),
    _words("change", N_("What should be different next time?")),
)


def survey_questions(objectives: Collection[str]) -> tuple[Question, ...]:
    """Return everything that is asked in a programme with these objectives, of whichever side."""
    chosen = (question for key, question in _BY_OBJECTIVE.items() if key in objectives)
    return (*_ABOUT_THE_PAIR, *chosen, *_AT_LAST)


def asked_on(sheet: Sheet, objectives: Collection[str]) -> tuple[Question, ...]:
    """Return the questions of one sheet, in order."""
    role = EnrolmentRole(sheet.value)
    return tuple(one for one in survey_questions(objectives) if one.is_asked_of(role))
