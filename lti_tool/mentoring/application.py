"""Applying to be a mentor: what is asked, which steps are allowed, and what staff may note beside it.

Who sees what stands in `visibility`. Nothing is ever decided by itself: points are shown to staff beside an
application, and that is all.
Source: product section 7.4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.questionnaire import Option, Question, QuestionKind
from lti_tool.mentoring.training import Scenario, word_count
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

FEWEST_WORDS, MOST_WORDS = 80, 150  # of the motivation
LONGEST_TEXT = 2000  # characters
LONGEST_REFERENCE = 300
HIGHEST_MARK = 3
TAKEN_OVER = ("help_offered", "availability", "mentee_limit")  # questions of the questionnaire that are not asked twice

MENTORING_ROLES = frozenset({"mentor", "either", "swap"})


class ApplicationState(StrEnum):
    """How far an application has come; only staff approve or decline."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


WAITING = frozenset({ApplicationState.SUBMITTED, ApplicationState.ASKED})  # for somebody to decide
DECIDED = frozenset({ApplicationState.APPROVED, ApplicationState.DECLINED})
SENT = WAITING | DECIDED


class Decision(StrEnum):
    """What staff may do with an application that was sent."""

    APPROVE = "approve"
    ASK = "ask"
    DECLINE = "decline"


class Criterion(StrEnum):
    """What staff look at, each marked from 0 to 3."""

    MOTIVATION = "motivation"
    REALISM = "realism"
    COMMUNICATION = "communication"
    AVAILABILITY = "availability"


class StepNotPossible(Exception):
    """This step is not possible for the application as it is now."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text)


class Step(StrEnum):
    """A page of the application."""

    ABOUT = "about"
    SITUATIONS = "situations"
    SEND = "send"


_MENTORS = frozenset({EnrolmentRole.MENTOR, EnrolmentRole.EITHER})


def _text(key: str, wording: str, hint: str, *, longest: int = LONGEST_TEXT, is_required: bool = True) -> Question:
    return Question(
        key=key,
        wording=wording,
        hint=hint,
        kind=QuestionKind.TEXT,
        asked_of=_MENTORS,
        seen_by=seen_by(Written.APPLICATION),
        is_required=is_required,
        maximum=longest,
    )


MOTIVATION = _text(
    "motivation",
    N_("Why would you like to be a mentor?"),
    N_("Between 80 and 150 words. What would you like to give, and what would you like to learn yourself?"),
)
STRUGGLE = _text(
    "struggle",
    N_("What did you struggle with in your studies, and what helped?"),
    N_("A few sentences. Mentors need to be one step ahead, not perfect."),
)
REFERENCE = _text(
    "reference",
    N_("Is there somebody who knows how you work with others, and whom staff may ask?"),
    N_("A name and how to reach them. Ask that person first."),
    longest=LONGEST_REFERENCE,
    is_required=False,
)
REPLY = _text("reply", N_("Your answer to the question of the staff"), N_("Only what they asked for."))
TRAINING = Question(
    key="training",
    wording=N_("I will go through the training for mentors before I am matched."),
    kind=QuestionKind.SINGLE,
    options=(Option(key="yes", label=N_("Yes")),),
    asked_of=_MENTORS,
    seen_by=seen_by(Written.APPLICATION),
    is_required=True,
)


def situation_question(scenario: Scenario) -> Question:
    """A situation of the training as a question: which of three replies comes nearest to one's own."""
    return Question(
        key=scenario.key,
        wording=scenario.title,
        hint=scenario.situation,
        kind=QuestionKind.SINGLE,
        options=tuple(Option(key=reply.key, label=reply.text) for reply in scenario.replies),
        asked_of=_MENTORS,
        seen_by=seen_by(Written.APPLICATION),
        is_required=True,
    )


def pages(scenarios: Sequence[Scenario], *, is_asked: bool) -> dict[Step, tuple[Question, ...]]:
    """Return the questions of each page; the staff's own question comes first, where they asked one."""
    about = (*((REPLY,) if is_asked else ()), MOTIVATION, STRUGGLE, REFERENCE)
    return {
        Step.ABOUT: about,
        Step.SITUATIONS: tuple(situation_question(one) for one in scenarios),
        Step.SEND: (TRAINING,),
    }


def problem_with(question: Question, answer: Any) -> Sentence | None:
    """Return what keeps this answer from being sent, or None; a draft may hold anything that can be stored."""
    if answer is None:
        return _MISSING[question.kind] if question.is_required else None
    if question.key == TRAINING.key and answer != "yes":
        return _MISSING[question.kind]
    if question.options and answer not in {option.key for option in question.options}:
        return Sentence(N_("This choice is not on offer any more. Please choose again."))
    if question.key == MOTIVATION.key and not FEWEST_WORDS <= (words := word_count(str(answer))) <= MOST_WORDS:
        return Sentence(
            N_("This has %(words)s words. Please write between %(fewest)s and %(most)s."),
            {"words": words, "fewest": FEWEST_WORDS, "most": MOST_WORDS},
        )
    return None


def problems_with(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Sentence]:
    """Return everything that keeps these answers from being sent, by question key."""
    found = ((question.key, problem_with(question, answers.get(question.key))) for question in questions)
    return {key: problem for key, problem in found if problem}


_MISSING: Mapping[QuestionKind, Sentence] = {
    QuestionKind.TEXT: Sentence(N_("Please write something here.")),
    QuestionKind.SINGLE: Sentence(N_("Please choose the reply that comes nearest to yours.")),
}


def may_edit(state: ApplicationState) -> bool:
    """An application may be changed until it is decided."""
    return state not in DECIDED


def may_withdraw(state: ApplicationState) -> bool:
    """What was sent and is not decided may be taken back; it becomes a draft again."""
    return state in WAITING


def edited(state: ApplicationState) -> None:
    """Make sure that the writer may still change the application.

    Raises: StepNotPossible
    """
    if not may_edit(state):
        raise StepNotPossible(Sentence(N_("The staff have decided already, so this can no longer be changed.")))


def decided(state: ApplicationState, decision: Decision) -> ApplicationState:
    """Return the state after a decision; staff may also change their minds.

    Raises: StepNotPossible
    """
    if state is ApplicationState.DRAFT:
        raise StepNotPossible(
            Sentence(N_("This application was not sent, or was taken back, so there is nothing to decide."))
        )
    return _AFTER[decision]


_AFTER: Mapping[Decision, ApplicationState] = {
    Decision.APPROVE: ApplicationState.APPROVED,
    Decision.ASK: ApplicationState.ASKED,
    Decision.DECLINE: ApplicationState.DECLINED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What somebody chose in one situation, and what staff see beside it."""

    scenario: Scenario
    chosen: str  # the reply's text; empty where nothing was chosen, or the text has changed since
    points: int | None  # 0 to 2


def situations(scenarios: Sequence[Scenario], answers: Mapping[str, Any]) -> tuple[Situation, ...]:
    """Return what was chosen in each situation, with its points."""
    replies = ((one, one.reply(str(answers.get(one.key, "")))) for one in scenarios)
    return tuple(
        Situation(scenario=one, chosen=reply.text if reply else "", points=reply.kind.points if reply else None)
        for one, reply in replies
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What staff note and decide; `decision` None keeps the application where it is."""

    decision: Decision | None
    marks: Mapping[str, int]  # by criterion; a criterion without one is left out
    note: str
    words: str  # to the person


def parse_review(form: Mapping[str, str]) -> tuple[Review | None, dict[str, Sentence]]:
    """Return the review a form holds, or None and what is wrong, by field name.

    Shape: the fields are `decision` (empty: none yet), `mark-CRITERION`, `note`, and `ask` or `decline` with the words
        that go with that decision.
    """
    problems: dict[str, Sentence] = {}
    named = form.get("decision", "")
    decision = Decision(named) if named in set(Decision) else None
    if named and decision is None:
        problems["decision"] = Sentence(N_("Please choose what should happen with this application."))
    marks = {one.value: form.get(f"mark-{one}", "") for one in Criterion}
    for name, mark in marks.items():
        if mark and mark not in {str(number) for number in range(HIGHEST_MARK + 1)}:
            problems[f"mark-{name}"] = Sentence(N_("Please choose a mark from the list."))
    words = form.get(decision, "").strip() if decision in {Decision.ASK, Decision.DECLINE} else ""
    for name, text in {"note": form.get("note", ""), **({str(decision): words} if words else {})}.items():
        if wrong := _wrong_text(text):
            problems[name] = wrong
    if decision in {Decision.ASK, Decision.DECLINE} and not words:
        problems[str(decision)] = Sentence(N_("Please write what the person will read."))
    if problems:
        return None, problems
    given = {name: int(mark) for name, mark in marks.items() if mark}
    return Review(decision=decision, marks=given, note=form.get("note", "").strip(), words=words), {}


def _wrong_text(text: str) -> Sentence | None:
    if len(text) > LONGEST_TEXT:
        return Sentence(N_("Please shorten this to %(maximum)s characters."), {"maximum": LONGEST_TEXT})
    return wrong_with_text(text)
