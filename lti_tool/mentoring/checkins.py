"""When check-ins open, and what they ask.

A check-in takes two minutes: two taps are asked for, the rest is free to leave out. What is said is never graded, only
that it was sent. Wordings are a short form of product section 7.1 (CK1 to CK3).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.programme import ProgrammeSettings
from lti_tool.mentoring.questionnaire import Audience, Option, Question, QuestionKind
from lti_tool.mentoring.words import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInSlot:
    """One due check-in; the first has number 1."""

    number: int
    opens_at: datetime


def schedule(settings: ProgrammeSettings, published_at: datetime) -> tuple[CheckInSlot, ...]:
    """Return a programme's check-ins in order; the first opens with the programme, or when pairs are published later.

    The others follow at the same local time of day, whatever summer time does; at one's own pace all open together.
    """
    zone = ZoneInfo(settings.time_zone)
    day = settings.starts_on
    starts_at = datetime(day.year, day.month, day.day, tzinfo=zone)
    first = max(starts_at.astimezone(UTC), published_at).astimezone(zone)
    return tuple(
        CheckInSlot(number=k + 1, opens_at=(first + timedelta(days=k * settings.cadence.days)).astimezone(UTC))
        for k in range(settings.check_in_count)
    )


def is_open(slot: CheckInSlot, now: datetime) -> bool:
    """Tell whether the check-in can be sent; it stays open once it is."""
    return slot.opens_at <= now


def check_in_questions(role: EnrolmentRole) -> tuple[Question, ...]:
    """Return what a check-in asks somebody with that role, each question saying who sees its answer."""
    return tuple(question for question in _QUESTIONS if role in question.asked_of)


_EVERYBODY = frozenset(EnrolmentRole)
_STAFF_SEE = frozenset({Audience.SELF, Audience.INSTRUCTOR})

_QUESTIONS = (
    Question(
        key="contact",
        wording=N_("Have you been in contact since last time?"),
        kind=QuestionKind.SINGLE,
        options=(
            Option(key="yes", label=N_("Yes, we talked or wrote")),
            Option(key="tried", label=N_("I tried, without an answer yet")),
            Option(key="no", label=N_("Not yet")),
        ),
        asked_of=_EVERYBODY,
        is_required=True,
        seen_by=_STAFF_SEE,
    ),
    Question(
        key="going",
        wording=N_("How is it going between the two of you?"),
        kind=QuestionKind.LIKERT,
        options=(
            Option(key="5", label=N_("Very well")),
            Option(key="4", label=N_("Well")),
            Option(key="3", label=N_("All right")),
            Option(key="2", label=N_("Not so well")),
            Option(key="1", label=N_("It is not working")),
        ),
        asked_of=_EVERYBODY,
        is_required=True,
        seen_by=_STAFF_SEE,
    ),
    Question(
        key="topics",
        wording=N_("What did you talk about?"),
        hint=N_("Leave this out if you have not talked yet."),
        kind=QuestionKind.MULTI,
        options=(
            Option(key="getting_to_know", label=N_("Getting to know each other")),
            Option(key="course", label=N_("This course")),
            Option(key="studying", label=N_("How to study")),
            Option(key="planning", label=N_("Planning and time")),
            Option(key="exams", label=N_("Exams and assignments")),
            Option(key="campus", label=N_("Finding our way around here")),
            Option(key="future", label=N_("What comes next")),
            Option(key="wellbeing", label=N_("How we are doing")),
            Option(key="other", label=N_("Something else")),
        ),
        asked_of=_EVERYBODY,
        seen_by=frozenset(Audience),
    ),
    Question(
        key="next_step",
        wording=N_("What is one next step you want to take?"),
        hint=N_("One sentence is enough."),
        kind=QuestionKind.TEXT,
        asked_of=_EVERYBODY,
        maximum=300,
        seen_by=frozenset({Audience.SELF, Audience.PARTNER}),
    ),
    Question(
        key="for_staff",
        wording=N_("Is there anything only your instructor should know?"),
        kind=QuestionKind.TEXT,
        asked_of=_EVERYBODY,
        maximum=1000,
        seen_by=_STAFF_SEE,
    ),
)
