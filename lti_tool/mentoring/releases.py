"""When points go to the gradebook: by hand, some days after each due date, or at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lti_tool.mentoring.ledgers import Entry, Ledger
from lti_tool.mentoring.schemes import RELEASE_DAYS

WAIT = timedelta(days=RELEASE_DAYS)


def changes_at(ledger: Ledger, closes_at: datetime, now: datetime) -> datetime | None:
    """Return when time alone changes a ledger next; None when it never does.

    Due dates make entries count; the end of the programme makes them final.
    """
    return min((one for one in (*_dues(ledger.entries), closes_at) if one > now), default=None)


def releases_at(ledger: Ledger, released_at: datetime | None) -> datetime | None:
    """Return when the next thing that was due has waited long enough since the points were last released.

    Shape: a moment that is over says that the points are to be released now; None that nothing more is due.
    """
    ends = [one + WAIT for one in _dues(ledger.entries)]
    return min((one for one in ends if released_at is None or one > released_at), default=None)


def _dues(entries: Iterable[Entry]) -> list[datetime]:
    return [one.due_at for one in entries if one.due_at]
