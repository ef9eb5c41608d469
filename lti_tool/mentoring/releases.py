"""When points go to the gradebook, by hand, some days after each due date, or at once; and how people stand before."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring.ledgers import Entry, Ledger
from lti_tool.mentoring.schemes import RELEASE_DAYS
from lti_tool.mentoring.words import N_, Sentence

WAIT = timedelta(days=RELEASE_DAYS)


class Waiting(StrEnum):
    """How somebody stands before a release."""

    NEWS = "news"  # a release changes what the gradebook is told of them
    UNCHANGED = "unchanged"
    ZERO = "zero"
    COLLECTING = "collecting"
    NOTHING = "nothing"
    CLEAR = "clear"
    AWAY = "away"
    NOT_JOINED = "not_joined"
    TEST_USER = "test_user"
    UNCOUNTED = "uncounted"


WAITING_WORDS: Mapping[Waiting, str] = {
    Waiting.NEWS: N_("New or changed points"),
    Waiting.UNCHANGED: N_("Released already, and nothing has changed since"),
    Waiting.ZERO: N_("Nothing earned so far: a zero is sent only after the end, when you release it"),
    Waiting.COLLECTING: N_("All of it gives all the points, and it is not complete yet"),
    Waiting.NOTHING: N_("Nothing counts for them yet, or everything is excused: nothing is sent, not even a zero"),
    Waiting.CLEAR: N_("Nothing counts any more: their cell has to be emptied in the LMS by hand"),
    Waiting.AWAY: N_("No longer in the course or the programme: their points are kept, and nothing is sent"),
    Waiting.NOT_JOINED: N_("Began to join and did not finish"),
    Waiting.TEST_USER: N_("The LMS’s test student, of whom nothing is ever sent"),
    Waiting.UNCOUNTED: N_("Being counted: look again in some minutes"),
}


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


def released_with(ledger: Ledger, at: datetime) -> tuple[Sentence, ...]:
    """Return what of a ledger has waited long enough at that very moment."""
    return tuple(one.label for one in ledger.entries if one.due_at and one.due_at + WAIT == at)


def _dues(entries: Iterable[Entry]) -> list[datetime]:
    return [one.due_at for one in entries if one.due_at]
