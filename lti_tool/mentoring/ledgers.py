"""A person's ledger, as values: what counted, what it earned, why, and who decided."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from lti_tool.mentoring.schemes import Kind
from lti_tool.mentoring.words import N_, Sentence

RULE: Literal["rule"] = "rule"


class Standing(StrEnum):
    """Whether an entry counts."""

    COUNTED = "counted"
    NOT_DUE = "not_due"
    EXCUSED = "excused"
    BEYOND = "beyond"  # more than the best that count
    UNREAD = "unread"  # handed in, and staff have not read it
    EXTRA = "extra"  # has to be done, and is worth no points


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a ledger.

    Shape: points are in those of the scheme. `offered` is what it is worth, `counted` what of that is in the
        denominator, `open` what can still be earned with it. `computed` is what the rule gives where a person decided
        something else. `decided_by` is the rule or somebody's id.
    """

    key: str
    kind: Kind
    number: int | None
    label: Sentence
    standing: Standing
    opens_at: datetime | None
    due_at: datetime | None
    offered: Decimal
    most: Decimal  # that staff may decide, also where only a part of it is asked
    counted: Decimal
    earned: Decimal
    open: Decimal
    reason: Sentence
    is_done: bool
    is_effort: bool = False
    computed: Decimal | None = None
    decided_by: Literal["rule"] | int = RULE
    decided_at: datetime | None = None
    excused: str | None = None  # why it need not be done, a `findings.Excused`
    fades_at: datetime | None = None  # when what is open of it becomes less, being late


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """That a person set the total, and why."""

    by: int
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A person's points.

    Shape: `points` is None while nothing counts; `computed` is what the rule gives, also where somebody decided
        otherwise. `reachable` is what the points come to if everything still open is done. `notes` are for the person
        and staff alike. `share` is what was earned and what counts, of which the rule makes the points; None where it
        does not divide them, as in a scheme of all or nothing.
    """

    entries: tuple[Entry, ...]
    points: Decimal | None
    computed: Decimal | None
    reachable: Decimal | None
    maximum: Decimal
    why_not_postable: Sentence | None = None
    decided: Decided | None = None
    notes: tuple[Sentence, ...] = ()
    share: tuple[Decimal, Decimal] | None = None
    must_offer_rematch: bool = False

    @property
    def is_postable(self) -> bool:
        """Whether a gradebook may be told these points at all."""
        return self.why_not_postable is None

    @property
    def has_begun(self) -> bool:
        """Whether anything of it was done, also what is not due yet."""
        return any(one.is_done or one.earned for one in self.entries)

    @property
    def is_by_staff(self) -> bool:
        """Whether staff decided that it comes to less than the rule gives."""
        return self.decided is not None or any(_is_less(one) for one in self.entries)

    @property
    def efforts(self) -> tuple[Entry, ...]:
        """What was earned by trying, for staff to see."""
        return tuple(one for one in self.entries if one.is_effort)

    @property
    def next(self) -> Entry | None:
        """What comes next: the open entry that is due first, or None when nothing more can be done."""
        return next(iter(self.still_open), None)

    @property
    def still_open(self) -> tuple[Entry, ...]:
        """What can still be done, the soonest due first; what has no date comes last."""
        found = [one for one in self.entries if one.open or (one.standing is Standing.EXTRA and not one.is_done)]
        return tuple(sorted(found, key=lambda one: (one.due_at is None, one.due_at.timestamp() if one.due_at else 0)))


def _is_less(entry: Entry) -> bool:
    return entry.computed is not None and entry.earned < entry.computed


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a ledger comes to, without its entries; of those: whether anything was done, and was made less by staff."""

    points: Decimal | None
    maximum: Decimal
    why_not_postable: Sentence | None = None
    has_begun: bool = False
    is_by_staff: bool = False


NOTHING_COUNTS = Sentence(N_("Nothing counts yet, so there are no points."))
NOT_COMPLETE = Sentence(N_("All of it gives all the points, and it is not complete yet."))
ALL_EXCUSED = Sentence(N_("Everything is excused, so there are no points. That is not the same as none earned."))
NOT_GRADED = Sentence(N_("This programme has no points in the gradebook."))
NOT_IN_COURSE = Sentence(N_("No longer in the course or the programme: the points are kept, and nothing is sent."))


@lru_cache(maxsize=4096)
def money(cents: int) -> Decimal:
    """Return an amount of points with two decimals."""
    return Decimal(cents).scaleb(-2)
