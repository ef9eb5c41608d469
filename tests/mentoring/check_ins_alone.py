"""Points for check-ins alone, counted in another way: what the scheme of check-ins has to come to.

Each check-in a person sends is worth the same share of the points. Only one's own actions count: a partner's silence
takes nothing away (product section 6.2), and what a pair ended too early for is shared by the rest. Amounts are
decimals with two places.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from lti_tool.mentoring.checkins import CheckInSlot, is_open
from lti_tool.mentoring.successive import Remark
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
    is_sent: bool = False
    is_excused: bool = False  # worth nothing: the others share its points


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A person's points, entry by entry; `earned` is the sum of the entries and never more than `maximum`."""

    entries: tuple[LedgerEntry, ...]
    earned: Decimal
    maximum: Decimal

    @property
    def counts(self) -> bool:
        """Whether anything counts at all; where everything is excused there is nothing to send to a gradebook."""
        return any(not entry.is_excused for entry in self.entries)


def ledger(
    slots: Sequence[CheckInSlot],
    done: Iterable[CheckInDone],
    scheme: Scheme,
    now: datetime,
    remarks: Mapping[int, Remark] | None = None,
) -> Ledger:
    """Return the points of one person in one pair, or in pairs that follow each other; sending all check-ins that count
    gives exactly the maximum.

    Shape: one entry per slot, in the order of the slots; a check-in sent twice counts once, at its first time. A remark
        on a check-in that was sent says nothing.
    Raises: ValueError when the slots are not the scheme's.
    """
    if sorted(slot.number for slot in slots) != list(range(1, scheme.check_in_count + 1)):
        raise ValueError("the slots are not those of the scheme")
    first_sent: dict[int, datetime] = {}
    for check_in in sorted(done, key=lambda check_in: check_in.submitted_at, reverse=True):
        first_sent[check_in.number] = check_in.submitted_at
    said = {number: remark for number, remark in (remarks or {}).items() if number not in first_sent}
    worth = _worths(slots, {number for number, remark in said.items() if remark.is_excused}, Decimal(scheme.points))
    entries = tuple(
        _entry(slot, first_sent.get(slot.number), worth[slot.number], said.get(slot.number), now) for slot in slots
    )
    return _summed(entries, Decimal(scheme.points))


def combined(ledgers: Sequence[Ledger]) -> Ledger:
    """Return the points of somebody with several partners: the average over the pairs, never their sum.

    Raises: ValueError without a ledger, or when the ledgers do not belong to one scheme.
    Source: product section 6.5, case 11.
    """
    if not ledgers:
        raise ValueError("nothing to combine")
    if len({(one.maximum, tuple(entry.number for entry in one.entries)) for one in ledgers}) > 1:
        raise ValueError("the ledgers belong to different schemes")
    if len(ledgers) == 1:
        return ledgers[0]
    rows = list(zip(*(one.entries for one in ledgers), strict=True))
    excused = {row[0].number for row in rows if all(entry.is_excused for entry in row)}
    worth = _worths([row[0] for row in rows], excused, ledgers[0].maximum)
    exact = [_average(row, worth[row[0].number]) for row in rows]
    entries = tuple(
        _averaged(row, worth[row[0].number], earned) for row, earned in zip(rows, _rounded(exact), strict=True)
    )
    return _summed(entries, ledgers[0].maximum)


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...


def _worths(items: Sequence[_Numbered], excused: Collection[int], points: Decimal) -> dict[int, Decimal]:
    """Return what each check-in is worth: equal shares in cents for those that count, in sum exactly all points."""
    counted = sorted(item.number for item in items if item.number not in excused)
    worth = {item.number: Decimal("0.00") for item in items}
    for place, number in enumerate(counted, 1):
        until, before = (_to_cents(points * n / len(counted)) for n in (place, place - 1))
        worth[number] = until - before
    return worth


def _entry(
    slot: CheckInSlot, sent_at: datetime | None, points: Decimal, remark: Remark | None, now: datetime
) -> LedgerEntry:
    if sent_at is not None:
        reason = Sentence(N_("You sent this check-in on %(sent_at)s."), {"sent_at": sent_at})
    elif remark is not None:
        reason = remark.reason
    elif is_open(slot, now):
        reason = Sentence(N_("This check-in is open. You have not sent it yet."))
    else:
        reason = Sentence(N_("This check-in opens on %(opens_at)s."), {"opens_at": slot.opens_at})
    return LedgerEntry(
        number=slot.number,
        opens_at=slot.opens_at,
        points=points,
        earned=points if sent_at is not None else Decimal("0.00"),
        reason=reason,
        is_sent=sent_at is not None,
        is_excused=sent_at is None and remark is not None and remark.is_excused,
    )


def _average(row: Sequence[LedgerEntry], points: Decimal) -> Decimal:
    """Return what the check-in earned: its part for each partner with whom it counts and was sent."""
    counted = [entry for entry in row if not entry.is_excused]
    return points * sum(entry.is_sent for entry in counted) / len(counted) if counted else Decimal(0)


def _averaged(row: Sequence[LedgerEntry], points: Decimal, earned: Decimal) -> LedgerEntry:
    counted = [entry for entry in row if not entry.is_excused]
    sent = sum(entry.is_sent for entry in counted)
    reason = (counted or row)[0].reason
    if len(counted) > 1:
        reason = Sentence(
            N_("Sent for %(sent)s of your %(partners)s partners; the average counts."),
            {"sent": sent, "partners": len(counted)},
        )
    return LedgerEntry(
        number=row[0].number,
        opens_at=min(entry.opens_at for entry in counted or row),
        points=points,
        earned=earned,
        reason=reason,
        is_sent=sent > 0,
        is_excused=not counted,
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
