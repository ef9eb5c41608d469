"""One change to a scenario by hand as a value: what it is, what it would mean, and why it cannot be."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.scenarios import Fit, Link, Move
from lti_tool.mentoring.words import N_, Sentence

BY_HAND = Sentence(N_("Staff changed the pairs by hand."))
NO_SUCH_PAIR = N_("These two are no pair in this scenario any more.")
NOT_HERE = N_("One of the two is not among the people of this scenario any more.")
SAME_MENTOR = N_("These two have the same mentor already.")
ENOUGH_PEOPLE = N_("Four people are enough for one group.")
HAS_SOMEBODY = N_("This person has somebody in this scenario already.")
IN_A_GROUP = N_("This person is in a group of three or four. Take them out of it first.")
NOT_IN_IT = N_("This person is not a third in this pair any more.")
AMONG_EQUALS = N_("Pairs among equals are found as a whole, so they are not changed one by one.")
PEOPLE_AT_MOST = 4
OVER_CAPACITY = "over_capacity"
WAS_LOCKED = "was_locked"


class EditKind(StrEnum):
    """What can be done by hand."""

    LOCK = "lock"
    UNLOCK = "unlock"
    FORBID = "forbid"
    ALLOW = "allow"
    PART = "part"
    ASSIGN = "assign"
    SWAP = "swap"
    JOIN = "join"
    LEAVE = "leave"
    WAIT = "wait"
    STOP_WAITING = "stop_waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change: of a mentee and a mentor, by enrolment; `other` is who is swapped with, joins or leaves."""

    kind: EditKind
    mentee: int
    mentor: int = 0
    other: int = 0

    @property
    def link(self) -> Link:
        """The pair it is about."""
        return self.mentee, self.mentor


class EditRefused(Exception):
    """It cannot be done; the sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ChangedMeanwhile(Exception):
    """Somebody else changed the scenario after this page was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """A rule that a change sets aside, for which pair."""

    rule: str
    mentee: int
    mentor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A pair that a change makes."""

    link: Link
    fit: Fit
    reasons: list[Any]
    broken: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change would mean."""

    moves: list[Move]
    made: list[Made]
    removed: frozenset[Link]
    warnings: list[Objection]
    alone: list[int]  # mentors who would be left without anybody
    total_ppm: int  # how much the sum of the scores changes
