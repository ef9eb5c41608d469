"""What the probes ask: one to two minutes each, and every question may be left out.

Source: product section 7.1, CK1 and CK4 to CK9.
"""

from collections.abc import Iterable

from lti_tool.mentoring.checkins_probes import Probe, ProbeKind
from lti_tool.mentoring.checkins_pulse import (
    ALL_SEE,
    EVERYBODY,
    FOR_STAFF,
    IN_THE_WAY,
    MENTORS,
    PARTNER_SEES,
    STAFF_SEE,
    TOPICS,
    options,
)
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.questionnaire import Audience, Question, QuestionKind
from lti_tool.mentoring.words import N_

FEEDBACK = "feedback"  # the answer that the partner reads only once it is released
_YES_NO = (("yes", N_("Yes")), ("no", N_("Not yet")))
_AGREEMENT = (
    ("1", N_("Not at all")),
    ("2", N_("A little")),
    ("3", N_("Partly")),
    ("4", N_("Mostly")),
    ("5", N_("Fully")),
)
_TEN = tuple((str(number), str(number)) for number in range(11))


def _asked(
    key: str,
    wording: str,
    kind: QuestionKind,
    choices: Iterable[tuple[str, str]] = (),
    *,
    seen_by: frozenset[Audience] = STAFF_SEE,
    hint: str = "",
    maximum: int = 0,
    asked_of: frozenset[EnrolmentRole] = EVERYBODY,
) -> Question:
    return Question(
        key=key,
        wording=wording,
        kind=kind,
        options=options(tuple(choices)),
        asked_of=asked_of,
        seen_by=seen_by,
        hint=hint,
        maximum=maximum,
    )


FIT = _asked(
    "fit",
    N_("Do you feel that this can work?"),
    QuestionKind.SINGLE,
    (
        ("good", N_("Yes, this is good")),
        ("unsure", N_("I am not sure yet")),
        ("not_for_me", N_("This is not for me")),
    ),
    hint=N_("Nobody is to blame where two people do not fit. Your partner does not read this."),
)
_CONTACT = _asked(
    "contact",
    N_("Have you been in touch?"),
    QuestionKind.SINGLE,
    (("yes", N_("Yes, we talked or wrote")), ("tried", N_("I tried, without an answer yet")), ("no", N_("Not yet"))),
)
_NEXT_DATE = _asked("next_date", N_("Is there a date for your next meeting?"), QuestionKind.SINGLE, _YES_NO)
_TOOK_PLACE = _asked(
    "took_place",
    N_("Did the meeting take place?"),
    QuestionKind.SINGLE,
    (("yes", N_("Yes")), ("no", N_("No")), ("moved", N_("We moved it"))),
)
_MINUTES = _asked("minutes", N_("How many minutes did it take?"), QuestionKind.WHOLE_NUMBER, maximum=600)

_QUESTIONS: dict[ProbeKind, tuple[Question, ...]] = {
    ProbeKind.FIRST_CONTACT: (
        _CONTACT,
        _asked("first_date", N_("Is there a date for your first meeting?"), QuestionKind.SINGLE, _YES_NO),
        FIT,
        _asked("unclear", N_("Is anything unclear?"), QuestionKind.TEXT, maximum=500),
    ),
    ProbeKind.MEETING: (
        _TOOK_PLACE,
        _MINUTES,
        _asked(
            "how",
            N_("How did you meet?"),
            QuestionKind.SINGLE,
            (
                ("video", N_("By video")),
                ("phone", N_("By phone")),
                ("person", N_("Face to face")),
                ("writing", N_("In writing")),
            ),
        ),
        TOPICS,
        _asked(
            "take_away",
            N_("What is one thing that you take away?"),
            QuestionKind.TEXT,
            maximum=300,
            seen_by=PARTNER_SEES,
            hint=N_("One sentence is enough."),
        ),
        _NEXT_DATE,
        _asked(
            "useful",
            N_("How useful was it for you?"),
            QuestionKind.LIKERT,
            (("1", N_("Not useful")), ("2", N_("A little")), ("3", N_("Useful")), ("4", N_("Very useful"))),
        ),
        FOR_STAFF,
    ),
    ProbeKind.FIT: (
        _asked("agree_work", N_("We agree on what to work on."), QuestionKind.LIKERT, _AGREEMENT),
        _asked("can_say", N_("I can say when something bothers me."), QuestionKind.LIKERT, _AGREEMENT),
        _asked("keeps", N_("My partner keeps what we arrange."), QuestionKind.LIKERT, _AGREEMENT),
        _asked("look_forward", N_("I look forward to talking."), QuestionKind.LIKERT, _AGREEMENT),
        _asked(
            "go_on",
            N_("How would you like to go on?"),
            QuestionKind.SINGLE,
            (
                ("keep", N_("As it is")),
                ("adjust", N_("Together, with something changed")),
                ("change", N_("With somebody else")),
            ),
            hint=N_("One new match is open to everybody, and nobody has to justify it."),
        ),
        FOR_STAFF,
    ),
    ProbeKind.MIDTERM: (
        _asked(
            "goal_confidence",
            N_("How sure are you now that you reach your goal?"),
            QuestionKind.LIKERT,
            _TEN,
            seen_by=ALL_SEE,
            hint=N_("0 is not at all, 10 is completely."),
        ),
        _asked("works", N_("What works well between you two?"), QuestionKind.TEXT, maximum=600),
        _asked("should_change", N_("What should change?"), QuestionKind.TEXT, maximum=600),
        _asked(
            FEEDBACK,
            N_("What would you like to say to your partner?"),
            QuestionKind.TEXT,
            maximum=1000,
            seen_by=PARTNER_SEES,
            hint=N_("What helps you, and one thing that you would like more of."),
        ),
        IN_THE_WAY,
        FOR_STAFF,
    ),
    ProbeKind.STUCK: (
        IN_THE_WAY,
        _asked(
            "ask_staff",
            N_("Should the staff get in touch with you?"),
            QuestionKind.SINGLE,
            (("yes", N_("Yes, please")), ("no", N_("No, thank you"))),
        ),
        FOR_STAFF,
    ),
    ProbeKind.CLOSING: (
        _asked(
            "goals_reached",
            N_("Have you reached what you wanted?"),
            QuestionKind.LIKERT,
            _AGREEMENT,
            seen_by=ALL_SEE,
        ),
        _asked("best_moment", N_("What was the most useful moment?"), QuestionKind.TEXT, maximum=600),
        _asked("next_year", N_("What would you tell next year’s pairs?"), QuestionKind.TEXT, maximum=600),
        _asked(
            "recommend",
            N_("How likely would you recommend this to a fellow student?"),
            QuestionKind.LIKERT,
            _TEN,
            hint=N_("0 is not at all, 10 is for certain."),
        ),
        _asked(
            "story",
            N_("May the staff tell others about your experience?"),
            QuestionKind.SINGLE,
            (("named", N_("Yes, with my name")), ("nameless", N_("Yes, without my name")), ("no", N_("No"))),
            hint=N_("They ask you again before anything is shown."),
        ),
        _asked(
            "thanks",
            N_("A word of thanks to your partner"),
            QuestionKind.TEXT,
            maximum=600,
            seen_by=PARTNER_SEES,
        ),
    ),
    ProbeKind.WELLBEING: (
        _asked(
            "load",
            N_("How much is mentoring for you at the moment?"),
            QuestionKind.LIKERT,
            (("fine", N_("Fine")), ("a_lot", N_("A lot")), ("too_much", N_("Too much"))),
            asked_of=MENTORS,
        ),
        _asked(
            "sure",
            N_("How sure do you feel as a mentor?"),
            QuestionKind.LIKERT,
            _AGREEMENT,
            asked_of=MENTORS,
        ),
        _asked(
            "boundaries",
            N_("Could you keep your boundaries: time, topics, what is not your task?"),
            QuestionKind.SINGLE,
            (("yes", N_("Yes")), ("partly", N_("Not always")), ("no", N_("No"))),
            asked_of=MENTORS,
        ),
        _asked(
            "wishes",
            N_("What would you like?"),
            QuestionKind.MULTI,
            (
                ("case", N_("To talk about a case, without names")),
                ("training", N_("More training")),
                ("talk", N_("A talk with the staff")),
            ),
            asked_of=MENTORS,
        ),
        FOR_STAFF,
    ),
}


def questions_of(kind: ProbeKind) -> tuple[Question, ...]:
    """Return everything that a kind of probe can ask, to read answers by."""
    return (*_QUESTIONS[kind], FIT) if kind is ProbeKind.MEETING else _QUESTIONS[kind]


def probe_questions(probe: Probe) -> tuple[Question, ...]:
    """Return what this probe asks: after the first meeting also whether it can work, and nothing that is known."""
    asked = _QUESTIONS[probe.kind]
    if probe.is_confirmed:
        asked = tuple(question for question in asked if question not in (_TOOK_PLACE, _MINUTES))
    return (*asked[:-1], FIT, asked[-1]) if probe.is_first_meeting else asked
