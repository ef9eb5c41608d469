"""What the evidence says about each item of a scheme: done or not, when, by when, and whether it need not be done.

One `Finding` for each thing that could be done; `single_items` and `partner_items` read them. How late it was, what
counts and how many points that makes is decided in `participation`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import lcm
from zoneinfo import ZoneInfo

from lti_tool.mentoring.efforts import Earned, earned_in
from lti_tool.mentoring.evidence import ALL_KEYS, Evidence, Excuse, ExcuseState
from lti_tool.mentoring.schemes import Item, Kind, Rule, Scheme, Side
from lti_tool.mentoring.successive import FRESH_START, Stop
from lti_tool.mentoring.words import Sentence

# One whole item. Hundredths, quarters (a rubric's), and averages over up to 16 partners or best of 16 are exact parts
# of it, so that points are counted in whole numbers and only the last step rounds.
WHOLE = 400 * lcm(*range(1, 17)) ** 2
BEST_SCORE = 4


class Excused(StrEnum):
    """Why something need not be done."""

    STAFF = "staff"
    LATE_JOINER = "late_joiner"
    CLOCK = "clock"
    AWAY = "away"
    NO_PARTNER = "no_partner"
    NOT_JOINED = "not_joined"
    REMARK = "remark"
    CLOSED = "closed"


@dataclass(slots=True, kw_only=True)  # not frozen: it is filled in step by step, and never leaves the rules
class Finding:
    """One thing that could be done, and what is known of it.

    Shape: `share` of WHOLE is None while staff have not read it. `number` is None where there is only one. `part` of
        WHOLE is how much of it is asked at all, where the rest could not be done any more.
    """

    kind: Kind
    number: int | None
    due_at: datetime | None
    opens_at: datetime | None = None
    share: int | None = 0
    part: int = WHOLE
    is_done: bool = False
    done_at: datetime | None = None
    side: Side = Side.MENTEE
    excused: Excused | None = None
    excuse: Excuse | None = None
    is_effort: bool = False
    reason: Sentence | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    is_extra: bool = False  # has to be done and is worth nothing: its points were earned before
    stops: tuple[Stop, ...] = ()  # of the clock by which it is due

    @property
    def key(self) -> str:
        """Its name in a ledger."""
        return str(self.kind) if self.number is None else f"{self.kind}:{self.number}"

    @property
    def is_whole(self) -> bool:
        """Whether it is done in full."""
        return self.is_done and self.share == WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that reading one person's evidence needs at hand.

    Shape: what is due by `due_by` counts; the evidence itself is read as it is `now`.
    """

    evidence: Evidence
    scheme: Scheme
    now: datetime
    due_by: datetime
    zone: ZoneInfo
    side: Side  # the present one
    earned: list[Earned]
    asked: dict[str, Excuse]

    @classmethod
    def of(cls, evidence: Evidence, scheme: Scheme, now: datetime, due_by: datetime | None = None) -> "Reading":
        """Return the evidence ready to be read."""
        zone = ZoneInfo(evidence.calendar.time_zone)
        today = now.astimezone(zone).date()
        earned = [
            earned_in(track, evidence.enrolment_id, scheme.least_minutes, zone=zone, today=today)
            for track in evidence.tracks
        ]
        return cls(
            evidence=evidence,
            scheme=scheme,
            now=now,
            due_by=due_by or now,
            zone=zone,
            side=evidence.side_at(now),
            earned=earned,
            asked=_newest(evidence.excuses),
        )

    @property
    def all_excused_at(self) -> datetime | None:
        """When staff excused the person from everything, where they did."""
        asked = self.asked.get(ALL_KEYS)
        return asked.at if asked is not None and asked.state is ExcuseState.GRANTED else None


def _newest(excuses: Iterable[Excuse]) -> dict[str, Excuse]:
    """What stands of each excuse, by its key: what is granted, whatever was said of another wish; else the newest."""

    def weight(one: Excuse) -> tuple[object, ...]:
        return one.state is ExcuseState.GRANTED, one.at, one.state, one.by or 0, one.reason

    return {one.key: one for one in sorted(excuses, key=weight)}


def settle(finding: Finding, item: Item, reading: Reading) -> None:
    """Say of a finding on which side it counts, and whether it need not be done."""
    finding.side = reading.side if item.worth(reading.side) else _side_then(finding, reading)
    _excuse(finding, reading)
    if reading.evidence.calendar.closed_before(finding.due_at, reading.now):
        _close(finding, item, reading)


def _close(finding: Finding, item: Item, reading: Reading) -> None:
    """Say of what was not due when the programme closed that it need not be done; what is done of it counts from then
    on, with its own share of it all, and what is handed in once it is read; of an amount no more is asked than there
    is. What has no date and is done counts already, and goes on counting."""
    if finding.due_at is None and finding.is_done and finding.share is not None:
        return
    if finding.excused is None and item.rule is Rule.AMOUNT:
        keep_what_is_done(finding)
    if finding.excused is None and (finding.is_whole or not finding.is_done):
        finding.excused = Excused.CLOSED
    if finding.excused in {None, Excused.CLOSED} or finding.is_whole:
        finding.due_at = reading.evidence.calendar.closes_at


def keep_what_is_done(finding: Finding) -> None:
    """Ask no more of something than what is done of it, once and for all; of nothing everything."""
    if finding.share and finding.part == WHOLE:
        finding.part, finding.share, finding.is_done = finding.share, WHOLE, True


def _side_then(finding: Finding, reading: Reading) -> Side:
    """The side on which something was done that the present side does not ask for: what was earned there stays."""
    return reading.evidence.side_at(finding.done_at) if finding.is_done else reading.side


def _excuse(finding: Finding, reading: Reading) -> None:
    """Say of a finding why it need not be done, if so; the weightiest reason first."""
    evidence, due_at = reading.evidence, finding.due_at
    for key in (finding.key, finding.kind.value, ALL_KEYS) if reading.asked else ():
        asked = reading.asked.get(key)
        if asked and finding.excuse is None:
            finding.excuse = asked
        if asked and asked.state is ExcuseState.GRANTED:
            finding.excused, finding.excuse = Excused.STAFF, asked
            return
    if finding.excused is not None:
        return
    if finding.kind is not Kind.JOIN and evidence.joined_at is None:
        finding.excused = Excused.NOT_JOINED
    elif due_at and due_at < _came_at(finding.kind, evidence):
        finding.excused = Excused.LATE_JOINER
    elif due_at and evidence.away and in_stop(evidence.away, due_at, reading.now):
        finding.excused = Excused.AWAY


def _came_at(kind: Kind, evidence: Evidence) -> datetime:
    """What was due before this moment is not asked of somebody: before they joined, or had been here for some days."""
    had_time = evidence.arrived_at + FRESH_START if evidence.arrived_at else _EARLIEST
    return max(had_time, _EARLIEST if kind is Kind.JOIN else evidence.joined_at or _EARLIEST)


def in_stop(stops: Sequence[Stop], moment: datetime, now: datetime) -> bool:
    """Tell whether something due then fell into a stop of the clock; while one lasts it reaches until now."""
    return any(one.from_at <= moment < (one.until_at or max(now, one.from_at) + _TICK) for one in stops)


_EARLIEST = datetime.min.replace(tzinfo=UTC)
_TICK = timedelta(microseconds=1)
