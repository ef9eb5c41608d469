"""What a mentor in reserve is asked at the programme's check-ins: one to two minutes, every question optional.

Nobody is talked about but the mentor, so staff alone read the answers. Only the first question is read by a page: it
says who can still be matched, and decides nothing by itself.

Source: product sections 6.5, case 13, and 7.1 (the common head).
"""

from collections.abc import Mapping
from typing import Any

from lti_tool.mentoring.checkins_pulse import FOR_STAFF, MENTORS, STAFF_SEE, options
from lti_tool.mentoring.questionnaire import Question, QuestionKind
from lti_tool.mentoring.words import N_

READY = "ready"
STILL_READY, LATER, NOT_READY = "yes", "later", "no"
# What staff read of somebody's newest answer, the most pressing first.
READINESS: Mapping[str, str] = {
    NOT_READY: N_("Not ready any more"),
    LATER: N_("Ready in some weeks"),
    STILL_READY: N_("Ready"),
}

STANDBY_QUESTIONS: tuple[Question, ...] = (
    Question(
        key=READY,
        wording=N_("Are you still ready to take somebody on?"),
        hint=N_("Each answer is a good answer. You stay in the programme, and your points stay as they are."),
        kind=QuestionKind.SINGLE,
        options=options(
            (
                (STILL_READY, N_("Yes, any day")),
                (LATER, N_("Yes, but only in some weeks")),
                (NOT_READY, N_("Not any more")),
            )
        ),
        asked_of=MENTORS,
        seen_by=STAFF_SEE,
    ),
    Question(
        key="hours",
        wording=N_("How much time could you give somebody now?"),
        kind=QuestionKind.SINGLE,
        options=options(
            (
                ("none", N_("None at the moment")),
                ("fortnight", N_("About an hour every two weeks")),
                ("week", N_("About an hour a week")),
                ("more", N_("More than that")),
            )
        ),
        asked_of=MENTORS,
        seen_by=STAFF_SEE,
    ),
    Question(
        key="kept_ready",
        wording=N_("What have you done to keep ready?"),
        hint=N_("None of it is asked of you. It helps to know what is of use to others who wait."),
        kind=QuestionKind.MULTI,
        options=options(
            (
                ("training", N_("Read in the training again")),
                ("library", N_("Looked into the library")),
                ("mentors", N_("Talked with other mentors")),
                ("case", N_("Worked on a case of my own")),
                ("answers", N_("Brought my answers up to date")),
                ("nothing", N_("Nothing yet")),
                ("other", N_("Something else")),
            )
        ),
        asked_of=MENTORS,
        seen_by=STAFF_SEE,
    ),
    Question(
        key="would_help",
        wording=N_("What would help you while you wait?"),
        kind=QuestionKind.MULTI,
        options=options(
            (
                ("outlook", N_("To know how likely it is that somebody needs me")),
                ("practice", N_("To practise with somebody")),
                ("mentors", N_("To meet other mentors")),
                ("talk", N_("A talk with the staff")),
                ("other", N_("Something else")),
            )
        ),
        asked_of=MENTORS,
        seen_by=STAFF_SEE,
    ),
    FOR_STAFF,
)


def readiness(answers: Mapping[str, Any]) -> str:
    """Return what somebody said about being ready, or an empty text where they left it out."""
    said = str(answers.get(READY) or "")
    return said if said in READINESS else ""


def asks_for_a_talk(answers: Mapping[str, Any]) -> bool:
    """Tell whether somebody would like to talk with the staff."""
    return "talk" in (answers.get("would_help") or ())
