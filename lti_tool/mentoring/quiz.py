"""The quiz that ends a training: which questions somebody gets, and whether the answers are enough.

    Quiz           topics, questions (more than are asked), pass_percent, language, version
    Topic          key, title, drawn (how many questions of it are asked), must_be_all_right, see (where to read again)
    QuizQuestion   key, topic (its key), wording, options, right (the key of the right option), see, language
    QuizOption     key ("a" ...), text, explanation (why it is right or wrong)
    DrawnQuiz      questions in the order in which they are asked, each with its options in the order shown; version
    QuizResult     answers (each with question, chosen option or None, is_right), is_passed, reasons as sentences

`draw_quiz(quiz, seed)` gives the same questions for the same seed, in every process and version of Python: store the
seed and the version with an attempt, and draw again to show or grade it. Where the version is no longer `quiz.version`,
the questions may have changed: draw with a new seed.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from lti_tool.mentoring.words import N_, Sentence

DECIDING_MINUTES = 0.25  # a question, beside reading it


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a part of the quiz is about."""

    key: str
    title: str
    drawn: int
    must_be_all_right: bool
    see: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizOption:
    """One answer to choose from, and why it is right or wrong."""

    key: str
    text: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizQuestion:
    """A question with exactly one right answer."""

    key: str
    topic: str
    wording: str
    options: tuple[QuizOption, ...]
    right: str
    see: str
    language: str

    def option(self, key: str | None) -> QuizOption | None:
        """The option of that key; None where there is none."""
        return next((one for one in self.options if one.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """All questions of a training, and how many of them somebody gets."""

    topics: tuple[Topic, ...]
    questions: tuple[QuizQuestion, ...]
    pass_percent: int
    language: str
    version: str

    @property
    def drawn_count(self) -> int:
        """How many questions somebody gets."""
        return sum(topic.drawn for topic in self.topics)

    def minutes(self, words_a_minute: int, count: Callable[[str], int]) -> float:
        """About how long one try takes, from the mean of all questions, with the explanations of two answers each."""
        words = 0.0
        for one in self.questions:
            explained = sum(count(option.explanation) for option in one.options) / len(one.options)
            words += count(" ".join((one.wording, *(option.text for option in one.options)))) + 2 * explained
        return self.drawn_count * (words / len(self.questions) / words_a_minute + DECIDING_MINUTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnQuiz:
    """The questions of one try."""

    questions: tuple[QuizQuestion, ...]
    topics: tuple[Topic, ...]
    pass_percent: int
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedAnswer:
    """One question of a try, and what was answered."""

    question: QuizQuestion
    chosen: QuizOption | None  # None: left out
    is_right: bool

    @property
    def right_option(self) -> QuizOption:
        """The answer that would have been right."""
        return next(one for one in self.question.options if one.key == self.question.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizResult:
    """What came of one try."""

    answers: tuple[GradedAnswer, ...]
    right_count: int
    needed_count: int
    is_passed: bool
    reasons: tuple[Sentence, ...]  # why it is passed, or everything that is missing
    read_again: tuple[Topic, ...]  # topics with a wrong answer


def draw_quiz(quiz: Quiz, seed: str) -> DrawnQuiz:
    """Draw one try's questions, as many of each topic as the quiz says, in mixed order."""
    drawn: list[QuizQuestion] = []
    for topic in quiz.topics:
        of_topic = (one for one in quiz.questions if one.topic == topic.key)
        drawn += sorted(of_topic, key=lambda one: _mixed(seed, one.key))[: topic.drawn]
    drawn.sort(key=lambda one: _mixed(f"{seed} order", one.key))
    return DrawnQuiz(
        questions=tuple(replace(one, options=_mixed_options(one, seed)) for one in drawn),
        topics=quiz.topics,
        pass_percent=quiz.pass_percent,
        version=quiz.version,
    )


def grade(drawn: DrawnQuiz, answers: Mapping[str, str]) -> QuizResult:
    """Grade one try; what is left out, or names no option, is wrong.

    Shape: `answers` holds the key of the chosen option by the question's key.
    """
    graded = tuple(_graded(one, answers.get(one.key)) for one in drawn.questions)
    right = sum(one.is_right for one in graded)
    needed = -(-drawn.pass_percent * len(graded) // 100)
    wrong = {one.question.topic for one in graded if not one.is_right}
    missing = tuple(_what_is_missing(drawn, right=right, needed=needed, wrong=wrong))
    enough = Sentence(N_("%(right)s of %(asked)s answers are right."), {"right": right, "asked": len(graded)})
    return QuizResult(
        answers=graded,
        right_count=right,
        needed_count=needed,
        is_passed=not missing,
        reasons=missing or (enough,),
        read_again=tuple(topic for topic in drawn.topics if topic.key in wrong),
    )


def _graded(question: QuizQuestion, answer: str | None) -> GradedAnswer:
    chosen = question.option(answer)
    return GradedAnswer(question=question, chosen=chosen, is_right=chosen is not None and chosen.key == question.right)


def _what_is_missing(drawn: DrawnQuiz, *, right: int, needed: int, wrong: set[str]) -> list[Sentence]:
    missing = []
    if right < needed:
        values = {"right": right, "asked": len(drawn.questions), "needed": needed}
        missing.append(Sentence(N_("%(right)s of %(asked)s answers are right; %(needed)s are needed to pass."), values))
    missing += [
        Sentence(N_("Every question about this must be right: %(topic)s."), {"topic": topic.title})
        for topic in drawn.topics
        if topic.must_be_all_right and topic.key in wrong
    ]
    return missing


def _mixed_options(question: QuizQuestion, seed: str) -> tuple[QuizOption, ...]:
    return tuple(sorted(question.options, key=lambda one: _mixed(f"{seed} {question.key}", one.key)))


def _mixed(seed: str, key: str) -> bytes:
    """What things are sorted by to mix them: looks like chance, and is the same everywhere."""
    return hashlib.sha256(f"{seed}\n{key}".encode()).digest()
