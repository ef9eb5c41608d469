"""Points for taking part, and why: evidence + scheme + now → ledger.

points = Σ earned / Σ counted × maximum. What counts is due, not excused, and among the best of its kind. Only one's own
actions earn anything: a partner's silence or opinion takes nothing away. The same evidence always gives the same
ledger, in whatever order it is given. Amounts are whole numbers until the last step, which rounds halves up.
Source: product sections 6.2, 6.4 and 6.5.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lti_tool.mentoring.entry_words import label_of, notes_of, reason_of
from lti_tool.mentoring.evidence import TOTAL_KEY, Evidence, Override
from lti_tool.mentoring.findings import WHOLE, Excused, Finding, Reading, settle
from lti_tool.mentoring.lateness import grace_left, share_after, standing_of, take_lateness
from lti_tool.mentoring.ledgers import (
    ALL_EXCUSED,
    NOT_COMPLETE,
    NOT_GRADED,
    NOT_IN_COURSE,
    NOTHING_COUNTS,
    RULE,
    Decided,
    Entry,
    Ledger,
    Outcome,
    Standing,
    money,
)
from lti_tool.mentoring.partner_items import PARTNER, without_partner
from lti_tool.mentoring.schemes import NOTHING, WITH_PARTNER, Item, Kind, Rule, Scheme
from lti_tool.mentoring.single_items import SINGLE
from lti_tool.mentoring.words import Sentence


@dataclass(slots=True, kw_only=True)  # not frozen: filled in step by step, and never leaves this module
class _Row:
    """One entry on its way: over all partners, with what it is worth.

    Shape: `worth`, `earned` and `open` are cents × WHOLE; `share` and `open_share` parts of WHOLE.
    """

    item: Item
    finding: Finding
    standing: Standing
    share: int = 0
    open_share: int = 0
    worth: int = 0
    computed: int | None = None  # of an overridden one
    earned: int = 0
    partners: int = 1
    done_for: int = 0
    late_days: int = 0
    override: Override | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reckoned:
    """Everything about a ledger but its words; points are cents."""

    reading: Reading
    groups: list[list[_Row]]
    rows: list[_Row]
    computed: int | None
    points: int | None
    total: Override | None


def ledger(evidence: Evidence, scheme: Scheme, now: datetime) -> Ledger:
    """Return one person's points, entry by entry, as the scheme makes them of the evidence at that moment."""
    found = _reckoned(evidence, scheme, now)
    total, earned = found.total, found.reading.earned
    return Ledger(
        entries=_entries(found.rows, found.reading),
        points=None if found.points is None else money(found.points),
        computed=None if found.computed is None else money(found.computed),
        reachable=_reachable(found.groups, scheme),
        maximum=money(scheme.maximum * 100),
        why_not_postable=_why_not(evidence, scheme, found.rows, found.points),
        decided=Decided(by=total.by, at=total.at, reason=total.reason) if total else None,
        notes=notes_of(earned),
        must_offer_rematch=any(one.must_offer_rematch for one in earned),
    )


def outcome(evidence: Evidence, scheme: Scheme, now: datetime) -> Outcome:
    """Return what the ledger of the same comes to, where nobody reads its entries."""
    found = _reckoned(evidence, scheme, now)
    return Outcome(
        points=None if found.points is None else money(found.points),
        maximum=money(scheme.maximum * 100),
        why_not_postable=_why_not(evidence, scheme, found.rows, found.points),
    )


def _reckoned(evidence: Evidence, scheme: Scheme, now: datetime) -> _Reckoned:
    reading = Reading.of(evidence, scheme, now)
    overrides = _newest(evidence.overrides)
    groups = [_group(item, reading, overrides) for item in scheme.items]
    rows = [row for group in groups for row in group]
    counted = sum(row.worth for row in rows if row.standing is Standing.COUNTED)
    earned = sum(row.earned for row in rows if row.standing is Standing.COUNTED)
    computed = _points(earned, counted, scheme, is_final=_is_final(rows, evidence, now))
    total = overrides.get(TOTAL_KEY)
    return _Reckoned(
        reading=reading,
        groups=groups,
        rows=rows,
        computed=computed,
        points=min(total.points, scheme.maximum * 100) if total else computed,
        total=total,
    )


def _newest(overrides: Iterable[Override]) -> dict[str, Override]:
    return {one.key: one for one in sorted(overrides, key=lambda one: (one.at, one.by, one.points, one.reason))}


def _points(earned: int, counted: int, scheme: Scheme, *, is_final: bool) -> int | None:
    """Return the points in cents, or None while there are none."""
    if not counted:
        return None
    maximum = scheme.maximum * 100
    if scheme.complete_from is None:
        return _ratio(maximum * earned, counted)
    if earned * 100 >= scheme.complete_from * counted:
        return maximum
    return 0 if is_final else None


def _ratio(part: int, whole: int) -> int:
    """Return a quotient as a whole number, halves up."""
    return (2 * part + whole) // (2 * whole)


def _is_final(rows: Iterable[_Row], evidence: Evidence, now: datetime) -> bool:
    """Whether nothing more can be earned."""
    return now >= evidence.calendar.closes_at or not any(row.open_share for row in rows)


def _why_not(evidence: Evidence, scheme: Scheme, rows: Sequence[_Row], points: int | None) -> Sentence | None:
    if not scheme.is_graded:
        return NOT_GRADED
    if not evidence.is_active:
        return NOT_IN_COURSE
    if points is not None:
        return None
    if any(row.standing is Standing.COUNTED for row in rows):
        return NOT_COMPLETE
    is_all_excused = bool(rows) and all(row.finding.excused is Excused.STAFF for row in rows)
    return ALL_EXCUSED if is_all_excused else NOTHING_COUNTS


def _group(item: Item, reading: Reading, overrides: dict[str, Override]) -> list[_Row]:
    """Return an item's rows: over all partners, late or not, the best of them counted, each with its worth."""
    tracks = _findings(item, reading)
    days: dict[int, int] = {}
    for track in tracks:
        days |= take_lateness(item, track, reading)
    graced = None if days else grace_left(item, (one for track in tracks for one in track), reading)
    rows = [_row(item, found, days, graced, reading) for found in _by_number(tracks)]
    rows = [row for row in rows if item.worth(row.finding.side) > NOTHING]
    for row in rows:
        _override(row, overrides.get(row.finding.key))
    _best(rows, item.counting)
    _value(rows, item)
    return rows


def _findings(item: Item, reading: Reading) -> list[list[Finding]]:
    """Return what is known of an item: a list for each track that has it, or one list for what is asked once."""
    if item.kind not in WITH_PARTNER:
        found = [[SINGLE[item.kind](item, reading)]]
    else:
        evidence = reading.evidence
        found = [
            PARTNER[item.kind](item, track, earned, reading)
            for track, earned in zip(evidence.tracks, reading.earned, strict=True)
            if track.has_pair or item.kind is Kind.CHECK_IN
        ] or [without_partner(item)]
    for finding in (one for row in found for one in row):
        settle(finding, item, reading)
    return found


def _by_number(tracks: Sequence[Sequence[Finding]]) -> list[list[Finding]]:
    """Return what belongs into one entry: the same number over all partners, in the order of the numbers."""
    if len(tracks) == 1:
        return [[one] for one in tracks[0]]
    found: dict[int, list[Finding]] = {}
    for finding in (one for track in tracks for one in track):
        found.setdefault(finding.number or 0, []).append(finding)
    return [found[number] for number in sorted(found)]


def _row(item: Item, found: Sequence[Finding], days: dict[int, int], graced: Finding | None, reading: Reading) -> _Row:
    """Return one entry: of several partners, the average over those with whom it counts."""
    if len(found) == 1:
        return _row_of_one(item, found[0], days, graced, reading)
    standings = [standing_of(one, reading) for one in found]
    counted = [one for one, standing in zip(found, standings, strict=True) if standing is Standing.COUNTED]
    open_ones = [one for one, standing in zip(found, standings, strict=True) if standing is not Standing.EXCUSED]
    standing = next((one for one in _FIRST if one in standings), Standing.EXCUSED)
    known = counted or open_ones
    shown = next((one for one in known if not one.is_done), (known or found)[0])
    return _Row(
        item=item,
        finding=shown,
        standing=standing,
        share=sum(one.share or 0 for one in known) // len(known) if known else 0,
        open_share=sum(_open(item, one, one is graced, reading) for one in open_ones) // len(open_ones)
        if open_ones
        else 0,
        partners=len(counted),
        done_for=sum(one.is_done for one in counted),
        late_days=days.get(id(shown), 0),
    )


def _row_of_one(item: Item, finding: Finding, days: dict[int, int], graced: Finding | None, reading: Reading) -> _Row:
    standing = standing_of(finding, reading)
    row = _Row(item=item, finding=finding, standing=standing)
    if standing is not Standing.EXCUSED:
        row.share = finding.share or 0
        row.open_share = _open(item, finding, finding is graced, reading)
        row.late_days = days.get(id(finding), 0)
    return row


_FIRST = (Standing.COUNTED, Standing.UNREAD, Standing.NOT_DUE, Standing.EXTRA)


def _open(item: Item, finding: Finding, is_graced: bool, reading: Reading) -> int:
    """Return the share that can still be earned: what doing it now, or in time, would add."""
    now = reading.now
    if finding.is_extra or finding.is_done or now >= reading.evidence.calendar.closes_at:
        return WHOLE - finding.share if finding.is_done and item.rule is Rule.AMOUNT and finding.share else 0
    late = item.late
    if late is None or finding.due_at is None or now <= finding.due_at:
        return WHOLE - (finding.share or 0)
    return share_after(WHOLE, now - finding.due_at - late.grace * is_graced, late)


def _override(row: _Row, override: Override | None) -> None:
    if override is not None and row.standing is not Standing.EXTRA:
        row.override = override
        row.standing = Standing.COUNTED


def _best(rows: Sequence[_Row], most: int) -> None:
    """Leave the best counted, and say of the others that they are more than that."""
    counted = [row for row in rows if row.standing is Standing.COUNTED]
    if len(counted) > most:
        ordered = sorted(counted, key=lambda row: (row.override is None, -row.share, row.finding.number or 0))
        for row in ordered[most:]:
            row.standing = Standing.BEYOND


def _value(rows: Sequence[_Row], item: Item) -> None:
    """Say what each row is worth and has earned."""
    sharing = [row for row in rows if row.standing is not Standing.EXCUSED]
    for place, row in enumerate(sharing if item.shares_rest else rows, 1):
        points = int(item.worth(row.finding.side) * 100)
        if item.shares_rest:
            cents = _ratio(points * place, len(sharing)) - _ratio(points * (place - 1), len(sharing))
            row.worth = cents * WHOLE
        else:
            row.worth = points * WHOLE // item.counting
        if row.standing is Standing.EXTRA:
            row.worth = 0
        row.earned = row.worth * row.share // WHOLE
        if row.override is not None:
            row.computed, row.earned = row.earned, min(row.override.points * WHOLE, row.worth)


def _entries(rows: Sequence[_Row], reading: Reading) -> tuple[Entry, ...]:
    """Return the entries with amounts in cents: what rounding takes from one that counts it gives to the next."""
    entries = []
    exact = cents = 0
    for row in rows:
        earned = _ratio(row.earned, WHOLE) if row.standing is Standing.NOT_DUE else 0
        if row.standing is Standing.COUNTED:
            exact += row.earned
            earned = _ratio(exact, WHOLE) - cents
            cents += earned
        entries.append(_entry(row, earned, reading))
    return tuple(entries)


def _entry(row: _Row, earned: int, reading: Reading) -> Entry:
    finding, override = row.finding, row.override
    is_counted = row.standing is Standing.COUNTED
    offered = money(_ratio(row.worth, WHOLE))
    return Entry(
        key=finding.key,
        kind=finding.kind,
        number=finding.number,
        label=label_of(row.item, finding.number),
        standing=row.standing,
        opens_at=finding.opens_at,
        due_at=finding.due_at,
        offered=offered,
        counted=offered if is_counted else money(0),
        earned=money(earned),
        open=money(_ratio(row.worth * row.open_share, WHOLE * WHOLE)),
        reason=reason_of(
            finding,
            row.standing,
            now=reading.now,
            late_days=row.late_days,
            partners=row.partners,
            done_for=row.done_for,
            override=override,
        ),
        is_done=finding.is_done,
        is_effort=finding.is_effort,
        computed=None if row.computed is None else money(_ratio(row.computed, WHOLE)),
        decided_by=override.by if override else finding.decided_by or RULE,
        decided_at=override.at if override else finding.decided_at or finding.done_at,
        excused=finding.excused if row.standing is Standing.EXCUSED else None,
    )


def _reachable(groups: Iterable[Sequence[_Row]], scheme: Scheme) -> Decimal | None:
    """Return what the points come to if all that is still open is done."""
    earned = counted = 0
    for group in groups:
        rows = [row for row in group if row.standing not in {Standing.EXCUSED, Standing.EXTRA}]
        final = sorted(((_final(row), row.worth) for row in rows), reverse=True)[: rows[0].item.counting if rows else 0]
        earned += sum(best for best, _worth in final)
        counted += sum(worth for _best, worth in final)
    points = _points(earned, counted, scheme, is_final=True)
    return None if points is None else money(points)


def _final(row: _Row) -> int:
    if row.override is not None:
        return row.earned
    if row.finding.is_done and row.finding.share is None:  # staff have not read it
        return row.worth
    return row.worth * (row.share + row.open_share) // WHOLE
