"""Meetings and attempts at contact as values, for tests: what the store hands to the ledger looks like them."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting that somebody reported."""

    meeting_id: int
    pair_id: int
    held_on: date
    minutes: int
    present: frozenset[int]
    confirmed_by: frozenset[int]
    confirmed_at: datetime
    state: str = "held"
    ruling: str | None = None
    ruled_by: int | None = None
    ruled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An attempt to reach a partner."""

    pair_id: int
    enrolment_id: int
    at: datetime
