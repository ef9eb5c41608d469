"""One person's check-ins, spread over the pairs they are in one after the other.

A person has one schedule per seat: somebody with one partner has one, a mentor of two has two, whose average counts.
When a pair ends and another takes its seat, the schedule goes on there: what was sent stays sent, and the clock stands
still from the moment the end was asked for until five days after the new pair begins. It also stands still while a pair
is paused. A check-in that this moves beyond the end of the programme does not count, and neither does one that a pair
ended too early for.
Source: product section 6.4, "Re-match or drop-out", and section 6.5, cases 8, 11 and 12.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lti_tool.mentoring.checkins import CheckInSlot, schedule
from lti_tool.mentoring.programme import ProgrammeSettings
from lti_tool.mentoring.words import N_, Sentence

FRESH_START = timedelta(days=5)  # after a new pair begins, before the clock runs again


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A time in which the clock stands still; without an end it still does."""

    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The time somebody spends in one pair.

    Shape: `until_at` is None while it lasts; `is_completed` says that it lasted to the end of the programme.
    """

    pair_id: int
    side: str
    from_at: datetime
    until_at: datetime | None = None
    is_completed: bool = False
    stops: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Stretches that follow each other: one schedule."""

    stretches: tuple[Stretch, ...]

    @property
    def last(self) -> Stretch:
        """The newest stretch."""
        return self.stretches[-1]

    @property
    def is_vacant(self) -> bool:
        """Whether the pair ended before the programme, and nobody has taken its seat."""
        return self.last.until_at is not None and not self.last.is_completed

    @property
    def pair_ids(self) -> tuple[int, ...]:
        """The pairs, oldest first."""
        return tuple(one.pair_id for one in self.stretches)


def seats(stretches: Sequence[Stretch]) -> tuple[Seat, ...]:
    """Return who follows whom: a new pair takes the seat that became vacant last, first of all one on the same side.

    Shape: every stretch is in exactly one seat; seats in the order of their first stretch.
    """
    found: list[list[Stretch]] = []
    for one in sorted(stretches, key=lambda stretch: (stretch.from_at, stretch.pair_id)):
        vacant = [seat for seat in found if _is_vacant_for(seat[-1], one)]
        if vacant:
            best = max(vacant, key=lambda seat: (seat[-1].side == one.side, seat[-1].until_at, seat[-1].pair_id))
            best.append(one)
        else:
            found.append([one])
    return tuple(Seat(stretches=tuple(seat)) for seat in found)


def _is_vacant_for(last: Stretch, one: Stretch) -> bool:
    return last.until_at is not None and last.until_at <= one.from_at


def stops_in(seat: Seat) -> tuple[Stop, ...]:
    """Return when the clock of a seat stands still, in order and without overlap; only the last stop can be open."""
    found: list[Stop] = []
    followers = (*seat.stretches[1:], None)
    for stretch, follower in zip(seat.stretches, followers, strict=True):
        found += [_within(stop, stretch) for stop in stretch.stops]
        if stretch.until_at is not None and not stretch.is_completed:
            until = follower.from_at + FRESH_START if follower else None
            found.append(Stop(from_at=stretch.until_at, until_at=until))
    return _merged(found)


def stands_still(seat: Seat, now: datetime) -> bool:
    """Tell whether the clock of a seat stands still, so that nothing is due there."""
    return any(stop.from_at <= now and (stop.until_at is None or now < stop.until_at) for stop in stops_in(seat))


def _within(stop: Stop, stretch: Stretch) -> Stop:
    ends = [one for one in (stop.until_at, stretch.until_at) if one is not None]
    return Stop(from_at=stop.from_at, until_at=min(ends) if ends else None)


def _merged(stops: Sequence[Stop]) -> tuple[Stop, ...]:
    merged: list[Stop] = []
    for stop in sorted(stops, key=lambda one: one.from_at):
        last = merged[-1] if merged else None
        if last is None or (last.until_at is not None and last.until_at < stop.from_at):
            merged.append(stop)
        elif last.until_at is not None:
            until = None if stop.until_at is None else max(last.until_at, stop.until_at)
            merged[-1] = Stop(from_at=last.from_at, until_at=until)
    return tuple(merged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What is to be said of a check-in that was not sent; one that is excused does not count."""

    reason: Sentence
    is_excused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """A seat's check-ins with the clock's stops taken into account.

    Shape: `stands_since` is set while the clock stands; a slot that opens from then on has no moment yet, and keeps the
        one it would have if the clock went on at once.
    """

    slots: tuple[CheckInSlot, ...]
    stands_since: datetime | None


def timetable_of(seat: Seat, settings: ProgrammeSettings) -> Timetable:
    """Return when the check-ins of a seat open."""
    stops = stops_in(seat)
    slots = schedule(settings, seat.stretches[0].from_at)
    stands_since = stops[-1].from_at if stops and stops[-1].until_at is None else None
    return Timetable(slots=tuple(_moved(slot, stops) for slot in slots) if stops else slots, stands_since=stands_since)


def _moved(slot: CheckInSlot, stops: Sequence[Stop]) -> CheckInSlot:
    opens_at = slot.opens_at
    for stop in stops:
        if stop.until_at is not None and opens_at >= stop.from_at:
            opens_at += stop.until_at - stop.from_at
    return CheckInSlot(number=slot.number, opens_at=opens_at)


_ENDED_TOO_EARLY = Sentence(N_("Your pair ended before this check-in was due, so it does not count."))
TOO_LATE = Sentence(N_("This check-in would open only after the end of the programme, so it does not count."))
_STANDS_STILL = Sentence(
    N_("Nothing is due now: the clock stands still until your pair goes on or you have a new partner.")
)
_NOT_SENT = Sentence(N_("This check-in was not sent."))


def remarks(
    seat: Seat,
    settings: ProgrammeSettings,
    sent: Collection[int],
    *,
    has_other_seat: bool,
    closes_at: datetime | None,
    is_over: bool,
) -> Mapping[int, Remark]:
    """Return what is to be said of the check-ins that were not sent, and which of them do not count.

    Shape: by number; a check-in without a remark is like any other. `has_other_seat` says that somebody else is the
        person's partner at the same time; `closes_at` is when nothing can be sent any more; `is_over` that no new
        partner can come any more.
    """
    timetable = timetable_of(seat, settings)
    is_settled = seat.is_vacant and (has_other_seat or is_over)
    found: dict[int, Remark] = {}
    for slot in timetable.slots:
        if slot.number in sent:
            continue
        remark = _remark(slot, timetable, seat, settings, is_settled=is_settled, closes_at=closes_at)
        if remark:
            found[slot.number] = remark
    return found


def _remark(
    slot: CheckInSlot,
    timetable: Timetable,
    seat: Seat,
    settings: ProgrammeSettings,
    *,
    is_settled: bool,
    closes_at: datetime | None,
) -> Remark | None:
    if is_settled:
        was_missed = _was_missed(slot, timetable, settings)
        return Remark(reason=_NOT_SENT if was_missed else _ENDED_TOO_EARLY, is_excused=not was_missed)
    ends = [one for one in (closes_at, seat.last.until_at if seat.last.is_completed else None) if one is not None]
    if ends and slot.opens_at >= min(ends):
        return Remark(reason=TOO_LATE, is_excused=True)
    if timetable.stands_since is not None:
        return Remark(reason=_STANDS_STILL)
    return Remark(reason=_NOT_SENT) if seat.last.is_completed else None


def _was_missed(slot: CheckInSlot, timetable: Timetable, settings: ProgrammeSettings) -> bool:
    """Whether the next check-in was due before the clock stopped; at one's own pace nothing is ever missed."""
    days = settings.cadence.days
    if not days or timetable.stands_since is None:
        return False
    return slot.opens_at + timedelta(days=days) <= timetable.stands_since
