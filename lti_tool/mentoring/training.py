"""Training: what mentors and mentees read and try before they start, as values, and how far somebody has come.

The values a page is built from; `contents` makes them from files, `quiz` draws and grades the quiz.

    Training   key ("mentor", "mentee"), title, summary, modules, quiz (None: there is none), application (the scenarios
               that a mentor's application asks), version
    Module     key ("tr1"), title, summary, steps in order, language; .minutes to tell people beforehand
    Step       a Page or a Scenario; both have key, title, language and version, and a place: "tr1/who-you-are"
    Page       body, in Markdown without the title
    Scenario   situation, three replies, wording (a good answer to borrow), what_if and what_then, see (a place)
    Reply      key ("a", "b", "c", as a form sends it), kind (never shown before the choice), text, consequence
    Quiz       see `quiz`

`language` is that of the file a text came from, which is English where a translation lacks the file: mark the text
with it where it is not the page's. `version` is short, the same in every language, and changes with the English text;
keep it beside what somebody has done. Situations, replies, consequences, wordings, what_if and what_then are plain
text; only a body is Markdown.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NewType

from lti_tool.mentoring.quiz import Quiz

Place = NewType("Place", str)

WORDS_A_MINUTE = 200
QUIZ = Place("quiz")  # the next place of somebody who has read everything

_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_TARGET = re.compile(r"\]\([^)]*\)")


class ReplyKind(StrEnum):
    """What a reply in a scenario is worth."""

    GOOD = "good"
    WELL_MEANT = "well_meant"
    POOR = "poor"

    @property
    def points(self) -> int:
        """What an application's reviewer sees beside the choice, 0 to 2."""
        return {"good": 2, "well_meant": 1, "poor": 0}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page to read."""

    key: str
    title: str
    body: str
    language: str
    version: str

    @property
    def minutes(self) -> float:
        """Reading, and a minute for each exercise; an exercise is a block quote that begins in bold."""
        return word_count(self.body) / WORDS_A_MINUTE + exercise_count(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One thing a mentor could say or do, and what comes of it."""

    key: str
    kind: ReplyKind
    text: str
    consequence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A situation to think through: choose a reply, see what comes of it, compare."""

    key: str
    title: str
    situation: str
    replies: tuple[Reply, ...]
    wording: str
    what_if: str
    what_then: str
    see: Place
    language: str
    version: str

    @property
    def minutes(self) -> float:
        """Reading all of it, and a minute to decide."""
        replies = " ".join(f"{one.text} {one.consequence}" for one in self.replies)
        words = word_count(" ".join((self.situation, replies, self.wording, self.what_if, self.what_then)))
        return words / WORDS_A_MINUTE + 1

    def reply(self, key: str) -> Reply | None:
        """The reply that a form names; None where there is no such reply."""
        return next((one for one in self.replies if one.key == key), None)


Step = Page | Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A part of a training: pages and scenarios in the order in which they are read."""

    key: str
    title: str
    summary: str
    steps: tuple[Step, ...]
    language: str

    @property
    def minutes(self) -> int:
        """About how long it takes, rounded up."""
        return math.ceil(sum(step.minutes for step in self.steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """All that one side of a pair reads before it starts."""

    key: str
    title: str
    summary: str
    modules: tuple[Module, ...]
    quiz: Quiz | None
    application: tuple[Scenario, ...]
    language: str
    version: str

    @property
    def minutes(self) -> int:
        """About how long all of it takes, the quiz once."""
        quiz = self.quiz.minutes(WORDS_A_MINUTE, word_count) if self.quiz else 0
        return math.ceil(sum(step.minutes for _place, step in self.steps()) + quiz)

    def steps(self) -> Iterator[tuple[Place, Step]]:
        """Every step with its place, in reading order."""
        for module in self.modules:
            for step in module.steps:
                yield place_of(module, step), step

    def step(self, place: str) -> Step | None:
        """The step at a place; None where there is none."""
        return next((step for here, step in self.steps() if here == place), None)

    def module(self, key: str) -> Module | None:
        """The module of that key; None where there is none."""
        return next((one for one in self.modules if one.key == key), None)

    def neighbours(self, place: str) -> tuple[Place | None, Place | None]:
        """The places before and after one, for "back" and "on"; after the last step comes the quiz, if there is one."""
        places = [here for here, _step in self.steps()]
        if place not in places:
            return None, None
        at = places.index(Place(place))
        after = places[at + 1] if at + 1 < len(places) else QUIZ if self.quiz else None
        return places[at - 1] if at else None, after


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleProgress:
    """How far somebody is in one module."""

    module: Module
    done_count: int

    @property
    def is_done(self) -> bool:
        """Whether every step of it is done."""
        return self.done_count == len(self.module.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far somebody is in a training."""

    done_count: int  # steps that still exist; a passed quiz is one more
    total: int
    next_place: Place | None  # None: nothing is left
    changed: tuple[Place, ...]  # done, but with a text that has been changed since
    modules: tuple[ModuleProgress, ...]

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 means complete."""
        return 100 * self.done_count // self.total if self.total else 100

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left, the quiz included."""
        return self.done_count == self.total


def progress(training: Training, done: Mapping[str, str], *, is_quiz_passed: bool = False) -> Progress:
    """Say how far somebody is, and where they go on.

    Shape: `done` holds the version of each step somebody has done, by place; places that no longer exist count for
        nothing, and a changed text stays done.
    """
    steps = tuple(training.steps())
    left = [place for place, _step in steps if place not in done]
    quiz = int(training.quiz is not None)
    passed = int(bool(quiz) and is_quiz_passed)
    return Progress(
        done_count=len(steps) - len(left) + passed,
        total=len(steps) + quiz,
        next_place=left[0] if left else QUIZ if quiz > passed else None,
        changed=tuple(place for place, step in steps if done.get(place, step.version) != step.version),
        modules=tuple(
            ModuleProgress(module=one, done_count=sum(place_of(one, step) in done for step in one.steps))
            for one in training.modules
        ),
    )


def place_of(module: Module, step: Step) -> Place:
    """The place of a module's step."""
    return Place(f"{module.key}/{step.key}")


@lru_cache(maxsize=4096)  # every page that says how long something takes counts the same texts
def word_count(text: str) -> int:
    """The words of a text as a reader counts them: marks and addresses of links are none."""
    return len(_WORD.findall(_TARGET.sub("]", text)))


def exercise_count(body: str) -> int:
    """The exercises of a page: its block quotes that begin in bold."""
    return len(re.findall(r"(?:\A|\n\n)> \*\*", body.strip()))
