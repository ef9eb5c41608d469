"""The questionnaire every programme starts with: ten questions, five minutes.

Wordings, weights and what may be shown follow product section 5.2 and 5.3. The question of how somebody takes part is
the enrolment's role and is asked before these.
"""

from lti_tool.mentoring.availability import GRID
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.options import AIMS, FREQUENCIES, HELP_TOPICS, INTERESTS, LANGUAGES, MEETING_MODES
from lti_tool.mentoring.questionnaire import Audience, Comparer, Question, QuestionKind, Questionnaire
from lti_tool.mentoring.words import N_

_EVERYBODY = frozenset(EnrolmentRole)
_MENTEES = frozenset({EnrolmentRole.MENTEE, EnrolmentRole.EITHER})
_MENTORS = frozenset({EnrolmentRole.MENTOR, EnrolmentRole.EITHER})
_STAFF_SEE = frozenset({Audience.SELF, Audience.INSTRUCTOR})
_ALL_SEE = frozenset(Audience)

_HELP = (
    Question(
        key="help_wanted",
        wording=N_("What would you like help with?"),
        hint=N_("Up to three, the most important first."),
        kind=QuestionKind.RANK,
        options=HELP_TOPICS,
        asked_of=_MENTEES,
        is_required=True,
        maximum=3,
        seen_by=_ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.NEED_OFFER,
        weight=25,
        counterpart="help_offered",
        reason=N_("One of you would like help with this, and the other offers it: %(things)s"),
    ),
    Question(
        key="help_offered",
        wording=N_("What can you help with?"),
        hint=N_("Up to six. You need not be an expert."),
        kind=QuestionKind.MULTI,
        options=HELP_TOPICS,
        asked_of=_MENTORS,
        is_required=True,
        maximum=6,
        seen_by=_ALL_SEE,
        may_be_shown=True,
    ),
)

_MEETING = (
    Question(
        key="availability",
        wording=N_("When could you usually meet?"),
        hint=N_("In your own time. Choose every block that often works, not only the best ones."),
        kind=QuestionKind.GRID,
        options=GRID,
        asked_of=_EVERYBODY,
        is_required=True,
        seen_by=_STAFF_SEE,
        may_be_shown=True,
        comparer=Comparer.OVERLAP,
        weight=20,
        reason=N_("Hours each week when you are both free: %(hours)s"),
    ),
    Question(
        key="meeting_modes",
        wording=N_("How would you like to meet?"),
        kind=QuestionKind.MULTI,
        options=MEETING_MODES,
        asked_of=_EVERYBODY,
        seen_by=_ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.SHARED,
        weight=2,
        reason=N_("Ways to meet that suit both of you: %(things)s"),
    ),
    Question(
        key="frequency",
        wording=N_("How often suits you?"),
        kind=QuestionKind.SINGLE,
        options=FREQUENCIES,
        asked_of=_EVERYBODY,
        seen_by=_ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.NEARNESS,
        weight=3,
        reason=N_("How often you would both like to meet: %(things)s"),
    ),
)

_ABOUT_YOU = (
    Question(
        key="aims",
        wording=N_("What are you working towards?"),
        hint=N_("Up to three."),
        kind=QuestionKind.MULTI,
        options=AIMS,
        asked_of=_EVERYBODY,
        maximum=3,
        seen_by=_ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.SHARED,
        weight=8,
        reason=N_("What you are both working towards: %(things)s"),
    ),
    Question(
        key="interests",
        wording=N_("What do you like outside class?"),
        hint=N_("Up to five."),
        kind=QuestionKind.MULTI,
        options=INTERESTS,
        asked_of=_EVERYBODY,
        maximum=5,
        seen_by=_ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.SHARED_RARE,
        weight=4,
        reason=N_("Interests you share: %(things)s"),
    ),
    Question(
        key="languages",
        wording=N_("Which languages could you use with your partner?"),
        hint=N_("You are only matched with somebody who shares at least one of them."),
        kind=QuestionKind.MULTI,
        options=LANGUAGES,
        asked_of=_EVERYBODY,
        is_required=True,
        seen_by=_ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.LANGUAGE,
        weight=1,
        reason=N_("Languages you share: %(things)s"),
    ),
)


def default_questionnaire(mentor_capacity_limit: int = 3) -> Questionnaire:
    """Return the questionnaire every programme starts with, for mentors with that many mentees at most."""
    return Questionnaire(
        questions=(*_HELP, *_MEETING, *_ABOUT_YOU, _mentee_limit(mentor_capacity_limit), _NOTE_TO_PARTNER)
    )


def _mentee_limit(mentor_capacity_limit: int) -> Question:
    return Question(
        key="mentee_limit",
        wording=N_("How many mentees would you take at most?"),
        hint=N_("You may get fewer."),
        kind=QuestionKind.WHOLE_NUMBER,
        asked_of=_MENTORS,
        is_required=True,
        maximum=mentor_capacity_limit,
        seen_by=_STAFF_SEE,
    )


_NOTE_TO_PARTNER = Question(
    key="note_to_partner",
    wording=N_("Is there anything your partner should know?"),
    hint=N_("For example how to say your name, or what makes meeting easier for you."),
    kind=QuestionKind.TEXT,
    asked_of=_EVERYBODY,
    maximum=500,
    seen_by=frozenset({Audience.SELF, Audience.PARTNER}),
)
