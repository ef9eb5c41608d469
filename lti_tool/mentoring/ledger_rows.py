"""From findings to rows: what is known of each entry over all partners, what it is worth, and whether it counts.

The rows of one item decide together which of them are the best. How they become points and words: `participation`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lti_tool.mentoring.evidence import Override
from lti_tool.mentoring.findings import WHOLE, Finding, Reading, settle
from lti_tool.mentoring.lateness import behind_at, fades_at, grace_left, share_after, standing_of, take_lateness
from lti_tool.mentoring.ledgers import (
    Standing,
)
from lti_tool.mentoring.partner_items import PARTNER, without_partner
from lti_tool.mentoring.schemes import NOTHING, WITH_PARTNER, Item, Kind, Rule
from lti_tool.mentoring.single_items import SINGLE


@dataclass(slots=True, kw_only=True)  # not frozen: filled in step by step, and never leaves the rules
class Row:
    """One entry on its way: over all partners, with what it is worth.

    Shape: `worth`, `most` (what staff may decide) and `earned` are cents × WHOLE; `share`, `open_share` and
        `final_share` parts of WHOLE. The last is what the share comes to if everything that is still open is done.
    """

    item: Item
    finding: Finding
    standing: Standing
    share: int = 0
    open_share: int = 0
    final_share: int = 0
    worth: int = 0
    most: int = 0
    computed: int | None = None  # of an overridden one
    earned: int = 0
    partners: int = 1
    done_for: int = 0
    is_effort: bool = False  # with any of the partners
    late_days: int = 0
    fades_at: datetime | None = None
    override: Override | None = None


def rows_of(item: Item, reading: Reading, overrides: dict[str, Override]) -> list[Row]:
    """Return an item's rows: over all partners, late or not, the best of them counted, each with its worth."""
    tracks = _findings(item, reading)
    days: dict[int, int] = {}
    spared: dict[int, int] = {}
    for track in tracks:
        days |= take_lateness(item, track, reading)
        spared |= grace_left(item, track, reading)
    rows = [_row(item, found, days, spared, reading) for found in _by_number(tracks)]
    rows = [row for row in rows if item.worth(row.finding.side) > NOTHING]
    for row in rows if overrides else ():
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


def _row(item: Item, found: Sequence[Finding], days: dict[int, int], spared: dict[int, int], reading: Reading) -> Row:
    """Return one entry: of several partners, the average over those with whom it counts."""
    if len(found) == 1:
        return _row_of_one(item, found[0], days, spared, reading)
    standings = [standing_of(one, reading) for one in found]
    counted = [one for one, standing in zip(found, standings, strict=True) if standing is Standing.COUNTED]
    open_ones = [one for one, standing in zip(found, standings, strict=True) if standing is not Standing.EXCUSED]
    standing = next((one for one in _FIRST if one in standings), Standing.EXCUSED)
    known = counted or open_ones
    shown = next((one for one in known if not one.is_done), (known or found)[0])
    still = [_open(item, one, spared.get(id(one), 0), reading) for one in open_ones]
    return Row(
        item=item,
        finding=shown,
        standing=standing,
        share=sum(one.share or 0 for one in known) // len(known) if known else 0,
        open_share=sum(still) // len(still) if still else 0,
        final_share=(sum(one.share or 0 for one in open_ones) + sum(still)) // len(still) if still else 0,
        partners=len(counted),
        done_for=sum(one.is_done for one in counted),
        is_effort=any(one.is_effort for one in known),
        late_days=max((days.get(id(one), 0) for one in known), default=0),
        fades_at=_fades_at(item, found, spared, reading),
    )


def _row_of_one(item: Item, finding: Finding, days: dict[int, int], spared: dict[int, int], reading: Reading) -> Row:
    standing = standing_of(finding, reading)
    row = Row(item=item, finding=finding, standing=standing, is_effort=finding.is_effort)
    if standing is not Standing.EXCUSED:
        row.share = finding.share or 0
        row.open_share = _open(item, finding, spared.get(id(finding), 0), reading)
        is_unread = finding.is_done and finding.share is None  # by staff, who may find it worth all of it
        row.final_share = WHOLE if is_unread else row.share + row.open_share
        row.late_days = days.get(id(finding), 0)
        row.fades_at = _fades_at(item, [finding], spared, reading)
    return row


def _fades_at(item: Item, found: Sequence[Finding], spared: dict[int, int], reading: Reading) -> datetime | None:
    fading = (fades_at(item, one, id(one) in spared, reading) for one in found)
    return min((one for one in fading if one is not None), default=None)


_FIRST = (Standing.COUNTED, Standing.UNREAD, Standing.NOT_DUE, Standing.EXTRA)


def _open(item: Item, finding: Finding, spared: int, reading: Reading) -> int:
    """Return the share that can still be earned: what doing it now, or in time, would add."""
    now = reading.now
    if finding.is_extra or finding.is_done or reading.evidence.calendar.is_over(now):
        return WHOLE - finding.share if finding.is_done and item.rule is Rule.AMOUNT and finding.share else 0
    late = item.late
    if late is None or finding.due_at is None or now <= finding.due_at:
        return WHOLE - (finding.share or 0)
    return share_after(WHOLE, behind_at(finding, now), late) + spared


def _override(row: Row, override: Override | None) -> None:
    if override is not None and row.standing is not Standing.EXTRA:
        row.override = override
        row.standing = Standing.COUNTED


def _best(rows: Sequence[Row], most: int) -> None:
    """Leave the best counted, and say of the others that they are more than that."""
    counted = [row for row in rows if row.standing is Standing.COUNTED]
    if len(counted) > most:
        for row in best_first(counted, lambda row: row.share)[most:]:
            row.standing = Standing.BEYOND


def best_first(rows: Iterable[Row], share: Callable[[Row], int]) -> list[Row]:
    """Return rows in the order in which they count: what staff decided first, then what has the largest share."""
    return sorted(rows, key=lambda row: (row.override is None, -share(row), row.finding.number or 0))


def _value(rows: Sequence[Row], item: Item) -> None:
    """Say what each row is worth and has earned."""
    sharing = [row for row in rows if row.standing is not Standing.EXCUSED]
    counting = min(len(sharing), item.counting)
    cents = {side: int(item.worth(side) * 100) for side in {row.finding.side for row in rows}}
    for place, row in enumerate(sharing if item.shares_rest else rows, 1):
        points = cents[row.finding.side]
        if item.shares_rest:
            row.worth = (ratio(points * place, counting) - ratio(points * (place - 1), counting)) * WHOLE
        else:
            row.worth = points * WHOLE // item.counting
        if row.standing is Standing.EXTRA:
            row.worth = 0
        row.most = row.worth
        asked = row.worth * row.finding.part // WHOLE
        row.earned = asked * row.share // WHOLE
        if row.override is not None:  # of all of it, whatever part the rule would ask
            row.computed, row.earned = row.earned, min(row.override.points * WHOLE, row.worth)
        else:
            row.worth = asked


def ratio(part: int, whole: int) -> int:
    """Return a quotient as a whole number, halves up."""
    return (2 * part + whole) // (2 * whole)
