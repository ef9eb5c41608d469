"""What a changed scheme does to everybody's points, before it is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from lti_tool.mentoring.evidence import Evidence
from lti_tool.mentoring.participation import outcome
from lti_tool.mentoring.schemes import Scheme

BUCKETS = 10


class Pointed(Protocol):
    """What a ledger comes to, with or without its entries."""

    @property
    def points(self) -> Decimal | None: ...
    @property
    def maximum(self) -> Decimal: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One person whose points differ; None is no points at all."""

    person: int
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal:
        """How many points more, or with a minus less, no points counting as 0."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How many people are between two shares of the maximum, in hundredths; the last one has the maximum in it."""

    from_percent: int
    to_percent: int
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Who changes, whoever loses most first, and how points are spread before and after."""

    changes: tuple[Change, ...]
    unchanged: int
    buckets: tuple[Bucket, ...]
    without_points: tuple[int, int]  # before, after

    @property
    def losing(self) -> int:
        """How many people would have fewer points."""
        return sum(one.difference < 0 for one in self.changes)


def effect(before: Mapping[int, Pointed], after: Mapping[int, Pointed]) -> Effect:
    """Return what differs between two ledgers of everybody.

    Raises: ValueError when they are not of the same people.
    """
    if before.keys() != after.keys():
        raise ValueError("the ledgers are not of the same people")
    changes = [
        Change(person=person, before=one.points, after=after[person].points)
        for person, one in before.items()
        if (one.points, one.maximum) != (after[person].points, after[person].maximum)
    ]
    was, becomes = _spread(list(before.values())), _spread(list(after.values()))
    each = 100 // BUCKETS
    return Effect(
        changes=tuple(sorted(changes, key=lambda one: (one.difference, one.person))),
        unchanged=len(before) - len(changes),
        buckets=tuple(
            Bucket(from_percent=n * each, to_percent=(n + 1) * each, before=was[n], after=becomes[n])
            for n in range(BUCKETS)
        ),
        without_points=(was[BUCKETS], becomes[BUCKETS]),
    )


def effect_of(people: Mapping[int, Evidence], before: Scheme, after: Scheme, now: datetime) -> Effect:
    """Return what changing the scheme would do to these people now."""
    was = {person: outcome(one, before, now) for person, one in people.items()}
    becomes = {person: outcome(one, after, now) for person, one in people.items()}
    return effect(was, becomes)


def _spread(ledgers: Sequence[Pointed]) -> list[int]:
    """Count the people in each bucket, and in one more those without points."""
    counts = [0] * (BUCKETS + 1)
    for one in ledgers:
        counts[_bucket(one)] += 1
    return counts


def _bucket(one: Pointed) -> int:
    if one.points is None:
        return BUCKETS
    return min(int(one.points * BUCKETS / one.maximum), BUCKETS - 1) if one.maximum else 0
