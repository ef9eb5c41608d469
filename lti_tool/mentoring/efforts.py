"""Which meetings count for somebody, and when trying counts instead.

A meeting counts for those who were there, once one side said so and unless the others say otherwise. Who keeps trying
in vain has effort credit: two attempts at contact 48 hours apart (so on two days) and a ten-minute solo alternative.
After two of those in a row a new partner has to be offered before a third counts; what was done meanwhile is not lost.
Source: product sections 6.4 (partner item) and 6.5, cases 1 to 8.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lti_tool.mentoring.evidence import Deed, ReportedMeeting, Track, TriedContact

ATTEMPTS_APART = timedelta(hours=48)
IN_A_ROW = 2
DISPUTE_DAYS = timedelta(days=5)


class Worth(StrEnum):
    """What a reported meeting is worth for somebody."""

    COUNTS = "counts"
    DISPUTED = "disputed"  # nothing until staff decide
    DISMISSED = "dismissed"  # staff decided that it does not count
    TOO_SHORT = "too_short"  # below the programme's minimum, unless staff accept it
    SAME_DAY = "same_day"  # one a day and pair counts, unless staff accept more
    ABSENT = "absent"
    AHEAD = "ahead"  # said to have been on a day that has not come


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One partner item earned: by meeting, or by effort."""

    at: datetime
    day: date
    is_effort: bool = False
    open_until: datetime | None = None  # until then a partner can say that the meeting did not take place
    ruled_by: int | None = None  # whose word it is of staff that the meeting counts
    ruled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What a track has earned of partner items, by day, and what stands in the way of more."""

    credits: tuple[Credit, ...]
    worths: tuple[tuple[ReportedMeeting, Worth], ...]
    must_offer_rematch: bool


def earned_in(track: Track, enrolment_id: int, least_minutes: int, *, zone: ZoneInfo, today: date) -> Earned:
    """Return the meetings and efforts that count for somebody in a track."""
    if not (track.meetings or track.attempts):
        return Earned(credits=(), worths=(), must_offer_rematch=False)
    worths = meeting_worths(track.meetings, enrolment_id, least_minutes, today)
    met = [_met(one) for one, worth in worths if worth is Worth.COUNTS]
    mine = [one for one in track.attempts if one.enrolment_id == enrolment_id]
    times = effort_times(mine, track.alone) if mine and track.alone else []
    resets = [*(one.at for one in met), *track.rematch_offered_at, *(one.from_at for one in track.stretches)]
    credited, must_offer = within_limit(times, resets)
    efforts = [Credit(at=one, day=one.astimezone(zone).date(), is_effort=True) for one in credited]
    return Earned(
        credits=tuple(sorted([*met, *efforts], key=lambda one: (one.day, one.at))),
        worths=tuple(worths),
        must_offer_rematch=must_offer,
    )


def meeting_worths(
    meetings: Iterable[ReportedMeeting], enrolment_id: int, least_minutes: int, today: date
) -> list[tuple[ReportedMeeting, Worth]]:
    """Return what each meeting is worth for somebody, the first confirmed first.

    What staff let count counts whatever else was on that day, and takes nothing from it.
    """
    found = []
    taken: set[tuple[int, date]] = set()
    by_id = {one.meeting_id: one for one in meetings}
    for meeting in sorted(by_id.values(), key=lambda one: (one.confirmed_at, one.meeting_id)):
        is_taken = (meeting.pair_id, meeting.held_on) in taken
        worth = _worth(meeting, enrolment_id, least_minutes, today, is_taken=is_taken)
        if worth is Worth.COUNTS and meeting.ruling is None:
            taken.add((meeting.pair_id, meeting.held_on))
        found.append((meeting, worth))
    return found


def _worth(meeting: ReportedMeeting, enrolment_id: int, least_minutes: int, today: date, *, is_taken: bool) -> Worth:
    if enrolment_id not in meeting.present:
        return Worth.ABSENT
    if meeting.held_on > today:
        return Worth.AHEAD
    if meeting.state != "held":
        return Worth.DISPUTED if meeting.state == "disputed" else Worth.DISMISSED
    if meeting.ruling != "counts" and meeting.minutes < least_minutes:
        return Worth.TOO_SHORT
    return Worth.SAME_DAY if is_taken and meeting.ruling != "counts" else Worth.COUNTS


def _met(meeting: ReportedMeeting) -> Credit:
    is_settled = meeting.ruling is not None or len(meeting.confirmed_by) > 1
    return Credit(
        at=meeting.confirmed_at,
        day=meeting.held_on,
        open_until=None if is_settled else meeting.confirmed_at + DISPUTE_DAYS,
        ruled_by=meeting.ruled_by,
        ruled_at=meeting.ruled_at,
    )


def effort_times(attempts: Iterable[TriedContact], alone: Iterable[Deed]) -> list[datetime]:
    """Return when somebody had earned their first, second, … effort credit, in order.

    Each takes two attempts in one pair that are far enough apart, and one solo alternative in that pair. As many as
    possible are made of what was done, so that one attempt more never leads to less.
    """
    tried: dict[int, set[datetime]] = {}
    done: dict[int, set[datetime]] = {}
    for attempt in attempts:
        tried.setdefault(attempt.pair_id, set()).add(attempt.at)
    for deed in alone:
        done.setdefault(deed.pair_id, set()).add(deed.at)
    return sorted(moment for pair_id in tried for moment in _times(tried[pair_id], done.get(pair_id, set())))


def _times(tried: set[datetime], alone: set[datetime]) -> list[datetime]:
    found: list[datetime] = []
    attempts, deeds = sorted(tried), sorted(alone)
    for moment in sorted(tried | alone):
        so_far = attempts[: bisect_right(attempts, moment)]
        possible = _most_pairs(so_far, at_most=bisect_right(deeds, moment))
        found += [moment] * (possible - len(found))
    return found


def tries_enough(tried: Iterable[datetime]) -> int:
    """Return for how many effort credits somebody has tried often enough, whatever they did alone."""
    moments = sorted(set(tried))
    return _most_pairs(moments, at_most=len(moments))


def _most_pairs(moments: Sequence[datetime], *, at_most: int) -> int:
    """Return how many pairs of moments can be made that are far enough apart, each moment used once, and at most these.

    The k first with the k last in the same order do it, whenever it can be done.
    """
    count = len(moments)
    for pairs in range(min(count // 2, at_most), 0, -1):
        if all(moments[count - pairs + n] - moments[n] >= ATTEMPTS_APART for n in range(pairs)):
            return pairs
    return 0


def within_limit(times: Iterable[datetime], resets: Iterable[datetime]) -> tuple[list[datetime], bool]:
    """Return the efforts that count, and whether a new partner has to be offered now.

    A meeting, an offer or a new pair makes room for two more; what waited counts then.
    """
    events = sorted([*((at, 0) for at in resets), *((at, 1) for at in times)])
    credited: list[datetime] = []
    in_a_row = waiting = 0
    for at, is_effort in events:
        if is_effort:
            waiting += 1
        else:
            in_a_row = 0
        now = min(waiting, IN_A_ROW - in_a_row)
        credited += [at] * now
        in_a_row, waiting = in_a_row + now, waiting - now
    return credited, in_a_row == IN_A_ROW
