"""What counts now, and what being late costs.

Source: product section 6.4, "Late": a grace once for each kind of item, then so much a day down to a floor.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from lti_tool.mentoring.evidence import ALL_KEYS
from lti_tool.mentoring.findings import WHOLE, Excused, Finding, Reading
from lti_tool.mentoring.ledgers import Standing
from lti_tool.mentoring.schemes import Item, Lateness

_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


def standing_of(finding: Finding, reading: Reading) -> Standing:
    """Return whether something counts now.

    What is excused and was done all the same counts where that is in full, unless staff excused somebody from all.
    """
    if finding.is_extra:
        return Standing.EXTRA
    if finding.excused is not None and (not finding.is_whole or _is_from_all(finding)):
        return Standing.EXCUSED
    if reading.scheme.counts_from_start:
        return Standing.COUNTED
    if finding.due_at is None:
        return Standing.COUNTED if finding.is_done and finding.share is not None else Standing.NOT_DUE
    if finding.due_at > reading.due_by:
        return Standing.NOT_DUE
    return Standing.UNREAD if finding.share is None else Standing.COUNTED


def _is_from_all(finding: Finding) -> bool:
    return finding.excused is Excused.STAFF and finding.excuse is not None and finding.excuse.key == ALL_KEYS


def take_lateness(item: Item, found: Sequence[Finding], reading: Reading) -> dict[int, int]:
    """Take from each finding what being late costs, and return the days late, by the finding's identity.

    The grace is for the one with which the best of them come to most; then for the one that was due first.
    """
    late = item.late
    if late is None:
        return {}
    behind = [
        (one, behind_at(one, one.done_at))
        for one in found
        if one.excused is None and one.done_at and behind_at(one, one.done_at)
    ]
    if not behind:
        return {}
    others = [
        one.share or 0 for one in found if standing_of(one, reading) is Standing.COUNTED and not _is_in(one, behind)
    ]
    shares = [share_after(one.share, by, late) for one, by in behind]
    graced = [share_after(one.share, by - late.grace, late) for one, by in behind]

    def total(chosen: int) -> int:
        mine = [graced[n] if n == chosen else share for n, share in enumerate(shares)]
        return sum(sorted([*others, *mine], reverse=True)[: item.counting])

    best = max(range(len(behind)), key=lambda n: (total(n), -behind[n][1].total_seconds(), -n))
    days = {}
    for n, (one, by) in enumerate(behind):
        if one.share is not None:
            one.share = graced[n] if n == best else shares[n]
        left = by - late.grace if n == best else by
        days[id(one)] = max(0, -(-left // _DAY))
    return days


def _is_in(finding: Finding, behind: Iterable[tuple[Finding, timedelta]]) -> bool:
    return any(one is finding for one, _by in behind)


def behind_at(finding: Finding, moment: datetime) -> timedelta:
    """Return how long something was overdue at that moment, without the time in which the clock stood still."""
    due_at = finding.due_at
    if due_at is None or moment <= due_at:
        return timedelta()
    stood = (min(one.until_at or moment, moment) - max(one.from_at, due_at) for one in finding.stops)
    return moment - due_at - sum((one for one in stood if one > timedelta()), timedelta())


def fades_at(item: Item, finding: Finding, is_graced: bool, reading: Reading) -> datetime | None:
    """Return when what can still be earned with something overdue becomes less; None when it does not."""
    late, now = item.late, reading.now
    if late is None or finding.due_at is None or now < finding.due_at or finding.is_done or finding.excused is not None:
        return None
    if any(one.until_at is None for one in finding.stops):  # the clock stands still
        return None
    counted = behind_at(finding, now) - late.grace * is_graced
    days = max(0, -(-counted // _DAY))
    if 100 - late.percent_a_day * days <= late.floor_percent or not late.percent_a_day:
        return None
    return now + (days * _DAY - counted) + _TICK  # a day that is not over costs nothing more


def share_after(share: int | None, behind: timedelta, late: Lateness) -> int:
    """Return what is left of a share that long after its due date."""
    days = max(0, -(-behind // _DAY))
    percent = max(late.floor_percent, 100 - late.percent_a_day * days)
    return (share or 0) * percent // 100


def grace_left(item: Item, found: Sequence[Finding], reading: Reading) -> dict[int, int]:
    """Return what the grace would add to the share of something overdue that is done now, by the finding's identity: to
    the one that gains most by it, and more than what was done late before."""
    late, now = item.late, reading.now
    if late is None:
        return {}
    overdue = [
        (one, behind_at(one, now)) for one in found if behind_at(one, now) and not one.is_done and one.excused is None
    ]
    if not overdue:
        return {}
    gains = [share_after(WHOLE, by - late.grace, late) - share_after(WHOLE, by, late) for _one, by in overdue]
    best = gains.index(max(gains))
    more = gains[best] - max(_gained(one, late) for one in found)
    return {id(overdue[best][0]): more} if more > 0 else {}


def _gained(finding: Finding, late: Lateness) -> int:
    """What the grace has given to something that was done late."""
    if finding.done_at is None or finding.excused is not None:
        return 0
    return max(0, (finding.share or 0) - share_after(WHOLE, behind_at(finding, finding.done_at), late))
