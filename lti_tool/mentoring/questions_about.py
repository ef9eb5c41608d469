"""The second half of the questionnaire: studies, how somebody likes to work, who they are, whom they look for.

The five ways of working stand in for deep similarity with behaviour people recognise in themselves; they are no test of
personality. Situations are used only to find somebody who knows them too, and told to a pair only where both agreed.
"""

from collections.abc import Iterator

from lti_tool.mentoring.options import AIMS, CRITERIA, INTERESTS, LANGUAGES, SITUATIONS, STAGES, WAYS
from lti_tool.mentoring.questionnaire import MAY_BE_MENTIONED, YES, Comparer, Option, Page, Question, QuestionKind
from lti_tool.mentoring.visibility import (
    ALL_SEE,
    EVERYBODY,
    MENTEES,
    ONLY_SELF,
    PARTNER_SEES,
    STAFF_SEE,
    Written,
    seen_by,
)
from lti_tool.mentoring.words import N_

_WAY_WORDINGS = {
    "planning": N_("Plan ahead, or see what comes?"),
    "feedback": N_("Straight feedback, or gentle feedback?"),
    "talking": N_("Talk it through, or write it down?"),
    "focus": N_("Stick to the task, or have time for small talk?"),
    "rhythm": N_("Short and often, or long and seldom?"),
}
_NOTE_LENGTH = 500
_OWN_WORDS_LENGTH = 100


def _ways() -> Iterator[Question]:
    """The five pairs of statements of one question; together they weigh what the question weighs."""
    for name, options in WAYS.items():
        yield Question(
            key=f"way_{name}",
            page=Page.STUDIES,
            wording=_WAY_WORDINGS[name],
            hint=N_("How do you like to work with someone?") if name == "planning" else "",
            kind=QuestionKind.LIKERT,
            options=options,
            asked_of=EVERYBODY,
            seen_by=ALL_SEE,
            may_be_shown=True,
            comparer=Comparer.CLOSENESS,
            weight=2,
            reason=N_("How you both like to work: %(things)s"),
        )


STUDIES = (
    Question(
        key="field",
        page=Page.STUDIES,
        wording=N_("What is your programme or field?"),
        kind=QuestionKind.SINGLE,
        asked_of=EVERYBODY,
        seen_by=ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.SAME,
        weight=5,
        reason=N_("You study in the same field: %(things)s"),
    ),
    Question(
        key="stage",
        page=Page.STUDIES,
        wording=N_("How far are you in your studies?"),
        kind=QuestionKind.SINGLE,
        options=STAGES,
        asked_of=EVERYBODY,
        seen_by=ALL_SEE,
        comparer=Comparer.STAGE,
        weight=4,
    ),
    Question(
        key="aims",
        page=Page.STUDIES,
        wording=N_("What are you working towards?"),
        hint=N_("Up to three."),
        kind=QuestionKind.MULTI,
        options=AIMS,
        asked_of=EVERYBODY,
        maximum=3,
        seen_by=ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.SHARED,
        weight=8,
        reason=N_("What you are both working towards: %(things)s"),
    ),
    *_ways(),
)

ABOUT = (
    Question(
        key="interests",
        wording=N_("What do you like outside class?"),
        hint=N_("Up to five."),
        kind=QuestionKind.MULTI,
        options=INTERESTS,
        asked_of=EVERYBODY,
        maximum=5,
        seen_by=ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.SHARED_RARE,
        weight=4,
        reason=N_("Interests you share: %(things)s"),
    ),
    Question(
        key="interests_own",
        wording=N_("Anything else you like, in your own words?"),
        hint=N_("For your partner to read; the matching does not use it."),
        kind=QuestionKind.TEXT,
        asked_of=EVERYBODY,
        maximum=_OWN_WORDS_LENGTH,
        seen_by=ALL_SEE,
    ),
    Question(
        key="situations",
        wording=N_("Which of these do you know from your own life?"),
        hint=N_("Up to four. Used only to find somebody who knows it too."),
        kind=QuestionKind.MULTI,
        options=SITUATIONS,
        asked_of=EVERYBODY,
        maximum=4,
        seen_by=ONLY_SELF,
        may_be_shown=True,
        comparer=Comparer.OWN_SITUATIONS,
        weight=5,
        reason=N_("Something you both know from your own lives: %(things)s"),
    ),
    Question(
        key=f"situations{MAY_BE_MENTIONED}",
        wording=N_("May your partner be told what you have in common there?"),
        hint=N_("Told only where both of you tick this, and only what you both chose."),
        kind=QuestionKind.TICK,
        options=(Option(key=YES, label=N_("Yes, what we share may be mentioned to both of us.")),),
        asked_of=EVERYBODY,
        seen_by=ONLY_SELF,
    ),
    Question(
        key="languages",
        wording=N_("Which languages could you use with your partner?"),
        hint=N_("One in common counts a little."),
        kind=QuestionKind.MULTI,
        options=LANGUAGES,
        asked_of=EVERYBODY,
        is_required=True,
        seen_by=ALL_SEE,
        may_be_shown=True,
        comparer=Comparer.LANGUAGE,
        weight=1,
        reason=N_("Languages you share: %(things)s"),
    ),
    Question(
        key="languages_needed",
        wording=N_("Is there a language that you need?"),
        hint=N_(
            "You are only matched with somebody who speaks one of those you tick. Leave it empty if none is a must."
        ),
        kind=QuestionKind.MULTI,
        options=LANGUAGES,
        asked_of=MENTEES,
        seen_by=STAFF_SEE,
        comparer=Comparer.NEEDED_LANGUAGE,
        counterpart="languages",
    ),
)

PARTNER = (
    Question(
        key="matters_most",
        page=Page.PARTNER,
        wording=N_("Which one matters most to you in a mentor?"),
        hint=N_("It counts twice for you."),
        kind=QuestionKind.SINGLE,
        options=CRITERIA,
        asked_of=MENTEES,
        seen_by=STAFF_SEE,
        comparer=Comparer.TOP_CRITERION,
    ),
    Question(
        key="note_to_partner",
        page=Page.PARTNER,
        wording=N_("Is there anything your partner should know?"),
        hint=N_(
            "For example how to say your name, what makes meeting easier for you, or whether you like your camera on."
        ),
        kind=QuestionKind.TEXT,
        asked_of=EVERYBODY,
        maximum=_NOTE_LENGTH,
        seen_by=PARTNER_SEES,
    ),
    Question(
        key="wish_together",
        page=Page.PARTNER,
        wording=N_("Whom would you like to work with?"),
        hint=N_("Up to three. Where it fits for everybody, the matching follows it."),
        kind=QuestionKind.PEOPLE,
        asked_of=EVERYBODY,
        maximum=3,
        seen_by=seen_by(Written.WISHES),
    ),
    Question(
        key="wish_apart",
        page=Page.PARTNER,
        wording=N_("Whom would you rather not work with?"),
        hint=N_("Up to three. You need not say why. The matching always obeys it."),
        kind=QuestionKind.PEOPLE,
        asked_of=EVERYBODY,
        maximum=3,
        seen_by=seen_by(Written.WISHES),
    ),
)
