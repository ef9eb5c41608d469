"""Items that are asked once for every partner: what the evidence of one place says about each.

Source: product sections 6.4 (partner item, re-match) and 6.5, cases 1 to 8.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from lti_tool.mentoring.efforts import Credit, Earned, Worth
from lti_tool.mentoring.evidence import Track
from lti_tool.mentoring.findings import WHOLE, Excused, Finding, Reading, in_stop
from lti_tool.mentoring.schemes import Item, Kind
from lti_tool.mentoring.successive import FRESH_START, Stretch
from lti_tool.mentoring.words import N_, Sentence


def without_partner(item: Item) -> list[Finding]:
    """Return the findings of somebody who has no partner: nothing of this can be done, so it does not count."""
    numbers: Iterable[int | None] = [None] if item.kind is Kind.AGREEMENT else range(1, item.count + 1)
    return [Finding(kind=item.kind, number=one, due_at=None, excused=Excused.NO_PARTNER) for one in numbers]


def _check_ins(item: Item, track: Track, _earned: Earned, _reading: Reading) -> list[Finding]:
    sent: dict[int, datetime] = {}
    for one in track.check_ins:
        sent[one.number] = min(one.at, sent.get(one.number, one.at))
    found = []
    for due in track.check_ins_due[: item.count]:
        at = sent.get(due.number)
        finding = Finding(
            kind=item.kind,
            number=due.number,
            due_at=due.due_at,
            opens_at=due.opens_at,
            share=WHOLE if at else 0,
            is_done=at is not None,
            done_at=at,
        )
        if at is None and due.remark is not None:
            finding.reason = due.remark.reason
            finding.excused = Excused.REMARK if due.remark.is_excused else None
        found.append(finding)
    return found


def meeting_dues(count: int, reading: Reading) -> list[datetime]:
    """Return by when the first, second, … meeting is due: spread evenly over the programme."""
    calendar = reading.evidence.calendar
    each = (calendar.ends_at - calendar.begins_at) / count
    return [calendar.begins_at + each * number for number in range(1, count + 1)]


def _meetings(item: Item, track: Track, earned: Earned, reading: Reading) -> list[Finding]:
    found = [
        Finding(kind=item.kind, number=number, due_at=due_at, excused=_clock(track, due_at, reading.now))
        for number, due_at in enumerate(meeting_dues(item.count, reading), 1)
    ]
    taken = _effort_for_agreement(track, earned) if _has_agreement(reading) else None
    open_ones = sorted(found, key=lambda one: one.excused is not None)
    for finding, credit in zip(open_ones, (one for one in earned.credits if one is not taken), strict=False):
        finding.share, finding.is_done, finding.done_at = WHOLE, True, credit.at
        finding.is_effort = credit.is_effort
        if credit.open_until and credit.open_until > reading.now:
            finding.reason = Sentence(
                N_("You met on %(day)s. Your partner can say otherwise until %(until)s."),
                {"day": credit.day, "until": credit.open_until},
            )
        elif not credit.is_effort:
            finding.reason = Sentence(N_("You met on %(day)s."), {"day": credit.day})
    waiting = next((one for one in open_ones if not one.is_done and one.excused is None), None)
    if waiting and any(worth is Worth.DISPUTED for _meeting, worth in earned.worths):
        waiting.reason = Sentence(N_("One of you says that a meeting did not take place. Staff decide."))
    return found


def _clock(track: Track, due_at: datetime, now: datetime) -> Excused | None:
    """Why a partner item that was due then need not be done: the pair was too new, or the clock stood still."""
    if due_at < track.stretches[0].from_at + FRESH_START:
        return Excused.LATE_JOINER
    return Excused.CLOCK if in_stop(track.stops, due_at, now) else None


def _has_agreement(reading: Reading) -> bool:
    return any(item.kind is Kind.AGREEMENT for item in reading.scheme.items)


def _agreed(track: Track, stretches: Iterable[Stretch]) -> tuple[datetime, Stretch] | None:
    """When and in which pair somebody had first done their part: signed, and set a goal."""
    found = []
    for stretch in stretches:
        signed = [one.at for one in track.signed if one.pair_id == stretch.pair_id]
        goals = [one.at for one in track.goals if one.pair_id == stretch.pair_id]
        if signed and goals:
            found.append((max(min(signed), min(goals)), stretch))
    return min(found, key=lambda one: (one[0], one[1].pair_id), default=None)


def _effort_for_agreement(track: Track, earned: Earned) -> Credit | None:
    """The effort that the agreement takes before meetings have any, where it is not signed."""
    if _agreed(track, track.stretches) is not None:
        return None
    return next((one for one in earned.credits if one.is_effort), None)


def _agreements(item: Item, track: Track, earned: Earned, reading: Reading) -> list[Finding]:
    days = timedelta(days=reading.evidence.calendar.agreement_days)
    last = track.stretches[-1]
    found = Finding(kind=item.kind, number=None, due_at=last.from_at + days)
    agreed, effort = _agreed(track, track.stretches), _effort_for_agreement(track, earned)
    if agreed:
        found.share, found.is_done, found.done_at = WHOLE, True, agreed[0]
        found.due_at = agreed[1].from_at + days
    elif effort:
        found.share, found.is_done, found.done_at, found.is_effort = WHOLE, True, effort.at, True
    elif in_stop(track.stops, last.from_at + days, reading.now):
        found.excused = Excused.CLOCK
    if agreed is None or last.until_at is not None or _agreed(track, [last]):
        return [found]
    return [found, Finding(kind=item.kind, number=2, due_at=last.from_at + days, is_extra=True)]


PARTNER: Mapping[Kind, Callable[[Item, Track, Earned, Reading], list[Finding]]] = {
    Kind.AGREEMENT: _agreements,
    Kind.MEETING: _meetings,
    Kind.CHECK_IN: _check_ins,
}
