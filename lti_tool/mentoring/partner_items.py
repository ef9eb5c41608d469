"""Items that are asked once for every partner: what the evidence of one place says about each.

Source: product sections 6.4 (partner item, re-match) and 6.5, cases 1 to 8.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from lti_tool.mentoring.efforts import Credit, Earned, Worth
from lti_tool.mentoring.evidence import ALL_KEYS, ExcuseState, Track
from lti_tool.mentoring.findings import WHOLE, Excused, Finding, Reading, in_stop, settle
from lti_tool.mentoring.schemes import Item, Kind
from lti_tool.mentoring.successive import FRESH_START, Stretch
from lti_tool.mentoring.words import N_, Sentence


def without_partner(item: Item) -> list[Finding]:
    """Return the findings of somebody who has no partner: nothing of this can be done, so it does not count."""
    numbers: Iterable[int | None] = [None] if item.kind is Kind.AGREEMENT else range(1, item.count + 1)
    return [Finding(kind=item.kind, number=one, due_at=None, excused=Excused.NO_PARTNER) for one in numbers]


def _check_ins(item: Item, track: Track, _earned: Earned, reading: Reading) -> list[Finding]:
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
            stops=track.stops,
        )
        is_missed = due.due_at is not None and due.due_at <= reading.now
        if at is None and due.remark is not None and (due.remark.is_excused or not is_missed):
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
    for one in found:
        settle(one, item, reading)
    taken = _effort_for_agreement(track, earned, reading)
    open_ones = sorted(found, key=lambda one: one.excused is not None)
    for finding, credit in zip(open_ones, (one for one in earned.credits if one is not taken), strict=False):
        finding.share, finding.is_done, finding.done_at = WHOLE, True, credit.at
        finding.is_effort = credit.is_effort
        finding.decided_by, finding.decided_at = credit.ruled_by, credit.ruled_at
        if credit.open_until and credit.open_until > reading.now:
            finding.reason = Sentence(
                N_("You met on %(day)s. Your partner can say otherwise until %(until)s."),
                {"day": credit.day, "until": credit.open_until},
            )
        elif not credit.is_effort:
            finding.reason = Sentence(N_("You met on %(day)s."), {"day": credit.day})
    waiting = next((one for one in open_ones if not one.is_done and one.excused is None), None)
    if waiting is not None:
        _say_why_not(waiting, earned)
    return found


def _say_why_not(waiting: Finding, earned: Earned) -> None:
    """Say of the next meeting why one that was reported is not it: it is disputed, or staff decided so."""
    if any(worth is Worth.DISPUTED for _meeting, worth in earned.worths):
        waiting.reason = Sentence(N_("One of you says that a meeting did not take place. Staff decide."))
        return
    dismissed = [one for one, worth in earned.worths if worth is Worth.DISMISSED and one.ruled_at is not None]
    if dismissed:
        newest = max(dismissed, key=lambda one: (one.ruled_at, one.meeting_id))
        waiting.reason = Sentence(
            N_("Staff decided that your meeting on %(day)s does not count."), {"day": newest.held_on}
        )
        waiting.decided_by, waiting.decided_at = newest.ruled_by, newest.ruled_at


def _clock(track: Track, due_at: datetime, now: datetime) -> Excused | None:
    """Why a partner item that was due then need not be done: the pair was too new, or the clock stood still."""
    is_too_new = due_at < track.stretches[0].from_at + FRESH_START
    return Excused.CLOCK if is_too_new or in_stop(track.stops, due_at, now) else None


def _asks_for_agreement(reading: Reading) -> bool:
    """Whether an agreement is worth anything to this person, and not excused by staff."""
    excuses = (reading.asked.get(key) for key in (Kind.AGREEMENT.value, ALL_KEYS))
    if any(one is not None and one.state is ExcuseState.GRANTED for one in excuses):
        return False
    sides = [one.side for one in reading.evidence.sides]
    return any(one.kind is Kind.AGREEMENT and any(map(one.worth, sides)) for one in reading.scheme.items)


def _agreed(track: Track, stretches: Iterable[Stretch]) -> tuple[datetime, Stretch] | None:
    """When and in which pair somebody had first done their part: signed, and set a goal."""
    found = []
    for stretch in stretches:
        signed = [one.at for one in track.signed if one.pair_id == stretch.pair_id]
        goals = [one.at for one in track.goals if one.pair_id == stretch.pair_id]
        if signed and goals:
            found.append((max(min(signed), min(goals)), stretch))
    return min(found, key=lambda one: (one[0], one[1].pair_id), default=None)


def _effort_for_agreement(track: Track, earned: Earned, reading: Reading) -> Credit | None:
    """The effort that the agreement takes before meetings have any, where it is asked for and was not signed in that
    pair or one before: what is signed with a later partner earns nothing again."""
    effort = next((one for one in earned.credits if one.is_effort), None)
    if effort is None or not _asks_for_agreement(reading):
        return None
    agreed = _agreed(track, track.stretches)
    return effort if agreed is None or agreed[1].from_at > _stretch_at(track, effort.at).from_at else None


def _stretch_at(track: Track, moment: datetime) -> Stretch:
    """The pair somebody was in at that moment, or had been in last."""
    begun = [one for one in track.stretches if one.from_at <= moment]
    return begun[-1] if begun else track.stretches[0]


def _agreements(item: Item, track: Track, earned: Earned, reading: Reading) -> list[Finding]:
    days = timedelta(days=reading.evidence.calendar.agreement_days)
    last = track.stretches[-1]
    found = Finding(kind=item.kind, number=None, due_at=last.from_at + days)
    agreed, effort = _agreed(track, track.stretches), _effort_for_agreement(track, earned, reading)
    earned_in = _stretch_at(track, effort.at) if effort else agreed[1] if agreed else None
    if effort:
        found.share, found.is_done, found.done_at, found.is_effort = WHOLE, True, effort.at, True
    elif agreed:
        found.share, found.is_done, found.done_at = WHOLE, True, agreed[0]
    elif in_stop(track.stops, last.from_at + days, reading.now):
        found.excused = Excused.CLOCK
    is_over = reading.evidence.calendar.is_over(reading.now)
    if earned_in is not None:
        found.due_at = earned_in.from_at + days
    if earned_in is None or earned_in is last or last.until_at is not None or is_over or _agreed(track, [last]):
        return [found]
    return [found, Finding(kind=item.kind, number=2, due_at=last.from_at + days, is_extra=True)]


PARTNER: Mapping[Kind, Callable[[Item, Track, Earned, Reading], list[Finding]]] = {
    Kind.AGREEMENT: _agreements,
    Kind.MEETING: _meetings,
    Kind.CHECK_IN: _check_ins,
}
