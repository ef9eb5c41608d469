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
from lti_tool.mentoring.findings import WHOLE, Excused, Reading
from lti_tool.mentoring.ledger_rows import Row, best_first, ratio, rows_of
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
from lti_tool.mentoring.schemes import Scheme
from lti_tool.mentoring.words import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reckoned:
    """Everything about a ledger but its words; points are cents."""

    reading: Reading
    groups: list[list[Row]]
    rows: list[Row]
    earned: int  # of what counts, in cents × WHOLE as in the rows
    counted: int
    computed: int | None
    points: int | None
    total: Override | None


def ledger(evidence: Evidence, scheme: Scheme, now: datetime, *, due_by: datetime | None = None) -> Ledger:
    """Return one person's points, entry by entry, as the scheme makes them of the evidence at that moment.

    Shape: with `due_by`, of what was due by then, as it stands now.
    """
    found = _reckoned(evidence, scheme, now, due_by)
    total, earned = found.total, found.reading.earned
    return Ledger(
        entries=_entries(found.rows, found.reading),
        points=None if found.points is None else money(found.points),
        computed=None if found.computed is None else money(found.computed),
        reachable=money(found.points) if total and found.points is not None else _reachable(found.groups, scheme),
        maximum=money(scheme.maximum * 100),
        why_not_postable=_why_not(evidence, scheme, found.rows, found.points),
        decided=Decided(by=total.by, at=total.at, reason=total.reason) if total else None,
        notes=notes_of(earned),
        share=_share(found, scheme),
        must_offer_rematch=any(one.must_offer_rematch for one in earned),
    )


def _share(found: _Reckoned, scheme: Scheme) -> tuple[Decimal, Decimal] | None:
    if found.computed is None or scheme.complete_from is not None:
        return None
    return money(ratio(found.earned, WHOLE)), money(ratio(found.counted, WHOLE))


def outcome(evidence: Evidence, scheme: Scheme, now: datetime, *, due_by: datetime | None = None) -> Outcome:
    """Return what the ledger of the same comes to, where nobody reads its entries."""
    found = _reckoned(evidence, scheme, now, due_by)
    return Outcome(
        points=None if found.points is None else money(found.points),
        maximum=money(scheme.maximum * 100),
        why_not_postable=_why_not(evidence, scheme, found.rows, found.points),
        has_begun=any(row.finding.is_done or row.earned for row in found.rows),
        is_by_staff=found.total is not None
        or any(row.computed is not None and row.earned < row.computed for row in found.rows),
    )


def _reckoned(evidence: Evidence, scheme: Scheme, now: datetime, due_by: datetime | None) -> _Reckoned:
    reading = Reading.of(evidence, scheme, now, due_by)
    overrides = _newest(evidence.overrides, excused_at=reading.all_excused_at)
    groups = [rows_of(item, reading, overrides) for item in scheme.items]
    rows = [row for group in groups for row in group]
    counted = sum(row.worth for row in rows if row.standing is Standing.COUNTED)
    earned = sum(row.earned for row in rows if row.standing is Standing.COUNTED)
    computed = _points(earned, counted, scheme, is_final=_is_final(rows))
    total = overrides.get(TOTAL_KEY)
    return _Reckoned(
        reading=reading,
        groups=groups,
        rows=rows,
        earned=earned,
        counted=counted,
        computed=computed,
        points=min(total.points, scheme.maximum * 100) if total else computed,
        total=total,
    )


def _newest(overrides: Iterable[Override], *, excused_at: datetime | None) -> dict[str, Override]:
    """The newest word on each entry; where staff excused somebody from everything, none from before that."""
    found = [one for one in overrides if excused_at is None or one.at > excused_at]
    return {one.key: one for one in sorted(found, key=lambda one: (one.at, one.by, one.points, one.reason))}


def _points(earned: int, counted: int, scheme: Scheme, *, is_final: bool) -> int | None:
    """Return the points in cents, or None while there are none."""
    if not counted:
        return None
    maximum = scheme.maximum * 100
    if scheme.complete_from is None:
        return ratio(maximum * earned, counted)
    if earned * 100 >= scheme.complete_from * counted:
        return maximum
    return 0 if is_final else None


def _is_final(rows: Iterable[Row]) -> bool:
    """Whether nothing more can be earned, and nothing waits to be read."""
    return not any(row.final_share > row.share for row in rows)


def _why_not(evidence: Evidence, scheme: Scheme, rows: Sequence[Row], points: int | None) -> Sentence | None:
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


def _entries(rows: Sequence[Row], reading: Reading) -> tuple[Entry, ...]:
    """Return the entries with amounts in cents: what rounding takes from one that counts it gives to the next, of what
    is offered as of what is earned, so that what is done in full earns all that its line offers."""
    entries = []
    exact = cents = worth = in_all = 0
    for row in rows:
        offered = ratio(row.worth, WHOLE)
        earned = ratio(row.earned, WHOLE) if row.standing is Standing.NOT_DUE else 0
        if row.standing is Standing.COUNTED:
            exact, worth = exact + row.earned, worth + row.worth
            offered = ratio(worth, WHOLE) - in_all
            earned = min(ratio(exact, WHOLE) - cents, offered)
            cents, in_all = cents + earned, in_all + offered
        entries.append(_entry(row, offered, earned, reading))
    return tuple(entries)


def _entry(row: Row, offered_cents: int, earned: int, reading: Reading) -> Entry:
    finding, override = row.finding, row.override
    is_counted = row.standing is Standing.COUNTED
    offered = money(offered_cents)
    decided_by, decided_at = _decision(row)
    return Entry(
        key=finding.key,
        kind=finding.kind,
        number=finding.number,
        label=label_of(row.item, finding.number),
        standing=row.standing,
        opens_at=finding.opens_at,
        due_at=finding.due_at,
        offered=offered,
        most=money(ratio(row.most, WHOLE)),
        counted=offered if is_counted else money(0),
        earned=money(earned),
        open=money(ratio(row.worth * row.open_share, WHOLE * WHOLE) if row.open_share else 0),
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
        is_effort=row.is_effort,
        computed=None if row.computed is None else money(min(ratio(row.computed, WHOLE), offered_cents)),
        decided_by=RULE if decided_by is None else decided_by,
        decided_at=decided_at,
        excused=finding.excused if row.standing is Standing.EXCUSED else None,
        fades_at=row.fades_at,
    )


def _decision(row: Row) -> tuple[int | None, datetime | None]:
    """Return who decided what stands in an entry, nobody: the rule, and when."""
    finding, override = row.finding, row.override
    if override is not None:
        return override.by, override.at
    if row.standing is Standing.EXCUSED and finding.excused is Excused.STAFF and finding.excuse is not None:
        return finding.excuse.by, finding.excuse.at
    return finding.decided_by, finding.decided_at or finding.done_at


def _reachable(groups: Iterable[Sequence[Row]], scheme: Scheme) -> Decimal | None:
    """Return what the points come to if all that is still open is done."""
    earned = counted = 0
    for group in groups:
        rows = [row for row in group if row.standing not in {Standing.EXCUSED, Standing.EXTRA}]
        best = best_first(rows, lambda row: row.final_share)[: rows[0].item.counting if rows else 0]
        earned += sum(_final(row) for row in best)
        counted += sum(row.worth for row in best)
    points = _points(earned, counted, scheme, is_final=True)
    return None if points is None else money(points)


def _final(row: Row) -> int:
    return row.earned if row.override is not None else row.worth * row.final_share // WHOLE
