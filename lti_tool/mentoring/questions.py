"""The questionnaire every programme starts with: sixteen questions, five to seven minutes.

Wordings, weights and what may be shown follow product section 5.2 and 5.3, whose numbers stand beside the keys here:

q1 `PART` · q2 `help_wanted` · q2m `help_offered` · q3 `topics_unsure`, `topics_sure` · q4 `availability`, `async_ok` ·
q5 `meeting_modes` · q6 `frequency` · q7 `field`, `stage` · q8 `aims` · q9 `way_…` · q10 `interests`, `interests_own` ·
q11 `situations`, `situations_may_be_mentioned` · q12 `languages`, `languages_needed` · q13 `matters_most` ·
q14 `wish_together`, `wish_apart` · q15 `mentee_limit` · q16 `note_to_partner`

How somebody takes part is the enrolment's role and its time zone the enrolment's; both are asked before the others.
"""

from collections.abc import Iterable

from lti_tool.mentoring.availability import GRID
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.options import FREQUENCIES, HELP_TOPICS, MEETING_MODES
from lti_tool.mentoring.programme import Preset
from lti_tool.mentoring.questionnaire import YES, Comparer, Option, Page, Question, QuestionKind, Questionnaire
from lti_tool.mentoring.questions_about import ABOUT, PARTNER, STUDIES
from lti_tool.mentoring.visibility import ALL_SEE, EVERYBODY, MENTEES, MENTORS, STAFF_SEE, Written, seen_by
from lti_tool.mentoring.weights import with_weights
from lti_tool.mentoring.words import N_

USUAL_MENTEES = 2  # what stands in the question how many mentees somebody takes

PART = Question(
    key="role",
    wording=N_("Your part"),
    kind=QuestionKind.SINGLE,
    options=(
        Option(key=EnrolmentRole.MENTOR, label=N_("Mentor")),
        Option(key=EnrolmentRole.MENTEE, label=N_("Mentee")),
        Option(key=EnrolmentRole.EITHER, label=N_("Either")),
        Option(key=EnrolmentRole.SWAP, label=N_("Both at once")),
    ),
    asked_of=EVERYBODY,
    is_required=True,
    seen_by=seen_by(Written.ROLE),
)


def time_zone_question(names: Iterable[str]) -> Question:
    """Return the question in which time zone somebody is, with these to choose from."""
    return Question(
        key="time_zone",
        wording=N_("Your time zone"),
        kind=QuestionKind.SINGLE,
        options=tuple(Option(key=name, label=name.replace("_", " ")) for name in names),
        asked_of=EVERYBODY,
        is_required=True,
        seen_by=seen_by(Written.TIME_ZONE),
    )


_HELP = (
    Question(
        key="help_wanted",
        page=Page.HELP,
        wording=N_("What would you like help with?"),
        hint=N_("Up to three, the most important first."),
        kind=QuestionKind.RANK,
        options=HELP_TOPICS,
        asked_of=MENTEES,
        is_required=True,
        maximum=3,
        seen_by=ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.NEED_OFFER,
        weight=25,
        counterpart="help_offered",
        reason=N_("One of you would like help with this, and the other offers it: %(things)s"),
    ),
    Question(
        key="help_offered",
        page=Page.HELP,
        wording=N_("What can you help with?"),
        hint=N_("Up to six. One step ahead is enough; say so where you feel strong."),
        kind=QuestionKind.OFFER,
        options=HELP_TOPICS,
        asked_of=MENTORS,
        is_required=True,
        maximum=6,
        seen_by=ALL_SEE,
        may_be_shown=True,
    ),
    Question(
        key="topics_unsure",
        page=Page.HELP,
        wording=N_("Which topics of this course do you feel unsure of?"),
        kind=QuestionKind.MULTI,
        asked_of=EVERYBODY,
        seen_by=ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.COMPLEMENT,
        weight=12,
        counterpart="topics_sure",
        reason=N_("One of you feels sure of what the other finds hard: %(things)s"),
    ),
    Question(
        key="topics_sure",
        page=Page.HELP,
        wording=N_("Which topics of this course do you feel sure of?"),
        kind=QuestionKind.MULTI,
        asked_of=EVERYBODY,
        seen_by=ALL_SEE,
        may_be_shown=True,
    ),
)

_TIMES = (
    Question(
        key="availability",
        page=Page.TIMES,
        wording=N_("When could you usually meet?"),
        hint=N_("In your own time. Choose every block that often works, not only the best ones."),
        kind=QuestionKind.GRID,
        options=GRID,
        asked_of=EVERYBODY,
        is_required=True,
        seen_by=STAFF_SEE,
        may_be_shown=True,
        comparer=Comparer.OVERLAP,
        weight=20,
        reason=N_("Hours each week when you are both free: %(hours)s"),
    ),
    Question(
        key="async_ok",
        page=Page.TIMES,
        wording=N_("And if your times hardly overlap?"),
        hint=N_("Without this you are only matched with people who have at least an hour a week in common with you."),
        kind=QuestionKind.TICK,
        options=(Option(key=YES, label=N_("I am happy to write instead of meeting live.")),),
        asked_of=EVERYBODY,
        seen_by=STAFF_SEE,
        comparer=Comparer.ASYNC_CONSENT,
    ),
    Question(
        key="meeting_modes",
        page=Page.TIMES,
        wording=N_("How would you like to meet?"),
        kind=QuestionKind.MULTI,
        options=MEETING_MODES,
        asked_of=EVERYBODY,
        seen_by=ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.SHARED,
        weight=2,
        reason=N_("Ways to meet that suit both of you: %(things)s"),
    ),
    Question(
        key="frequency",
        page=Page.TIMES,
        wording=N_("How often suits you?"),
        kind=QuestionKind.SINGLE,
        options=FREQUENCIES,
        asked_of=EVERYBODY,
        seen_by=ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.NEARNESS,
        weight=3,
        reason=N_("How often you would both like to meet: %(things)s"),
    ),
)


def default_questionnaire(mentor_capacity_limit: int = 3, preset: Preset = Preset.STUDY_SKILLS) -> Questionnaire:
    """Return the questionnaire a programme with this preset starts with, for that many mentees at most."""
    questions = (*_HELP, _mentee_limit(mentor_capacity_limit), *_TIMES, *STUDIES, *ABOUT, *PARTNER)
    return with_weights(Questionnaire(questions=questions), preset)


def _mentee_limit(mentor_capacity_limit: int) -> Question:
    return Question(
        key="mentee_limit",
        page=Page.HELP,
        wording=N_("How many mentees would you take at most?"),
        hint=N_("You may get fewer."),
        kind=QuestionKind.WHOLE_NUMBER,
        asked_of=MENTORS,
        is_required=True,
        maximum=mentor_capacity_limit,
        suggested=USUAL_MENTEES,
        seen_by=STAFF_SEE,
    )
