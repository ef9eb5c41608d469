"""What participation is worth: a scheme, as data.

A scheme lists items; an item has a rule, what it is worth on each side of a pair, how many of it are offered, how many
of those count, and what being late costs. Points are relative: what somebody gets is their share of what counts, times
the scheme's maximum, which is the same on every side.
Source: product sections 6.2 to 6.4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from lti_tool.mentoring.words import N_

NOTHING = Decimal(0)


class Side(StrEnum):
    """What somebody is in a programme; a reserve is a mentor who has not been matched."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    BOTH = "both"
    RESERVE = "reserve"


class Kind(StrEnum):
    """What an item asks for."""

    JOIN = "join"
    TRAINING = "training"
    AGREEMENT = "agreement"
    MEETING = "meeting"
    CHECK_IN = "check_in"
    REFLECTION_START = "reflection_start"
    REFLECTION_MIDDLE = "reflection_middle"
    REFLECTION_END = "reflection_end"
    SURVEY = "survey"
    HOURS = "hours"
    PEER_CASE = "peer_case"


class Rule(StrEnum):
    """How an item is earned."""

    COMPLETION = "completion"  # done or not
    PARTNER = "partner"  # done together, or tried hard enough alone; never late
    RUBRIC = "rubric"  # as staff's marks say, 0 to 4
    AMOUNT = "amount"  # as much as there is of it, up to a target


RULES: Mapping[Kind, Rule] = {
    Kind.JOIN: Rule.COMPLETION,
    Kind.TRAINING: Rule.COMPLETION,
    Kind.AGREEMENT: Rule.PARTNER,
    Kind.MEETING: Rule.PARTNER,
    Kind.CHECK_IN: Rule.COMPLETION,
    Kind.REFLECTION_START: Rule.RUBRIC,
    Kind.REFLECTION_MIDDLE: Rule.RUBRIC,
    Kind.REFLECTION_END: Rule.RUBRIC,
    Kind.SURVEY: Rule.COMPLETION,
    Kind.HOURS: Rule.AMOUNT,
    Kind.PEER_CASE: Rule.COMPLETION,
}
REFLECTIONS = frozenset({Kind.REFLECTION_START, Kind.REFLECTION_MIDDLE, Kind.REFLECTION_END})
WITH_PARTNER = frozenset({Kind.AGREEMENT, Kind.MEETING, Kind.CHECK_IN})  # there is one of it for every partner
REPEATED = frozenset({Kind.MEETING, Kind.CHECK_IN})  # several of it are offered
LATE_POSSIBLE = frozenset(kind for kind, rule in RULES.items() if rule in {Rule.COMPLETION, Rule.RUBRIC})
LABELS: Mapping[Kind, str] = {
    Kind.JOIN: N_("Joining: questions and code of conduct"),
    Kind.TRAINING: N_("Training passed"),
    Kind.AGREEMENT: N_("Agreement signed and a goal set"),
    Kind.MEETING: N_("Meeting"),
    Kind.CHECK_IN: N_("Check-in"),
    Kind.REFLECTION_START: N_("Reflection at the start"),
    Kind.REFLECTION_MIDDLE: N_("Reflection half-way"),
    Kind.REFLECTION_END: N_("Reflection at the end"),
    Kind.SURVEY: N_("Closing survey sent"),
    Kind.HOURS: N_("Hours worked"),
    Kind.PEER_CASE: N_("Peer case"),
}


class Basis(StrEnum):
    """From when an item counts."""

    DUE = "due"  # once it is due: points say how it went so far
    START = "start"  # from the start: points grow from nothing


class SchemePreset(StrEnum):
    """A scheme to begin with."""

    DEFAULT = "default"
    LIGHT = "light"
    PRACTICUM = "practicum"
    UNGRADED = "ungraded"
    CHECK_INS = "check_ins"


class Release(StrEnum):
    """When points are given free for the gradebook."""

    BY_HAND = "by_hand"  # staff do it, after mid-term and at the end
    AFTER_DUE = "after_due"  # by itself, some days after each due date
    AT_ONCE = "at_once"  # with everything that is earned


RELEASE_DAYS = 3  # after a due date


class Columns(StrEnum):
    """How many columns the gradebook has for it."""

    ONE = "one"
    THREE = "three"


RELEASE_WORDS: Mapping[str, str] = {
    Release.BY_HAND: N_("When staff release them, such as after half the term and at the end"),
    Release.AFTER_DUE: N_("By themselves, three days after each due date"),
    Release.AT_ONCE: N_("At once, with everything that is earned"),
}
COLUMN_WORDS: Mapping[str, str] = {
    Columns.ONE: N_("One column for everything"),
    Columns.THREE: N_("Three columns: onboarding, participation and reflection"),
}


RELEASE_HINTS: Mapping[str, str] = {
    Release.BY_HAND: N_(
        "Nothing reaches the gradebook before that. A page shows beforehand whose points would change, and from what "
        "to what."
    ),
    Release.AFTER_DUE: N_("The days between are for excuses and corrections. You can release by hand as well."),
    Release.AT_ONCE: N_("People see every step in the gradebook, and may count points instead of learning."),
}
COLUMN_HINTS: Mapping[str, str] = {
    Columns.ONE: N_("The simplest for students: one number."),
    Columns.THREE: N_(
        "A column that is there already stays as it is, with what it has, and nothing more is sent to it: hide it or "
        "delete it in the LMS, or its points count twice."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """What being late costs, in hundredths of an item: so much for every day begun, and never below the floor.

    Shape: the days of grace are given once for each kind of item, to the one that gains most by them.
    """

    grace_days: int = 2
    percent_a_day: int = 20
    floor_percent: int = 50

    @property
    def grace(self) -> timedelta:
        """The days of grace."""
        return timedelta(days=self.grace_days)


USUAL_LATENESS = Lateness()
JOIN_LATENESS = Lateness(grace_days=0, percent_a_day=20, floor_percent=80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a scheme.

    Shape: `mentor`, `mentee` and `reserve` are points for all that count of it together; 0 means that the side has no
        such item. Without `best_of` all of it count. Without `late` nothing is ever late. `shares_rest` says that what
        is excused leaves its points to the rest of the item. `due_on` replaces the calendar's day.
    """

    kind: Kind
    mentor: Decimal = NOTHING
    mentee: Decimal = NOTHING
    reserve: Decimal = NOTHING
    label: str = ""  # own words instead of the usual ones
    count: int = 1
    best_of: int | None = None
    late: Lateness | None = None
    due_on: date | None = None
    target_minutes: int = 0
    shares_rest: bool = False

    @property
    def rule(self) -> Rule:
        """How it is earned."""
        return RULES[self.kind]

    @property
    def counting(self) -> int:
        """How many of those offered count at most."""
        return self.count if self.best_of is None else min(self.best_of, self.count)

    def worth(self, side: Side) -> Decimal:
        """Return the points for somebody on that side; who is both gets what mentees get."""
        if side is Side.MENTOR:
            return self.mentor
        return self.reserve if side is Side.RESERVE else self.mentee


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """All that participation is worth.

    Shape: `complete_from` makes it all or nothing: so many hundredths of everything, also of what is not due yet, give
        the maximum, less gives 0 once nothing more can come. A meeting has to last `least_minutes`.
    """

    preset: SchemePreset
    items: tuple[Item, ...]
    maximum: int = 100
    basis: Basis = Basis.DUE
    is_graded: bool = True
    least_minutes: int = 15
    complete_from: int | None = None

    @property
    def counts_from_start(self) -> bool:
        """Whether what is not due yet counts already."""
        return self.basis is Basis.START or self.complete_from is not None
