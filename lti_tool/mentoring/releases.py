"""When points go to the gradebook: by hand, some days after each due date, or at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lti_tool.mentoring.ledgers import Entry, Ledger
from lti_tool.mentoring.schemes import RELEASE_DAYS, Release

WAIT = timedelta(days=RELEASE_DAYS)


def changes_at(ledger: Ledger, closes_at: datetime, release: Release, now: datetime) -> datetime | None:
    """Return when time alone changes a ledger, or releases it, next; None when it never does.

    Due dates make entries count; the end of the programme makes them final.
    """
    dues = [one.due_at for one in ledger.entries if one.due_at]
    waits = [one + WAIT for one in dues] if release is Release.AFTER_DUE else []
    return min((one for one in (*dues, *waits, closes_at) if one > now), default=None)


def is_due_for_release(ledger: Ledger, released_at: datetime | None, now: datetime) -> bool:
    """Tell whether something that was due has waited long enough since the points were last released."""
    return any(one + WAIT <= now and (released_at is None or one + WAIT > released_at) for one in _dues(ledger.entries))


def _dues(entries: Iterable[Entry]) -> list[datetime]:
    return [one.due_at for one in entries if one.due_at]
