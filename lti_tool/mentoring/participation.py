"""Points for taking part, and why: a person's ledger.

Each check-in a person sends is worth the same share of the points. Only one's own actions count: a partner's silence
takes nothing away (product section 6.2). Amounts are decimals with two places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from lti_tool.mentoring.checkins import CheckInSlot, is_open
from lti_tool.mentoring.words import N_, Sentence

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """What participation is worth: so many points, shared by so many check-ins."""

    points: int
    check_in_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInDone:
    """A check-in somebody sent."""

    number: int
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One check-in in a ledger: what it is worth, what it earned, and why."""

    number: int
    opens_at: datetime
    points: Decimal
    earned: Decimal
    reason: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A person's points, entry by entry; `earned` is the sum of the entries and never more than `maximum`."""

    entries: tuple[LedgerEntry, ...]
    earned: Decimal
    maximum: Decimal


def ledger(slots: Sequence[CheckInSlot], done: Iterable[CheckInDone], scheme: Scheme, now: datetime) -> Ledger:
    """Return the points of one person in one pair; all check-ins sent give exactly the maximum.

    Shape: one entry per slot, in the order of the slots; a check-in sent twice counts once, at its first time.
    Raises: ValueError when the slots are not the scheme's.
    """
    if sorted(slot.number for slot in slots) != list(range(1, scheme.check_in_count + 1)):
        raise ValueError("the slots are not those of the scheme")
    first_sent: dict[int, datetime] = {}
    for check_in in sorted(done, key=lambda check_in: check_in.submitted_at, reverse=True):
        first_sent[check_in.number] = check_in.submitted_at
    entries = tuple(_entry(slot, first_sent.get(slot.number), scheme, now) for slot in slots)
    return _summed(entries, Decimal(scheme.points))


def combined(ledgers: Sequence[Ledger]) -> Ledger:
    """Return the points of somebody with several partners: the average over the pairs, never their sum.

    Raises: ValueError without a ledger, or when the ledgers do not belong to one scheme.
    Source: product section 6.5, case 11.
    """
    if not ledgers:
        raise ValueError("nothing to combine")
    if len({tuple((entry.number, entry.points) for entry in one.entries) for one in ledgers}) > 1:
        raise ValueError("the ledgers belong to different schemes")
    if len(ledgers) == 1:
        return ledgers[0]
    rows = list(zip(*(one.entries for one in ledgers), strict=True))
    exact = [sum((entry.earned for entry in row), Decimal(0)) / len(ledgers) for row in rows]
    entries = tuple(_averaged(row, earned) for row, earned in zip(rows, _rounded(exact), strict=True))
    return _summed(entries, ledgers[0].maximum)


def _worth(number: int, scheme: Scheme) -> Decimal:
    """Return what a check-in is worth: equal shares in cents, whose sum is exactly all points."""
    points = Decimal(scheme.points)
    until, before = (_to_cents(points * n / scheme.check_in_count) for n in (number, number - 1))
    return until - before


def _entry(slot: CheckInSlot, sent_at: datetime | None, scheme: Scheme, now: datetime) -> LedgerEntry:
    points = _worth(slot.number, scheme)
    if sent_at is not None:
        reason = Sentence(N_("You sent this check-in on %(sent_at)s."), {"sent_at": sent_at})
    elif is_open(slot, now):
        reason = Sentence(N_("This check-in is open. You have not sent it yet."))
    else:
        reason = Sentence(N_("This check-in opens on %(opens_at)s."), {"opens_at": slot.opens_at})
    earned = points if sent_at is not None else Decimal("0.00")
    return LedgerEntry(number=slot.number, opens_at=slot.opens_at, points=points, earned=earned, reason=reason)


def _averaged(row: Sequence[LedgerEntry], earned: Decimal) -> LedgerEntry:
    sent = sum(entry.earned > 0 for entry in row)
    return LedgerEntry(
        number=row[0].number,
        opens_at=min(entry.opens_at for entry in row),
        points=row[0].points,
        earned=earned,
        reason=Sentence(
            N_("Sent for %(sent)s of your %(partners)s partners; the average counts."),
            {"sent": sent, "partners": len(row)},
        ),
    )


def _rounded(amounts: Iterable[Decimal]) -> list[Decimal]:
    """Return the amounts in cents so that their sum is the rounded sum: what rounding takes here it gives there."""
    rounded: list[Decimal] = []
    exact_sum = cents_sum = Decimal(0)
    for amount in amounts:
        exact_sum += amount
        cents = _to_cents(exact_sum) - cents_sum
        rounded.append(cents)
        cents_sum += cents
    return rounded


def _summed(entries: tuple[LedgerEntry, ...], maximum: Decimal) -> Ledger:
    earned = sum((entry.earned for entry in entries), Decimal("0.00"))
    return Ledger(entries=entries, earned=min(earned, maximum), maximum=maximum)


def _to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)
